"""Lists are taken in and back whole, and can only ever move a person towards less mail."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import Connection, select, update

from newsletter.ledger import (
    Import,
    Ledger,
    Proven,
    RowOutcome,
    UndoCounts,
    history,
    imports,
    people,
    staging,
)
from newsletter.ledger.staged_rows import staged
from newsletter.ledger.tables import changes, deliveries, subscribers
from newsletter.model import Basis, Crowd, Happened, Proof, Record, Refusal, Standing, Subscriber
from tests.ledger.examples import LATER, NOW, add, astray, begin, claim, now_stands, person

TAKEN = dt.datetime.fromisoformat("2026-12-15T08:30:00.000001+00:00")
BACK = dt.datetime.fromisoformat("2026-12-15T08:45:00.000001+00:00")


def row(
    line: int,
    name: str,
    *,
    called: str | None = None,
    standing: str = "",
    attributes: dict[str, str] | None = None,
    evidence: str = "",
    proof: str = "",
) -> Crowd:
    """Return a row of a list about somebody called so."""
    values = {"name": name.title() if called is None else called, **(attributes or {})}
    return Crowd(
        lines=[line],
        addresses=[f"{name}@example.org"],
        values={key: [value] for key, value in values.items()},
        standings=[Standing(standing) if standing else None],
        evidence=[evidence],
        proofs=[Proof(proof, "2026-02-01")] if proof else (),
    )


def stage(connection: Connection, *rows: Crowd, refusals: Sequence[Refusal] = ()) -> None:
    """Stage a list and compare it."""
    staging.open_staging(connection)
    for one in rows:
        staging.stage(connection, one, [f"new-{one.addresses[0].partition('@')[0]}"])
    staging.stage_refusals(connection, refusals)
    staging.merge_duplicates(connection)
    staging.compare(connection)


def take(connection: Connection, *rows: Crowd, now: dt.datetime = TAKEN) -> Import:
    """Take a list in."""
    stage(connection, *rows)
    return imports.take(connection, "list.csv", now)


def everybody(connection: Connection) -> list[Subscriber]:
    """Return all subscribers."""
    return list(people.list_subscribers(connection))


def standing_of(connection: Connection, name: str) -> Standing:
    """Return the standing of somebody who is known."""
    found = people.find_subscriber(connection, f"{name}@example.org")
    assert found
    return found.standing


# --- taking in ----------------------------------------------------------------------------


def test_who_is_new_joins_as_the_list_says(connection: Connection) -> None:
    take(connection, row(2, "aino", attributes={"region": "Lappi", "town": ""}), row(3, "bo"))

    aino, bo = everybody(connection)
    assert aino == replace(
        person("aino", region="Lappi"), key="new-aino", attributes={"region": "Lappi"}
    )
    assert bo.key == "new-bo"


@pytest.mark.parametrize("listed", [""] + [str(standing) for standing in Standing])
@pytest.mark.parametrize("before", [str(standing) for standing in Standing])
def test_a_list_moves_nobody_towards_more_mail(
    connection: Connection, before: str, listed: str
) -> None:
    add(connection, person("aino", standing=before))

    take(connection, row(2, "AINO", standing=listed))

    order = list(Standing)
    after = standing_of(connection, "aino")
    assert after == max(Standing(before), Standing(listed or "active"), key=order.index)


def test_who_left_is_refused_with_the_reason_unless_the_list_says_so_too(
    connection: Connection,
) -> None:
    gone = [person(name, standing="unsubscribed") for name in ("aino", "bo")]
    add(connection, *gone)

    stage(connection, row(2, "aino"), row(3, "bo", standing="unsubscribed"))

    refusals = list(staging.list_refusals(connection))
    assert refusals == [Refusal(2, "aino@example.org", "is unsubscribed and stays so")]
    assert [t.fate for t in staging.count_outcomes(connection)] == [
        RowOutcome.NOTHING,
        RowOutcome.REFUSED,
    ]


def test_who_leaves_by_a_list_keeps_their_values(connection: Connection) -> None:
    aino = person("aino", region="Lappi")
    add(connection, aino)
    region = {"region": "Uusimaa"}

    take(connection, row(2, "aino", called="Joku muu", standing="bounced", attributes=region))

    assert everybody(connection) == [replace(aino, standing=Standing.BOUNCED)]


def test_nothing_of_the_erased_is_kept(connection: Connection) -> None:
    take(connection, row(2, "aino", standing="erased", attributes={"region": "Lappi"}))

    [aino] = everybody(connection)
    assert (aino.name, aino.attributes, aino.standing) == ("", {}, "erased")


@pytest.mark.parametrize("strict_first", [True, False])
def test_of_equal_addresses_the_first_row_is_taken_with_the_strictest_standing(
    connection: Connection, strict_first: bool
) -> None:
    words = ["unsubscribed", ""] if strict_first else ["", "unsubscribed"]
    first = row(2, "aino", standing=words[0], evidence=f"Tila={words[0]}")
    second = row(3, "AINO", standing=words[1], evidence=f"Tila={words[1]}")

    stage(connection, first, row(4, "bo"), second, row(5, "aino"))

    tallies = staging.count_outcomes(connection)
    left = [t for t in tallies if t.standing is Standing.UNSUBSCRIBED]
    assert [(t.rows, t.evidence) for t in left] == [(1, "Tila=unsubscribed")]
    assert [(r.line, r.text, r.reason) for r in staging.list_refusals(connection)] == [
        (3, "AINO@example.org", "the same address as in line 2"),
        (5, "aino@example.org", "the same address as in line 2"),
    ]
    assert [line for line, _ in staging.list_joins(connection)] == [2, 4]


def test_values_the_list_does_not_have_stay_and_empty_ones_go(connection: Connection) -> None:
    aino = replace(person("aino", language="sv"), attributes={"työ": "Säätiö", "region": "Lappi"})
    add(connection, aino)

    stage(connection, row(2, "aino", attributes={"region": "", "role": "ohjaaja"}))
    [difference] = staging.list_differences(connection)
    imports.take(connection, "list.csv", TAKEN)

    after = replace(aino, attributes={"työ": "Säätiö", "role": "ohjaaja"})
    assert (difference.before, difference.after) == (aino, after)
    assert everybody(connection) == [after]


def test_the_same_values_change_nothing(connection: Connection) -> None:
    add(connection, replace(person("aino"), attributes={"työ": 'Säätiö "Å"', "region": "Lappi"}))

    stage(connection, row(2, "aino", attributes={"region": "Lappi", "työ": 'Säätiö "Å"', "x": ""}))

    assert [t.fate for t in staging.count_outcomes(connection)] == [RowOutcome.NOTHING]


def test_what_changed_since_the_preview_is_compared_anew(connection: Connection) -> None:
    add(connection, person("aino"))
    stage(connection, row(2, "aino", called="Uusi"), row(3, "bo"))
    gone = person("aino", standing="unsubscribed")
    now_stands(connection, gone)
    add(connection, person("bo", standing="complained"))

    staging.compare(connection)
    imports.take(connection, "list.csv", TAKEN)

    assert everybody(connection) == [gone, person("bo", standing="complained")]


def test_refused_rows_are_told_in_the_order_of_their_lines(connection: Connection) -> None:
    add(connection, person("aino", standing="bounced"))
    refusals = [Refusal(7, "ei", "no address", ("ei", "Bo")), Refusal(2, "x", "no address")]

    stage(connection, row(3, "aino"), row(4, "bo"), row(9, "bo"), refusals=refusals)

    assert [r.line for r in staging.list_refusals(connection)] == [2, 3, 7, 9]
    assert [r.line for r in staging.list_refusals(connection, 2)] == [2, 3]
    assert list(staging.list_refusals(connection))[2].cells == ("ei", "Bo")


# --- taking back --------------------------------------------------------------------------


def test_an_import_is_taken_back_to_the_last_value(connection: Connection) -> None:
    before = [person("aino", region="Lappi"), person("bo", standing="pending"), person("eva")]
    add(connection, *before)
    taken = take(
        connection,
        row(2, "aino", attributes={"region": "", "role": "ohjaaja"}),
        row(3, "bo", standing="unsubscribed"),
        row(4, "eva", standing="bounced"),
        row(5, "uusi"),
    )

    told = imports.count_undo(connection, taken)
    imports.undo_import(connection, taken, BACK, mail_again=True)

    assert told == UndoCounts(leave=1, left=0, restored=3, mailed_again=2, stay=0, under_way=0)
    assert everybody(connection) == before
    assert imports.find_import(connection, None) is None
    assert connection.execute(select(changes)).all() == []


def test_who_left_by_an_import_may_stay_away_when_it_is_taken_back(connection: Connection) -> None:
    add(connection, person("aino"), person("bo"))
    taken = take(connection, row(2, "aino", standing="unsubscribed"), row(3, "bo", called=""))

    imports.undo_import(connection, taken, BACK, mail_again=False)

    assert everybody(connection) == [person("aino", standing="unsubscribed"), person("bo")]


@pytest.mark.parametrize("standing", ["unsubscribed", "complained", "pending"])
def test_who_joined_as_not_to_be_mailed_stays_so_when_an_import_is_taken_back(
    connection: Connection, standing: str
) -> None:
    taken = take(connection, row(2, "aino", standing=standing), row(3, "bo"))

    told = imports.count_undo(connection, taken)
    left = [p.address for p in imports.list_left(connection, taken)]
    imports.undo_import(connection, taken, BACK, mail_again=False)

    assert (told.leave, told.left, left) == (2, 1, ["aino@example.org"])
    assert [(p.name, p.standing) for p in everybody(connection)] == [("Aino", standing)]


@pytest.mark.parametrize("listed", ["", "unsubscribed"])
def test_who_left_since_stays_away_though_their_standing_looks_the_same(
    connection: Connection, listed: str
) -> None:
    add(connection, person("aino"))
    listed_row = row(2, "aino", standing=listed, called="Uusi")
    taken = take(connection, listed_row, row(3, "uusi"))
    for name in ("aino", "uusi"):
        left = person(name, standing="unsubscribed")
        now_stands(connection, left, now=LATER)

    told = imports.count_undo(connection, taken)
    touched = [p.address for p in imports.list_touched(connection, taken)]
    imports.undo_import(connection, taken, BACK, mail_again=True)

    assert (told.leave, told.restored, told.mailed_again, told.stay) == (0, 0, 0, 2)
    assert touched == ["aino@example.org", "uusi@example.org"]
    assert standing_of(connection, "aino") == standing_of(connection, "uusi") == "unsubscribed"


def test_imports_are_taken_back_one_after_the_other(ledger: Ledger) -> None:
    with ledger.write() as connection:
        add(connection, person("aino"))
    for n, name in enumerate(("Yksi", "Kaksi")):
        with ledger.session() as session, session.write() as connection:
            rows = [row(2, "aino", called=name), row(3, "bo", called=name)]
            take(
                connection,
                *rows,
                now=dt.datetime.fromisoformat(f"2026-12-15T08:30:0{n}.000001+00:00"),
            )

    with ledger.write() as connection:
        for left in (["Yksi", "Yksi"], ["Aino"]):
            newest = imports.find_import(connection, None)
            assert newest
            imports.undo_import(connection, newest, BACK, mail_again=True)
            assert [p.name for p in everybody(connection)] == left


def test_only_the_last_imports_are_kept(ledger: Ledger) -> None:
    with ledger.write() as connection:
        add(connection, person("aino"))
    for n in range(imports.KEPT + 2):
        with ledger.session() as session, session.write() as connection:
            listed = row(2, "aino", called=f"Aino {n}")
            take(
                connection,
                listed,
                now=dt.datetime.fromisoformat(f"2026-12-15T08:30:{n:02}.000001+00:00"),
            )

    with ledger.read() as connection:
        kept = imports.list_imports(connection)
        before = {c.name for c in connection.execute(select(changes))}

    assert len(kept) == imports.KEPT
    assert before == {f"Aino {n}" for n in range(1, imports.KEPT + 1)}


def test_who_is_taken_back_is_not_mailed_by_a_send_under_way(connection: Connection) -> None:
    send_id = begin(connection, 2)
    connection.execute(update(subscribers).values(joined_at=TAKEN, changed_at=TAKEN))
    taken = take(connection)

    imports.undo_import(connection, taken, BACK, mail_again=True)

    assert claim(connection, send_id).recipients == []
    rows = connection.execute(select(deliveries.c.subscriber_id, deliveries.c.reason)).all()
    assert rows == [(None, "no longer on the list")] * 2


def test_who_is_in_a_call_is_counted_as_under_way(connection: Connection) -> None:
    send_id = begin(connection, 3)
    connection.execute(update(subscribers).values(joined_at=TAKEN, changed_at=TAKEN))
    taken = take(connection)
    claim(connection, send_id)

    assert imports.count_undo(connection, taken).under_way == 3


# --- what is recorded ---------------------------------------------------------------------


def told(connection: Connection, key: str) -> list[tuple[Happened, str, str]]:
    """Return what is recorded of somebody: what, why, and as part of what."""
    known = history.find_records(connection, [key])[key]
    return [(record.what, record.reason, record.act) for record in known]


def test_a_list_records_what_it_says_of_each_and_why(connection: Connection) -> None:
    add(connection, person("aino"), person("bo"), person("same"))

    taken = take(
        connection,
        row(2, "aino", standing="unsubscribed", evidence="status=left"),
        row(3, "bo", called="Bo Ek"),
        row(4, "new", standing="complained", evidence="spam=1"),
        row(5, "same"),
    )

    act = f"import:{taken.id}"
    assert told(connection, "key-aino")[1:] == [(Happened.UNSUBSCRIBED, "status=left", act)]
    assert told(connection, "key-bo")[1:] == [(Happened.CHANGED, "", act)]
    assert told(connection, "new-new") == [(Happened.JOINED, "spam=1", act)]
    assert len(told(connection, "key-same")) == 1


@pytest.mark.parametrize("before", ["active", "pending", "paused"])
@pytest.mark.parametrize("listed", [*Standing, ""])
@pytest.mark.parametrize("again", [True, False])
def test_a_list_and_its_undoing_leave_the_standing_that_follows(
    connection: Connection, before: str, listed: str, *, again: bool
) -> None:
    add(connection, person("aino", standing=before))
    taken = take(connection, row(2, "aino", standing=listed), row(3, "new", standing=listed))
    assert astray(connection) == {}

    imports.undo_import(connection, taken, BACK, mail_again=again)

    assert astray(connection) == {}
    if again:
        assert everybody(connection) == [person("aino", standing=before)]


LEAVING = "leaving:1"


def aino_left(connection: Connection) -> Subscriber:
    """Let somebody join and leave, and return them."""
    aino = person("aino")
    add(connection, aino)
    left = Record(key=aino.key, what=Happened.UNSUBSCRIBED, at=NOW, act=LEAVING)
    history.note(connection, [left], NOW)
    return aino


def leaving_is_undone(connection: Connection, whose: Subscriber) -> None:
    undone = Record(key=whose.key, what=Happened.UNDONE, at=BACK, act=LEAVING)
    history.note(connection, [undone], BACK)


@pytest.mark.parametrize("listed", [Standing.BOUNCED, Standing.UNSUBSCRIBED, Standing.COMPLAINED])
@pytest.mark.parametrize("order", list(permutations(["leaves", "undoes", "list"])), ids="-".join)
def test_what_a_list_says_of_who_left_keeps_them_off_once_leaving_is_undone(
    connection: Connection, listed: Standing, order: Sequence[str]
) -> None:
    aino = person("aino")
    add(connection, aino)
    left = Record(key=aino.key, what=Happened.UNSUBSCRIBED, at=NOW, act=LEAVING)
    own = {"leaves": left, "undoes": Record(key=aino.key, what=Happened.UNDONE, act=LEAVING)}

    for what in order:
        if what in own:
            history.note(connection, [own[what]], NOW)
        else:
            take(connection, row(2, "aino", called="Other", standing=listed, evidence="said so"))
        assert astray(connection) == {}

    assert everybody(connection) == [replace(aino, standing=listed)]


def test_what_a_list_says_of_who_left_is_noted_once_and_taken_back_with_it(
    connection: Connection,
) -> None:
    aino = aino_left(connection)
    taken = take(connection, row(2, "aino", standing="bounced", evidence="said so"))
    assert told(connection, aino.key)[2:] == [(Happened.BOUNCED, "said so", f"import:{taken.id}")]

    staging.compare(connection)
    assert [tally.fate for tally in staging.count_outcomes(connection)] == [RowOutcome.NOTHING]
    imports.undo_import(connection, taken, BACK, mail_again=True)
    leaving_is_undone(connection, aino)

    assert standing_of(connection, "aino") is Standing.ACTIVE
    assert astray(connection) == {}


def test_a_list_that_is_taken_back_brings_nobody_back_unless_that_is_said(
    connection: Connection,
) -> None:
    aino = aino_left(connection)
    taken = take(connection, row(2, "aino", standing="bounced"))

    imports.undo_import(connection, taken, BACK, mail_again=False)
    leaving_is_undone(connection, aino)

    assert standing_of(connection, "aino") is Standing.BOUNCED
    assert astray(connection) == {}


def test_a_pause_that_ended_behind_a_list_is_over_when_that_is_taken_back(
    connection: Connection,
) -> None:
    add(connection, person("aino"))
    until = (TAKEN + dt.timedelta(minutes=5)).isoformat()
    pause = Record(key="key-aino", what=Happened.PAUSED, at=NOW, detail={"until": until})
    history.note(connection, [pause], NOW)
    taken = take(connection, row(2, "aino", standing="unsubscribed"))
    history.wake(connection, BACK)
    assert standing_of(connection, "aino") is Standing.UNSUBSCRIBED

    imports.undo_import(connection, taken, BACK, mail_again=True)

    assert standing_of(connection, "aino") is Standing.ACTIVE


# --- what shows that people agreed --------------------------------------------------------

SHOWN = "Suostumuspäivä: 1.2.2026"


def basis_of(connection: Connection, name: str) -> Basis:
    """Return why somebody may be mailed."""
    found = people.find_subscriber(connection, f"{name}@example.org")
    assert found
    return found.basis


def evidence_of(connection: Connection, key: str) -> list[tuple[Happened, str, str]]:
    """Return what shows that somebody agreed, as it was recorded, with its line."""
    known = history.find_records(connection, [key])[key]
    shown = [record for record in known if "evidence" in record.detail]
    return [(r.what, r.detail["evidence"], r.detail["line"]) for r in shown]


def test_evidence_makes_consent_of_those_who_join_and_of_nobody_else(
    connection: Connection,
) -> None:
    stage(connection, row(2, "aino", proof=SHOWN), row(3, "bo"))
    imports.take(connection, "list.csv", TAKEN, Basis.MEMBERSHIP)

    assert basis_of(connection, "aino") is Basis.CONSENT
    assert basis_of(connection, "bo") is Basis.MEMBERSHIP
    (record,) = history.find_records(connection, ["new-aino"])["new-aino"]
    assert (record.what, record.source) == (Happened.JOINED, "list.csv")
    assert record.detail == {
        "basis": "consent", "evidence": SHOWN, "line": "2", "agreed": "2026-02-01",
    }  # fmt: skip
    assert astray(connection) == {}


def test_evidence_of_somebody_known_is_recorded_once(connection: Connection) -> None:
    add(connection, person("aino"), person("bo"))
    stage(connection, row(2, "aino", proof=SHOWN), row(3, "bo", called="B", proof=SHOWN))
    counts = staging.count_proven(connection)
    (aino, bo) = staging.list_differences(connection)
    imports.take(connection, "list.csv", TAKEN)

    assert counts == Proven(joining=0, known=2)
    assert (aino.proof, bo.proof) == (SHOWN, SHOWN)
    assert evidence_of(connection, "key-aino") == [(Happened.GROUNDED, SHOWN, "2")]
    assert [what for what, *_ in told(connection, "key-bo")][1:] == [
        Happened.CHANGED,
        Happened.GROUNDED,
    ]
    assert basis_of(connection, "bo") is Basis.CONSENT
    staged.metadata.drop_all(connection, checkfirst=False)
    stage(connection, row(9, "aino", proof=SHOWN), row(10, "bo", called="B", proof="Lähde: messut"))
    assert staging.count_proven(connection) == Proven(joining=0, known=1)


@pytest.mark.parametrize("standing", ["unsubscribed", "bounced", "complained", "erased"])
def test_evidence_brings_nobody_back_who_left(connection: Connection, standing: str) -> None:
    add(connection, person("aino", standing=standing))

    take(connection, row(2, "aino", proof=SHOWN))

    assert everybody(connection) == [person("aino", standing=standing)]
    assert evidence_of(connection, "key-aino") == []


@pytest.mark.parametrize("standing", ["pending", "paused"])
def test_evidence_changes_no_standing(connection: Connection, standing: str) -> None:
    add(connection, person("aino", standing=standing))

    take(connection, row(2, "aino", proof=SHOWN))

    assert standing_of(connection, "aino") == standing
    assert astray(connection) == {}


def test_evidence_goes_with_the_import_it_came_by_and_may_come_again(
    connection: Connection,
) -> None:
    add(connection, person("aino"))
    before = everybody(connection)
    taken = take(connection, row(2, "aino", proof=SHOWN))

    imports.undo_import(connection, taken, BACK, mail_again=True)

    assert everybody(connection) == before
    staged.metadata.drop_all(connection, checkfirst=False)
    stage(connection, row(2, "aino", proof=SHOWN))
    assert staging.count_proven(connection) == Proven(joining=0, known=1)


def test_of_equal_addresses_any_row_shows_that_somebody_agreed_unless_another_says_they_left(
    connection: Connection,
) -> None:
    take(
        connection,
        row(2, "aino"),
        row(3, "aino", proof=SHOWN),
        row(4, "bo", proof=SHOWN),
        row(5, "bo", standing="unsubscribed"),
    )

    assert evidence_of(connection, "new-aino") == [(Happened.JOINED, SHOWN, "3")]
    assert evidence_of(connection, "new-bo") == []
    assert basis_of(connection, "bo") is Basis.UNKNOWN
