"""A search finds words, their forms and their parts, in this order, letters as they are."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive.searching import Hit, SearchIndex

_FINNISH = [
    # issue, language, subject, headings, words; the newest first
    ("9", "fi", "Avustushaku aukeaa", "", "Avustushaku aukeaa\nSeutukaupunkien sää on hyvä."),
    ("8", "fi", "Syksyn kirje", "", "Hakuja tulee kaupungeista ja kunnista. Saa tulla."),
    ("7", "fi", "Haku", "Haku", "Haku on auki."),
    ("6", "sv", "Bidragsansökan", "", "Bidragsansökan öppnar för kommunerna."),
    ("5", "en", "Grants", "", "Applications for grants"),
]


def _found(query: str, language: str = "fi") -> list[str]:
    return [hit.issue for hit in SearchIndex(_FINNISH).find(query, language)]


@pytest.mark.parametrize(
    ("query", "issues"),
    [
        ("haku", ["7", "8", "9"]),  # exact, another form, within a compound
        ("HAKU", ["7", "8", "9"]),
        ("sää", ["9"]),
        ("saa", ["8"]),
        ("hän", []),
        ("kaupunki", ["8", "9"]),
        ("kunta", ["8"]),
        ("kunnan", ["8"]),
        ("ansökan", ["6"]),
        ("grant", ["5"]),
        ("haku auki", ["7"]),  # all of the words
        ("haku olematon", []),
        ("ha", []),  # too short for a part
        ("", []),
        ('"; DROP TABLE sends; --', []),
        ("* OR (NEAR %_", []),
    ],
)
def test_exact_words_come_before_forms_and_parts(query: str, issues: list[str]) -> None:
    assert _found(query) == issues


def test_letters_are_the_same_however_they_are_made() -> None:
    assert _found("sa\u0308a\u0308") == ["9"]


def test_a_passage_shows_the_words_where_they_stand() -> None:
    [hit] = SearchIndex([("1", "fi", "S", "", "eka " * 100 + "avustushaku " + "toka " * 100)]).find(
        "haku", "fi"
    )

    assert [words for words, is_meant in hit.passage if is_meant] == ["avustushaku"]
    assert "".join(words for words, _ in hit.passage).startswith("… eka")
    assert len("".join(words for words, _ in hit.passage)) < 400
    assert not hit.is_exact


def test_an_issue_is_found_once_in_the_language_that_suits_best() -> None:
    both = [("1", "fi", "Haku 2026", "", ""), ("1", "sv", "Ansökan 2026", "", "")]

    found = {code: SearchIndex(both).find("2026", code) for code in ("fi", "sv", "en")}

    assert [(hit.issue, hit.language) for hit in found["sv"]] == [("1", "sv")]
    assert [(hit.issue, hit.language) for hit in found["fi"]] == [("1", "fi")]
    assert len(found["en"]) == 1


@given(query=st.text(max_size=200), words=st.text(max_size=300))
def test_anything_may_be_asked_of_anything(query: str, words: str) -> None:
    hits = SearchIndex([("1", "fi", words[:40], "", words)]).find(query, "fi")

    assert all(isinstance(hit, Hit) for hit in hits)


def test_a_search_of_a_long_history_is_short() -> None:
    """Three hundred editions of a thousand words each: the second search is a matter of moments."""
    words = [f"sana{number}" for number in range(3000)]
    texts = [(str(n), "fi", f"Numero {n}", "", " ".join(words[n : n + 1000])) for n in range(300)]
    index = SearchIndex(texts)
    index.find("sana5", "fi")

    began = time.process_time()
    index.find("ana299 sana", "fi")

    assert time.process_time() - began < 1.5
