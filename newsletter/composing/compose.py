"""Turns batches into calls: an edition is prepared once, and each recipient is merged in."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from newsletter.addresses import mail_address
from newsletter.composing.letters import (
    ADDRESS,
    BATCH,
    DELIVERY,
    KEY,
    LEAVING,
    LINK,
    REFERENCE,
    mailto_of,
    own_headers,
    write_letter,
)
from newsletter.composing.mime import Envelope, MimeTemplate, Postmark
from newsletter.composing.redirects import Redirects, with_redirects
from newsletter.composing.slots import WHOLE
from newsletter.composing.wire import BodyTemplate
from newsletter.links import (
    ME,
    SURVEY_SLOT,
    MemberLinks,
    PreferenceLinks,
    SurveyLinks,
    UnsubscribeLinks,
)
from newsletter.mailkeys import LETTERS, DeliveryKeys, LeavingKeys, with_key
from newsletter.model import (
    MEMBER_SLOTS,
    Call,
    Edition,
    Message,
    Recipient,
    Slot,
    Stationery,
)
from newsletter.providers import Options, Provider

_LARGEST_CALL = 16_000_000  # bytes; several are in memory at once
_OWN = {"email", "name", "language", *WHOLE}  # slots that no attribute fills
_TYPICAL = {"name": "x" * 40, "email": "x" * 40, ADDRESS: "x" * 40, REFERENCE: "x" * 20} | {
    DELIVERY: "x" * LETTERS,
    LEAVING: "x" * LETTERS,
    **dict.fromkeys(MEMBER_SLOTS, "x" * 50),
}


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An edition as the provider wants it: a body to fill, or whole messages."""

    body: BodyTemplate | None
    mime: MimeTemplate | None
    language: str
    is_alone: bool  # whether a call takes one reader of it only
    asks_preferences: bool  # whether a slot is for the address where readers change their choices
    asks_who: bool  # whether links say who reads
    surveys: Mapping[str, SurveyLinks]  # by the slot for the token of somebody's own link
    asks_attributes: bool  # whether a slot needs an attribute from a further column of the list


class Composer:
    """Writes every reader's copy, to be checked or sent; many threads may use it at once."""

    def __init__(
        self,
        stationery: Stationery,
        provider: type[Provider],
        options: Options,
        *,
        load_edition: Callable[[int], Edition],
        now: Callable[[], dt.datetime],
    ) -> None:
        self.capabilities = provider.capabilities
        self._beginning = stationery.beginning
        self._stationery = stationery
        self._provider = provider
        self._options = options
        self.load_edition = load_edition
        self._now = now
        self._links = (
            UnsubscribeLinks(stationery.public_url, stationery.secret)
            if stationery.public_url
            else None
        )
        self._preferences = (
            PreferenceLinks(stationery.public_url, stationery.secret)
            if stationery.public_url
            else None
        )
        self._members = MemberLinks(stationery.secret) if stationery.names_readers else None
        counted = stationery.counted
        self._redirects = Redirects(stationery, counted) if counted else None
        self._deliveries = DeliveryKeys(stationery.key)
        self._leaving = LeavingKeys(stationery.secret) if stationery.leave_to else None
        self._prepared: dict[int, _Prepared] = {}
        self._lock = Lock()

    def compose(
        self, edition_id: int, recipients: Sequence[Recipient], *, key: str, batch: int
    ) -> Call:
        """Return the call for these readers of an edition; the same ones give the same call."""
        tags = (self._stationery.tag, f"{self._beginning}-b{batch}")
        prepared = self._prepare(edition_id)
        body, common = prepared.body, {BATCH: tags[1], KEY: key}
        readers = [self._values(r, common, prepared) for r in recipients]
        return Call(
            key=key,
            tags=tags,
            folder=self._stationery.folder,
            sender=self._stationery.sender,
            messages=tuple(
                Message(
                    r.delivery,
                    values[ADDRESS],
                    *self._mime(prepared, values),
                    with_key(self._stationery.return_to, values[DELIVERY]),
                )
                for r, values in zip(recipients, readers, strict=True)
            ),
            body=body.fill(common, readers) if body else b"",
            content_type=body.content_type if body else "",
            is_scheduled=self._stationery.scheduled_at is not None,
        )

    def fits(self, edition_id: int, call: Call) -> bool:
        """Return whether a call keeps within the provider's limits of bytes."""
        prepared, can = self._prepare(edition_id), self.capabilities
        body = prepared.body
        if prepared.is_alone and len(call.messages) > 1:
            return False
        if body is None:
            return True
        entries = len(call.body) - body.frame_bytes
        limits = ((can.batch_bytes, len(call.body)), (can.entry_bytes, entries))
        return all(not most or size <= most for most, size in limits)

    def _mime(self, prepared: _Prepared, values: Mapping[str, str]) -> tuple[bytes, bool]:
        """Return a whole message; an empty one where the provider is to write it."""
        if prepared.mime is None:
            return b"", False
        postmark = Postmark(
            address=values[ADDRESS],
            date=self._now(),
            message_id=f"{values[DELIVERY]}@{self._stationery.sender[1].rpartition('@')[2]}",
            headers=own_headers(
                self._stationery,
                prepared.language,
                link=values.get(LINK, "") if self._links else "",
                delivery=values[DELIVERY],
                leaving=values.get(LEAVING, ""),
            ),
        )
        return prepared.mime.fill_and_tell(values, postmark)

    def _values(
        self, recipient: Recipient, common: Mapping[str, str], prepared: _Prepared
    ) -> dict[str, str]:
        values = recipient.attributes if prepared.asks_attributes else {}
        for name in WHOLE:
            values.pop(name, None)
        values |= common
        values["email"] = recipient.address
        values["name"] = recipient.name
        values["language"] = recipient.language
        values[ADDRESS] = mail_address(recipient.address)
        values[REFERENCE] = f"{self._beginning}-{recipient.delivery}"
        # Unique, reveals nothing, and is the same for a repeated call.
        values[DELIVERY] = self._deliveries.key_for(recipient.delivery)
        key = recipient.key or "test"
        if self._leaving:
            values[LEAVING] = self._leaving.key_for(key)
        if self._links:
            values[LINK] = self._links.link_for(key)
        elif self._leaving:
            values[LINK] = mailto_of(self._stationery, prepared.language, values[LEAVING])
        if self._preferences and prepared.asks_preferences:
            values["preferences_url"] = self._preferences.link_for(key)
        if self._members and prepared.asks_who and recipient.key:
            token = self._members.link_for(recipient.key)
            values |= dict(zip(MEMBER_SLOTS, (f"?{ME}={token}", f"{ME}={token}&"), strict=True))
        if recipient.key:
            tokens = prepared.surveys.items()
            values |= {name: links.link_for(recipient.key) for name, links in tokens}
        if self._redirects:
            values |= self._redirects.values_for(recipient.delivery, recipient.tracking)
        return values

    def _prepare(self, edition_id: int) -> _Prepared:
        with self._lock:
            if edition_id not in self._prepared:
                self._prepared[edition_id] = _prepare(
                    self.load_edition(edition_id),
                    self._stationery,
                    self._provider,
                    self._options,
                )
            return self._prepared[edition_id]


def batch_size(
    edition: Edition,
    stationery: Stationery,
    provider: type[Provider],
    options: Options,
    *,
    wanted: int,
) -> int:
    """Return how many readers of an edition go into one call: as many as fit, at most `wanted`."""
    can = provider.capabilities
    prepared = _prepare(edition, stationery, provider, options)
    if prepared.is_alone:
        return 1
    body = prepared.body
    each = body.longest_entry(_TYPICAL) if body else len(edition.html) + len(edition.text)
    frame = body.frame_bytes if body else 0
    rooms = [(can.batch_bytes or _LARGEST_CALL) - frame, can.entry_bytes or _LARGEST_CALL]
    return max(1, min(wanted, *(min(room, _LARGEST_CALL) // each for room in rooms)))


def _prepare(
    edition: Edition, stationery: Stationery, provider: type[Provider], options: Options
) -> _Prepared:
    """Encode an edition once, so that only recipients are left to merge in."""
    if stationery.counted:
        edition = with_redirects(edition, stationery.counted)
    letter, gaps = write_letter(edition, stationery, provider.capabilities.merge)
    form = provider.form(letter, options)
    mime = None
    if form is None:
        common = {n: v for n, v in letter.headers.items() if n not in letter.own_headers}
        envelope = Envelope(sender=letter.sender, reply_to=letter.reply_to, headers=common)
        mime = MimeTemplate(edition, envelope)
    return _Prepared(
        body=BodyTemplate(form, gaps) if form else None,
        mime=mime,
        language=edition.language,
        is_alone=bool(edition.enclosures) and provider.capabilities.encloses_alone,
        asks_preferences=any(slot.name == "preferences_url" for slot in edition.slots),
        asks_who=any(slot.name in MEMBER_SLOTS for slot in edition.slots),
        surveys=_survey_links(edition, stationery),
        asks_attributes=any(_is_attribute(slot) for slot in edition.slots),
    )


def _survey_links(edition: Edition, stationery: Stationery) -> Mapping[str, SurveyLinks]:
    names = {slot.name for slot in edition.slots if slot.name.startswith(SURVEY_SLOT)}
    secret = stationery.secret if stationery.names_readers else ""
    return {n: SurveyLinks(secret, n.removeprefix(SURVEY_SLOT)) for n in names if secret}


def _is_attribute(slot: Slot) -> bool:
    return slot.name not in _OWN and not slot.name.startswith("@")
