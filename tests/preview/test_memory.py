"""What pages ask for by name does not fill the memory of the preview."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.preview.desk import Desk
from newsletter.preview.recent import Recent
from newsletter.preview.views import View
from newsletter.settings import load_settings
from tests.conftest import Site


@given(st.lists(st.integers(0, 20)), st.integers(1, 8))
def test_what_was_put_in_last_is_kept(keys: list[int], most: int) -> None:
    kept = Recent[int, int](most)
    for number, key in enumerate(keys):
        kept[key] = number

    assert list(kept) == list(dict.fromkeys(reversed(keys)))[:most][::-1]


async def _ask(root: Path, names: list[str]) -> list[str]:
    """Open a page for each name, wait until its check has ended; return what is remembered."""
    desk = Desk(load_settings(root))
    desk.hub.loop = asyncio.get_running_loop()
    try:
        for name in names:
            stream = desk.hub.open(View(issue=name, reader=""))
            desk.greet(stream)
            said = ""
            while not said.startswith(("event: unchecked", "event: report")):
                said = await stream.queue.get() or ""
            desk.hub.close(stream)
        return list(desk.checked)
    finally:
        desk.close()


@pytest.mark.timeout(120)
def test_issues_that_do_not_exist_are_not_remembered(site: Site) -> None:
    site.write("issues/2026-07.md", "---\nsubject: [\n---\n")

    asked = ["2026-05", "x", "2026-06", "..", "2026-07", "", "2026-0"]

    assert asyncio.run(_ask(site.root, asked)) == ["2026-06", "2026-07"]
