"""A segment is read as it was meant, or refused with the place and what was expected."""

import pytest
from hypothesis import example, given, settings

from newsletter.segments import SegmentError, parse_segment
from tests.segments.expressions import people, segments_as_written

READ = {
    # as written: in its stored form
    "region=Lappi": "region=Lappi",
    "Region = 'Lappi'": "region=Lappi",
    "organisation = Helsingin kaupunki": "organisation=Helsingin kaupunki",
    "region in (Lappi, Kainuu) and organisation = kunta and joined before 2026": (
        "region in (Lappi, Kainuu) and organisation=kunta and joined before 2026"
    ),
    "region != Lappi": "region!=Lappi",
    "not region = Lappi": "region!=Lappi",
    "not not region = Lappi": "region=Lappi",
    "region not in (Lappi, Lappi)": "region!=Lappi",
    "region is empty": "region is empty",
    'region = ""': "region is empty",
    "region is not empty": "region is not empty",
    "not (a=1 or b=2)": "not (a=1 or b=2)",
    "((a=1)) and (b=2 and c=3)": "a=1 and b=2 and c=3",
    "joined on or after 1.3.2026": "joined on or after 2026-03-01",
    "joined on or before 3/2026": "joined on or before 2026-03",
    "joined on 2026": "joined on 2026",
    # Finnish, with its postpositions, and Swedish
    "alue jokin (Lappi, Kainuu) ja ei rooli = muu": "alue in (Lappi, Kainuu) and rooli!=muu",
    "alue ei joukossa (Lappi, Kainuu) tai a on tyhjä": "alue not in (Lappi, Kainuu) or a is empty",
    "alue ei ole tyhjä ja joined ennen 2026": "alue is not empty and joined before 2026",
    "joined 2026 jälkeen": "joined after 2026",
    "joined 1.3.2026 alkaen": "joined on or after 2026-03-01",
    "område bland (Lappland, Åland) och inte a=1": "område in (Lappland, Åland) and a!=1",
    "område är inte tomt eller joined före 2026": "område is not empty or joined before 2026",
    "joined från och med 2026": "joined on or after 2026",
    # words of the grammar, quotes and signs as values
    "a = ja": "a=ja",
    "a = “Sosiaali ja terveys”": 'a="Sosiaali ja terveys"',
    'a = "say \\"no\\", please" and b=1': 'a="say \\"no\\", please" and b=1',
    "a = '; DROP TABLE subscribers; --'": "a=; DROP TABLE subscribers; --",
    "on=1": "on=1",
}


@pytest.mark.parametrize("text", READ)
def test_a_segment_has_one_form_in_which_it_is_stored(text: str) -> None:
    assert str(parse_segment(text)) == READ[text]


REFUSED = {
    # as written: line, column, one of what was expected, a part of what is said
    "": (1, 1, "the name of an attribute", "ends too early"),
    "region": (1, 7, "=", "ends too early"),
    "region =": (1, 9, "a value", "ends too early"),
    "region inn (Lappi)": (1, 8, "in", "did you mean “in”?"),
    "region in Lappi": (1, 11, "(", "“Lappi” cannot stand here"),
    "region in ()": (1, 12, "a value", "“)” cannot stand here"),
    "region=Lappi language=sv": (1, 22, "and", "“=” cannot stand here"),
    "region=Lappi\nand role": (2, 9, "is empty", "ends too early"),
    "(region=Lappi": (1, 14, ")", "ends too early"),
    "region=Lappi)": (1, 13, "the end", "“)” cannot stand here"),
    'region="Lappi': (1, 8, "a value", "cannot stand here"),
    "joined before soon": (1, 15, "a day such as 1.3.2026, or a year", "“soon”"),
    "joined before 31.2.2026": (1, 15, "", "“31.2.2026” is no day, month or year"),
    "joined before 0000": (1, 15, "", "is no day, month or year"),
    "a=1\x00": (1, 4, "", "cannot be shown"),
    "a=\ud800": (1, 3, "", "cannot be shown"),
    "a=" + "b" * 101 + " or b=1": (1, 3, "", "longer than 100 characters"),
    "a=" + "b" * 2000: (1, 2001, "", "longer than 2,000 characters"),
    "(" * 50_000: (1, 2001, "", "longer than 2,000 characters"),
    "(" * 900 + "a=1" + ")" * 900: (1, 880, "", "more than 20 deep"),
    "not (" * 300 + "a=1" + ")" * 300: (1, 1450, "", "more than 20 deep"),
    f"a in ({','.join(f'{n}' for n in range(501))})": (1, 1, "", "more than 500 values"),
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:24]))
def test_a_segment_that_cannot_be_read_is_refused_at_its_place(text: str) -> None:
    line, column, expected, said = REFUSED[text]

    with pytest.raises(SegmentError) as refused:
        parse_segment(text)

    assert (refused.value.line, refused.value.column) == (line, column)
    assert expected in (*refused.value.expected, "")
    assert said in refused.value.words


def test_a_mixture_without_brackets_is_read_as_and_before_or_and_told() -> None:
    mixed = parse_segment("a=1 or b=2 and c=3")

    assert str(mixed) == "a=1 or (b=2 and c=3)"
    assert mixed.is_mixed
    assert not parse_segment(str(mixed)).is_mixed
    assert parse_segment("not (a=1 or b=2 and c=3)").is_mixed


@settings(max_examples=60, deadline=None)
@given(segments_as_written, people)
@example("a=1 and not (b=2 or not c=3)", {})
def test_the_stored_form_means_the_same(text: str, person: dict[str, str]) -> None:
    segment = parse_segment(text)

    again = parse_segment(str(segment))

    assert again == segment
    assert again.holds(person) == segment.holds(person)


def test_a_segment_tells_what_it_asks_for() -> None:
    segment = parse_segment("region in (Lappi, Kainuu) and not (role=x or region=Åland)")

    assert segment.names == ("region", "role")
    assert segment.values_of("region") == ("Lappi", "Kainuu", "Åland")
