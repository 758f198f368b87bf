"""Whether a segment holds for somebody, by plain rules."""

import pytest

from newsletter.segments import parse_segment

HOLDS = [
    # segment, what is known of somebody, whether it holds
    ("region=lappi", {"region": "LAPPI"}, True),
    ("region=Lappi", {}, False),
    # What is not known is the empty text.
    ("region!=Lappi", {}, True),
    ("not region=Lappi", {"region": ""}, True),
    ("region is empty", {}, True),
    ("region is not empty", {"region": "x"}, True),
    # Case, beyond ASCII
    ("a=ÅLAND", {"a": "åland"}, True),
    ("a=STRASSE", {"a": "Straße"}, True),
    # A region in all ways to write it; ISO has the same digits for others.
    ("region=Lappi", {"region": "19"}, True),
    ("region=FI-10", {"region": "Lapissa"}, True),
    ("region=Lappland", {"region": "Lappi"}, True),
    ("region in (Kainuu, 19)", {"region": "i Lappland"}, True),
    ("region=FI-01", {"region": "Ahvenanmaa"}, True),
    ("region=FI-01", {"region": "01"}, False),
    ("organisation=Lappi", {"organisation": "19"}, False),
    # Languages in all their spellings; one with a country is meant to the letter.
    ("language=sv", {"language": "ruotsi"}, True),
    ("language=sv", {"language": "sv-FI"}, True),
    ("language=sv-FI", {"language": "sv"}, False),
    ("language=sv-fi", {"language": "sv_FI"}, True),
    # Several answers to one question
    ("topic=law", {"topic": ["work", "Law"]}, True),
    ("topic!=law", {"topic": ["work", "law"]}, False),
    ("topic is empty", {"topic": []}, True),
    # Days: a period begins with its first day and ends with its last.
    ("joined before 2026", {"joined": "2025-12-31"}, True),
    ("joined before 2026", {"joined": "2026-01-01"}, False),
    ("joined after 2026", {"joined": "2026-12-31"}, False),
    ("joined after 2026", {"joined": "2027-01-01"}, True),
    ("joined on 2/2026", {"joined": "2026-02-28"}, True),
    ("joined on 28.2.2026", {"joined": "2026-03-01"}, False),
    ("joined on or after 1.3.2026", {"joined": "2026-03-01"}, True),
    ("joined on or before 2026", {"joined": "2026-12-31T23:59"}, True),
    ("joined before 2026", {}, False),
    ("joined before 2026", {"joined": "soon"}, False),
    # and binds tighter than or
    ("a=1 or b=2 and c=3", {"a": "1"}, True),
    ("(a=1 or b=2) and c=3", {"a": "1"}, False),
]


@pytest.mark.parametrize(("text", "person", "holds"), HOLDS)
def test_a_segment_holds_for_those_it_means(
    text: str, person: dict[str, str], *, holds: bool
) -> None:
    assert parse_segment(text).holds(person) == holds
