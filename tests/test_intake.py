"""Real lists through the whole import, into a real ledger, and back out."""

import datetime as dt
import io
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.audience.reading import open_people
from newsletter.audience.writing import open_rows, write_people
from newsletter.errors import AudienceError
from newsletter.intake import import_list, open_intake, take_back
from newsletter.ledger import Import, Ledger, imports, people
from newsletter.links import new_keys
from newsletter.model import Standing, Subscriber
from tests.audience.lists import SECRETS, RealList, real_lists
from tests.ledger.blank import open_blank

NOW = dt.datetime.fromisoformat("2026-12-15T08:00:00.000+00:00")
_moments = (NOW + dt.timedelta(hours=1, microseconds=n) for n in count())


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger that all examples share: each leaves it as it was."""
    opened = open_blank(tmp_path_factory.mktemp("ledger") / "newsletter.db")
    yield opened
    opened.close()


def exported(ledger: Ledger) -> str:
    """Return the export of a ledger."""
    out = io.StringIO(newline="")
    with ledger.read() as connection:
        names = people.attribute_names(connection)
        write_people(people.list_subscribers(connection), names, open_rows(out))
    return out.getvalue()


def taken_in(ledger: Ledger, data: bytes, name: str, **wishes: object) -> Import | None:
    """Take a list in as the command does; None when there is nothing to write."""
    listed = open_people(io.BytesIO(data), name, **wishes)  # type: ignore[arg-type]
    with open_intake(ledger, listed) as intake:
        shown = intake.preview
        taken = import_list(intake, name, next(_moments)) if shown.writes else None
    if taken:
        assert taken.joined == shown.joined
        assert taken.changed == shown.changed + shown.left
    return taken


def undone(ledger: Ledger, taken: Import) -> None:
    """Take an import back as the command does."""
    with ledger.read() as connection:
        shown = imports.count_undo(connection, taken)
    take_back(ledger, taken, shown, next(_moments), mail_again=True)


def know(ledger: Ledger, addresses: list[str], standings: list[Standing]) -> None:
    """Let the ledger hold some of these addresses, and nobody else."""
    known = [
        Subscriber(address=a, key=k, name="Tuttu", attributes={"region": "Lappi"}, standing=s)
        for a, k, s in zip(addresses, new_keys(len(addresses)), standings, strict=False)
    ]
    with ledger.write() as connection:
        people.add_subscribers(connection, known, NOW)


def emptied(ledger: Ledger) -> None:
    """Take everybody off a ledger, as if they had never been there."""
    with ledger.write() as connection:
        connection.exec_driver_sql("DELETE FROM subscribers")
        connection.exec_driver_sql("DELETE FROM records")


@given(real_list=real_lists(), standings=st.lists(st.sampled_from(Standing), max_size=4))
def test_a_real_list_moves_nobody_towards_more_mail_and_is_taken_back_to_the_byte(
    ledger: Ledger, real_list: RealList, standings: list[Standing]
) -> None:
    addresses = list({truth.address.lower(): None for truth in real_list.truths})
    know(ledger, addresses, standings)
    before = exported(ledger)
    was = dict(zip(addresses, standings, strict=False))
    try:
        taken = taken_in(ledger, real_list.data, real_list.name, wishes=real_list.wishes)
        after = exported(ledger)
        with ledger.read() as connection:
            now = {p.address.lower(): p.standing for p in people.list_subscribers(connection)}
        if taken:
            undone(ledger, taken)

        order = list(Standing)
        active = {address for address, standing in now.items() if standing is Standing.ACTIVE}
        new = active - set(was)
        assert new <= real_list.may_become_active()
        assert not active & {a for a, standing in was.items() if standing is not Standing.ACTIVE}
        assert all(order.index(now[a]) >= order.index(was[a]) for a in was)
        assert not [secret for secret in SECRETS if secret in after]
        assert exported(ledger) == before
    finally:
        emptied(ledger)


_words = st.text("aåÄöß丽0=+-@'\";,|\n", max_size=8).map(str.strip)


@settings(max_examples=60)
@given(
    names=st.lists(_words, max_size=6),
    regions=st.lists(_words, min_size=6, max_size=6),
    standings=st.lists(st.sampled_from(Standing), min_size=6, max_size=6),
    languages=st.lists(st.sampled_from(["", "fi", "sv"]), min_size=6, max_size=6),
)
@example(names=["=1"], regions=["'+358"] * 6, standings=[*Standing], languages=["sv"] * 6)
def test_an_export_changes_nothing_where_it_comes_from_and_moves_all_elsewhere(
    ledger: Ledger,
    names: list[str],
    regions: list[str],
    standings: list[Standing],
    languages: list[str],
) -> None:
    crowd = [
        Subscriber(
            address=f"p{n}@example.org",
            key=f"k{n}",
            name="" if standing is Standing.ERASED else f"A{name}",
            language="" if standing is Standing.ERASED else language,
            attributes={"region": region} if region and standing is not Standing.ERASED else {},
            standing=standing,
        )
        for n, (name, region, standing, language) in enumerate(
            zip(names, regions, standings, languages, strict=False)
        )
    ]
    with ledger.write() as connection:
        people.add_subscribers(connection, crowd, NOW)
    out = exported(ledger)
    try:
        if crowd:
            assert taken_in(ledger, out.encode(), "own.csv") is None
            emptied(ledger)
            taken_in(ledger, out.encode(), "own.csv")
            assert exported(ledger) == out
    finally:
        emptied(ledger)


def test_a_list_is_not_written_when_more_would_happen_than_was_shown(ledger: Ledger) -> None:
    know(ledger, ["aino@example.org"], [Standing.ACTIVE])
    listed = open_people(io.BytesIO(b"email,name\naino@example.org,Uusi\n"), "l.csv")
    try:
        with open_intake(ledger, listed) as intake:
            with ledger.write() as connection:
                connection.exec_driver_sql("DELETE FROM subscribers")

            with pytest.raises(AudienceError, match="changed while"):
                import_list(intake, "l.csv", next(_moments))

        assert exported(ledger).count("\n") == 1
    finally:
        emptied(ledger)
