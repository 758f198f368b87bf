"""Each check reports what is wrong, on the line where it is, and nothing that is right."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from _pytest.mark import ParameterSet

from newsletter.checking import ALL_RULES, OFFLINE_RULES, Draft, check_draft
from newsletter.checking.checks import CHECKS
from newsletter.language import say, say_list
from newsletter.language.catalogs import is_said_in
from newsletter.model import READING_RULES, Edition, Finding, Origins, Skipped
from tests.checking.cases import CASES
from tests.checking.conftest import Maker
from tests.checking.desk import ERROR, IMAGE, PEOPLE, Case, letter
from tests.language.catalogs import LANGUAGES, lost_words

FIRST_OF_RULE = {case.rule: case for case in reversed(CASES)}.values()


def _listed(case: Case) -> ParameterSet:
    """Return a case by its name; for the short run of the tests, one of each rule is enough."""
    marks = () if any(case is first for first in FIRST_OF_RULE) else pytest.mark.long
    return pytest.param(case, id=f"{case.rule}: {case.fault}", marks=marks)


every_case = pytest.mark.parametrize("case", [_listed(case) for case in CASES])


@every_case
def test_a_faulty_draft_is_found_on_its_line(case: Case, draft_of: Maker) -> None:
    draft = _faulty(case, draft_of)

    found = _said_of(case.rule, draft)

    assert [(f.severity, f.path, f.line) for f in found] == [
        (case.severity, f"issues/{case.file}", case.line)
    ]
    _require_sayable(found)


@every_case
def test_a_draft_just_within_the_rule_is_not_found(case: Case, draft_of: Maker) -> None:
    draft = draft_of(
        case.faulty if case.fine is None else case.fine,
        spoil=case.fine_spoil,
        prepare=case.fine_prepare or case.prepare,
        file=case.file,
        toml=case.toml if case.fine_toml is None else case.fine_toml,
        audience=case.fine_audience or case.audience,
        **{**case.settings, **case.fine_settings},
    )

    assert _said_of(case.rule, draft) == set()


@pytest.mark.long
@pytest.mark.parametrize("case", FIRST_OF_RULE, ids=lambda case: case.rule)
def test_each_check_speaks_of_its_own_rules_in_words_for_all(case: Case, draft_of: Maker) -> None:
    draft = _faulty(case, draft_of)

    said = [(check, s) for check in CHECKS for s in check(draft)]

    assert all(s.id in {rule.id for rule in check.rules} for check, s in said)
    _require_sayable(s for _, s in said)


def _faulty(case: Case, draft_of: Maker) -> Draft:
    return draft_of(
        case.faulty,
        spoil=case.spoil,
        prepare=case.prepare,
        file=case.file,
        toml=case.toml,
        audience=case.audience,
        **case.settings,
    )


def _said_of(rule: str, draft: Draft) -> set[Finding]:
    """Return what the checks that look after a rule find; only they may speak of it."""
    checks = [check for check in CHECKS if rule in {own.id for own in check.rules}]
    said = {s for check in checks for s in check(draft)}
    return {s for s in said if isinstance(s, Finding) and s.id == rule}


def _require_sayable(said: Iterable[Finding | Skipped]) -> None:
    """Require of all that is told that a catalog can say it in another language."""
    texts = [text for s in said for text in _texts(s)]
    assert [lost for text in texts for lost in lost_words(text)] == []
    assert [text for text in texts for spoken in LANGUAGES if not is_said_in(spoken, text)] == []


def _texts(said: Finding | Skipped) -> list[str]:
    texts = [said.message, said.hint] if isinstance(said, Finding) else [said.reason]
    return [text for text in texts if text]


def test_a_text_that_no_catalog_could_look_up_would_be_noticed() -> None:
    lost = str(say("write it once"))
    nested = say_list([say("{what}: {why}", what="Aino", why=lost), say("{a}", a=say("{b}", b=1))])

    assert lost_words(lost) == lost_words(nested) == ["write it once"]
    assert lost_words(say("{why}", why=say("write it once"))) == []


def test_every_rule_has_a_case() -> None:
    of_reading = {rule.id for rule in READING_RULES}  # tests/content has theirs

    assert {rule.id for rule in OFFLINE_RULES} - of_reading == {case.rule for case in CASES}


def test_no_rule_is_declared_twice() -> None:
    ids = [rule.id for rule in ALL_RULES]

    assert sorted(ids) == sorted(set(ids))


def test_a_good_draft_has_no_finding(draft_of: Maker) -> None:
    body = 'Hei {{ name|"sinä" }}!\n\n## A\n\n[x](https://www.example.org) ![Kuva](p.png)'

    draft = draft_of(letter(body), audience=replace(PEOPLE, empty={"name": 3}))

    assert check_draft(draft).findings == ()


def test_a_good_draft_is_not_rendered_once_more_to_look_for_lines(draft_of: Maker) -> None:
    traced: list[Edition] = []

    def trace(edition: Edition) -> Origins:
        traced.append(edition)
        return Origins()

    check_draft(draft_of(letter("Hei!\n\n## A\n\n[x](https://www.example.org)"), trace=trace))

    assert traced == []


def test_a_broken_address_of_the_issue_before_is_told_again(draft_of: Maker) -> None:
    """An address that cannot even be taken apart stops no other check."""
    body = "## {}\n\n::: button https://[example.org/a\nIlmoittaudu\n:::"
    before = letter(body.format("Ennen")).replace("2026-12", "2026-11")

    draft = draft_of(
        letter(body.format("Nyt")),
        prepare=lambda folder: (folder / "2026-11.md").write_text(before, encoding="utf-8"),
    )

    assert ("link-scheme", 8) in {(f.id, f.line) for f in check_draft(draft).findings}


def test_findings_stand_in_order_of_line(draft_of: Maker) -> None:
    words = "sana " * 20
    body = f"## {words}\n\n#### B\n\n[x](http://example.org)\n\n![]({IMAGE})"

    findings = check_draft(draft_of(letter(body, subject="x" * 80))).findings

    assert [(f.line, f.id) for f in findings] == [
        (2, "subject-length"),
        (8, "a11y-headings"),
        (10, "link-http"),
        (12, "image-alt"),
    ]


def test_what_reading_found_is_reported_too(draft_of: Maker) -> None:
    draft = draft_of(letter("Hei.\n\n<marquee>Hei</marquee>"))

    ids = [(finding.id, finding.line) for finding in check_draft(draft).findings]

    assert ("html-removed", 8) in ids


def test_a_finding_reads_as_one_line_with_place_and_hint() -> None:
    finding = Finding(
        id="image-alt", severity=ERROR, path="issues/a.md", line=3, message="no text", hint="add it"
    )

    assert str(finding) == "issues/a.md:3: error: no text (add it) [image-alt]"
