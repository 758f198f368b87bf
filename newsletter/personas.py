"""Readers to try an issue on, the hard ones first, and what each of them would get."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from email.utils import parseaddr

from newsletter.addresses import mail_address
from newsletter.model import Edition, Subscriber, Variant
from newsletter.model.specimen import Persona, Specimen, take_specimen, with_lines
from newsletter.press import Manuscript, letterhead_of, list_id_of, reply_to_of
from newsletter.render import unsubscribe_mailto
from newsletter.render.mime import Envelope, MimeTemplate, Postmark
from newsletter.render.slots import take_apart_html
from newsletter.settings import Settings

_OWN = frozenset({"email", "unsubscribe_url"})  # slots that nobody writes into an issue by value
_TYPICAL = "Åke Örn-Jäärä"
_LONGEST = "Maria Magdalena Wilhelmiina von Hertzen-Lönnqvist af Särkilahti"
# What a careless import or an unkind subscriber may have put into a name: markup, a field of
# another language, a header of its own, an encoded word, and a change of direction.
_HOSTILE = '<b>"Aino" & Co</b> {{7*7}} =?utf-8?q?x?= \r\nBcc: x@example.org \u202eoniA\u202c 🎉'
_TWIN = "twin@example.org"
_TOKENS = {"twin": "y" * 64}  # as long as a signed link's
_TOKEN = "x" * 64


def personas_of(
    editions: Mapping[Variant, Edition], *, longest: Mapping[str, str] | None = None
) -> list[Persona]:
    """Return the hard readers of each variant.

    `longest` holds the longest value that somebody on the list has for a slot. A variant whose
    edition has no slots of the author's needs only one reader.
    """
    found: list[Persona] = []
    for variant, edition in editions.items():
        names = {slot.name for slot in edition.slots} - _OWN
        found += _hard_readers(variant, names, longest or {})
    return found


def twins_of(personas: Sequence[Persona]) -> list[Persona]:
    """Return a twin of each typical reader: only address and way out differ."""
    typical = (persona for persona in personas if persona.id == "typical")
    return [replace(persona, id="twin", address=_TWIN) for persona in typical]


def persona_for(person: Subscriber, variant: Variant) -> Persona:
    """Return a subscriber as a reader."""
    values = {**person.attributes, "name": person.name, "language": person.language}
    return Persona(
        id=f"subscriber:{person.address}",
        variant=variant,
        values=values,
        address=mail_address(person.address),
    )


def _hard_readers(
    variant: Variant, names: set[str], longest: Mapping[str, str]
) -> Iterator[Persona]:
    if not names:
        yield Persona(id="typical", variant=variant)
        return
    for id, name in (
        ("typical", _TYPICAL),
        ("empty", ""),
        ("longest", _LONGEST),
        ("hostile", _HOSTILE),
    ):
        values = dict.fromkeys(names, name)
        if id == "typical" and "region" in names:
            values["region"] = "Pohjois-Pohjanmaa"
        if id == "longest":
            values |= {n: longest[n] for n in names & set(longest) if longest[n]}
        yield Persona(id=id, variant=variant, values=values)


def take_specimens(
    settings: Settings,
    manuscript: Manuscript,
    editions: Mapping[Variant, Edition],
    personas: Sequence[Persona],
    *,
    now: dt.datetime,
) -> list[Specimen]:
    """Return what each persona gets; an edition is encoded once for all its readers."""
    specimens = []
    for variant, edition in editions.items():
        template = MimeTemplate(edition, _envelope(settings, manuscript))
        lined = take_apart_html(with_lines(edition), edition.slots)
        for persona in personas:
            if persona.variant == variant:
                values = _values(settings, persona)
                raw = template.fill(values, _postmark(settings, manuscript, edition, persona, now))
                html = lined.fill(values)
                specimens.append(take_specimen(raw, edition, persona, lined_html=html))
    return specimens


def _envelope(settings: Settings, manuscript: Manuscript) -> Envelope:
    name, address = parseaddr(manuscript.lead.sender or settings.newsletter.from_)
    return Envelope(
        sender=(name, mail_address(address)),
        reply_to=parseaddr(manuscript.lead.reply_to)[1] or reply_to_of(settings),
        list_id=list_id_of(settings),
    )


def _postmark(
    settings: Settings,
    manuscript: Manuscript,
    edition: Edition,
    persona: Persona,
    now: dt.datetime,
) -> Postmark:
    sender = parseaddr(manuscript.lead.sender or settings.newsletter.from_)[1]
    domain = mail_address(sender).rpartition("@")[2]
    language = settings.newsletter.language
    mailto = unsubscribe_mailto(letterhead_of(settings, language), language)
    link = _values(settings, persona).get("unsubscribe_url")
    return Postmark(
        address=persona.address,
        message_id=f"{edition.digest[:32]}@{domain}",
        date=now,
        unsubscribe=(link, mailto) if link else (mailto,),
    )


def _values(settings: Settings, persona: Persona) -> Mapping[str, str]:
    url = settings.newsletter.public_url
    token = _TOKENS.get(persona.id, _TOKEN)
    own = {"unsubscribe_url": f"{url}/u/{token}"} if url else {}
    return {**persona.values, "email": persona.address, **own}
