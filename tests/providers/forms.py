"""Calls as delivery makes them: a letter with marks, filled for a few people."""

import dataclasses
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from newsletter.composing.slots import Escape, Gap, for_header, for_html, for_text
from newsletter.composing.wire import BodyTemplate
from newsletter.model import Call, Letter, Message, Slot
from newsletter.providers.base import Options, Provider
from newsletter.providers.http import HttpProvider
from tests.servers.direct import Direct
from tests.servers.house import specification

KEY = "6f1c2b9e-8d47-4a53-9b1e-0c2d4e5f6a7b"
ISSUE_TAG, BATCH_TAG = "2026-06", "6f1c2b9e-b7"

# The marks of a letter, with the name of the value and how it is escaped there.
MARKS: dict[str, tuple[str, Escape]] = {
    "zq1z": ("@address", str),
    "zq2z": ("@reference", str),
    "zq3z": ("@batch", str),
    "zq4z": ("@key", str),
    "zq6z": ("name", for_html),
    "zq7z": ("name", for_text),
    "zq8z": ("name", for_header),
    "zq9z": ("unsubscribe_url", str),
}
GAPS = {mark: Gap(Slot(marker=mark, name=name), escape) for mark, (name, escape) in MARKS.items()}

Person = tuple[str, str]  # name and address
PEOPLE: tuple[Person, ...] = (
    ("Äijä “Ö” Öljy", "aija@example.org"),
    ('Bo "the \\ man" <b>', "bo@example.org"),
    ("Cæsar %s {{ x }}", "caesar@example.org"),
)


def letter(**changes: Any) -> Letter:
    """Return a letter with all its marks, as an edition for everybody gives one."""
    usual = Letter(
        subject="Kesäkuun kirje, zq8z",
        html='<p>Hei <b>zq6z</b>! 100 % "kesää"</p><a href="zq9z">Peru</a>',
        text="Hei zq7z!\n100 % kesää\nPeru: zq9z",
        sender=("Säätiö, “Kirje”", "kirje@example.org"),
        reply_to="toimitus@example.org",
        headers={
            "List-Id": "<kirje.example.org>",
            "List-Unsubscribe": "<mailto:kirje@example.org?subject=unsubscribe>",
        },
        own_headers={
            "List-Unsubscribe": "<zq9z>, <mailto:kirje@example.org?subject=unsubscribe>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        params={},
        tag=ISSUE_TAG,
        send=KEY[:8],
        batch="zq3z",
        key="zq4z",
        address="zq1z",
        reference="zq2z",
        recipients="zq5z",
    )
    return dataclasses.replace(usual, **changes)


# What a template language might take for its own, in the text of an author or a reader's name.
HOSTILE = (
    "{{7*7}} {{v0}} \\{{v0}} {{{ } {% x %} %recipient.v0% %recipient% %unsubscribe_url% "
    '%tag_unsubscribe_url% ~.nl-v0.- ~.nl- -v0- 100 % [[var:v0]] \\ \\n "é" --zq5'
)
HOSTILE_PEOPLE: tuple[Person, ...] = (
    ("{{7*7}} {{v1}} %recipient.v1% %recipient%", "aija@example.org"),
    ('"}, "x": {"\\u0041 \\ %unsubscribe_url% -v0- Ö', "bo@example.org"),
    ("", "caesar@example.org"),
)


def hostile_letter(**changes: Any) -> Letter:
    """Return a letter whose texts are full of template languages, right beside its marks too."""
    return letter(
        subject=f"{HOSTILE}{{zq8z}}",
        html=f"<p>{{{HOSTILE}zq6z}}{{zq6z{HOSTILE}\\zq6z</p><a href='zq9z'>%</a>{{",
        text=f"}}{HOSTILE}\n%zq7zrecipient.v0%\nzq7zzq7z zq9z\\",
        **changes,
    )


def in_syntax_of(provider: Provider, plain: Letter) -> Letter:
    """Return a letter written in the template language of a provider that merges."""
    syntax = provider.capabilities.merge
    assert syntax is not None
    names: dict[str, str] = {}

    def written(text: str) -> str:
        parts = re.split("(zq[6-9]z)", text)
        for at, part in enumerate(parts):
            name = names.setdefault(part, f"v{len(names)}") if at % 2 else ""
            parts[at] = syntax.placeholder(name) if name else syntax.protect(part)
        return "".join(parts)

    texts = [written(text) for text in (plain.subject, plain.html, plain.text)]
    params = {name: mark for mark, name in names.items()}
    for sign, name in syntax.hazards.items():
        if any(syntax.placeholder(name) in text for text in texts):
            params[name] = sign
    subject, html, text = texts
    return dataclasses.replace(plain, subject=subject, html=html, text=text, params=params)


def as_read(text: str, person: Person, delivery: int) -> str:
    """Return a text of a letter with marks as a reader is to see it."""
    own = values(person, delivery)
    return re.sub("zq[6-9]z", lambda found: GAPS[found[0]].escape(own[MARKS[found[0]][0]]), text)


def call_for(provider: HttpProvider, written: Letter, people: Sequence[Person] = PEOPLE) -> Call:
    """Return the call that mails a letter to people."""
    form = provider.form(written, provider.options)
    assert form is not None
    common = {"@batch": BATCH_TAG, "@key": KEY}
    readers = [values(person, at) | common for at, person in enumerate(people, start=1)]
    return Call(
        key=KEY,
        tags=(written.tag, BATCH_TAG),
        folder=written.tag,
        sender=written.sender,
        messages=tuple(
            Message(delivery=at, address=address) for at, (_, address) in enumerate(people, start=1)
        ),
        body=BodyTemplate(form, GAPS).fill(common, readers),
        content_type=form.content_type,
    )


def a_call(provider: HttpProvider, people: Sequence[Person] = PEOPLE, **changes: Any) -> Call:
    """Return the call that mails a usual letter, in the provider's own template language if any."""
    return call_for(provider, written_for(provider, letter(**changes)), people)


def written_for(provider: Provider, plain: Letter) -> Letter:
    """Return a letter as composing hands it to a provider."""
    return in_syntax_of(provider, plain) if provider.capabilities.merge else plain


def values(person: Person, delivery: int) -> dict[str, str]:
    """Return what the marks of a reader stand for."""
    name, address = person
    return {
        "@address": address,
        "@reference": f"6f1c2b9e-{delivery}",
        "name": name,
        "unsubscribe_url": f"https://kirje.example.org/leave/{delivery}",
    }


def options(**changes: Any) -> Options:
    """Return options that point nowhere."""
    return Options(**{"folder": Path("outbox"), "api_key": "test-key", **changes})


class Recorded(HTTPAdapter):
    """Plays recorded answers instead of a network, and remembers what was asked."""

    def __init__(self, *answers: tuple[Any, ...]) -> None:
        super().__init__()
        self.asked: list[requests.PreparedRequest] = []
        # Status, body - JSON, or bytes as they are - and headers if there are any.
        self._answers = list(answers)

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **_: Any
    ) -> requests.Response:
        """Answer a request with what is next."""
        self.asked.append(request)
        status, body, *headers = self._answers.pop(0)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.build_response(
            request,
            urllib3.HTTPResponse(
                body=io.BytesIO(raw),
                status=status,
                headers=headers[0] if headers else None,
                preload_content=False,
            ),
        )


def play(provider: HttpProvider, *answers: tuple[Any, ...]) -> Recorded:
    """Let a provider hear recorded answers."""
    recorded = Recorded(*answers)
    provider._session.mount("https://", recorded)
    return recorded


def connect(provider: HttpProvider, **manner: Any) -> Direct:
    """Give a provider an account at its own server, which holds calls against the specification."""
    links = {"scheme": "https"} if provider.name == "mailgun" else {}  # to its further pages
    given = {**manner, "options": {**links, **manner.get("options", {})}}
    account = Direct(provider.name, spec=specification(provider.name), **given)
    provider._session.mount("https://", account)
    return account
