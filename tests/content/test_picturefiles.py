"""A picture is one below the newsletter's folder; whatever else is named is told with its cure."""

from pathlib import Path

import pytest

from tests.content.conftest import Read, Refuse


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("oma kuva.jpg", "did you mean “2026-12/oma kuva.jpg”?"),  # the bare name
        ("issues/2026-12/oma kuva.jpg", "did you mean “2026-12/oma kuva.jpg”?"),
        (r"2026-12\oma kuva.jpg", "did you mean “2026-12/oma kuva.jpg”?"),
        ('"2026-12/oma kuva.jpg"', "did you mean “2026-12/oma kuva.jpg”?"),
        (r"C:\Kuvat\oma kuva.jpg", "did you mean “2026-12/oma kuva.jpg”?"),
        ("./2026-12/oma kuva.jpeg", "did you mean “./2026-12/oma kuva.jpg”?"),
        ("/kuvat/muu.png", "copy it to issues/2026-12/, and write 2026-12/muu.png"),
    ],
)
def test_the_words_to_write_are_told(written: str, hint: str, refuse: Refuse, issues: Path) -> None:
    (issues / "2026-12").mkdir()
    (issues / "2026-12" / "oma kuva.jpg").touch()

    [finding] = refuse(f"::: image {written}\nText\n:::")

    assert (finding.id, finding.line) == ("image-missing", 5)
    assert finding.hint == hint


@pytest.mark.parametrize(
    "written", ["{away}", "../../away.png", "file://{away}", "link.png", "loop.png"]
)
def test_files_from_outside_are_never_mailed(
    written: str, refuse: Refuse, issues: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    away = issues.parent.parent / "away.png"
    away.touch()
    (issues / "link.png").symlink_to(away)
    (issues / "loop.png").symlink_to(issues / "loop.png")

    [finding] = refuse(f"::: image {written.format(away=away)}\nKuva\n:::")

    assert finding.id == "image-missing"
    assert "outside the newsletter" in finding.message or written == "loop.png"


def test_pictures_elsewhere_in_the_newsletter_and_behind_links_are_found(
    read: Read, issues: Path
) -> None:
    (issues.parent / "logo.png").touch()
    (issues / "link.png").symlink_to(issues.parent / "logo.png")

    issue = read("![Logo](../logo.png)\n\n![Logo](link.png)")

    assert [source for source, _ in issue.picture_sources] == ["../logo.png", "link.png"]
