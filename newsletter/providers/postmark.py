"""Postmark: mail by its batch API, each message whole and with a fate of its own.

Facts: postmarkapp.com/developer, pages "Email API", "API overview" (error codes), "Messages API"
and "Stats API"; postmarkapp.com/support, on unsubscribe links of broadcast streams: Postmark adds
its own link and List-Unsubscribe headers there and lets nobody replace them. So ours are left
out, and who leaves by its link is known by its webhook or its suppression list alone. Suppressions
are of one stream: a notice goes through the transactional one, where nothing is put into it.
Invitations: postmarkapp.com/support, "How do I send calendar invites with Postmark?": a file whose
type names the method; it takes no further alternative.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from newsletter.errors import Verdict
from newsletter.language import Wording, say, say_list
from newsletter.model import (
    Call,
    Copy,
    Form,
    Letter,
    Message,
    Outcome,
    ReturnKind,
    State,
    copy_of_form,
)
from newsletter.providers.base import (
    Capabilities,
    Carries,
    Options,
    attached,
    bare,
    json_form,
    mailbox,
    one_line,
)
from newsletter.providers.http import Answer, pages
from newsletter.providers.reports.postmark import PostmarkReports

_STREAM = "broadcast"  # the stream every new server has for such mail
_TRANSACTIONAL = "outbound"  # the stream every server has, and none can be without
_PAGE, _MOST_PAGES = 500, 20  # messages in one answer; its search goes no further
# What stands for its own in copies that are looked at: how it words them it tells nobody before.
THEIR_LINK = "https://postmarkapp.com/unsubscribe"
THEIR_HTML = (
    f'<p><a href="{THEIR_LINK}" style="color:#333333;background-color:#ffffff">'
    "Unsubscribe (by Postmark)</a></p>"
)
THEIR_TEXT = f"\n\nUnsubscribe (by Postmark): {THEIR_LINK}\n"
THEIR_HEADERS = (
    ("List-Unsubscribe", f"<{THEIR_LINK}>"),
    ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
)
_THEIRS = frozenset(name.lower() for name, _ in THEIR_HEADERS)
_FIELD = re.compile(r"'(\w+)'")
_SENDER = say("verify the address or the domain of the sender in the account")
_FAULT = say("this looks like a fault of newsletter; please report it")
# Faults that are ours and not one reader's, in calls and messages alike. Codes reuse the numbers of
# HTTP with other meanings; for 300, only the field it names tells whose fault it is.
_CURES = {
    "ErrorCode 10": say("check NEWSLETTER_API_KEY: it must be the token of a server"),
    "ErrorCode 300 From": _SENDER,
    "ErrorCode 300 ReplyTo": say("check reply_to in newsletter.toml"),
    "ErrorCode 300 MessageStream": say("check stream in newsletter.toml"),
    "ErrorCode 400": _SENDER,
    "ErrorCode 401": _SENDER,
    "ErrorCode 402": _FAULT,
    "ErrorCode 403": _FAULT,
    "ErrorCode 405": say("buy credits in the account, then run the same command again"),
    "ErrorCode 409": _FAULT,
    "ErrorCode 412": say("wait for Postmark to approve the account"),
    "ErrorCode 413": say("ask Postmark why the account may not send"),
    "ErrorCode 1235": say("check stream in newsletter.toml: the server has none of this id"),
}


class Postmark(PostmarkReports):
    """Sends a batch as a list of finished messages; no call can be repeated safely."""

    name = "postmark"
    root = "https://api.postmarkapp.com"
    account = "/server"
    capabilities = Capabilities(
        batch_size=500,
        batch_bytes=45_000_000,  # of 50 MB
        concurrency=4,
        look_up=True,
        look_up_settles=15 * 60,  # how far its search lags behind is not documented
        own_unsubscribe=False,
        carries=Carries.TYPED,
        tracking_switch=True,
        statistics=True,
        lists=frozenset({ReturnKind.CLICKED}),
        departures=True,
        suppressions=True,
        is_told=50,
    )
    ours: ClassVar[Mapping[str, Wording | None]] = _CURES
    codes: ClassVar[Mapping[str, Verdict]] = {
        "ErrorCode 100": Verdict.RETRY,
        "ErrorCode 429": Verdict.RETRY,
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._session.headers["X-Postmark-Server-Token"] = options.api_key
        self._stream = options.stream or _STREAM

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form:
        """Write a call: a list with each reader's whole message."""
        headers = {**letter.headers, **letter.own_headers}
        stream = _stream_of(letter, options)
        theirs = _THEIRS if stream != _TRANSACTIONAL else ()
        message: dict[str, Any] = {
            "From": mailbox(*letter.sender),
            "To": letter.address,
            "ReplyTo": letter.reply_to,
            "Subject": letter.subject,
            "HtmlBody": letter.html,
            "TextBody": letter.text,
            "MessageStream": stream,
            "Tag": letter.tag,
            "Metadata": {"batch": letter.batch, "delivery": letter.reference},
            "Headers": [
                {"Name": name, "Value": value}
                for name, value in headers.items()
                if name.lower() not in theirs
            ],
            # Set for each message, or the server's settings decide; links in the text part stay
            # readable.
            "TrackOpens": options.track_opens,
            "TrackLinks": "HtmlOnly" if options.track_opens else "None",
        }
        if letter.enclosures:
            message["Attachments"] = [
                {
                    "Name": each.filename,
                    "Content": each.base64,
                    "ContentType": each.content_type,
                }
                for each in letter.enclosures
            ]
        return json_form(letter, [letter.recipients], message)

    @classmethod
    def read_back(cls, call: Call) -> tuple[Copy, ...]:
        """Read each message."""
        return tuple(map(_copy, json.loads(call.body)))

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch in one call; a 200 says nothing about its messages, answered in order."""
        said = self.post("/email/batch", call).rows(count=len(call.messages))
        items = [item if isinstance(item, dict) else {} for item in said]
        outcomes = tuple(map(self._outcome, call.messages, items))
        ours = [item for item in items if _code(item) in _CURES]
        if ours and not any(o.state in (State.ACCEPTED, State.UNKNOWN) for o in outcomes):
            told = say("took no message: {words}", words=_reason(ours[0]))
            fault = say_list((told, _CURES[_code(ours[0])]), "; ")
            raise self.error(fault, Verdict.STOP, code=_code(ours[0]))
        return outcomes

    def caveats(self, answer: Answer) -> Iterator[Wording]:
        """Yield that the server delivers nothing."""
        if answer.fields.get("DeliveryType") == "Sandbox":
            yield say("this server of Postmark is a sandbox: take the key of a live one")

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Search for the batch's own tag in the metadata, whatever the day."""
        del since, until  # the tag is enough
        stream = json.JSONDecoder().raw_decode(call.body.decode(), 1)[0]["MessageStream"]

        def ask(offset: int) -> list[Any]:
            query = {"metadata_batch": call.tags[-1], "count": _PAGE, "offset": offset}
            query["messagestream"] = stream
            return self.request("GET", "/messages/outbound", params=query).rows("Messages")

        messages = pages(ask, _PAGE, _MOST_PAGES)
        # An empty one says nothing; one that cannot be read may be about somebody.
        return {m["Recipients"][0]: bare(m["MessageID"]) for m in messages if m}

    def code(self, answer: Answer) -> str:
        """Return Postmark's own code, which is in the body."""
        return _code(answer.fields)

    def explain(self, answer: Answer) -> str:
        """Return the code and the words of a refusal."""
        return _reason(answer.fields)

    def _outcome(self, message: Message, item: Mapping[str, Any]) -> Outcome:
        """Read the outcome of a message; a delayed one may have no code."""
        message_id = bare(str(item.get("MessageID") or ""))
        code = item.get("ErrorCode", 0 if message_id else None)
        reason: str
        if type(code) is int and code == 0:
            state, reason = State.ACCEPTED, ""
        elif not _code(item):
            state, reason = State.UNKNOWN, say("the answer does not say what became of it")
        else:
            is_no_fault_of_theirs = _code(item) in {*self.ours, *self.codes}
            state = State.QUEUED if is_no_fault_of_theirs else State.REJECTED
            message_id, reason = "", _reason(item)
        return Outcome(delivery=message.delivery, state=state, message_id=message_id, reason=reason)


def _stream_of(letter: Letter, options: Options) -> str:
    return (options.stream or _STREAM) if letter.is_of_list else _TRANSACTIONAL


def _copy(message: dict[str, Any]) -> Copy:
    """Read a message; a fixed sign stands for what Postmark puts into one of a list."""
    html, text = message["HtmlBody"], message["TextBody"]
    headers = [(header["Name"], header["Value"]) for header in message["Headers"]]
    if message["MessageStream"] != _TRANSACTIONAL:
        head, end, tail = html.rpartition("</body>")
        html = f"{head}{THEIR_HTML}{end}{tail}"
        text += THEIR_TEXT
        headers += THEIR_HEADERS
    return copy_of_form(
        sender=message["From"],
        address=message["To"],
        reply_to=message["ReplyTo"],
        subject=message["Subject"],
        html=html,
        text=text,
        headers=headers,
        carried=attached(message.get("Attachments", ()), "Name", "ContentType"),
    )


def _code(said: Mapping[str, Any]) -> str:
    code = said.get("ErrorCode")
    if type(code) is not int:
        return ""
    field = _FIELD.search(str(said.get("Message"))) if code == 300 else None
    return f"ErrorCode {code}" + (f" {field[1]}" if field else "")


def _reason(said: Mapping[str, Any]) -> str:
    return one_line(f"{said['ErrorCode']}: {said.get('Message')}") if _code(said) else ""
