"""Drafts and urns: sealed, bounded, and without a time."""

import base64
from random import Random

import pytest
from hypothesis import given, settings

from newsletter.errors import ConfigError, TamperedLinkError
from newsletter.model import Answer, Answers
from newsletter.surveys import open_draft, seal_draft
from newsletter.surveys.encoded import (
    answers_as_data,
    answers_from_data,
    digest_of,
    survey_as_data,
    survey_from_data,
)
from newsletter.surveys.sealing import MOST_DRAFT, open_urn, seal_urn
from tests.surveys.questions import ANSWERS, CHAIN, EVERY_KIND

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests


@settings(max_examples=30)
@given(ANSWERS)
def test_a_draft_travels_in_the_form_and_comes_back_the_same(answers: Answers) -> None:
    """No session: what was typed cannot time out (ONSdigital/eq-survey-runner#991)."""
    assert open_draft(SECRET, "k", seal_draft(SECRET, "k", answers)) == answers
    assert answers_from_data(answers_as_data(answers)) == answers


def test_a_draft_is_of_its_survey_and_secret_and_whole() -> None:
    sealed = seal_draft(SECRET, "k", {"a": Answer(text="Kukaan ei saa nähdä")})

    assert b"Kukaan" not in base64.urlsafe_b64decode(sealed)
    assert open_draft(SECRET, "k", "") == {}
    for secret, survey, text in (
        (SECRET, "toinen", sealed),
        ("another", "k", sealed),
        (SECRET, "k", sealed[:-4]),
        (SECRET, "k", "ä" * 10),
        (SECRET, "k", "A" * (MOST_DRAFT + 1)),
    ):
        with pytest.raises(TamperedLinkError):
            open_draft(secret, survey, text)


def test_a_draft_is_no_longer_than_a_form_may_be() -> None:
    noise = Random(1)
    text = "".join(chr(noise.randrange(0x4E00, 0x9F00)) for _ in range(60_000))
    with pytest.raises(OverflowError):
        seal_draft(SECRET, "k", {"a": Answer(text=text)})


def test_nothing_that_is_sealed_tells_when() -> None:
    """Fernet writes the second in the clear, unless it is told another one."""
    for sealed in (seal_urn(SECRET, "k", [{}]), seal_draft(SECRET, "k", {}).encode()):
        assert base64.urlsafe_b64decode(sealed)[1:9] == bytes(8)


def test_the_size_of_an_urn_tells_of_no_answer() -> None:
    short = seal_urn(SECRET, "k", [{"a": {"text": "x"}}])
    long = seal_urn(SECRET, "k", [{"a": {"text": "x" * 3_000}}])

    assert len(short) == len(long)
    assert open_urn(SECRET, "k", long) == [{"a": {"text": "x" * 3_000}}]


def test_an_urn_of_another_secret_is_told_with_a_cure() -> None:
    with pytest.raises(ConfigError, match="put it back"):
        open_urn("another", "k", seal_urn(SECRET, "k", []))


def test_a_survey_comes_back_as_it_was_frozen() -> None:
    for survey in (CHAIN, EVERY_KIND):
        data = survey_as_data(survey)

        assert survey_from_data(data) == survey
        assert digest_of(survey_as_data(survey_from_data(data))) == digest_of(data)
