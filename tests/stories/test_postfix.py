"""Our messages through a real mail server: Debian's Postfix takes, keeps and refuses them."""

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.composing.mime import Envelope, MimeTemplate, Postmark
from newsletter.model import Call, Message, State, Variant
from newsletter.press import read_manuscript, render_manuscript
from newsletter.providers.base import Options
from newsletter.providers.smtp import Smtp
from newsletter.settings import load_settings
from tests.conftest import REPOSITORY
from tests.servers.postfix import Postfix, why_not
from tests.servers.smtp import make_certificate

pytestmark = [
    pytest.mark.postfix,
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "it can run"),
]

SENDER = ("Säätiö", "editor@example.org")
LIST = {
    "List-Id": "<uutiskirje.example.org>",
    "List-Unsubscribe": "<https://kirje.example.org/u/abc>, <mailto:editor@example.org>",
}
NAMES = ("Päivi Äyräväinen", "Jo", "Ильмари", "x" * 200, ".", "a\u2028b", "")


@pytest.fixture(scope="module")
def postfix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postfix]:
    """A Postfix that offers STARTTLS with a certificate for 127.0.0.1."""
    certificate = make_certificate(tmp_path_factory.mktemp("certificate"), "127.0.0.1")
    with Postfix(certificate=certificate) as server:
        yield server


@pytest.fixture(scope="module")
def template() -> MimeTemplate:
    """The sample issue as mail, its pictures inside."""
    settings = load_settings(REPOSITORY)
    manuscript = read_manuscript(settings, "2021-06")
    variant = Variant(language="fi")
    edition = render_manuscript(settings, manuscript, [variant])[variant]
    envelope = Envelope(sender=SENDER, reply_to=SENDER[1], headers=LIST)
    return MimeTemplate(edition, envelope)


def _provider(postfix: Postfix, *, is_secure: bool = False) -> Smtp:
    security = "starttls" if is_secure else "none"
    where = {"host": postfix.host, "port": postfix.port}
    return Smtp(Options(folder=Path(), security=security, **where))  # type: ignore[arg-type]


def _call(*messages: Message) -> Call:
    return Call(key="k", tags=("a", "b"), folder="", sender=SENDER, messages=messages)


def _mime(template: MimeTemplate, address: str, name: str) -> bytes:
    postmark = Postmark(
        address=address,
        message_id=f"{address.partition('@')[0]}.2021-06@example.org",
        date=dt.datetime(2021, 6, 1, 9, tzinfo=dt.UTC),
    )
    return template.fill({"name": name, "email": address} if name else {}, postmark)


@pytest.mark.parametrize("is_secure", [False, True], ids=["in clear", "STARTTLS"])
def test_every_byte_of_our_messages_arrives(
    postfix: Postfix,
    template: MimeTemplate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_secure: bool,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(postfix.certificate))
    mark = "tls" if is_secure else "clear"
    sent = {f"{mark}{n}@example.org": name for n, name in enumerate(NAMES)}
    mails = {address: _mime(template, address, name) for address, name in sent.items()}
    before = len(postfix.messages(0))
    provider = _provider(postfix, is_secure=is_secure)

    outcomes = provider.send(
        _call(*(Message(delivery=n, address=a, mime=m) for n, (a, m) in enumerate(mails.items())))
    )

    provider.close()
    assert {outcome.state for outcome in outcomes} == {State.ACCEPTED}
    arrived = postfix.messages(before + len(mails))
    assert {a: m for a, m in arrived.items() if a.startswith(mark)} == mails


def test_what_arrives_has_no_defects(postfix: Postfix, template: MimeTemplate) -> None:
    before = len(postfix.messages(0))
    mime = _mime(template, "reader@example.org", "Päivi")
    provider = _provider(postfix)

    provider.send(_call(Message(delivery=1, address="reader@example.org", mime=mime)))

    provider.close()
    raw = postfix.messages(before + 1)["reader@example.org"]
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = list(message.walk())
    assert [part.defects for part in parts] == [[] for _ in parts]
    assert [value.defects for part in parts for value in part.values() if value.defects] == []
    text = message.get_body(("plain",))
    assert text
    assert "Päivi" in text.get_content()


def test_refusals_by_postfix_itself_are_understood(postfix: Postfix) -> None:
    people = ("gone@example.org", "later@example.org", "here@example.org", "who@elsewhere.example")
    mime = b"Subject: x\r\nMessage-ID: <x@example.org>\r\n\r\nx\r\n"
    provider = _provider(postfix)

    outcomes = provider.send(
        _call(*(Message(delivery=n, address=a, mime=mime) for n, a in enumerate(people)))
    )

    provider.close()
    states = [(outcome.state, outcome.transient) for outcome in outcomes]
    assert states == [
        (State.REJECTED, False),
        (State.QUEUED, True),
        (State.ACCEPTED, False),
        (State.REJECTED, False),  # relaying is denied
    ]
    assert outcomes[0].reason.startswith("550 5.1.1")
    assert outcomes[1].reason.startswith("450 4.2.1")
    assert "554 5.7.1" in outcomes[3].reason
