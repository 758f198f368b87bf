"""What providers posted is taken in once, in whatever order, and what cannot be read is kept."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from newsletter import feedback
from newsletter.ledger import Ledger, mail_cursors, queue, returns, webhooks
from newsletter.ledger.people_tables import returns as returns_table
from newsletter.ledger.people_tables import webhooks as webhooks_table
from newsletter.ledger.tables import subscribers
from newsletter.model import DIGEST, Standing
from newsletter.providers.webhooks import HOOKED
from tests.consent.mailed import FIRST, NOW, RULES, beginning, delivery_of, mail, standing_of
from tests.ledger.blank import put_blank
from tests.providers.webhooks.shapes import About, Shape, shapes
from tests.servers.hooks import TOPIC, posted

NAMES = ["aino", "bo", "cecilia", "david"]


def post(ledger: Ledger, provider: str, *bodies: bytes, at: dt.datetime = NOW) -> None:
    """Keep what a provider posted."""
    with ledger.write() as connection:
        some = [webhooks.Posting(provider, body, at) for body in bodies]
        webhooks.add_postings(connection, some)


def digest(ledger: Ledger, *, keeps_opens: bool = True) -> int:
    """Take in what waits."""
    return feedback.digest(ledger, RULES, topics=(), now=lambda: NOW, keeps_opens=keeps_opens)


def about(connection: Connection, name: str) -> About:
    """Return the mail that somebody got."""
    return About(
        address=f"{name}@example.org",
        reference=f"{beginning(0)}-{delivery_of(connection, name)}",
        batch=f"{beginning(0)}-b1",
        message_id="missue-0",
        at=int(FIRST.timestamp()) + 60,
        iso=(FIRST + dt.timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    )


def named(provider: str, mail_to: About, beginning_of_name: str) -> bytes:
    """Return the body that tells of an event with such a name."""
    shape = next(s for s in shapes(provider, mail_to) if s.name.startswith(beginning_of_name))
    return posted(provider, shape.event, NOW).body


def standings(connection: Connection) -> dict[str, str]:
    """Return how everybody stands."""
    rows = connection.execute(select(subscribers.c.address, subscribers.c.standing))
    return {str(address): str(standing) for address, standing in rows}


@pytest.fixture
def mailed(ledger: Ledger) -> Ledger:
    """An issue that four people got."""
    with ledger.write() as connection:
        mail(connection, NAMES)
    return ledger


def test_what_is_kept_asks_for_its_being_read_once(mailed: Ledger) -> None:
    post(mailed, "brevo", b"{}", b"[]", b"{}")
    post(mailed, "brevo", b"{}")

    with mailed.read() as connection:
        assert [job.name for job in queue.list_jobs(connection)] == [DIGEST]
        assert webhooks.find_lag(connection) == (2, NOW)


@pytest.mark.parametrize("provider", HOOKED)
def test_a_complaint_posted_by_any_provider_takes_its_reader_off_the_list(
    mailed: Ledger, provider: str
) -> None:
    kind = {"brevo": "spam", "mailgun": "complained", "mailjet": "spam", "postmark": "SpamCo"}
    kind |= {"resend": "email.complained", "sendgrid": "spamreport", "ses": "Complaint"}
    with mailed.read() as connection:
        body = named(provider, about(connection, "aino"), kind[provider])

    post(mailed, provider, body, body)
    read = digest(mailed)

    assert (read, digest(mailed)) == (1, 0)
    with mailed.read() as connection:
        assert standing_of(connection) is Standing.COMPLAINED
        assert standing_of(connection, "bo") is Standing.ACTIVE


def test_what_cannot_be_read_is_kept_with_the_reason_and_keeps_nothing_back(
    mailed: Ledger,
) -> None:
    with mailed.read() as connection:
        good = named("brevo", about(connection, "aino"), "spam")

    post(mailed, "brevo", b"\xff{", good, b"[[[", b'"text"')
    assert digest(mailed) == 4

    with mailed.write() as connection:
        assert standing_of(connection) is Standing.COMPLAINED
        unread = webhooks.list_unread(connection)
        assert {one.reason for one in unread} == {"brevo sent what cannot be read"}
        assert (len(unread), webhooks.find_lag(connection).waiting) == (3, 0)
        assert webhooks.retry_failed(connection) == 3


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2040-01-01T00:00:00Z", 1e400]
)
def test_an_event_at_a_time_that_cannot_be_is_heard_and_keeps_no_other_back(
    mailed: Ledger, at: object
) -> None:
    complaint = {"event": "spam", "email": "aino@example.org", "date": at}
    bounce = {**complaint, "event": "hard_bounce", "email": "bo@example.org"}
    with mailed.read() as connection:
        known = about(connection, "aino")
    events = [{**event, "tags": [known.batch]} for event in (bounce, complaint)]

    post(mailed, "brevo", json.dumps({"events": events}).encode())
    digest(mailed)

    with mailed.read() as connection:
        assert standing_of(connection) is Standing.COMPLAINED
        assert standing_of(connection, "bo") is Standing.BOUNCED
        assert {at for (at,) in connection.execute(select(returns_table.c.at))} == {NOW}


def test_large_requests_are_read_a_few_at_a_time_and_all_of_them(mailed: Ledger) -> None:
    post(mailed, "brevo", *(b'{"n":%d}' % n + b" " * 100 for n in range(3)))

    with mailed.read() as connection:
        sizes = [
            len(webhooks.list_waiting(connection, most=most, most_bytes=size))
            for most, size in ((3, 1_000), (2, 1_000), (3, 250), (3, 1))
        ]

    assert sizes == [3, 2, 2, 1]
    assert digest(mailed) == 3


def test_a_confirmation_that_cannot_be_read_keeps_nothing_back(mailed: Ledger) -> None:
    with mailed.read() as connection:
        good = named("brevo", about(connection, "aino"), "spam")
    odd = {"Type": "SubscriptionConfirmation", "TopicArn": TOPIC, "SubscribeURL": "https://x:y/"}

    post(mailed, "ses", json.dumps(odd).encode())
    post(mailed, "brevo", good)
    told = list[str]()
    feedback.digest(mailed, RULES, topics=(TOPIC,), now=lambda: NOW, tell=told.append)

    with mailed.read() as connection:
        assert standing_of(connection) is Standing.COMPLAINED
        [unread] = webhooks.list_unread(connection)
    assert unread.reason == "ses sent what cannot be read"
    assert told == [f"What a provider posted could not be taken in: {unread.reason}"]


def test_a_mailbox_is_remembered_by_any_number_it_may_have(ledger: Ledger) -> None:
    most = 2**32 - 1  # RFC 9051, section 9

    with ledger.write() as connection:
        mail_cursors.note_cursor(connection, "eroa", validity=most, uid=most, now=NOW)
        assert mail_cursors.find_cursor(connection, "eroa") == (most, most)


def test_opens_and_clicks_are_not_kept_where_none_are_counted(mailed: Ledger) -> None:
    with mailed.read() as connection:
        mail_to = about(connection, "aino")
    bodies = [named("sendgrid", mail_to, kind) for kind in ("open", "click", "delivered")]

    post(mailed, "sendgrid", *bodies)
    digest(mailed, keeps_opens=False)

    with mailed.read() as connection:
        kinds = connection.execute(select(returns_table.c.kind)).scalars().all()
    assert kinds == ["delivered"]


def test_what_was_read_is_deleted_after_its_time_and_what_waits_is_not(mailed: Ledger) -> None:
    old = NOW - dt.timedelta(days=31)
    post(mailed, "brevo", b"{}", at=old)
    digest(mailed)
    post(mailed, "brevo", b"[]", at=old)
    post(mailed, "brevo", b"[ ]")

    with mailed.write() as connection:
        assert webhooks.delete_old(connection, before=NOW - dt.timedelta(days=30)) == 1
        left = connection.execute(select(webhooks_table.c.body)).scalars().all()

    assert sorted(left) == [b"[ ]", b"[]"]


def test_the_newest_of_each_provider_is_known(mailed: Ledger) -> None:
    post(mailed, "brevo", b"{}", at=FIRST)
    post(mailed, "brevo", b"[]")
    post(mailed, "postmark", b"{}", at=FIRST)

    with mailed.read() as connection:
        assert webhooks.newest_by_provider(connection) == {"brevo": NOW, "postmark": FIRST}


# --- any order ----------------------------------------------------------------------------


def _everything(ledger: Ledger, provider: str) -> list[tuple[Shape, bytes]]:
    """Return every event of a provider about each of two readers, who differ in what they did."""
    with ledger.read() as connection:
        mails = {name: about(connection, name) for name in NAMES}
    all_kinds = [(s, mails["aino"]) for s in shapes(provider, mails["aino"])]
    harmless = ("delivered", "soft", "opened", "clicked", "unknown", "about-us")
    others = [
        (shape, mails[name])
        for name in ("bo", "cecilia")
        for shape in shapes(provider, mails[name])
        if not shape.says or shape.says[0] in (*harmless, *(["hard"] if name == "bo" else []))
    ]
    return [(s, posted(provider, s.event, NOW).body) for s, _ in [*all_kinds, *others]]


def _after(ledger: Ledger, provider: str, bodies: Sequence[bytes], size: int) -> object:
    """Post bodies in portions, each taken in at once; return how it ends."""
    for begin in range(0, len(bodies), size):
        post(ledger, provider, *bodies[begin : begin + size])
        digest(ledger)
    with ledger.read() as connection:
        held = {one.address for one in returns.list_in(connection, returns.HELD)}
        return standings(connection), held, len(webhooks.list_unread(connection))


@pytest.mark.long
@pytest.mark.parametrize("provider", HOOKED)
@settings(max_examples=3)
@given(data=st.data())
def test_all_events_shuffled_repeated_and_interleaved_end_the_same(
    sqlite: Ledger, provider: str, data: st.DataObject
) -> None:
    sqlite.close()
    put_blank(Path(sqlite.place))
    with sqlite.write() as connection:
        mail(connection, NAMES)
    bodies = [body for _, body in _everything(sqlite, provider)]
    at_once = _after(sqlite, provider, bodies, len(bodies))
    sqlite.close()
    put_blank(Path(sqlite.place))
    with sqlite.write() as connection:
        mail(connection, NAMES)

    shuffled = data.draw(st.permutations(bodies + bodies[: data.draw(st.integers(0, 9))]))
    bit_by_bit = _after(sqlite, provider, shuffled, data.draw(st.integers(3, 20)))

    assert bit_by_bit == at_once
    assert at_once[0] == {  # type: ignore[index]
        "aino@example.org": "complained",
        "bo@example.org": "bounced",
        "cecilia@example.org": "active",
        "david@example.org": "active",
    }
