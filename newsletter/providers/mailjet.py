"""Mailjet: mail by its Send API 3.1, each message whole and with an outcome of its own.

Facts: dev.mailjet.com, "Send API v3.1" (messages, errors, forbidden headers) and "Email API" (the
resources message, campaign and statcounters, also at github.com/mailgun/mailjet-mcp-server).

Its template language is off, but "[[var:x]]" is replaced in bodies even then. The letter's own text
is protected; a reader's own name is not, and could at most blank itself in their own mail.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
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
    Options,
    attached,
    json_form,
    mailbox,
    one_line,
)
from newsletter.providers.http import Answer
from newsletter.providers.reports.mailjet import MailjetReports

_FORBIDDEN = {"list-id"}  # those of the headers that ours could use (error send-0011)
_IN_HTML, _IN_TEXT = "[&#91;", "[\u2060[\u2060"  # for "[["; the word joiner is invisible
_SENDER = say("validate the address or the domain of the sender in the account")
_KEY = say("check NEWSLETTER_API_KEY: it must be KEY:SECRET")
_FAULT = say("this looks like a fault of newsletter; please report it")
# Faults that are ours and not one reader's, in calls and messages alike.
_CURES = {
    "mj-0001": say("the API key is suspended: ask Mailjet why"),
    "mj-0002": _FAULT,
    "mj-0015": _KEY,
    "send-0006": _SENDER,
    "send-0007": _SENDER,
    "send-0008": _SENDER,
    "send-0011": _FAULT,
    "send-0012": _FAULT,
}
_OUR_FIELDS = ("From", "Sender", "ReplyTo")
_BY_STATUS = {401: Verdict.STOP, 403: Verdict.STOP, 429: Verdict.RETRY}
# What a verdict on one message means, the most serious first.
_STATES = {
    Verdict.UNKNOWN: State.UNKNOWN,
    Verdict.STOP: State.QUEUED,
    Verdict.RETRY: State.QUEUED,
    Verdict.REJECT: State.REJECTED,
}


class Mailjet(MailjetReports):
    """Sends a batch as a list of finished messages; no call can be repeated safely."""

    name = "mailjet"
    root = "https://api.mailjet.com"
    account = "/v3/REST/apikey?Limit=1"
    capabilities = Capabilities(
        batch_size=50,
        concurrency=4,
        look_up=True,
        look_up_settles=15 * 60,  # how far its records lag behind is not documented
        tracking_switch=True,
        statistics=True,
        lists=frozenset({ReturnKind.CLICKED}),
        departures=True,
    )
    ours: ClassVar[Mapping[str, Wording | None]] = _CURES
    cures: ClassVar[Mapping[str, Wording]] = {"401": _KEY}

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        key, colon, secret = options.api_key.partition(":")
        if not (key and colon and secret):
            raise self.error(say("cannot be asked: {cure}", cure=_KEY), Verdict.STOP)
        self._session.auth = (key, secret)

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form:
        """Write a call: a list with each reader's whole message.

        Its campaign accepts one mail for each contact: a second protection against duplicates. It
        reports mail that it holds back as accepted, so a campaign is one send, and never another
        with the same tag.
        """
        name, address = letter.sender
        tracking = "enabled" if options.track_opens else "disabled"
        headers = {**letter.headers, **letter.own_headers}
        message: dict[str, Any] = {
            "From": {"Email": address} | ({"Name": name} if name else {}),
            "To": [{"Email": letter.address}],
            "ReplyTo": {"Email": letter.reply_to},
            "Subject": letter.subject,
            "HTMLPart": letter.html.replace("[[", _IN_HTML),
            "TextPart": letter.text.replace("[[", _IN_TEXT),
            "TemplateLanguage": False,
            "Headers": {n: v for n, v in headers.items() if n.lower() not in _FORBIDDEN},
            "CustomID": letter.batch,
            "EventPayload": letter.reference,
            "CustomCampaign": cls.counts_by(letter.tag, letter.send),
            "DeduplicateCampaign": True,
            "TrackOpens": tracking,
            "TrackClicks": tracking,
        }
        if letter.enclosures:
            # That parameters of a type arrive is documented nowhere.
            message["Attachments"] = [
                {
                    "Filename": each.filename,
                    "ContentType": each.media_type,
                    "Base64Content": each.base64,
                }
                for each in letter.enclosures
            ]
        return json_form(letter, {"Messages": [letter.recipients]}, message)

    @classmethod
    def read_back(cls, call: Call) -> tuple[Copy, ...]:
        """Read each message."""
        return tuple(map(_copy, json.loads(call.body)["Messages"]))

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch in one call, whose messages are answered in order."""
        said = self.post("/v3.1/send", call).rows("Messages", count=len(call.messages))
        outcomes = tuple(map(_outcome, call.messages, said))
        ours = [e for item in said for e in _errors(item) if _verdict(e) is Verdict.STOP]
        if ours and not any(o.state in (State.ACCEPTED, State.UNKNOWN) for o in outcomes):
            code = str(ours[0].get("ErrorCode"))
            told = say("took no message: {words}", words=_reason(ours[0]))
            fault = say_list((told, _CURES.get(code, _SENDER)), "; ")
            raise self.error(fault, Verdict.STOP, code=one_line(code))
        return outcomes

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Query the messages with the batch's own tag, whatever the day."""
        del since, until  # the tag is enough
        query = {"CustomID": call.tags[-1], "ShowContactAlt": "true", "Limit": "1000"}
        messages = self._data("/v3/REST/message", query)
        # One without an address says nothing; one that cannot be read may be about somebody.
        return {
            m["ContactAlt"]: str(m.get("ID") or "")
            for m in reversed(messages)
            if m.get("ContactAlt")
        }

    def code(self, answer: Answer) -> str:
        """Return Mailjet's code of an error."""
        return one_line(str(answer.fields.get("ErrorCode", "")))

    def explain(self, answer: Answer) -> str:
        """Return Mailjet's words about a refusal."""
        return _reason(answer.fields)

    def _ask(self, method: str, url: str, options: dict[str, Any]) -> Answer:
        """Let messages answer for themselves: some may be accepted though the status is 4xx."""
        answer = super()._ask(method, url, options)
        are_judged = answer.status < 500 and "Messages" in answer.fields
        return replace(answer, status=200) if are_judged else answer


def _copy(message: dict[str, Any]) -> Copy:
    sender = message["From"]
    return copy_of_form(
        sender=mailbox(sender.get("Name", ""), sender["Email"]),
        address=message["To"][0]["Email"],
        reply_to=message["ReplyTo"]["Email"],
        subject=message["Subject"],
        html=message["HTMLPart"],
        text=message["TextPart"],
        headers=message["Headers"].items(),
        carried=attached(message.get("Attachments", ()), "Filename", "ContentType"),
    )


def _outcome(message: Message, item: Any) -> Outcome:
    """Read the outcome of a message."""
    said = item if isinstance(item, dict) else {}
    errors = _errors(said)
    if str(said.get("Status")).lower() == "success":
        # 64-bit numbers, the only ids that the rest of the API knows.
        sent = [to.get("MessageID") for to in said.get("To") or [] if isinstance(to, dict)]
        message_id = str(sent[0]) if sent and sent[0] else ""
        return Outcome(delivery=message.delivery, state=State.ACCEPTED, message_id=message_id)
    if not errors:
        told = say("the answer does not say what became of it")
        return Outcome(delivery=message.delivery, state=State.UNKNOWN, reason=told)
    worst = min(errors, key=lambda error: list(_STATES).index(_verdict(error)))
    state = _STATES[_verdict(worst)]
    return Outcome(delivery=message.delivery, state=state, reason=_reason(worst))


def _errors(item: Any) -> list[dict[str, Any]]:
    errors = item.get("Errors") if isinstance(item, dict) else None
    known = errors if isinstance(errors, list) else []
    # An answer that does not say what went wrong settles nothing.
    return [e for e in known if isinstance(e, dict) and ("ErrorCode" in e or "StatusCode" in e)]


def _verdict(error: Mapping[str, Any]) -> Verdict:
    status = int(error.get("StatusCode") or 400)
    fields = [str(field).startswith(_OUR_FIELDS) for field in error.get("ErrorRelatedTo") or ()]
    if str(error.get("ErrorCode")) in _CURES or any(fields):
        return Verdict.STOP
    return _BY_STATUS.get(status, Verdict.UNKNOWN if status >= 500 else Verdict.REJECT)


def _reason(error: Mapping[str, Any]) -> str:
    told = (str(error.get(field) or "") for field in ("ErrorCode", "ErrorMessage"))
    return one_line(": ".join(filter(None, told)))
