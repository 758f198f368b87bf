"""The provider's list of those who get no mail learns from ours, and ours from it, for good."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import consent, feedback
from newsletter.consent import returning
from newsletter.errors import ProviderError
from newsletter.feedback.syncing import learn, look, take
from newsletter.gateway import open_provider
from newsletter.ledger import Ledger, find_absence, history, people, returns, wishes
from newsletter.ledger.restorations import trust_all
from newsletter.model import (
    By,
    Departure,
    Happened,
    Purpose,
    Record,
    Return,
    ReturnKind,
    Standing,
    Wish,
)
from newsletter.settings import Settings, load_settings
from tests.consent.mailed import FIRST, NOW, RULES, mail, standing_of
from tests.ledger.blank import put_blank
from tests.ledger.examples import add, person
from tests.mailbox.letters import head, plain
from tests.servers.house import ProviderServer, key_for
from tests.servers.imap import Mailbox, serving

SETTINGS = """
[newsletter]
title = "Kirje"
from = "Kirje <kirje@example.org>"
sender = "Säätiö, Katu 1"
[provider]
name = "postmark"
base_url = "{url}"
"""
NAMES = ["aino", "bo", "cecilia"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderServer]:
    """A provider with a list that remembers."""
    journal = tmp_path_factory.mktemp("feedback") / "journal.jsonl"
    with ProviderServer(name="postmark", journal_file=journal) as served:
        yield served


@pytest.fixture
def settings(server: ProviderServer, tmp_path: Path) -> Settings:
    """A newsletter that sends through it."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS.format(url=server.url), "utf-8")
    (tmp_path / ".env").write_text(f"NEWSLETTER_API_KEY={key_for('postmark')}\n")
    return load_settings(tmp_path)


@pytest.fixture
def mailed(sqlite: Ledger) -> Ledger:
    """Three people who got an issue."""
    sqlite.close()
    put_blank(Path(sqlite.place))
    with sqlite.write() as connection:
        mail(connection, NAMES)
    return sqlite


def happen(ledger: Ledger, name: str, what: Happened, at: dt.datetime = NOW) -> None:
    """Record something of somebody."""
    with ledger.write() as connection:
        record = Record(key=f"key-{name}", what=what, at=at, by=By.PERSON)
        history.note(connection, [record], at)


def changes(server: ProviderServer) -> list[str]:
    """Return what the list of the provider was told, in order."""
    told = ("suppressed", "lifted")
    return [f"{k} {line[k]}" for line in server.journal() for k in told if k in line]


def standings(ledger: Ledger) -> list[Standing]:
    with ledger.read() as connection:
        return [standing_of(connection, name) for name in NAMES]


def test_who_leaves_is_told_once_and_who_comes_back_is_lifted(
    mailed: Ledger, server: ProviderServer, settings: Settings
) -> None:
    before = len(changes(server))
    happen(mailed, "aino", Happened.UNSUBSCRIBED)
    happen(mailed, "bo", Happened.COMPLAINED)
    happen(mailed, "cecilia", Happened.BOUNCED)

    for _ in range(2):
        assert feedback.pass_on(settings, mailed, NOW) is False
    happen(mailed, "aino", Happened.CONFIRMED, NOW + dt.timedelta(days=1))
    for _ in range(2):
        feedback.pass_on(settings, mailed, NOW)

    assert changes(server)[before:] == [
        "suppressed aino@example.org",
        "suppressed bo@example.org",
        "lifted aino@example.org",
    ]


def test_one_whom_the_provider_refuses_keeps_nobody_back(
    sqlite: Ledger, server: ProviderServer, settings: Settings
) -> None:
    sqlite.close()
    put_blank(Path(sqlite.place))
    with sqlite.write() as connection:
        mail(connection, ["aino", "refused", "cecilia"])
    before = len(changes(server))
    for name in ("aino", "refused", "cecilia"):
        happen(sqlite, name, Happened.UNSUBSCRIBED)

    for _ in range(2):
        with pytest.raises(ProviderError, match="Invalid email address"):
            feedback.pass_on(settings, sqlite, NOW)

    told = ["suppressed aino@example.org", "suppressed cecilia@example.org"]
    assert changes(server)[before:] == told


def test_what_we_told_comes_back_as_no_news(
    mailed: Ledger, server: ProviderServer, settings: Settings
) -> None:
    happen(mailed, "aino", Happened.UNSUBSCRIBED)
    feedback.pass_on(settings, mailed, NOW)

    taken = feedback.pull_suppressions(settings, mailed, RULES, NOW)

    changed = [change.address for one in taken for change in one.changes]
    assert "aino@example.org" not in changed
    assert standings(mailed)[0] is Standing.UNSUBSCRIBED
    with mailed.read() as connection:
        kept = {one.address for one in returns.list_in(connection, returns.TAKEN)}
    assert "aino@example.org" not in kept


def test_whom_the_provider_suppressed_gets_no_mail_until_the_editor_says_so(
    mailed: Ledger, server: ProviderServer, settings: Settings
) -> None:
    told = Return(kind=ReturnKind.SUPPRESSED, source="postmark", address="bo@example.org", at=FIRST)
    with mailed.write() as connection:
        returning.take_in(connection, [told], RULES, NOW)
    assert standings(mailed)[1] is Standing.BOUNCED
    before = len(server.asked())

    happen(mailed, "bo", Happened.RETURNED)
    for _ in range(2):
        feedback.pass_on(settings, mailed, NOW)

    asked = server.asked()[before:]
    assert asked == ["POST /message-streams/broadcast/suppressions/delete"]  # once
    assert standings(mailed)[1] is Standing.ACTIVE


def test_who_asks_to_come_back_is_let_have_the_mail_with_the_link(
    mailed: Ledger, server: ProviderServer, settings: Settings
) -> None:
    happen(mailed, "cecilia", Happened.UNSUBSCRIBED)
    feedback.pass_on(settings, mailed, NOW)
    with mailed.write() as connection:
        asked = {"address": "cecilia@example.org", "language": "fi", "asked_at": NOW}
        wishes.add_wish(connection, Wish(key="w", purpose=Purpose.SIGN_UP, **asked))  # type: ignore[arg-type]
    before = len(changes(server))

    for _ in range(2):
        feedback.pass_on(settings, mailed, NOW)

    assert changes(server)[before:] == ["lifted cecilia@example.org"]
    assert standings(mailed)[2] is Standing.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("happened", "lifted"),
    [
        ((), []),  # a stranger typed their address
        ((Happened.RETURNED,), []),  # the editor says that they wish it
        ((Happened.CONFIRMED,), ["lifted cecilia@example.org"]),
        ((Happened.CONFIRMED, Happened.COMPLAINED), []),
    ],
)
def test_who_complained_is_let_go_by_their_own_confirmation_alone(
    mailed: Ledger,
    server: ProviderServer,
    settings: Settings,
    happened: Sequence[Happened],
    lifted: list[str],
) -> None:
    happen(mailed, "cecilia", Happened.COMPLAINED)
    feedback.pass_on(settings, mailed, NOW)
    with mailed.write() as connection:
        asked = {"address": "cecilia@example.org", "language": "fi", "asked_at": NOW}
        wishes.add_wish(connection, Wish(key="w", purpose=Purpose.SIGN_UP, **asked))  # type: ignore[arg-type]
    before = len(changes(server))

    for hours, what in enumerate(happened, 1):
        happen(mailed, "cecilia", what, NOW + dt.timedelta(hours=hours))
    feedback.pass_on(settings, mailed, NOW)

    assert changes(server)[before:] == lifted


def test_who_is_told_that_they_left_does_not_thereby_wish_to_return(
    mailed: Ledger, server: ProviderServer, settings: Settings
) -> None:
    before = len(changes(server))
    consent.leave(mailed, "key-cecilia", consent.Way.ONE_CLICK, NOW)
    consent.ask_for_data(mailed, "key-cecilia", "fi", NOW)

    for _ in range(2):
        feedback.pass_on(settings, mailed, NOW)

    assert changes(server)[before:] == ["suppressed cecilia@example.org"]


def test_nothing_is_told_where_the_editor_does_not_want_it(
    mailed: Ledger, server: ProviderServer, settings: Settings
) -> None:
    quiet = settings.bounces.model_copy(update={"tell_provider": False})
    happen(mailed, "aino", Happened.UNSUBSCRIBED)
    before = len(server.asked())

    feedback.pass_on(settings.model_copy(update={"bounces": quiet}), mailed, NOW)

    assert server.asked()[before:] == []


def test_who_is_held_and_spared_is_lifted_at_the_provider(
    mailed: Ledger, server: ProviderServer, settings: Settings
) -> None:
    with mailed.write() as connection:
        add(connection, *(person(f"p{n}") for n in range(6)))
        one = Return(kind=ReturnKind.SUPPRESSED, source="postmark", at=FIRST)
        told = [replace(one, address=f"p{n}@example.org") for n in range(6)]
        assert returning.take_in(connection, told, RULES, NOW).held == 6
        held = returns.list_in(connection, returns.HELD)
        returning.decide(connection, [one.id for one in held], are_gone=False, now=NOW)
    before = len(server.asked())

    for _ in range(2):
        feedback.pass_on(settings, mailed, NOW)

    assert len(server.asked()[before:]) == 6
    with mailed.read() as connection:
        found = people.find_subscriber(connection, "p0@example.org")
    assert found
    assert found.standing is Standing.ACTIVE


@pytest.mark.parametrize("is_told", [True, False])
def test_a_sync_tells_who_left_after_a_backup_where_the_provider_is_told_of_all(
    mailed: Ledger, settings: Settings, *, is_told: bool
) -> None:
    with open_provider(settings) as provider:
        provider.suppress([Departure("aino@example.org", Standing.UNSUBSCRIBED, "")])
    bounces = settings.bounces.model_copy(update={"tell_provider": is_told})
    settings = settings.model_copy(update={"bounces": bounces})
    with mailed.write() as connection:
        trust_all(connection, NOW, NOW)

    take(settings, mailed, look(settings, mailed, NOW, imap=False), NOW)

    assert standings(mailed)[0].is_left
    with mailed.read() as connection:
        assert (find_absence(connection) is None) is is_told


def test_all_is_known_after_a_backup_though_the_mailbox_hangs_up_in_the_middle(
    mailed: Ledger, settings: Settings
) -> None:
    with mailed.write() as connection:
        trust_all(connection, NOW, NOW)
    letter = plain(head("aino@example.org", "Vs: Kirje"), "Kiitos!")

    with serving(Mailbox(mails={1: letter, 2: letter})) as box:
        box.drops_at, box.drops_once = "UID FETCH 2", True
        there = {"host": "127.0.0.1", "port": box.port, "username": box.username}
        mailbox = settings.mailbox.model_copy(update={**there, "security": "none"})
        secrets = settings.root / ".env"
        secrets.write_text(f"{secrets.read_text()}NEWSLETTER_IMAP_PASSWORD={box.password}\n")
        learn(settings.model_copy(update={"mailbox": mailbox}), mailed, NOW, api=True)

    with mailed.read() as connection:
        assert find_absence(connection) is None
