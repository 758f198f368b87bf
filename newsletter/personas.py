"""Readers to try an issue on, the difficult ones first, and what each of them would get."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from newsletter.composing import Composer, Envelope, MimeTemplate, Postmark
from newsletter.gateway import options_of, provider_class
from newsletter.model import (
    ANYBODY,
    MEMBER_SLOTS,
    Copy,
    Counting,
    Edition,
    Persona,
    Recipient,
    Specimen,
    Standing,
    Stationery,
    Subscriber,
    Tracking,
    Variant,
    with_lines,
)
from newsletter.settings import Settings

# Slots that authors do not fill by value.
_OWN = frozenset({"email", "unsubscribe_url", "preferences_url", *MEMBER_SLOTS})
_TYPICAL = "Åke Örn-Jäärä"
_LONGEST = "Maria Magdalena Wilhelmiina von Hertzen-Lönnqvist af Särkilahti"
# What a careless import or a malicious subscriber may have put into a name: markup, another
# language's merge field, a header, an encoded word, and a change of direction.
_HOSTILE = '<b>"Aino" & Co</b> {{7*7}} =?utf-8?q?x?= \r\nBcc: x@example.org \u202eoniA\u202c 🎉'
# Their links lead nowhere: nobody has these keys, and they are not signed with the newsletter's
# secret.
_KEYS, _KEY = {"twin": "y" * 20, "counted-twin": "y" * 20}, "x" * 20
_CALL = "00000000-0000-4000-8000-000000000000"


def personas_of(
    editions: Mapping[Variant, Edition], *, longest: Mapping[str, str] | None = None
) -> list[Persona]:
    """Return the difficult readers of each variant.

    `longest` has the longest value that anybody on the list has for a slot. A variant whose edition
    has no slots of the author's needs only one reader.
    """
    found: list[Persona] = []
    for variant, edition in editions.items():
        names = {slot.name for slot in edition.slots} - _OWN
        found += _hard_readers(variant, names, longest or {})
    return found


def twins_of(personas: Sequence[Persona]) -> list[Persona]:
    """Return a twin of each typical reader: only the address and the unsubscribe link differ."""
    typical = (persona for persona in personas if persona.id == "typical")
    return [replace(persona, id="twin", address="twin@example.org") for persona in typical]


def counted_of(personas: Sequence[Persona], counting: Counting) -> list[Persona]:
    """Return two readers of each variant who take part in counting, if that is done here."""
    if not counting.is_ours:
        return []
    typical = [p for p in personas if p.id == "typical"]
    return [
        replace(persona, id=id, address=address, tracking=Tracking.GRANTED)
        for id, address in (("counted", ANYBODY), ("counted-twin", "twin@example.org"))
        for persona in typical
    ]


def persona_for(person: Subscriber, variant: Variant) -> Persona:
    """Return a subscriber as a persona."""
    values = {**person.attributes, "name": person.name, "language": person.language}
    return Persona(
        id=f"subscriber:{person.address}",
        variant=variant,
        values=values,
        address=person.address,
        tracking=person.tracking,
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
        address = ANYBODY if id == "typical" else f"{id}@example.org"
        yield Persona(id=id, variant=variant, values=values, address=address)


def take_specimens(
    settings: Settings,
    stationery: Stationery,
    editions: Mapping[Variant, Edition],
    personas: Sequence[Persona],
    *,
    through: str = "",
    now: dt.datetime,
) -> list[Specimen]:
    """Return what each persona gets, read back from the calls by which the provider would send it.

    `through` names a provider other than that of the settings. An edition is encoded once for all
    its readers, and once more with the lines of the issue.
    """
    specimens, provider = [], provider_class(settings, through)
    for variant, edition in editions.items():
        readers = [persona for persona in personas if persona.variant == variant]
        recipients = [_recipient(number, persona) for number, persona in enumerate(readers)]
        lined = replace(edition, html=with_lines(edition), text="", pictures=())
        composer = Composer(
            stationery,
            provider,
            options_of(settings),
            load_edition=(edition, lined).__getitem__,
            now=lambda: now,
        )
        calls = [composer.compose(at, recipients, key=_CALL, batch=0) for at in (0, 1)]
        copies = zip(readers, *map(provider.read_back, calls), strict=True)
        specimens += [
            Specimen(
                persona=persona,
                edition=edition,
                address=copy.address,
                headers=copy.headers,
                subject=copy.subject,
                html=copy.html,
                text=copy.text,
                raw=copy.raw or _as_message(copy, edition, now),
                lined_html=with_places.html,
            )
            for persona, copy, with_places in copies
        ]
    return specimens


def _recipient(number: int, persona: Persona) -> Recipient:
    values = dict(persona.values)
    return Recipient(
        delivery=number,
        address=persona.address,
        key=_KEYS.get(persona.id, _KEY),
        name=values.pop("name", ""),
        language=values.pop("language", ""),
        attributes_json=json.dumps(values),
        standing=Standing.ACTIVE,
        tracking=persona.tracking,
    )


def _as_message(copy: Copy, edition: Edition, now: dt.datetime) -> bytes:
    """Write a provider's form as a mail; the provider adds the rest itself."""
    shown = {"from", "to", "subject", "reply-to"}
    headers = {name: value for name, value in copy.headers if name.lower() not in shown}
    envelope = Envelope(sender=copy.sender, reply_to=copy.reply_to, headers=headers)
    final = replace(edition, subject=copy.subject, html=copy.html, text=copy.text, slots=())
    return MimeTemplate(final, envelope).fill({}, Postmark(address=copy.address, date=now))
