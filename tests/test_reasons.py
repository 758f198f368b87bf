"""What libraries say about settings, front matter and templates is told in texts of ours."""

from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.language import Wording, lookalike, nearest, reason_in_words
from newsletter.model import Finding, Severity
from newsletter.settings import load_settings

GOOD = """\
[newsletter]
title = "Kirje"
from = "kirje@example.org"
sender = "Example Foundation"
"""


def findings_of(folder: Path, text: str) -> tuple[Finding, ...]:
    """Return what is found in settings."""
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(folder)
    return caught.value.findings


def is_foreign(text: str) -> bool:
    """Return whether a text, or one within it, is what a library said and no catalog knows."""
    if not isinstance(text, Wording) or text.template == "{english}":
        return True
    return any(is_foreign(part) for part in text.values.values() if isinstance(part, Wording))


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("[provider]\nname = 5", "expected text"),
        ('[provider]\nport = "5"', "expected a whole number, without quotation marks"),
        ('[provider]\ntimeout = "5"', "expected a number, without quotation marks"),
        ("[provider]\ntimeout = 0", "expected a number greater than 0"),
        ("[provider]\nport = 0", "expected at least 1"),
        ("[provider]\nbatch_size = 10001", "expected at most 10000"),
        ("[provider]\nsecurity = 'ssl'", "expected 'starttls', 'tls' or 'none'"),
        ("[tracking]\nopens = 'all'", "expected 'off', 'provider', 'aggregate' or 'consented'"),
        ("[check]\nallow_internal = 'no'", "expected true or false, without quotation marks"),
        ("[check]\nclients = 'gmail'", 'expected a list in square brackets, such as ["a", "b"]'),
        ("[check]\nsilence = 'all'", "expected a table of names and values"),
        ("[check]\nclients = ['']", "expected words on one line"),
        ("[collect]\nfeeds = ['x']", "expected a table"),
        ("[preview]\ntest_addresses = ['x']", "expected"),
        ("[database]\nurl = 'x'", 'expected "sqlite:///PATH"'),
    ],
)
def test_a_wrong_setting_is_told_in_texts_that_catalogs_hold(
    setting: str, reason: str, tmp_path: Path
) -> None:
    [finding] = findings_of(tmp_path, f"{GOOD}{setting}\n")

    assert (finding.severity, finding.place) == (Severity.ERROR, "newsletter.toml:6")
    assert f"”: {reason}" in finding.message
    assert not is_foreign(finding.message)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (GOOD + "titel = 'a'", "unknown key “newsletter.titel”", "did you mean “title”?"),
        (GOOD + "zzz = 'a'", "unknown key “newsletter.zzz”", "known here: title"),
        ("[newsletter", "not valid TOML: ", ""),
        ("", "key “newsletter” is missing", ""),
    ],
)
def test_faulty_settings_are_findings_with_the_cure_apart(
    text: str, message: str, hint: str, tmp_path: Path
) -> None:
    [finding] = findings_of(tmp_path, text)

    assert finding.path == "newsletter.toml"
    assert finding.message.startswith(message)
    assert finding.hint.startswith(hint)
    assert not is_foreign(finding.message)
    assert not finding.hint or not is_foreign(finding.hint)


def test_the_terminal_is_told_the_same_with_the_whole_path(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(GOOD + "titel = 'a'\nlook = 'x'\n", encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)

    path = tmp_path / "newsletter.toml"
    assert str(caught.value).splitlines() == [
        f"{path}:6: “newsletter.look”: there is no look “x”; "
        "expected default, letter, magazine, or a folder such as “../house”",
        f"{path}:5: unknown key “newsletter.titel”; did you mean “title”?",
    ]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        # as Python 3.14 says it
        ("year must be in 1..9999, not 0", "year 0 is out of range"),
        ("month must be in 1..12, not 74", "month must be in 1..12"),
        ("day 31 must be in range 1..30 for month 2 in year 2026", "day is out of range for month"),
        ("hour must be in 0..23, not 25", "hour must be in 0..23"),
        ("minute must be in 0..59, not 60", "minute must be in 0..59"),
        ("second must be in 0..59, not 60", "second must be in 0..59"),
        # and those before it
        ("day is out of range for month", "day is out of range for month"),
        ("hour must be in 0..23", "hour must be in 0..23"),
    ],
)
def test_each_pythons_words_about_dates_are_known(said: str, reason: str) -> None:
    assert reason_in_words(said) == reason
    assert not is_foreign(reason_in_words(said))


def test_what_is_rare_stays_english_within() -> None:
    assert reason_in_words("gremlins") == "gremlins"
    assert is_foreign(reason_in_words("gremlins"))


def test_a_name_that_looks_much_the_same_is_asked_for() -> None:
    assert nearest("titel", ["title", "date"]) == "did you mean “title”?"
    assert nearest("zzz", ["title", "date"]) == "known: title, date"
    assert lookalike("zzz", ["title", "date"]) is None
