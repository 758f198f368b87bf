"""The Nu HTML checker finds nothing in mail of the houses that the looks do without."""

import shutil
from pathlib import Path

import pytest

from newsletter.press import read_manuscript, render_manuscript
from newsletter.settings import load_settings
from tests.faces.houses import ISSUE_ID, NEWSLETTERS, copy_houses
from tests.fidelity.nu import JAR, ask_nu
from tests.fidelity.test_nu import NEEDED

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is missing"),
    pytest.mark.skipif(not JAR.is_file(), reason="run “make proofs”"),
]


def test_it_finds_nothing_in_mail_of_the_houses_but_what_mail_needs(tmp_path: Path) -> None:
    houses = copy_houses(tmp_path)
    files: list[Path] = []
    for name in NEWSLETTERS:
        settings = load_settings(houses / name)
        manuscript = read_manuscript(settings, ISSUE_ID)
        editions = render_manuscript(settings, manuscript, manuscript.variants())
        for variant, edition in editions.items():
            files.append(tmp_path / f"{name}.{variant.language}-{len(files)}.html")
            files[-1].write_text(edition.html, encoding="utf-8")

    said = ask_nu(files)

    found = {(message["message"], Path(message["url"]).stem) for message in said}
    assert [(what, where) for what, where in sorted(found) if what not in NEEDED] == []
