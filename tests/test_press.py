"""An issue is read in all its languages, and its twins are refused."""

import datetime as dt
from pathlib import Path

import pytest

from newsletter.errors import UsageError
from newsletter.language import Wording
from newsletter.press import read_manuscript
from newsletter.reviewing import review_unlisted
from newsletter.settings import Settings, load_settings


def newsletter_with(folder: Path, **files: str) -> Settings:
    """Return the settings of a Swedish newsletter with an issue; `files` name its languages."""
    (folder / "issues").mkdir()
    (folder / "newsletter.toml").write_text(
        '[newsletter]\ntitle = "a"\nlanguage = "sv"\nfrom = "a@example.org"\nsender = "a"\n'
    )
    for name, front in files.items():
        path = folder / "issues" / f"2026-12{name.replace('_', '.')}.md"
        path.write_text(f"---\nsubject: a\ndate: 2026-12-15\n{front}\n---\na\n")
    return load_settings(folder)


@pytest.mark.parametrize(
    ("files", "languages"),
    [
        ({"": "", "_fi": "", "_en": ""}, ["sv", "en", "fi"]),
        ({"_sv": "", "_fi": ""}, ["sv", "fi"]),
        ({"_en": "", "_fi": "lang: sv"}, ["sv", "en"]),  # as the file itself says
        ({"_en": "", "_fi": ""}, ["en", "fi"]),  # none in the newsletter's own
    ],
)
def test_the_newsletters_own_language_comes_first(
    files: dict[str, str], languages: list[str], tmp_path: Path
) -> None:
    manuscript = read_manuscript(newsletter_with(tmp_path, **files), "2026-12")

    assert list(manuscript.issues) == languages
    assert [variant.language for variant in manuscript.variants()] == languages
    assert manuscript.lead.language == languages[0]


@pytest.mark.parametrize(
    ("files", "place", "names"),
    [
        ({"": "", "_sv": ""}, "issues/2026-12.sv.md", ("2026-12.md", "2026-12.sv.md")),
        (
            {"": "", "_fi": "lang: sv"},
            "issues/2026-12.fi.md:4",
            ("issues/2026-12.fi.md", "issues/2026-12.md"),
        ),
    ],
)
def test_two_files_of_one_language_are_a_finding(
    files: dict[str, str], place: str, names: tuple[str, str], tmp_path: Path
) -> None:
    settings = newsletter_with(tmp_path, **files)

    with pytest.raises(UsageError) as caught:
        read_manuscript(settings, "2026-12")

    [finding] = caught.value.findings
    assert {name for name in names if name in finding.message} == set(names)
    assert isinstance(finding.message, Wording)
    assert finding.hint == "keep one of them"
    assert finding.message in str(caught.value)
    assert finding.place == place


def test_an_issue_is_checked_with_the_names_of_all_files_that_its_editor_writes(
    tmp_path: Path,
) -> None:
    settings = newsletter_with(tmp_path, **{"": ""})
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / "day.MD").touch()
    now = dt.datetime(2026, 12, 14, tzinfo=dt.UTC)

    report = review_unlisted(settings, read_manuscript(settings, "2026-12"), now=now)

    found = [one for one in report.findings if one.id == "file-names"]
    assert [one.path for one in found] == ["meetings/day.MD"]
