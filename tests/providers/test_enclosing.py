"""What every provider makes of a mail that encloses an invitation, or a file."""

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from newsletter.composing import Composer
from newsletter.model import Call, Edition, Enclosure, Recipient, State, Stationery
from newsletter.model.enclosures import CALENDAR, FILE_OF_CALENDAR
from newsletter.providers import PROVIDERS
from newsletter.providers.base import Carries, Provider
from tests.providers.forms import ISSUE_TAG, KEY, connect, options
from tests.providers.kinds import KINDS, adapter

INVITED = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
    "SUMMARY:Teemapäivä: työpaikkaohjaajan tuki\r\n.alku=:pisteellä\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
REQUEST, CANCEL, PUBLISH = (
    Enclosure(
        filename="teemapaiva.ics", media_type=CALENDAR, data=INVITED.format(method=method).encode()
    )
    for method in ("REQUEST", "CANCEL", "PUBLISH")
)


def composer_of(provider: type[Provider], *enclosures: Enclosure, **settings: Any) -> Composer:
    """Return what writes a notice with something in it."""
    edition = Edition(
        issue_id=ISSUE_TAG,
        variant="fi",
        language="fi",
        subject="Ilmoittautuminen",
        html="<!doctype html><html><body><p>Tervetuloa, työpäivään!</p></body></html>",
        text="Tervetuloa, työpäivään!\n",
        slots=(),
        enclosures=enclosures,
    )
    stationery = Stationery(
        key=KEY.replace("-", ""),
        folder=ISSUE_TAG,
        sender=("Säätiö, “Kirje”", "kirje@example.org"),
        reply_to="toimitus@example.org",
        tag=ISSUE_TAG,
        list_id="",
    )
    return Composer(
        stationery,
        provider,
        options(**settings),
        load_edition=lambda _: edition,
        now=lambda: dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC),
    )


def readers(*addresses: str) -> list[Recipient]:
    """Return people whom a notice names."""
    return [Recipient(at, each, "", "", "fi", "{}", "") for at, each in enumerate(addresses, 1)]


def call_of(provider: type[Provider], *enclosures: Enclosure, **settings: Any) -> Call:
    """Return the call that mails a notice with something in it to somebody."""
    composer = composer_of(provider, *enclosures, **settings)
    return composer.compose(1, readers("aija@example.org"), key=KEY, batch=7)


def walked(raw: bytes) -> Iterator[tuple[int, str]]:
    """Yield the parts of a message as they are nested."""

    def walk(part: Any, depth: int) -> Iterator[tuple[int, str]]:
        yield depth, part.get_content_type()
        for inner in part.get_payload() if part.is_multipart() else ():
            yield from walk(inner, depth + 1)

    return walk(message_from_bytes(raw, policy=policy.default), 0)


@pytest.mark.parametrize("enclosed", [REQUEST, CANCEL], ids=["request", "cancel"])
@pytest.mark.parametrize("name", ["outbox", "smtp", "ses", "mailgun"])
def test_a_whole_message_has_the_shape_that_outlook_and_gmail_answer(
    name: str, enclosed: Enclosure
) -> None:
    """The alternatives come first, the calendar last of them and again as a mere file."""
    call = call_of(PROVIDERS[name], enclosed)

    [sent] = call.messages
    message = message_from_bytes(sent.mime, policy=policy.default)
    assert [*walked(sent.mime)] == [
        (0, "multipart/mixed"),
        (1, "multipart/alternative"),
        (2, "text/plain"),
        (2, "text/html"),
        (2, CALENDAR),
        (1, FILE_OF_CALENDAR),
    ]
    invitation, file = (
        next(part for part in message.walk() if part.get_content_type() == kind)
        for kind in (CALENDAR, FILE_OF_CALENDAR)
    )
    written = f"Content-Type: {CALENDAR}; charset=utf-8; method={enclosed.method}\r\n"
    assert written.encode() in sent.mime
    assert invitation["Content-Transfer-Encoding"] == "quoted-printable"
    assert invitation["Content-Disposition"] is None
    assert f'Content-Type: {FILE_OF_CALENDAR}; name="teemapaiva.ics"'.encode() in sent.mime
    assert file["Content-Transfer-Encoding"] == "base64"
    assert file["Content-Disposition"] == 'attachment; filename="teemapaiva.ics"'
    for part in (invitation, file):
        assert part.get_payload(decode=True) == enclosed.data
    assert not any(line.startswith(b".") for line in sent.mime.split(b"\r\n"))


def test_a_mere_file_is_no_alternative() -> None:
    [sent] = call_of(PROVIDERS["smtp"], PUBLISH).messages

    kinds = [*walked(sent.mime)]

    assert kinds[1:] == [
        (1, "multipart/alternative"),
        (2, "text/plain"),
        (2, "text/html"),
        (1, CALENDAR),
    ]
    assert b"Content-Type: text/calendar; charset=utf-8; method=PUBLISH; name=" in sent.mime


@pytest.mark.parametrize("enclosed", [REQUEST, CANCEL, PUBLISH], ids=lambda each: each.method)
@pytest.mark.parametrize("name", PROVIDERS)
def test_what_a_call_encloses_is_read_back_from_it(name: str, enclosed: Enclosure) -> None:
    kind = PROVIDERS[name]

    [copy] = kind.read_back(call_of(kind, enclosed, **settings_of(name)))

    assert copy.enclosures == (enclosed,)
    assert "Tervetuloa, työpäivään!" in copy.text
    assert "Tervetuloa, työpäivään!" in copy.html


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_mail_without_files_is_what_it_was(name: str) -> None:
    kind = PROVIDERS[name]

    call = call_of(kind, **settings_of(name))

    [copy] = kind.read_back(call)
    assert copy.enclosures == ()
    assert b"multipart/mixed" not in call.messages[0].mime


@pytest.mark.parametrize("enclosed", [REQUEST, CANCEL, PUBLISH], ids=lambda each: each.method)
@pytest.mark.parametrize("name", KINDS)
def test_each_account_takes_it_and_hands_it_to_its_reader(name: str, enclosed: Enclosure) -> None:
    """And the provider's server has nothing to object to, nor has its published format."""
    provider = adapter(name)
    account = connect(provider)

    [outcome] = provider.send(call_of(type(provider), enclosed, **settings_of(name)))

    assert account.violations() == []
    assert outcome.state is State.ACCEPTED
    assert outcome.message_id
    [got] = account.messages()
    assert got["email"] == "aija@example.org"
    assert got["subject"] == "Ilmoittautuminen"
    assert "Tervetuloa, työpäivään!" in got["text"]
    assert got["headers"]["Auto-Submitted"] == "auto-generated"
    kinds = [each["type"] for each in got["enclosed"]]
    assert kinds == expected(name, enclosed)
    assert {each["data"] for each in got["enclosed"]} == {enclosed.text}
    assert KINDS[name].metadata(f"{KEY[:8]}-1").items() <= got["metadata"].items()


def expected(name: str, enclosed: Enclosure) -> list[str]:
    """Return the types by which a provider's reader gets it."""
    full = f"{CALENDAR}; charset=utf-8; method={enclosed.method}"
    carries = PROVIDERS[name].capabilities.carries
    if carries is Carries.FILES:
        return [CALENDAR if name == "mailjet" else ""]
    if carries is Carries.TYPED:
        return [full]
    if enclosed.is_invitation:
        return [full, FILE_OF_CALENDAR]
    return [CALENDAR if name == "sendgrid" else full]


def settings_of(name: str) -> dict[str, str]:
    return dict(KINDS[name].settings) if name in KINDS else {}


@pytest.mark.parametrize("name", ["mailgun", "ses", "resend"])
def test_several_readers_of_such_a_mail_are_called_one_by_one(name: str) -> None:
    """Whatever a batch was planned for: an account that is changed takes over what is open."""
    composer = composer_of(PROVIDERS[name], REQUEST, **settings_of(name))

    together = composer.compose(1, readers("aija@example.org", "bo@example.org"), key=KEY, batch=7)

    assert not composer.fits(1, together)
