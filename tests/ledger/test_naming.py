"""Words name whoever they name, and nobody whose address merely ends like theirs."""

import json

import pytest

from newsletter.ledger.naming import is_named, pattern_of, without_others
from newsletter.ledger.personal import forms_of

BO = pattern_of([*forms_of(["bo@example.org", "bo@päivä.example"]), "key-bo"])


@pytest.mark.parametrize(
    "words",
    [
        "bo@example.org",
        "<BO@Example.ORG>",
        "write to bo@example.org.",
        "mailto:bo@example.org?subject=x",
        '{"to": "bo@example.org"}',
        "a%3Cbo%40example.org%3E",
        "for+bo%40example.org",
        "one\\nbo@example.org",
        "\\u003cbo\\u0040example.org\\u003e",
        "=3Cbo@example.org=3E",
        "bo@xn--piv-qlac.example",
        json.dumps("bo@päivä.example"),
        "https://news.example.org/u/key-bo.abc",
    ],
)
def test_somebody_is_found_however_they_are_written(words: str) -> None:
    assert is_named(words, BO)
    assert is_named(words.encode(), BO)


@pytest.mark.parametrize(
    "words",
    [
        "turbo@example.org",
        "tur.bo@example.org",
        "x+bo@example.org",
        "tur-bo%40example.org",
        "bo@example.org.uk",
        "bo@example.organic",
        "bo@example-org.com",
        "turbo@päivä.example",
        json.dumps("turbo@päivä.example"),
        "turbo%40p%C3%A4iv%C3%A4.example",
    ],
)
def test_a_longer_address_is_somebody_elses(words: str) -> None:
    assert not is_named(words, BO)


def test_what_is_about_others_is_left_out() -> None:
    events = [
        {"email": "bo@example.org", "tags": ["news"], "cc": "Eva <eva@example.org>"},
        {"email": "turbo@example.org", "ip": "192.0.2.7"},
    ]

    told = without_others(json.dumps(events).encode(), BO)

    assert json.loads(told) == [{"email": "bo@example.org", "tags": ["news"], "cc": "Eva <…>"}]
    assert without_others("no such user: bo@example.org, eva%40example.org", BO) == (
        "no such user: bo@example.org, …"
    )
    assert without_others({"message": json.dumps(events)}, BO)["message"].count("192.0.2.7") == 0
    assert without_others(7, BO) == 7


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("eva@päivä.example, bo@päivä.example", "…, bo@päivä.example"),
        (json.dumps("eva@päivä.example")[1:-1], "…"),
        ("to=bo%40example.org%2Ceva%40p%C3%A4iv%C3%A4.example", "to=bo%40example.org%…"),
        ("%3Cbo%40example.org%3E", "%3Cbo%40example.org%3E"),
        ("one\\nbo@example.org", "one\\nbo@example.org"),
    ],
)
def test_others_are_left_out_and_only_they_however_all_are_written(words: str, told: str) -> None:
    assert without_others(words, BO) == told


@pytest.mark.parametrize("word", ["a", "+b", "a@", "%41"])
def test_a_long_posting_of_one_word_takes_no_time_to_speak_of(word: str) -> None:
    """Each sign is looked at a few times at most, where minutes would go by otherwise."""
    words = word * (200_000 // len(word))

    assert without_others(words, BO) == words
    assert not is_named(words, BO)


@pytest.mark.parametrize("levels", [30, 500, 100_000])
def test_what_is_nested_deeper_than_anybody_writes_is_read_as_words(levels: int) -> None:
    words = "[" * levels + '"bo@example.org", "eva@example.org"' + "]" * levels

    assert without_others(words, BO) == words.replace("eva@example.org", "…")
