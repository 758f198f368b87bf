"""Tell by webhook what was done with mail: the event of a visit as its provider posts it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from .dialect import Mail, Sent, bare
from .mailgun_reports import visited
from .postmark_reports import clicked
from .visits import Seen, Visit


def event_of(provider: str, line: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    """Write a visit to a message of an account's journal."""
    return _OF[provider](Seen(sent_in(line), visit))


def sent_in(line: Mapping[str, Any]) -> Sent:
    """Read a message of the journal back."""
    names = ("email", "subject", "headers", "metadata", "sender")
    mail = Mail(
        **{name: line[name] for name in names},
        html=line["html"] or "",
        text=line["text"] or "",
        tags=tuple(line["tags"]),
        message_id=line["messageId"],
        extra={"stream": line.get("stream", "")},
    )
    return Sent(mail=mail, at=datetime.now(UTC), call=line["call"])


def _brevo(seen: Seen) -> dict[str, Any]:
    visit, mail = seen.visit, seen.sent.mail
    opened = "proxy_open" if visit.machine else "opened"
    told = {
        "event": "click" if visit.kind == "clicked" else opened,
        "email": mail.email,
        "id": 26224,
        "date": f"{visit.at:%Y-%m-%d %H:%M:%S}",
        "ts_event": int(visit.at.timestamp()),
        "ts_epoch": int(visit.at.timestamp() * 1000),
        "message-id": f"<{bare(mail.message_id)}>",
        "subject": mail.subject,
        "tag": str(mail.tags[0]),
        "tags": list(mail.tags),
        "ip": visit.network,
    }
    return told | {n: v for n, v in {"link": visit.url, "user_agent": visit.agent}.items() if v}


def _postmark(seen: Seen) -> dict[str, Any]:
    told = {**clicked(seen), "Metadata": dict(seen.sent.mail.metadata)}
    if seen.visit.kind == "clicked":
        return told
    told = {name: value for name, value in told.items() if name != "OriginalLink"}
    return {**told, "RecordType": "Open", "FirstOpen": True}


_OF: Mapping[str, Callable[[Seen], dict[str, Any]]] = {
    "brevo": _brevo,
    "mailgun": visited,
    "postmark": _postmark,
}
