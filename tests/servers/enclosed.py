"""Read what a mail encloses, as journals tell of it, and messages that callers wrote whole."""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from .dialect import Mail

# Alternatives are named by this instead of a file name.
ALTERNATIVE = ""


def told(kind: str, name: str, data: bytes) -> dict[str, str]:
    """Write a file, or an alternative beside text and page, for a journal."""
    return {"type": kind, "name": name, "data": data.decode()}


def files(
    given: Iterable[Mapping[str, Any]], *, name: str, content: str, kind: str = ""
) -> list[dict[str, str]]:
    """Write the files of a form, by the names of its fields."""
    return [told(each.get(kind, ""), each[name], b64decode(each[content])) for each in given]


def with_files(found: list[dict[str, str]]) -> dict[str, Any]:
    """Return a field of a journal's line, if there is something to tell."""
    return {"enclosed": found} if found else {}


def whole(raw: bytes, *, email: str, message_id: str, **further: Any) -> Mail:
    """Read a message that the caller wrote as a whole."""
    message = message_from_bytes(raw, policy=policy.default)
    parts = {part.get_content_type(): part for part in reversed([*message.walk()])}
    names = {"subject", "from", "to", "date", "message-id", "mime-version", "content-type"}
    extra = {**further.pop("extra", {}), **with_files([*_enclosed(message)])}
    return Mail(
        email=email,
        subject=str(message["Subject"]),
        html=parts["text/html"].get_content(),
        text=parts["text/plain"].get_content(),
        headers={n: str(v) for n, v in message.items() if n.lower() not in names},
        sender=str(message["From"]),
        message_id=message_id,
        extra=extra,
        **further,
    )


def _enclosed(message: EmailMessage) -> Iterator[dict[str, str]]:
    for part in message.walk():
        if part.get_content_type() in ("text/calendar", "application/ics"):
            data = part.get_payload(decode=True)
            kind = str(part["Content-Type"]).partition("; name=")[0].replace('"', "")
            assert isinstance(data, bytes)
            yield told(kind, part.get_filename() or ALTERNATIVE, data)
