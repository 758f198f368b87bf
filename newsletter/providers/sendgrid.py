"""SendGrid: mail by its v3 API, the content once and a personalization for each reader.

Facts: twilio.com/docs/sendgrid, "Mail Send", "Substitution Tags", "X-Message-ID", "Email Logs" and
"Retrieve Email Statistics for Categories"; specifications at github.com/twilio/sendgrid-oai.

Scheduling is not offered: mail that waits can only be cancelled under a `batch_id` that SendGrid
hands out, one for each call, before the call is made.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from email.utils import format_datetime
from typing import Any, ClassVar

from newsletter.errors import ConfigError
from newsletter.language import Wording, say
from newsletter.model import Call, Copy, Enclosure, Form, Letter, Outcome, copy_of_form
from newsletter.providers.base import (
    Capabilities,
    Carries,
    MergeSyntax,
    Options,
    accepted,
    alternative,
    attached,
    json_form,
    mailbox,
    one_line,
)
from newsletter.providers.http import Answer, seconds
from newsletter.providers.reports.sendgrid import SendgridReports

_GLOBAL = "https://api.sendgrid.com"
_ROOTS = {"": _GLOBAL, "global": _GLOBAL, "us": _GLOBAL, "eu": "https://api.eu.sendgrid.com"}
_MOST_LOGS = 1000  # rows in one answer; there are no pages

# Parts of a call that are the same for everybody: a fault there is no reader's.
_FRAME = ("from", "reply_to", "subject", "content", "categories", "headers", "tracking_settings")
# Keys are found and replaced wherever they are, and documented as chosen by the sender; "It is best
# to avoid characters that have special meaning in HTML". These need no encoding in a web address,
# begin and end differently, and none is part of another.
_SYNTAX = MergeSyntax(
    before="~.nl-",
    after=".-",
    hazard=re.compile(r"~(?=\.nl-)"),
    hazards={"~": "tilde"},
)


class Sendgrid(SendgridReports):
    """Sends a batch as one call, which SendGrid accepts whole or not at all."""

    name = "sendgrid"
    root = _GLOBAL
    account = "/v3/scopes"
    capabilities = Capabilities(
        batch_size=1000,  # personalizations
        batch_bytes=25_000_000,  # 30 MB for the whole message
        merge=_SYNTAX,
        concurrency=4,
        look_up=True,
        look_up_settles=30 * 60,
        carries=Carries.WHOLE,
        tracking_switch=True,
        statistics=True,
        departures=True,
        suppressions=True,
        is_told=500,
    )
    ours: ClassVar[Mapping[str, Wording | None]] = dict.fromkeys(_FRAME)
    cures: ClassVar[Mapping[str, Wording]] = {
        "401": say(
            "check NEWSLETTER_API_KEY, whether the account has credits left, and `region`: "
            "a key of an EU subuser is only known in the EU"
        ),
        "403": say(
            "give the key the rights Mail Send, Stats and Email Logs, and verify the sender"
        ),
        "from": say("verify the sender's address or domain at SendGrid"),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        root = _ROOTS.get(options.region.lower())
        if root is None:
            raise ConfigError(
                say(
                    'SendGrid has no region "{region}": it is "eu" or "global"',
                    region=options.region,
                )
            )
        self._root = options.base_url or root
        self._session.headers["Authorization"] = f"Bearer {options.api_key}"

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form:
        """Write a call; everybody has a personalization, so that nobody sees another's address.

        Values of headers, substitutions and custom_args must be strings.
        """
        name, address = letter.sender
        frame: dict[str, Any] = {
            "personalizations": [letter.recipients],
            "from": {"email": address} | ({"name": name} if name else {}),
            "reply_to": {"email": letter.reply_to},
            "subject": letter.subject,
            "content": _content(letter),
            "headers": dict(letter.headers),
            "categories": [letter.tag, letter.batch],
            "custom_args": {"nl_batch": letter.batch},
            "tracking_settings": _tracking(on=options.track_opens),
        }
        if letter.enclosures:
            frame["attachments"] = [_file(each) for each in letter.enclosures]
        person: dict[str, Any] = {
            "to": [{"email": letter.address}],
            "custom_args": {"nl_delivery": letter.reference},
        }
        if letter.own_headers:
            person["headers"] = dict(letter.own_headers)
        if letter.params:
            person["substitutions"] = {
                _SYNTAX.placeholder(name): value for name, value in letter.params.items()
            }
        return json_form(letter, frame, person)

    @classmethod
    def read_back(cls, call: Call) -> tuple[Copy, ...]:
        """Read the letter for each personalization, with its own substitutions and headers."""
        body = json.loads(call.body)
        return tuple(_copy(body, person) for person in body["personalizations"])

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch in one call; the id of the call is the prefix of each message's own.

        Only 202 means that it is sent: 200 is a sandbox, or somebody else.
        """
        answer = self.post("/v3/mail/send", call)
        if answer.status != 202:
            raise self.unreadable()
        message_id = one_line(answer.headers.get("X-Message-Id", ""))
        return accepted(call, [message_id] * len(call.messages))

    def caveats(self, answer: Answer) -> Iterator[Wording]:
        """Yield that the key may not send."""
        scopes = answer.fields.get("scopes")
        if isinstance(scopes, list) and "mail.send" not in scopes:
            yield say("the key may not send: give it the right “Mail Send” at SendGrid")

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Query the logs for the batch's own category; a batch fits into one answer."""
        del since, until  # the category is enough
        query = {"query": f"categories IN ('{call.tags[-1]}')", "limit": _MOST_LOGS}
        said = self.request("POST", "/v3/logs", json=query).fields
        return {m["to_email"]: m["sg_message_id"] for m in said["messages"]}

    def code(self, answer: Answer) -> str:
        """Return the part of the call that is at fault."""
        return one_line(str(_first_error(answer).get("field") or "")).partition(".")[0]

    def explain(self, answer: Answer) -> str:
        """Return SendGrid's words, and the field they are about."""
        error = _first_error(answer)
        field = f" ({error['field']})" if error.get("field") else ""
        return one_line(f"{error.get('message') or ''}{field}")

    def wait(self, answer: Answer) -> float | None:
        """Read also the time at which the limit ends, if no header gives the seconds."""
        asked = super().wait(answer)
        reset = answer.headers.get("X-RateLimit-Reset", "")
        if asked is not None or answer.status != 429 or not re.fullmatch(r"[0-9]{1,10}", reset):
            return asked
        return seconds(format_datetime(dt.datetime.fromtimestamp(int(reset), dt.UTC)))


def _first_error(answer: Answer) -> dict[str, Any]:
    errors = answer.fields.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return first if isinstance(first, dict) else {}


def _content(letter: Letter) -> list[dict[str, str]]:
    """Return the alternatives: plain text comes first, an invitation last, and none may be empty.

    It sends a calendar in UTF-8, and lets nobody say so: sendgrid/sendgrid-ruby#298.
    """
    texts = [("text/plain", letter.text), ("text/html", letter.html)]
    for each in letter.enclosures:
        if each.is_invitation:
            texts.append((f"{each.media_type}; method={each.method}", each.text))
    return [{"type": kind, "value": value} for kind, value in texts if value]


def _file(enclosure: Enclosure) -> dict[str, str]:
    return {
        "content": enclosure.base64,
        "type": enclosure.file_type,
        "filename": enclosure.filename,
        "disposition": "attachment",
    }


def _tracking(*, on: bool) -> dict[str, Any]:
    """Set every switch: anything left out follows the account's settings.

    Subscription tracking would add SendGrid's own link and header to ours.
    """
    return {
        "click_tracking": {"enable": on, "enable_text": False},
        "open_tracking": {"enable": on},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }


def _copy(body: dict[str, Any], person: dict[str, Any]) -> Copy:
    content = {part["type"]: part["value"] for part in body["content"]}
    values = person.get("substitutions", {})
    sender = body["from"]
    return copy_of_form(
        sender=mailbox(sender.get("name", ""), sender["email"]),
        address=person["to"][0]["email"],
        reply_to=body["reply_to"]["email"],
        subject=_filled(body["subject"], values),
        html=_filled(content.get("text/html", ""), values),
        text=_filled(content.get("text/plain", ""), values),
        headers={**body["headers"], **person.get("headers", {})}.items(),
        carried=_carried(body),
    )


def _carried(body: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the invitation among the alternatives, and the files."""
    for part in body["content"]:
        if part["type"] not in ("text/plain", "text/html"):
            yield alternative(part["type"], part["value"])
    yield from attached(body.get("attachments", ()), "filename", "type")


def _filled(text: str, substitutions: Mapping[str, str]) -> str:
    """Return a text with its keys replaced wherever they are."""
    pattern = "|".join(map(re.escape, substitutions)) or "(?!)"
    return re.sub(pattern, lambda found: substitutions[found[0]], text)
