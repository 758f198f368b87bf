"""What repeats is told once with its places, and two languages are shown side by side."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.checking import Cell, Row, compare, group
from newsletter.language import say
from newsletter.model import Counterpart, Finding, Rule, Severity

LINK = Rule(id="link-http", summary="Links are encrypted")
DATES = Rule(id="parity-dates", summary="Both languages name the same days")


def unencrypted(url: str, line: int, path: str = "a.md") -> Finding:
    message = say("“{url}” is not encrypted", url=url)
    return LINK.warning(message, "use https://", line=line).in_file(path)


def lacking(words: str, *, path: str, line: int, there: int, section: int = 1) -> Finding:
    """What the other language has on a line, seen from the passage that lacks it."""
    other = "a.sv.md" if path == "a.md" else "a.md"
    counterpart = Counterpart(
        path=other, line=there, words=words, section=(section, 0), is_original=other == "a.md"
    )
    return DATES.warning("it is not here", line=line).in_file(path).beside(counterpart)


findings = st.lists(
    st.builds(
        unencrypted,
        st.sampled_from(["http://a.example", "http://b.example"]),
        st.integers(1, 9),
        st.sampled_from(["a.md", "a.sv.md"]),
    )
    | st.builds(
        Finding,
        id=st.sampled_from(["a", "b"]),
        severity=st.sampled_from(Severity),
        path=st.just("a.md"),
        message=st.sampled_from(["one", "two"]),
        hint=st.sampled_from(["", "mend it"]),
        line=st.none() | st.integers(1, 9),
    )
)


@given(findings)
def test_each_finding_is_in_one_group_of_its_file_rule_and_severity(found: list[Finding]) -> None:
    groups = group(found)

    assert sorted((f for one in groups for f in one.findings), key=repr) == sorted(found, key=repr)
    for one in groups:
        assert len({(f.path, f.id, f.severity) for f in one.findings}) == 1


@given(findings)
def test_no_place_of_a_group_is_lost(found: list[Finding]) -> None:
    for one in group(found):
        told = {one.first.line, *one.lines, *(line for line, _ in one.others())}

        assert {finding.line for finding in one.findings} - {None} <= told


def test_a_finding_that_repeats_is_one_with_its_places() -> None:
    (one,) = group([unencrypted("http://a.example", line) for line in (3, 9, 5)])

    assert one.lines == (5, 9)
    assert list(one.others()) == []


def test_words_that_differ_stand_with_their_lines() -> None:
    (one,) = group([unencrypted("http://a.example", 3), unencrypted("http://b.example", 9)])

    assert list(one.others()) == [(9, "http://b.example")]


def test_places_that_need_another_cure_are_other_findings() -> None:
    days = [
        LINK.error("{day} is no {name}", "write “{right}”", line=n, day=n, name="x", right=right)
        for n, right in enumerate(("Monday", "Friday"), start=1)
    ]

    assert len(group(days)) == 2


def test_a_passage_stands_in_one_row_with_what_each_language_has() -> None:
    found = [
        lacking("“82”", path="a.md", line=11, there=15),
        lacking("“46”", path="a.sv.md", line=7, there=9, section=0),
        lacking("“28”", path="a.sv.md", line=11, there=16),
    ]

    (compared,) = compare(found)

    assert (compared.original, compared.translation) == ("a.md", "a.sv.md")
    assert compared.ids == ("parity-dates",)
    assert compared.rows == (
        Row(original=(Cell(line=9, words="“46”"),), translation=(Cell(line=7, words=""),)),
        Row(original=(Cell(line=16, words="“28”"),), translation=(Cell(line=15, words="“82”"),)),
    )


def test_machines_are_told_no_more_than_before() -> None:
    told = lacking("“28”", path="a.sv.md", line=11, there=16).as_data()

    assert list(told) == ["id", "severity", "path", "message", "hint", "line"]
