"""Makes calls out of batches: an edition is prepared once, each recipient is joined in."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from newsletter.addresses import mail_address
from newsletter.delivery.letters import (
    ADDRESS,
    BATCH,
    KEY,
    REFERENCE,
    Stationery,
    write_letter,
)
from newsletter.delivery.wire import BodyTemplate
from newsletter.ledger.batches import Batch
from newsletter.ledger.claims import Recipient
from newsletter.ledger.sends import Send
from newsletter.links import UnsubscribeLinks
from newsletter.model import Edition
from newsletter.model.post import Call, Message
from newsletter.providers import Provider
from newsletter.render.mime import Envelope, MimeTemplate, Postmark

_LARGEST_CALL = 16_000_000  # bytes; several are in memory at once
_OWN = {"email", "name", "language", "unsubscribe_url"}  # slots that no column fills
_TYPICAL = {"name": "x" * 40, "email": "x" * 40, ADDRESS: "x" * 40, REFERENCE: "x" * 20}


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An edition as the provider wants it: a body to fill, or whole messages."""

    body: BodyTemplate | None
    mime: MimeTemplate | None
    asks_attributes: bool  # whether a slot is filled from a further column of the list


class Composer:
    """Composes the calls of one send; many threads may ask it at once."""

    def __init__(
        self,
        send: Send,
        stationery: Stationery,
        provider: Provider,
        *,
        load_edition: Callable[[int], Edition],
        now: Callable[[], dt.datetime],
    ) -> None:
        self.capabilities = provider.capabilities
        self._send = send
        self._beginning = send.key[:8]  # of all references; opaque
        self._stationery = stationery
        self._provider = provider
        self._load_edition = load_edition
        self._now = now
        self._links = (
            UnsubscribeLinks(stationery.public_url, stationery.secret)
            if stationery.public_url
            else None
        )
        self._prepared: dict[int, _Prepared] = {}
        self._lock = Lock()

    def compose(self, batch: Batch, recipients: Sequence[Recipient]) -> Call:
        """Return the call for these recipients of a batch; the same ones give the same call."""
        send = self._send
        tags = (send.tag, f"{self._beginning}-b{batch.id}")
        prepared = self._prepare(batch.edition_id)
        call = Call(
            key=batch.key,
            tags=tags,
            folder=f"{send.issue_id}-test" if send.is_test else send.issue_id,
            sender=self._stationery.sender,
            messages=(),
            is_scheduled=self._stationery.scheduled_at is not None,
        )
        common = {BATCH: tags[1], KEY: batch.key}
        readers = [self._values(r, common, prepared) for r in recipients]
        pairs = zip(recipients, readers, strict=True)
        if prepared.mime:
            messages = tuple(self._whole(prepared.mime, r, values) for r, values in pairs)
            return replace(call, messages=messages)
        assert prepared.body  # noqa: S101 - it is one or the other
        return replace(
            call,
            messages=tuple(
                Message(delivery=r.delivery, address=values[ADDRESS]) for r, values in pairs
            ),
            body=prepared.body.fill(common, readers),
            content_type=prepared.body.content_type,
        )

    def fits(self, batch: Batch, call: Call) -> bool:
        """Tell whether a call keeps within the provider's limits of bytes."""
        body = self._prepare(batch.edition_id).body
        can = self.capabilities
        if body is None:
            return True
        entries = len(call.body) - body.frame_bytes
        limits = ((can.batch_bytes, len(call.body)), (can.entry_bytes, entries))
        return all(not most or size <= most for most, size in limits)

    def _whole(
        self, mime: MimeTemplate, recipient: Recipient, values: Mapping[str, str]
    ) -> Message:
        link, mailto = values.get("unsubscribe_url"), self._stationery.unsubscribe_mailto
        postmark = Postmark(
            address=values[ADDRESS],
            message_id=self._message_id(recipient),
            date=self._now(),
            unsubscribe=(link, mailto) if link else (mailto,),
        )
        return Message(
            delivery=recipient.delivery,
            address=values[ADDRESS],
            mime=mime.fill(values, postmark),
        )

    def _values(
        self, recipient: Recipient, common: Mapping[str, str], prepared: _Prepared
    ) -> dict[str, str]:
        values = recipient.attributes if prepared.asks_attributes else {}
        values.pop("unsubscribe_url", None)
        values |= common
        values["email"] = recipient.address
        values["name"] = recipient.name
        values["language"] = recipient.language
        values[ADDRESS] = mail_address(recipient.address)
        values[REFERENCE] = f"{self._beginning}-{recipient.delivery}"
        if self._links:
            values["unsubscribe_url"] = self._links.to_leave(recipient.key or "test")
        return values

    def _message_id(self, recipient: Recipient) -> str:
        """Return an id that is unique, tells nothing, and is the same for a repeated call."""
        seed = f"{self._send.key}:{recipient.delivery}".encode()
        domain = self._stationery.sender[1].rpartition("@")[2]
        return f"{hashlib.sha256(seed).hexdigest()[:32]}@{domain}"

    def _prepare(self, edition_id: int) -> _Prepared:
        with self._lock:
            if edition_id not in self._prepared:
                edition = self._load_edition(edition_id)
                self._prepared[edition_id] = prepare(edition, self._stationery, self._provider)
            return self._prepared[edition_id]


def prepare(edition: Edition, stationery: Stationery, provider: Provider) -> _Prepared:
    """Encode an edition once, so that recipients are only joined in."""
    letter, gaps = write_letter(edition, stationery, provider.capabilities.merge)
    form = provider.form(letter)
    asks_attributes = any(slot.name not in _OWN for slot in edition.slots)
    if form is not None:
        return _Prepared(BodyTemplate(form, gaps), None, asks_attributes)
    envelope = Envelope(
        sender=stationery.sender, reply_to=stationery.reply_to, list_id=stationery.list_id
    )
    return _Prepared(None, MimeTemplate(edition, envelope), asks_attributes)


def batch_size(edition: Edition, stationery: Stationery, provider: Provider, *, wanted: int) -> int:
    """Return how many readers of an edition go into one call: as many as fit, at most `wanted`."""
    can = provider.capabilities
    body = prepare(edition, stationery, provider).body
    each = body.longest_entry(_TYPICAL) if body else len(edition.html) + len(edition.text)
    frame = body.frame_bytes if body else 0
    rooms = [(can.batch_bytes or _LARGEST_CALL) - frame, can.entry_bytes or _LARGEST_CALL]
    return max(1, min(wanted, *(min(room, _LARGEST_CALL) // each for room in rooms)))
