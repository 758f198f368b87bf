"""A folder in which drafts are read, rendered and taken specimens of, as `check` does it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter.checking import Audience, Draft
from newsletter.model import Edition, Variant
from newsletter.press import read_manuscript, render_manuscript
from newsletter.reviewing import drafts_of
from newsletter.settings import load_settings
from tests.checking.desk import SETTINGS, Prepare, Spoil

NOW = dt.datetime(2026, 12, 15, 7, tzinfo=dt.UTC)
Maker = Callable[..., Draft]
Editions = dict[Variant, Edition]


@pytest.fixture(scope="session")
def rendered() -> dict[tuple[str, str], Editions]:
    """What was rendered before, by settings and text."""
    return {}


@pytest.fixture
def draft_of(tmp_path: Path, rendered: dict[tuple[str, str], Editions]) -> Maker:
    """Return what makes a draft of the text of an issue beside which a picture lies."""
    return maker_in(tmp_path, rendered)


def maker_in(root: Path, rendered: dict[tuple[str, str], Editions]) -> Maker:
    """Return what makes drafts in a folder, and remembers what it rendered."""
    folder = root / "issues"
    folder.mkdir()
    Image.new("RGB", (4, 4)).save(folder / "p.png")

    def make(
        text: str,
        *,
        spoil: Spoil | None = None,
        prepare: Prepare | None = None,
        file: str = "2026-12.md",
        toml: str = "",
        audience: Audience | None = None,
        **facts: Any,
    ) -> Draft:
        (root / "newsletter.toml").write_text(SETTINGS + toml, encoding="utf-8")
        (folder / "2026-12.md").write_text(text, encoding="utf-8")
        if prepare:
            prepare(folder)
        settings = load_settings(root)
        manuscript = read_manuscript(settings, "2026-12")
        known = {} if prepare else rendered
        if (toml, text) not in known:
            known[toml, text] = render_manuscript(settings, manuscript, manuscript.variants())
        editions = known[toml, text]
        if spoil:
            editions = {variant: spoil(edition) for variant, edition in editions.items()}
        draft = next(
            draft
            for draft in drafts_of(settings, manuscript, editions, audience=audience, now=NOW)
            if draft.issue.path == f"issues/{file}"
        )
        return replace(draft, **facts)

    return make
