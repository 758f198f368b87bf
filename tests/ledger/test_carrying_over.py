"""Who left after a backup is not mailed by it: it is taken over from the ledger that went on."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter import consent
from newsletter.audience import open_people
from newsletter.consent.gates import mark_of
from newsletter.intake import import_list, import_suppressions, open_intake, take_back
from newsletter.ledger import (
    Import,
    Ledger,
    connect_ledger,
    doubts,
    history,
    imports,
    note_caught_up,
    people,
    transfer,
    wishes,
)
from newsletter.ledger.carrying_over import CarriedOver, Sources, catch_up
from newsletter.ledger.restorations import doubt_all, find_absence, trust_all
from newsletter.ledger.tables import metadata, subscribers
from newsletter.links import SuppressionMarks
from newsletter.model import (
    BatchState,
    By,
    Happened,
    Purpose,
    Record,
    Return,
    ReturnKind,
    Wish,
)
from newsletter.register import Details, enter_person, rename_person, take_people_off
from tests.ledger.blank import open_blank
from tests.ledger.examples import LATER, NOW, add, astray, begin, person

SECRET = "a secret that is long enough for tests"  # noqa: S105 - of no newsletter
MARKS = SuppressionMarks(SECRET)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


class Newer:
    """A ledger that goes on after its backup, which another one is restored from."""

    def __init__(self, ledger: Ledger, backup: Ledger) -> None:
        self.ledger, self.backup = ledger, backup

    def back_up(self) -> None:
        """Copy all that is known until now."""
        for table in transfer.moved_tables():
            transfer.copy_table(self.ledger, self.backup, table, progress=lambda _: None)
        with self.backup.write() as connection:
            transfer.count_on(connection)

    def restore(self, marks: SuppressionMarks | None = MARKS) -> CarriedOver:
        """Make a ledger of the backup."""
        with self.backup.write() as connection:
            trust_all(connection, NOW, LATER + 9 * DAY)
            carried = catch_up(connection, Sources(lost=self.ledger, marks=marks), LATER + 9 * DAY)
        assert carried
        return carried

    def take_in(self, listed: str, now: dt.datetime) -> Import:
        """Import a list into the newer ledger."""
        data = f"email,standing\n{listed}".encode()
        with open_intake(self.ledger, open_people(io.BytesIO(data), "l.csv"), SECRET) as intake:
            return import_list(intake, "l.csv", now)

    @property
    def standings(self) -> dict[str, str]:
        """Return how people stand in the restored ledger, by the names in their addresses."""
        with self.backup.read() as connection:
            found = list(people.list_subscribers(connection))
        return {one.address.partition("@")[0]: str(one.standing) for one in found}


@pytest.fixture
def newer(ledger: Ledger, tmp_path: Path) -> Iterator[Newer]:
    """A ledger with three people and a backup of it, which is of either database."""
    with closing(open_blank(tmp_path / "newer.db")) as lost:
        with lost.write() as connection:
            add(connection, *map(person, ("aino", "eero", "liisa")))
        newer = Newer(lost, ledger)
        newer.back_up()
        yield newer


def _wish(key: str, name: str) -> Wish:
    address = f"{name}@example.org"
    return Wish(key=key, purpose=Purpose.SIGN_UP, address=address, language="fi", asked_at=NOW)


def _everybody(**others: str) -> dict[str, str]:
    return {"aino": "active", "eero": "active", "liisa": "active", **others}


def test_who_left_paused_or_complained_since_is_not_mailed(newer: Newer) -> None:
    consent.leave(newer.ledger, "key-aino", consent.Way.ONE_CLICK, LATER)
    consent.pause(newer.ledger, "key-eero", 6, LATER)
    with newer.ledger.write() as connection:
        said = Record(key="key-liisa", what=Happened.COMPLAINED, by=By.PROVIDER, source="brevo")
        history.note(connection, [said], LATER)

    carried = newer.restore()

    assert carried == CarriedOver(gone=3, is_whole=True)
    assert newer.standings == _everybody(aino="unsubscribed", eero="paused", liisa="complained")
    with newer.backup.read() as connection:
        assert find_absence(connection) is None
    assert consent.come_back(newer.backup, "key-aino", LATER + 10 * DAY)  # their own link holds


def test_who_came_back_by_their_own_word_since_is_mailed(ledger: Ledger, tmp_path: Path) -> None:
    with closing(open_blank(tmp_path / "newer.db")) as lost:
        newer = Newer(lost, ledger)
        with lost.write() as connection:
            add(connection, person("aino"))
        consent.leave(lost, "key-aino", consent.Way.PAGE, NOW + HOUR)
        newer.back_up()
        wish = Wish(
            key="w",
            purpose=Purpose.SIGN_UP,
            address="aino@example.org",
            language="fi",
            asked_at=LATER,
        )
        with lost.write() as connection:
            wishes.add_wish(connection, replace(wish, mailed_at=LATER))
        consent.confirm_sign_up(lost, "w", LATER)

        newer.restore()

        assert newer.standings == {"aino": "active"}


def test_who_was_erased_since_is_erased_again(newer: Newer) -> None:
    consent.forget(newer.ledger, "aino@example.org", SECRET, LATER, source="forget")

    carried = newer.restore()

    assert carried == CarriedOver(gone=1, erased=1, is_whole=True)
    assert "aino" not in newer.standings
    held = consent.find_held(newer.backup, "aino@example.org", SECRET)
    assert held.is_erased


def test_who_was_erased_while_a_mail_to_them_is_in_doubt_gets_no_more(
    ledger: Ledger, tmp_path: Path
) -> None:
    with closing(open_blank(tmp_path / "newer.db")) as lost:
        with lost.write() as connection:
            send_id = begin(connection, 1, batch_size=1)
        newer = Newer(lost, ledger)
        newer.back_up()
        with lost.read() as connection:
            [address] = [one.address for one in people.list_subscribers(connection)]
        consent.forget(lost, address, SECRET, LATER, source="forget")
        with ledger.write() as connection:
            doubt_all(connection, NOW, LATER + 9 * DAY)

            catch_up(connection, Sources(lost=lost, marks=MARKS), LATER + 9 * DAY)

        assert list(newer.standings.values()) == ["erased"]
        kept = consent.Retention(wishes=30, posted=30, returns=400, departed_months=0)
        assert consent.purge(ledger, kept, SECRET, LATER + 10 * DAY, outbox=tmp_path).departed == 0
        with ledger.write() as connection:  # as the editor decides it
            [batch] = doubts.list_batches(connection, send_id, BatchState.UNKNOWN)
            doubts.skip_batch(connection, batch.id, now=LATER, reason="")
        assert consent.purge(ledger, kept, SECRET, LATER + 10 * DAY, outbox=tmp_path).departed == 1
        assert newer.standings == {}


def test_without_the_secret_who_was_erased_is_not_mailed_and_sending_waits(newer: Newer) -> None:
    consent.forget(newer.ledger, "aino@example.org", SECRET, LATER, source="forget")

    carried = newer.restore(marks=None)

    assert (carried.gone, carried.erased, carried.is_whole) == (1, 0, False)
    assert newer.standings == _everybody(aino="pending")
    with newer.backup.read() as connection:
        assert find_absence(connection)


def test_whom_an_import_brought_that_was_taken_back_since_is_not_mailed(newer: Newer) -> None:
    taken = newer.take_in("new@example.org,active", LATER)
    newer.backup.close()
    with newer.backup.write() as connection:
        for table in metadata.sorted_tables[::-1]:
            connection.execute(table.delete())
    newer.back_up()
    with newer.ledger.read() as connection:
        shown = imports.count_undo(connection, taken)
    take_back(newer.ledger, taken, shown, LATER + HOUR, mail_again=False)

    newer.restore()

    assert newer.standings == _everybody(new="pending")


def test_who_joined_and_left_since_is_known_as_gone_and_who_joined_is_counted(
    newer: Newer,
) -> None:
    newer.take_in("new@example.org,active\ngone@example.org,active", LATER)
    take_people_off(newer.ledger, ["gone@example.org"], now=LATER + HOUR)

    carried = newer.restore()

    assert carried == CarriedOver(joined=1, is_whole=True)
    assert newer.standings == _everybody(gone="unsubscribed")


def test_who_left_under_another_key_is_found_by_the_address(newer: Newer) -> None:
    consent.forget(newer.ledger, "aino@example.org", SECRET, LATER, source="forget")
    enter_person(
        newer.ledger, "aino@example.org", Details(), again=True, now=LATER + HOUR, secret=SECRET
    )
    take_people_off(newer.ledger, ["AINO@example.org"], now=LATER + 2 * HOUR)

    newer.restore()

    assert newer.standings == _everybody(aino="unsubscribed")


def test_people_are_mailed_at_the_addresses_they_have_by_now_swapped_ones_too(
    newer: Newer,
) -> None:
    for old, new in (("aino", "x"), ("eero", "aino"), ("x", "eero")):
        rename_person(newer.ledger, f"{old}@example.org", f"{new}@example.org", now=LATER)
    rename_person(newer.ledger, "liisa@example.org", "elisa@example.org", now=LATER)
    consent.leave(newer.ledger, "key-aino", consent.Way.PAGE, LATER + HOUR)

    newer.restore()

    assert newer.standings == {"aino": "active", "eero": "unsubscribed", "elisa": "active"}
    with newer.backup.read() as connection:
        renamed = people.find_renamed(connection, "liisa@example.org")
    assert renamed
    assert renamed.address == "elisa@example.org"


def test_each_address_that_somebody_had_since_means_them(newer: Newer) -> None:
    rename_person(newer.ledger, "aino@example.org", "x@example.org", now=LATER)
    rename_person(newer.ledger, "x@example.org", "y@example.org", now=LATER + HOUR)

    newer.restore()

    with newer.backup.read() as connection:
        had = people.map_renamed(connection, ["aino@example.org", "x@example.org"])
    assert [one.address for one in had.values()] == ["y@example.org"] * 2


def test_whose_new_address_the_backup_gives_to_somebody_else_gets_no_mail(newer: Newer) -> None:
    consent.forget(newer.ledger, "eero@example.org", SECRET, LATER, source="forget")
    rename_person(newer.ledger, "aino@example.org", "eero@example.org", now=LATER + HOUR)

    newer.restore(marks=None)

    assert newer.standings == {"aino": "pending", "eero": "active", "liisa": "active"}


def test_whoever_is_suppressed_by_a_hash_stays_so(newer: Newer) -> None:
    import_suppressions(
        newer.ledger,
        ["stranger@example.org", "liisa@example.org"],
        "old.csv",
        secret=SECRET,
        now=LATER,
    )

    newer.restore()

    assert newer.standings == _everybody(liisa="unsubscribed")
    newer.ledger, newer.backup = newer.backup, newer.ledger
    data = io.BytesIO(b"email\nstranger@example.org")
    with open_intake(newer.ledger, open_people(data, "l.csv"), SECRET) as intake:
        assert (intake.preview.joined, intake.preview.refused) == (0, 1)


def test_an_act_of_the_newer_ledger_is_no_act_of_the_restored_one(newer: Newer) -> None:
    newer.take_in("aino@example.org,unsubscribed", LATER)
    newer.restore()
    newer.ledger = newer.backup

    taken = newer.take_in("aino@example.org,complained\nnew@example.org,active", LATER + 10 * DAY)
    with newer.ledger.read() as connection:
        shown = imports.count_undo(connection, taken)
    take_back(newer.ledger, taken, shown, LATER + 11 * DAY, mail_again=True)

    assert newer.standings["aino"] == "unsubscribed"
    with newer.ledger.read() as connection:
        assert astray(connection) == {}


def test_a_link_that_confirmed_or_was_refused_since_does_so_no_more(newer: Newer) -> None:
    with newer.ledger.write() as there, newer.backup.write() as here:
        for connection in (there, here):
            for key, name in (("w", "new"), ("x", "no"), ("y", "answered")):
                wishes.add_wish(connection, _wish(key, name))
    consent.confirm_sign_up(newer.ledger, "w", LATER)
    with newer.ledger.read() as connection:
        joined = people.find_subscriber(connection, "new@example.org")
        assert joined
    consent.leave(newer.ledger, joined.key, consent.Way.PAGE, LATER + HOUR)
    consent.refuse(newer.ledger, "x", secret=SECRET, now=LATER)
    with newer.ledger.write() as connection:
        wishes.drop_wish(connection, "y")

    newer.restore()

    again = [consent.confirm_sign_up(newer.backup, key, LATER + DAY) for key in "wxy"]
    ends = consent.Confirmation
    assert again == [ends.LEFT, ends.REFUSED, ends.UNKNOWN]
    with newer.backup.read() as connection:  # so nobody is asked there anew
        assert wishes.is_disowned(connection, mark_of(SECRET, "no@example.org"))


def test_who_said_no_and_is_on_no_list_any_more_is_not_brought_in_again(newer: Newer) -> None:
    told = [
        Return(kind=ReturnKind.COMPLAINED, source="postmark", address="old@example.org"),
        Return(kind=ReturnKind.UNSUBSCRIBED, source="postmark", address="aino@example.org"),
    ]
    with newer.ledger.write() as connection:
        connection.execute(subscribers.delete().where(subscribers.c.key == "key-aino"))
        consent.take_in(connection, told, consent.Rules(), LATER)

    newer.restore()

    assert newer.standings == _everybody(old="complained", aino="unsubscribed")


@pytest.mark.parametrize("name", ["another newsletter", "made anew", "restored itself"])
def test_a_ledger_that_did_not_go_on_from_the_backup_takes_nobody_off_and_sending_waits(
    newer: Newer, name: str
) -> None:
    with newer.ledger.write() as connection:
        match name:
            case "restored itself":
                trust_all(connection, NOW, LATER)
            case _:
                connection.execute(metadata.tables["records"].delete())
                connection.execute(subscribers.delete())
        if name == "another newsletter":
            add(connection, person("other"))

    carried = newer.restore()

    assert not carried.is_whole
    assert newer.standings == _everybody()
    with newer.backup.read() as connection:
        assert find_absence(connection)


def test_who_joined_in_a_time_that_the_newer_ledger_lost_stays(newer: Newer) -> None:
    """The newer one came from an older backup by mistake; this one is restored instead."""
    with newer.backup.write() as connection:
        add(connection, person("late"))
        connection.execute(
            update(subscribers).where(subscribers.c.key == "key-late").values(joined_at=LATER)
        )
    with newer.ledger.write() as connection:
        trust_all(connection, NOW, LATER + DAY)
        note_caught_up(connection, LATER + DAY)

    carried = newer.restore()

    assert carried.is_whole
    assert newer.standings == _everybody(late="active")


def test_a_ledger_that_cannot_be_read_is_as_good_as_none(newer: Newer, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"nothing that anybody could read" * 1000)
    with closing(connect_ledger(damaged)) as lost, newer.backup.write() as connection:
        trust_all(connection, NOW, LATER)

        assert catch_up(connection, Sources(lost=lost, marks=MARKS), LATER) is None

        assert find_absence(connection)
