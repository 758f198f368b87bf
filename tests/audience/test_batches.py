"""Many rows are read at once, and say the same as one by one."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.addresses import check_address, plain_address
from newsletter.audience.cells import (
    clean_value,
    is_plain_name,
    is_plain_text,
    mend_name,
    mend_text,
)
from newsletter.audience.entries import Entry
from newsletter.audience.list_tables import read_blocks
from newsletter.audience.reading import People, open_people
from newsletter.audience.rows import narrowed, read_row
from newsletter.audience.sections import walk
from newsletter.audience.standings import Kind, canonical, judge
from newsletter.errors import AudienceError
from newsletter.model import Refusal
from tests.audience.lists import RealList, real_lists
from tests.audience.reading import asked, people_in

_ADDRESSES = (
    "aino@saatio.fi", "Aino@Saatio.FI", " eino@saatio.fi ", "'eino@saatio.fi", "ei osoitetta",
    "Aino <aino@saatio.fi>", "mailto:a@saatio.fi", "a@gmial.com", "å@saatio.fi", "a@säätiö.fi", "",
)  # fmt: skip
_NAMES = (
    "Aino Aalto", " Aino  Aalto ", "Aino O’Hara", "'=SUM(1)", "test", "undefined", "", "Ã„iti",
    "Åsa&auml;", "A" * 250, "A" * 1200, "Anna-Liisa", "Aino\u200b", "A\u0308iti", "x", "Ville",
)  # fmt: skip
_LANGUAGES = ("fi", "suomi", "sv-FI", "", "klingon!", "Svenska")
_STATUSES = ("tilaaja", "peruttu", "palautunut", "roskaposti", "odottaa", "")
_REGIONS = ("Lappi", "Åland", "", " Savo", "=1+1", "Häme & Savo", "-")
_cells = st.tuples(
    st.sampled_from(_ADDRESSES),
    st.sampled_from(_NAMES),
    st.sampled_from(_LANGUAGES),
    st.sampled_from(_STATUSES),
    st.sampled_from(_REGIONS),
)
_rows = st.tuples(_cells, st.sampled_from(((), ("",), ("more",))), st.integers(1, 5))
_BELOW_A_TITLE = [
    (("aino@saatio.fi", "", "", "", ""), (), 1),
    (("", "", "", "peruttu", ""), (), 4),
    (("eino@saatio.fi", "", "", "tilaaja", ""), (), 4),
]
thorough = settings(max_examples=200)


def one_by_one(people: People) -> Iterator[Entry | Refusal]:
    """Read each row by itself, without the titles among them: no person stands in those."""
    answers = people.wishes.answers
    for section in chain.from_iterable(walk(people.table, lambda _: 0)):
        if section.title and section.is_title and answers[section.title.id] != "rows":
            continue
        plan = narrowed(people.plan, section, answers)
        for line, row in zip(section.lines, section.rows, strict=True):
            yield read_row(plan, line, row)


@thorough
@given(real_lists())
def test_lists_of_services_say_the_same_read_at_once_and_one_by_one(real_list: RealList) -> None:
    people = open_people(io.BytesIO(real_list.data), real_list.name, wishes=real_list.wishes)

    assert list(people) == list(one_by_one(people))


@thorough
@given(
    st.lists(_rows, min_size=1, max_size=30),
    st.sampled_from(["Tila", "standing", "Muu"]),
    st.sampled_from(["left", "skip", "rows"]),
)
@example(_BELOW_A_TITLE, "Tila", "left")
@example(_BELOW_A_TITLE, "standing", "skip")
@example(_BELOW_A_TITLE, "Tila", "rows")
def test_odd_cells_say_the_same_read_at_once_and_one_by_one(
    drawn: Sequence[tuple[Sequence[str], Sequence[str], int]], header: str, below: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["email", "name", "language", header, "Alue"])
    for cells, more, width in drawn:
        writer.writerow([*cells, *more] if width == 5 else cells[:width])
    answers = {"typo:gmial.com": "fix", f"value:{header}:": "skip", "title:peruttu": below}
    people = people_in(out.getvalue(), answers=answers, columns=("Alue",))
    if people.questions:
        more_answers = {q.id: next(iter(q.choices)) for q in people.questions}
        people = people_in(out.getvalue(), answers=answers | more_answers, columns=("Alue",))

    assert list(people) == list(one_by_one(people))


@given(st.lists(st.tuples(st.sampled_from(_NAMES), st.sampled_from(_NAMES)), min_size=1))
def test_first_and_last_names_say_the_same_read_at_once(names: Sequence[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["email", "first name", "last name"])
    writer.writerows((f"a{place}@saatio.fi", *both) for place, both in enumerate(names))
    people = people_in(out.getvalue())

    assert list(people) == list(one_by_one(people))


@given(st.text(alphabet=st.sampled_from("aZ9åÄöéÃÂâ€Å¡¸ -'’=+@\t\u0301\u200b.&;x—ſ×")))
@example("Test")
@example("Ã¤")
def test_what_looks_plain_is_kept_as_it_is(cell: str) -> None:
    if is_plain_text(cell):
        assert mend_text(clean_value(cell)) == (cell, "")
    if is_plain_name(cell):
        assert mend_name(clean_value(cell)) == (cell, "")


@given(st.from_regex(r"\A[a-zA-ZåÅ.+ -]{1,70}@([a-zA-Z0-9ä-]{1,9}\.){1,3}[a-z]{1,4}\Z"))
def test_an_address_that_looks_plain_is_what_a_full_check_makes_of_it(text: str) -> None:
    plain = plain_address(text)

    try:
        assert plain in ("", check_address(text))
    except AudienceError:
        assert plain == ""


@given(st.datetimes().map(str) | st.just("0000-00-00 00:00:00"), st.sampled_from(Kind))
def test_moments_are_judged_as_the_one_that_stands_for_all(moment: str, kind: Kind) -> None:
    for header in ("unsubscribed", "UNSUB_TIME", "consent", "OPTIN_TIME"):
        assert judge(kind, header, canonical(kind, moment)) == judge(kind, header, moment)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_rows_bear_the_line_they_begin_on_wherever_a_block_ends(breaks: list[int]) -> None:
    cells = [f"{n}{'x' * 9000}" + "\r\n" * count for n, count in enumerate(breaks * 20)]
    text = "".join(f'"{cell}",b\r\n' for cell in cells)
    lines, line = [], 1
    for cell in cells:
        lines.append(line)
        line += 1 + cell.count("\n")

    blocks = list(read_blocks(io.StringIO(text, newline=""), "people.csv"))

    assert [line for block in blocks for line in block.lines] == lines
    assert [row for block in blocks for row in block.rows] == [[cell, "b"] for cell in cells]


def test_words_of_leaving_are_seen_between_underscores() -> None:
    assert asked("email,Tagit\na@saatio.fi,vip_unsubscribed\n") == ["column:Tagit"]
