"""What is counted of a group is safe by itself, whatever else is counted of other readers."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from newsletter.ledger.breakdown import Cell
from newsletter.stats import Groups
from newsletter.stats.grouped import GroupCounts, count_groups
from tests.stats.sent import HUMAN
from tests.stats.test_groups import Pairs, isolated


def cell(
    language: str,
    value: str,
    number: int,
    *,
    is_seen: bool = True,
    is_reached: bool = True,
    is_hard: bool = False,
) -> Cell:
    """Return readers, all of whom opened it; they got their copy unless it is said otherwise."""
    return Cell(
        language=language,
        value=value,
        is_counted=False,
        is_seen=is_seen,
        is_told=is_reached or is_hard,
        is_hard=is_hard,
        is_soft=False,
        is_reached=is_reached,
        is_complained=False,
        opened=HUMAN,
        clicked=None,
        number=number,
    )


@st.composite
def cells_of_few(draw: st.DrawFn) -> list[Cell]:
    """Draw readers of all kinds, each language and value with many or with none of most kinds."""
    many, few = st.just(0) | st.integers(10, 30), st.just(0) | st.integers(1, 9)
    return [
        one
        for language in ("fi", "sv")
        for value in ("A", "B")
        for one in (
            cell(language, value, draw(many)),
            cell(language, value, draw(many), is_seen=False),
            cell(language, value, draw(few), is_reached=False),
            cell(language, value, draw(few), is_hard=True),
        )
        if one.number
    ]


def pairs_of(cells: Sequence[Cell]) -> Pairs:
    found: Counter[tuple[str, str]] = Counter()
    for one in cells:
        found[one.language, one.value] += one.number
    return found


def groups_in(counts: Sequence[GroupCounts], cells: Sequence[Cell]) -> Groups:
    """Return under which names readers are told of, by the groups that are."""
    languages = {group.name for group in counts if group.by == "language"}
    values = {group.name for group in counts if group.by == "region"}
    return Groups(
        languages={c.language: c.language if c.language in languages else "" for c in cells},
        values={c.value: c.value if c.value in values else "" for c in cells},
    )


@given(cells_of_few())
def test_openers_of_any_two_unions_differ_by_ten_readers(cells: list[Cell]) -> None:
    counts = count_groups(cells, "region", is_seen=True)

    seen = pairs_of([one for one in cells if one.is_seen])

    assert isolated(seen, groups_in(counts, cells)) == [] or not counts


def test_openers_of_whom_no_server_tells_are_not_told_apart() -> None:
    """Nobody else of their language and region has an edition with ten readers."""
    cells = [
        cell("fi", "Uusimaa", 200),
        cell("sv", "Åland", 60),
        cell("sv", "Uusimaa", 17, is_seen=False),
        cell("sv", "Uusimaa", 3, is_reached=False),
    ]

    counts = count_groups(cells, "region", is_seen=True)

    assert {(group.by, group.openers.human) for group in counts} == {
        ("language", 200), ("language", 63),
    }  # fmt: skip
