"""What the ledger knows of contributions and requests, the same on both databases."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import Connection

from newsletter.ledger import contributions
from newsletter.model import Contribution, ContributionKind, ContributionState

NOW = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
NEW = Contribution(
    kind=ContributionKind.NEWS,
    received_at=NOW,
    name="Aino Esimerkki",
    address="aino@example.org",
    language="fi",
    title="Työpajan kuulumiset",
    text="Kokeilimme uutta menetelmää.",
    digest="a",
)


def add(connection: Connection, digest: str, picture: bytes = b"", **values: object) -> None:
    """Put one more contribution into the ledger."""
    new = replace(NEW, digest=digest, picture_bytes=len(picture), **values)  # type: ignore[arg-type]
    assert contributions.add_contribution(connection, new, picture or None)


def test_what_is_posted_twice_is_kept_once(connection: Connection) -> None:
    assert contributions.add_contribution(connection, NEW, b"JPEG")

    assert not contributions.add_contribution(connection, NEW, b"JPEG")
    [kept] = contributions.list_contributions(connection)
    assert kept == replace(NEW, id=kept.id)
    assert contributions.load_contributed_picture(connection, kept.id) == b"JPEG"


def test_what_came_in_a_flood_stands_behind_what_did_not(connection: Connection) -> None:
    add(connection, "flood", is_slow=True)
    add(connection, "third of a network", turn=2)
    add(connection, "first of a network")

    digests = [c.digest for c in contributions.list_contributions(connection)]

    assert digests == ["first of a network", "third of a network", "flood"]


def test_what_waits_is_counted_until_it_is_decided(connection: Connection) -> None:
    add(connection, "news", b"12345")
    add(connection, "request", kind=ContributionKind.REQUEST)
    add(connection, "agreed", kind=ContributionKind.REQUEST, state=ContributionState.AGREED)
    add(connection, "declined", b"12345", state=ContributionState.DECLINED)

    waiting = contributions.count_waiting(connection)

    assert (waiting.news, waiting.requests, waiting.picture_bytes) == (1, 2, 5)


def test_a_contribution_is_decided_once(connection: Connection) -> None:
    add(connection, "news", b"JPEG")
    [one] = contributions.list_contributions(connection)
    accept = {"state": ContributionState.ACCEPTED, "issue": "2027-01", "decided_at": NOW}

    new = [ContributionState.NEW]
    assert contributions.change_contribution(connection, one.id, new, **accept)
    assert not contributions.change_contribution(connection, one.id, new, **accept)

    contributions.drop_contributed_picture(connection, one.id)
    assert contributions.load_contributed_picture(connection, one.id) == b""


def test_a_mail_to_the_editor_that_was_begun_is_about_the_same_ones(
    connection: Connection,
) -> None:
    add(connection, "first")
    begun, [first] = contributions.list_untold(connection)
    contributions.tell_in(connection, [first.id], "20261201")
    add(connection, "second")

    assert begun == ""
    assert contributions.list_untold(connection) == ("20261201", [first])

    contributions.note_told(connection, "20261201", NOW)
    assert [c.digest for c in contributions.list_untold(connection)[1]] == ["second"]


def test_only_what_was_decided_long_ago_is_deleted(connection: Connection) -> None:
    add(connection, "new")
    add(connection, "old", state=ContributionState.DONE, decided_at=NOW)
    add(connection, "agreed", state=ContributionState.AGREED, decided_at=NOW)
    later = NOW + dt.timedelta(seconds=1)

    assert contributions.count_old(connection, NOW) == 0
    assert contributions.count_old(connection, later) == 1
    assert contributions.delete_old(connection, later) == 1
    left = [c.digest for c in contributions.list_contributions(connection)]
    assert left == ["new", "agreed"]
