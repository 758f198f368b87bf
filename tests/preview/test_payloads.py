"""Pages are told findings in the editor's language, and in one language at a time."""

from pathlib import Path
from typing import Any

import pytest

from newsletter.checking.report import Report, Silenced
from newsletter.errors import ConfigError, FindingsError
from newsletter.language import say, say_many
from newsletter.language.catalogs import say_in
from newsletter.mailing import Outcome
from newsletter.masking import STARS, keep_secret
from newsletter.model import End, Finding, Severity, Skipped
from newsletter.preview.payloads import describe_fault, describe_outcome, describe_report

HEAVY = Finding(
    id="total-weight",
    severity=Severity.WARNING,
    path="issues/2026-12.md",
    message=say("each mail weighs {weight:.1f} MB", weight=7.25),
    hint=say("show fewer pictures, or smaller ones"),
)
REPORT = Report(
    findings=(HEAVY,),
    skipped=(Skipped(id="fm-issue-number", reason=say("no earlier issue")),),
    silenced=(Silenced(finding=HEAVY, reason="painaa aina"),),
)


@pytest.mark.parametrize(
    ("language", "message", "reason"),
    [
        ("fi", "jokaisen kirjeen koko on 7,2 MB", "ei aiempaa numeroa"),
        ("sv", "varje brev är 7,2 MB", "inget tidigare nummer"),
        ("en", "each mail weighs 7.2 MB", "no earlier issue"),
    ],
)
def test_a_report_is_told_in_the_editors_language(language: str, message: str, reason: str) -> None:
    told = describe_report(REPORT, 1, language)

    (finding,), (skipped,), (silenced,) = told["findings"], told["skipped"], told["silenced"]
    assert (finding["message"], skipped["reason"]) == (message, reason)
    assert (silenced["message"], silenced["reason"]) == (message, "painaa aina")
    assert {part["lang"] for part in (finding, skipped, silenced)} <= {language, "en"}


def test_a_fault_without_findings_is_told_in_the_editors_language_at_its_place() -> None:
    words = say(
        "{place}: unknown placeholder “{name}”; {hint}",
        place="/site/issues/2026-12.md:3",
        name="<<x>>",
        hint=say("known: {names}", names="<<id>>"),
    )

    (told,) = describe_fault(ConfigError(words), Path("/site"), "fi")["findings"]

    assert (told["path"], told["line"], told["lang"]) == ("issues/2026-12.md", 3, "fi")
    assert told["message"] == "tuntematon täytettävä kohta ”<<x>>”; mahdolliset: <<id>>"


def test_why_a_test_did_not_reach_somebody_is_told_in_the_language_of_each_reason() -> None:
    refused = (("aino@example.org", say("not tried: the server is slow")),)
    outcome = Outcome(
        state=End.STOPPED,
        reason=say("the provider refused everybody"),
        accepted=0,
        refused=refused,
        skipped=(("bo@example.org", "550 no such user"),),
    )

    told = describe_outcome(outcome, "fi")

    assert (told["lang"], told["reason"]) == ("fi", "lähetyspalvelu torjui kaikki vastaanottajat")
    assert told["refused"] == [
        {"address": "aino@example.org", "lang": "fi", "reason": "ei yritetty: palvelin on hidas"}
    ]
    assert told["skipped"] == [
        {"address": "bo@example.org", "lang": "en", "reason": "550 no such user"}
    ]


@pytest.mark.parametrize("language", ["fi", "en"])
def test_no_reason_shows_a_secret_in_any_language(language: str) -> None:
    keep_secret("pm-secret-token")
    reason = say("not tried: {reason}", reason="401 for pm-secret-token")
    outcome = Outcome(
        state=End.STOPPED,
        reason=reason,
        accepted=0,
        refused=(("aino@example.org", reason),),
        skipped=(),
    )

    told = describe_outcome(outcome, language)

    assert "pm-secret-token" not in repr(told)
    assert repr(told).count(f"401 for {STARS}") == 2


def test_a_finding_half_of_which_has_no_translation_is_english_throughout() -> None:
    error = Finding(id="x", severity=Severity.ERROR, path="a.md", message=HEAVY.hint, hint="do it")

    told = describe_fault(FindingsError((error,)), Path("/"), "fi")

    finding: dict[str, Any] = told["findings"][0]
    assert (finding["message"], finding["lang"]) == ("show fewer pictures, or smaller ones", "en")


def test_a_finding_is_english_throughout_if_a_text_within_it_has_no_translation() -> None:
    inner = say("no catalog has this")
    message = say('expected "Name <name@example.org>"; {reason}', reason=inner)
    error = Finding(id="x", severity=Severity.ERROR, path="a.md", message=message, hint=HEAVY.hint)

    told = describe_fault(FindingsError((error,)), Path("/"), "fi")

    finding: dict[str, Any] = told["findings"][0]
    assert (finding["message"], finding["lang"]) == (str(message), "en")
    assert finding["hint"] == str(HEAVY.hint)


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("fi", 1, "(1 sana)"),  # one
        ("fi", 2, "(2 sanaa)"),  # more
        ("sv-FI", 1, "(1 ord)"),  # in a country
    ],
)
def test_things_are_counted_as_the_language_counts(language: str, number: int, words: str) -> None:
    counted = say_many(
        "nearly all of the issue is pictures ({n} word); many see none at first",
        "nearly all of the issue is pictures ({n} words); many see none at first",
        n=number,
    )

    assert words in say_in(language, counted)


def test_thousands_stand_apart_as_the_language_writes_them() -> None:
    template = "the style sheet has {size:,} bytes; Gmail drops all of it above {limit:,}"

    assert "12\N{NO-BREAK SPACE}345 tavua" in say_in("fi", say(template, size=12_345, limit=1))
