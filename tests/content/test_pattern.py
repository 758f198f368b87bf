"""The house pattern: placeholders an editor can read, and errors that name their line."""

import datetime as dt
import re
from pathlib import Path

import pytest

from newsletter.content.pattern import fill_pattern, find_pattern, pattern_values
from newsletter.errors import ConfigError
from newsletter.language import LEFTOVERS
from newsletter.render.looks import PACKAGED

LANGUAGES = ("fi", "sv", "en")


def fill(
    tmp_path: Path, text: str, *, language: str = "fi", title: str = "Kirje", month: int = 12
) -> str:
    """Fill a pattern for an issue of 2026."""
    path = tmp_path / "issue.md"
    path.write_text(text, encoding="utf-8")
    values = pattern_values(
        issue_id=f"2026-{month:02}",
        title=title,
        date=dt.date(2026, month, 31 if month == 1 else 15),
        number=7,
        language=language,
    )
    return fill_pattern(path, values)


FRONT = "---\nsubject: x\n---\n"


@pytest.mark.parametrize(
    ("language", "month", "text", "filled"),
    [
        # Finnish endings are joined to the name
        ("fi", 12, "<<month>>, <<month>>ssa, <<month>>n", "joulukuu, joulukuussa, joulukuun"),
        ("fi", 12, "<<Next month>>lle, <<next month>>ta", "Tammikuulle, tammikuuta"),
        # the month after the 31st of January is February
        ("fi", 1, "<<next month>> <<previous month>>", "helmikuu joulukuu"),
        ("sv", 5, "<<Month>>, i <<next month>>", "Maj, i juni"),
        ("en", 12, "<<month>> <<year>>, <<next month>>", "December 2026, January"),
        ("fi", 6, "<<number>> <<month number>> <<id>> <<date>>", "7 6 2026-06 2026-06-15"),
        ("sv", 6, "Den <<long date>>", "Den 15 juni 2026"),
        # a space more or less
        ("fi", 6, "<< next   month >>", "heinäkuu"),
        # a language the program does not speak
        ("tlh", 6, "<<month>>", "June"),
        # neither slots nor other angle brackets are placeholders, and a backslash keeps one
        ("fi", 6, '{{ name|"x" }} a << b >\\<<month>>', '{{ name|"x" }} a << b >\\<<month>>'),
    ],
)
def test_placeholders_are_filled(
    language: str, month: int, text: str, filled: str, tmp_path: Path
) -> None:
    assert fill(tmp_path, FRONT + text, language=language, month=month) == f"{FRONT}{filled}\n"


def test_a_date_at_the_beginning_of_a_line_begins_no_list(tmp_path: Path) -> None:
    assert fill(tmp_path, f"{FRONT}<<long date>>").endswith("\n15\\. joulukuuta 2026\n")


def test_a_title_with_quotes_breaks_neither_yaml_nor_markdown(tmp_path: Path) -> None:
    text = "---\nsubject: \"<<title>>\"\npreheader: '<<title>>'\n---\n<<title>>\n"

    filled = fill(tmp_path, text, title='Aino\'s "*uusi*" {{ kirje }}')

    assert 'subject: "Aino\'s \\"*uusi*\\" {{ kirje }}"' in filled
    assert "preheader: 'Aino''s \"*uusi*\" {{ kirje }}'" in filled
    assert 'Aino\'s "\\*uusi\\*" \\{\\{ kirje \\}\\}\n' in filled


def test_notes_above_the_first_rule_are_left_out(tmp_path: Path) -> None:
    filled = fill(tmp_path, f"Note: <<what>> is this?\n\n{FRONT}Hei\n")

    assert filled == f"{FRONT}Hei\n"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"note\n{FRONT}a\n<<mont>>", [":6:", "“<<mont>>”", "did you mean “<<month>>”"]),
        (f"{FRONT}<!-- <<xyzzy>> -->", [":4:", "known: <<id>>, <<title>>", "<<next month>>"]),
        ("---\nsubject: <<monht>>\n---\n", [":2:", "did you mean “<<month>>”"]),
        ("Only words", [":1:", "no front matter"]),
    ],
)
def test_what_cannot_be_filled_is_named_with_its_line(
    text: str, parts: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        fill(tmp_path, text)

    assert str(tmp_path / "issue.md") in str(caught.value)
    assert all(part in str(caught.value) for part in parts)


def test_a_pattern_that_is_no_utf8_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "issue.md").write_bytes(b"---\nsubject: x\n---\nty\xf6\n")

    with pytest.raises(ConfigError, match=r"issue\.md:4: not UTF-8"):
        fill_pattern(tmp_path / "issue.md", {})


@pytest.mark.parametrize(
    ("files", "language", "found"),
    [
        (["issue.fi.md", "issue.md"], "fi", "issue.fi.md"),
        (["issue.md"], "fi", "issue.md"),
        (["issue.md"], "sv", "package"),  # issue.md is in the newsletter's language
        (["issue.sv.md"], "sv-FI", "issue.sv.md"),
        ([], "fi", "package"),
        ([], "de", "package"),
    ],
)
def test_the_own_pattern_of_a_language_comes_first(
    files: list[str], language: str, found: str, tmp_path: Path
) -> None:
    for name in files:
        (tmp_path / name).write_text(FRONT, encoding="utf-8")

    path = find_pattern([tmp_path, PACKAGED], language, default_language="fi")

    assert ("package" if path.parent == PACKAGED else path.name) == found
    assert path.is_file()


# --- the patterns that come with the program ----------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_packaged_pattern_marks_all_that_is_to_be_written(language: str, tmp_path: Path) -> None:
    text = (PACKAGED / f"issue.{language}.md").read_text(encoding="utf-8")

    filled = fill(tmp_path, text, language=language)

    write = LEFTOVERS[language][0]
    shown = re.sub(r"<!--.*?-->", "", filled, flags=re.DOTALL)
    assert filled.count(write) == shown.count(write)  # comments hold no mark
    assert "<<" not in filled
    for passage in shown.split("\n\n"):
        standing = passage.startswith(("## ", "::: contribute", "Hei", "Hej", "Hello"))
        assert write in passage or standing or not passage.strip()


def test_the_packaged_patterns_have_the_same_structure(tmp_path: Path) -> None:
    texts = [(PACKAGED / f"issue.{lang}.md").read_text(encoding="utf-8") for lang in LANGUAGES]

    shapes = [re.findall(r"(?m)^(?:#+|:::|- |<!--|\w+:(?= ))", fill(tmp_path, t)) for t in texts]

    assert shapes[0] == shapes[1] == shapes[2]


def test_marks_are_in_small_letters_and_each_differs() -> None:
    marks = [phrase for phrases in LEFTOVERS.values() for phrase in phrases]

    assert all(mark == mark.lower() and mark.startswith("(") for mark in marks)
    assert len(set(marks)) == len(marks) == 9
