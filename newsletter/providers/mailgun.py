"""Mailgun: mail by its v3 API, a form with one list of recipients and their variables.

Facts: documentation.mailgun.com, user manual "Batch Sending", "Sending Messages", "Tracking
Messages"; API reference "Send an email", "Events", "Query account metrics".
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from email.utils import quote as escape_quotes
from typing import ClassVar
from urllib.parse import quote

from newsletter.errors import ConfigError, ProviderError, Verdict
from newsletter.language import Wording, say
from newsletter.model import Call, Copy, Form, Letter, Outcome, Part, ReturnKind, copy_of_form
from newsletter.providers.base import (
    Capabilities,
    Carries,
    Greeting,
    MergeSyntax,
    Options,
    accepted,
    bare,
)
from newsletter.providers.http import Answer
from newsletter.providers.reports.mailgun import MailgunReports

_NOT_TOLD, _NOBODY_NAMED = (401, 403), 400
_US = "https://api.mailgun.net"
_ROOTS = {"": _US, "us": _US, "eu": "https://api.eu.mailgun.net"}
_WAIT = re.compile(r"try again after (\d{1,8}) second")
_SPECIAL = re.compile(r'[][\\()<>@,:;".]')  # characters that need quotes in a display name
_SYNTAX = MergeSyntax(
    before="%recipient.",
    after="%",
    # Mailgun has variables of its own too: %recipient%, %unsubscribe_url% and more. A letter inside
    # is replaced, so that two percent signs never come next to each other.
    hazard=re.compile(
        r"(?<=%r)e(?=cipient)|(?<=%u)n(?=subscribe)|(?<=%[tm])a(?=(g|iling_list)_unsubscribe)",
        re.IGNORECASE,
    ),
    hazards={letter: f"letter_{letter}" for letter in "eEnNaA"},
)

# Faults of a whole call, by Mailgun's words: no reader is at fault, and splitting cannot help.
_OURS = {
    "from parameter": say("check `from` in newsletter.toml: it must be an address of your domain"),
    "not allowed to send": say("look at the account and its domain at Mailgun: sending is blocked"),
    "Sandbox subdomains": say(
        "add and verify your own domain: a sandbox only mails its own people"
    ),
    "Send options": say("shorten the tag of the issue: options may take 16 KB together"),
}


class Mailgun(MailgunReports):
    """Sends a batch as one call, which Mailgun accepts whole or not at all."""

    name = "mailgun"
    root = _US
    needs = ("domain",)
    capabilities = Capabilities(
        batch_size=1000,  # "The maximum number of recipients allowed for batch is 1,000"
        batch_bytes=24_000_000,  # "The maximum message size Mailgun supports is 25MB"
        merge=_SYNTAX,
        concurrency=4,
        look_up=True,
        look_up_settles=30 * 60,  # events may come late, and into pages already read
        carries=Carries.WHOLE,
        encloses_alone=True,
        tracking_switch=True,
        statistics=True,
        lists=frozenset({ReturnKind.OPENED, ReturnKind.CLICKED}),
        departures=True,
        suppressions=True,
        is_told=1000,
    )
    ours: ClassVar[Mapping[str, Wording | None]] = _OURS
    cures: ClassVar[Mapping[str, Wording]] = {
        "401": say(
            'check NEWSLETTER_API_KEY, and region = "eu" for a domain of the EU; figures need '
            "a key of the account, as a sending key can only send"
        ),
        "404": say('check `domain`; a domain of the EU needs region = "eu" in newsletter.toml'),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        root = _ROOTS.get(options.region.lower())
        if root is None:
            raise ConfigError(
                say('Mailgun has no region "{region}": it is "eu" or "us"', region=options.region)
            )
        self._root = options.base_url or root
        self._name = options.domain
        self._domain = quote(options.domain, safe="")
        self._path = f"/v3/{self._domain}"
        self._session.auth = ("api", options.api_key)

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form | None:
        """Write a call as multipart/form-data, with marks only in the list and the variables.

        Without recipient-variables every reader would see the whole list. Mail that encloses
        something goes as a whole message: forms take files, but no further alternative.
        """
        if letter.enclosures:
            return None
        variables: dict[str, str] = {**letter.params, "delivery": letter.reference}
        fields = [
            ("from", _sender(*letter.sender, variables)),
            ("subject", letter.subject),
            ("text", letter.text),
            ("html", letter.html),
            ("h:Reply-To", letter.reply_to),
            *_headers(letter, variables),
            ("o:tag", letter.tag),
            ("o:tag", letter.batch),
            *_switches(on=options.track_opens),
            # Returned in each event; the header that would show it to readers is left out.
            ("v:delivery", _SYNTAX.placeholder("delivery")),
        ]
        # A word that is not in the letter cannot end a field early. Without its last letter it is
        # not a mark.
        boundary = f"newsletter-{letter.recipients[:-1]}"
        start = "".join(f"{_head(boundary, name)}{value}\r\n" for name, value in fields)
        pair = f"{json.dumps(letter.address)}:{json.dumps(variables, ensure_ascii=False)}"
        return Form(
            (
                Part(f"{start}{_head(boundary, 'to')}", is_json=False),
                Part(letter.address, repeated=True, separator=", ", is_json=False),
                Part(f"\r\n{_head(boundary, 'recipient-variables')}{{", is_json=False),
                Part(pair, repeated=True),
                Part(f"}}\r\n--{boundary}--\r\n", is_json=False),
            ),
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    @classmethod
    def read_back(cls, call: Call) -> tuple[Copy, ...]:
        """Read the letter for each recipient, with their own variables."""
        if not call.body:
            return super().read_back(call)
        fields = _fields(call)
        variables = json.loads(fields.pop("recipient-variables"))
        return tuple(
            _copy({name: _SYNTAX.filled(value, own) for name, value in fields.items()}, address)
            for address, own in variables.items()
        )

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch in one call; its one id is that of every message."""
        path = f"{self._path}/messages"
        answer = self.post(path, call) if call.body else self._post_whole(f"{path}.mime", call)
        if "Magnificent API" in answer.words:  # the answer for a path that does not exist
            fault = say("answered as if it did not know the path; check base_url and `domain`")
            raise self.error(fault, Verdict.STOP)
        told, message_id = answer.fields.get("message", ""), answer.fields.get("id")
        is_taken = str(told).startswith("Queued")
        if not (is_taken and isinstance(message_id, str) and message_id):
            raise self.unreadable()
        return accepted(call, [message_id] * len(call.messages))

    def _post_whole(self, path: str, call: Call) -> Answer:
        """Post the one message of a call as we write it ("Send an email in MIME format")."""
        [message] = call.messages
        fields = [
            ("to", message.address),
            *(("o:tag", tag) for tag in call.tags),
            *_switches(on=self.options.track_opens),
            ("v:delivery", call.reference(message)),
        ]
        return self.request("POST", path, data=fields, files={"message": message.mime})

    def greet(self) -> Greeting:
        """Ask about the domain; a key that may only send is known by how an empty call is refused.

        That call names nobody, so there is nothing it could send.
        """
        try:
            return super().greet()
        except ProviderError as err:
            if err.status not in _NOT_TOLD or not self._may_send():
                raise
            return Greeting()

    def _may_send(self) -> bool:
        try:
            self.request("POST", f"{self._path}/messages", data=b"")
        except ProviderError as err:
            return err.status == _NOBODY_NAMED
        return False

    def ask_account(self) -> Answer:
        """Ask about the domain that mail comes from."""
        return self.request("GET", f"/v4/domains/{self._domain}")

    def caveats(self, answer: Answer) -> Iterator[Wording]:
        """Yield that the domain may not send."""
        domain = answer.fields.get("domain")
        state = domain.get("state") if isinstance(domain, dict) else None
        if state == "unverified":
            yield say("{domain} is not verified at Mailgun: add its DNS records", domain=self._name)
        elif state == "disabled":
            yield say("{domain} is disabled at Mailgun: ask its support", domain=self._name)

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Query the events of the batch's own tag, page by page until one is empty."""
        del until  # later events are of this batch too
        events = self._events(call.tags[-1], "accepted", since)
        return {e["recipient"]: bare(e["message"]["headers"]["message-id"]) for e in events}

    def code(self, answer: Answer) -> str:
        """Return the words of a refusal that say it is about the whole call."""
        words = answer.words.replace("'", "") if answer.status == 400 else ""
        return next((ours for ours in _OURS if ours in words), "")

    def wait(self, answer: Answer) -> float | None:
        """Read how long to wait from the text of the answer, if no header says."""
        asked = super().wait(answer)
        told = _WAIT.search(answer.words)
        return float(told[1]) if asked is None and told else asked


def _switches(*, on: bool) -> list[tuple[str, str]]:
    """Return what holds for a message whatever the domain's settings.

    Links in the text part stay unchanged.
    """
    return [
        ("o:tracking", "yes" if on else "no"),
        ("o:tracking-opens", "yes" if on else "no"),
        ("o:tracking-clicks", "htmlonly" if on else "no"),
        ("o:suppress-headers", "X-Mailgun-Variables,X-Mailgun-Tag"),
    ]


def _sender(name: str, address: str, variables: dict[str, str]) -> str:
    """Return the From line, protected like the texts of the letter."""
    safe = _SYNTAX.protect(name)
    if safe != name:
        variables |= {placeholder: letter for letter, placeholder in _SYNTAX.hazards.items()}
    if _SPECIAL.search(safe):
        safe = f'"{escape_quotes(safe)}"'
    return f"{safe} <{address}>" if safe else address


def _headers(letter: Letter, variables: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Yield the headers; those that differ by reader are variables: options have 16 KB together."""
    for number, (name, value) in enumerate(letter.own_headers.items()):
        variables[f"h{number}"] = value
        yield f"h:{name}", _SYNTAX.placeholder(f"h{number}")
    for name, value in letter.headers.items():
        if name not in letter.own_headers:
            yield f"h:{name}", value


def _head(boundary: str, name: str) -> str:
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'


def _fields(call: Call) -> dict[str, str]:
    """Return the fields of a filled form; of duplicates, the last."""
    boundary = call.content_type.partition("boundary=")[2]
    pieces = f"\r\n{call.body.decode()}".split(f"\r\n--{boundary}")
    fields = {}
    for piece in pieces[1:-1]:
        head, _, value = piece.partition("\r\n\r\n")
        fields[head.partition('name="')[2].removesuffix('"')] = value
    return fields


def _copy(fields: Mapping[str, str], address: str) -> Copy:
    headers = {n.removeprefix("h:"): v for n, v in fields.items() if n.startswith("h:")}
    return copy_of_form(
        sender=fields["from"],
        address=address,
        reply_to=headers.pop("Reply-To"),
        subject=fields["subject"],
        html=fields["html"],
        text=fields["text"],
        headers=headers.items(),
    )
