"""Tables of issues show subjects as they are."""

from rich.text import Text

from newsletter.cli.issue_tables import shortened


def test_brackets_of_a_subject_are_shown() -> None:
    assert Text.from_markup(shortened("[Kirje] Syksyn uutiset", 40)).plain == (
        "[Kirje] Syksyn uutiset"
    )


def test_a_long_subject_ends_in_an_ellipsis() -> None:
    assert Text.from_markup(shortened("Syksyn uutiset", 8)).plain == "Syksyn…"
