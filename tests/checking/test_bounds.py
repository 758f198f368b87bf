"""However much is wrong with an issue, checks end, and places are found at once."""

from collections.abc import Iterator
from itertools import count

from newsletter.checking import Draft
from newsletter.checking.instruments import Check, line_in, passages_of
from newsletter.checking.report import run_checks
from newsletter.model import Finding, Rule, Severity, Skipped
from tests.checking.conftest import Maker
from tests.checking.desk import letter


def test_a_check_says_a_thousand_things_and_holds_the_issue_back(draft_of: Maker) -> None:
    rule = Rule(id="a", summary="b")

    def complain(_: Draft) -> Iterator[Finding | Skipped]:
        for number in count(6):
            yield rule.note(f"fault {number}", line=number)

    said = run_checks(draft_of(letter("Hei")), [Check(rules=(rule,), run=complain)])

    last = said[-1]
    assert len(said) == 1_001
    assert isinstance(last, Finding)
    assert (last.id, last.severity, last.line) == ("a", Severity.ERROR, 1_005)
    assert "no more were looked for" in last.message


def test_each_of_many_like_places_has_its_own_line(draft_of: Maker) -> None:
    draft = draft_of(letter("Tule 31.2. tai 31.2. ja\n**31.2.** Hei\n\n31.2."))
    passage = next(p for p in passages_of(draft) if p.role == "prose")
    starts = [n for n in range(len(passage.text)) if passage.text.startswith("31.2.", n)]

    found = [line_in(draft, passage, "31.2.", start=start) for start in starts]

    assert found == [6, 6, 7]
    assert line_in(draft, passage, "tai 31.2. ja 31.2. Hei") == 6  # by its longest word
    assert line_in(draft, passage, "ei missään") == 6
