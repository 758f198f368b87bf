"""Makes calls out of batches: an edition is prepared once, each recipient is joined in."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.addresses import mail_address
from newsletter.ledger.sends import Batch, Recipient, Send
from newsletter.links import unsubscribe_url
from newsletter.model import Call, Edition, Message
from newsletter.providers import Capabilities, MergeSyntax
from newsletter.render.mime import Envelope, MimeTemplate, Postmark
from newsletter.render.slots import (
    Escape,
    Gap,
    Template,
    for_header,
    for_text,
    take_apart,
    take_apart_html,
    value_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """What every message of a newsletter carries besides the edition."""

    list_id: str
    unsubscribe_mailto: str
    public_url: str = ""
    secret: str = field(default="", repr=False)  # signs the links below the public URL


@dataclass(frozen=True, slots=True)
class _Merged:
    """An edition in a provider's template language."""

    subject: str
    html: str
    text: str
    gaps: Mapping[str, Gap]  # by placeholder
    constants: Mapping[str, str]  # placeholders that are the same for everybody


class Composer:
    """Composes the calls of one send."""

    def __init__(
        self,
        send: Send,
        stationery: Stationery,
        capabilities: Capabilities,
        *,
        load_edition: Callable[[int], Edition],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._send = send
        self._stationery = stationery
        self._capabilities = capabilities
        self._load_edition = load_edition
        self._now = now
        self._mime: dict[int, MimeTemplate] = {}
        self._merged: dict[int, _Merged] = {}

    def compose(self, batch: Batch, recipients: Sequence[Recipient]) -> Call:
        """Return the call for these recipients of a batch; the same ones give the same call."""
        frame = self._frame(batch)
        if self._capabilities.merge is None:
            template = self._mime_template(batch.edition_id)
            return Call(**frame, messages=tuple(self._as_mime(template, r) for r in recipients))
        merged = self._merged_edition(batch.edition_id, self._capabilities.merge)
        return Call(
            **frame,
            messages=tuple(self._as_params(merged, r) for r in recipients),
            subject=merged.subject,
            html=merged.html,
            text=merged.text,
            headers=self._headers_for_all(),
        )

    def fits(self, call: Call) -> bool:
        """Tell whether a call keeps within the provider's limit of bytes."""
        limit = self._capabilities.batch_bytes
        if not limit:
            return True
        return sum(len(json.dumps(dict(m.params))) for m in call.messages) <= limit

    def _frame(self, batch: Batch) -> dict[str, Any]:
        tag = self._send.tag
        return {
            "key": batch.key,
            "tags": (tag, f"{self._send.key[:8]}.{batch.id}"),
            "folder": f"{self._send.issue_id}-test" if self._send.is_test else self._send.issue_id,
            "sender": (self._send.sender[0], mail_address(self._send.sender[1])),
            "reply_to": mail_address(self._send.reply_to),
        }

    # --- one recipient ---

    def _as_mime(self, template: MimeTemplate, recipient: Recipient) -> Message:
        values = self._values(recipient)
        postmark = Postmark(
            address=mail_address(recipient.address),
            message_id=self._message_id(recipient),
            date=self._now(),
            unsubscribe=self._unsubscribe(values),
        )
        return Message(
            delivery=recipient.delivery,
            address=recipient.address,
            mime=template.fill(values, postmark),
        )

    def _as_params(self, merged: _Merged, recipient: Recipient) -> Message:
        values = self._values(recipient)
        params = {name: gap.escape(value_of(gap.slot, values)) for name, gap in merged.gaps.items()}
        return Message(
            delivery=recipient.delivery,
            address=mail_address(recipient.address),
            params={**params, **merged.constants},
            headers=self._unsubscribe_headers(values) if self._stationery.public_url else {},
        )

    def _values(self, recipient: Recipient) -> dict[str, str]:
        person = recipient.subscriber
        values = dict(person.attributes) if person else {}
        values.pop("unsubscribe_url", None)
        values |= {"email": recipient.address, "name": person.name if person else ""}
        values["language"] = person.language if person else ""
        if self._stationery.public_url:
            key = person.key if person else "test"
            values["unsubscribe_url"] = unsubscribe_url(
                self._stationery.public_url, self._stationery.secret, key
            )
        return values

    def _message_id(self, recipient: Recipient) -> str:
        """Return an id that is unique, tells nothing, and is the same for a repeated call."""
        seed = f"{self._send.key}:{recipient.delivery}".encode()
        domain = mail_address(self._send.sender[1]).rpartition("@")[2]
        return f"{hashlib.sha256(seed).hexdigest()[:32]}@{domain}"

    def _unsubscribe(self, values: Mapping[str, str]) -> tuple[str, ...]:
        url = values.get("unsubscribe_url")
        mailto = self._stationery.unsubscribe_mailto
        return (url, mailto) if url else (mailto,)

    def _unsubscribe_headers(self, values: Mapping[str, str]) -> dict[str, str]:
        uris = self._unsubscribe(values)
        headers = {"List-Unsubscribe": ", ".join(f"<{uri}>" for uri in uris)}
        if uris[0].startswith("https:"):
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers

    def _headers_for_all(self) -> dict[str, str]:
        """Return the headers of a call; where each recipient has a link, theirs come before it."""
        return {"List-Id": f"<{self._stationery.list_id}>", **self._unsubscribe_headers({})}

    # --- one edition ---

    def _mime_template(self, edition_id: int) -> MimeTemplate:
        if edition_id not in self._mime:
            name, address = self._send.sender
            envelope = Envelope(
                sender=(name, mail_address(address)),
                reply_to=mail_address(self._send.reply_to),
                list_id=self._stationery.list_id,
            )
            self._mime[edition_id] = MimeTemplate(self._load_edition(edition_id), envelope)
        return self._mime[edition_id]

    def _merged_edition(self, edition_id: int, syntax: MergeSyntax) -> _Merged:
        if edition_id not in self._merged:
            self._merged[edition_id] = merge_edition(self._load_edition(edition_id), syntax)
        return self._merged[edition_id]


def merge_edition(edition: Edition, syntax: MergeSyntax) -> _Merged:
    """Write an edition in a provider's template language; all else in it stays plain text."""
    names: dict[tuple[str, Escape, str | None], str] = {}
    gaps: dict[str, Gap] = {}

    def write(template: Template) -> str:
        out = []
        for part in template.parts:
            if isinstance(part, Gap):
                key = (part.slot.name, part.escape, part.slot.fallback)
                # Names of our own making: those of attributes may not suit the provider.
                name = names.setdefault(key, f"v{len(names)}")
                gaps[name] = part
                out.append(syntax.placeholder(name))
            else:
                out.append(syntax.protect(part))
        return "".join(out)

    subject = write(take_apart(edition.subject, edition.slots, for_header))
    html = write(take_apart_html(edition.html, edition.slots))
    text = write(take_apart(edition.text, edition.slots, for_text))
    hazard = syntax.placeholder(syntax.hazard_name)
    used = any(hazard in part for part in (subject, html, text))
    constants = {syntax.hazard_name: syntax.hazard_value} if used else {}
    return _Merged(subject, html, text, gaps, constants)
