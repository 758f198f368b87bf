"""Who gets an issue, and which variant of it: one rule for the plan, for tests and the preview."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from newsletter.language import choose_language, language_of, tag_of
from newsletter.ledger import Choice
from newsletter.model import Segment, Subscriber, Variant
from newsletter.press import Manuscript


def choice_of(manuscript: Manuscript, segment: Segment | None = None, *, zone: ZoneInfo) -> Choice:
    """Return whom an issue is for, in the form the ledger takes."""
    return Choice(
        languages=tuple(manuscript.issues),
        default_language=manuscript.lead.language,
        segment=segment or manuscript.lead.segment,
        conditions=tuple(_conditions(manuscript)),
        needs={lang: i.needs for lang, i in manuscript.issues.items() if i.skip_empty},
        zone=zone,
    )


def variant_for(manuscript: Manuscript, person: Subscriber | None, zone: ZoneInfo) -> Variant:
    """Return the variant a person gets; a stranger gets every conditional block."""
    lead = manuscript.lead.language
    conditions = _conditions(manuscript)
    if person is None:
        return Variant(language=lead, met=frozenset(conditions))
    language = choose_language(person.language, manuscript.issues, otherwise=lead)
    known = known_of(person, zone)
    return Variant(language=language, met=frozenset(c for c in conditions if c.holds(known)))


def fullest_in(manuscript: Manuscript, language: str) -> Variant | None:
    """Return the variant of a language with every block; None if the issue is not written in it."""
    wanted = (tag_of(language), language_of(language))
    return next((v for v in manuscript.variants() if tag_of(v.language) in wanted), None)


def _conditions(manuscript: Manuscript) -> list[Segment]:
    return sorted({c for issue in manuscript.issues.values() for c in issue.conditions})


def known_of(person: Subscriber, zone: ZoneInfo) -> Mapping[str, str]:
    """Return what segments can ask of a subscriber."""
    joined = person.joined_at
    return {
        **person.attributes,
        "email": person.address,
        "name": person.name,
        "language": person.language,
        "standing": person.standing,
        "joined": joined.astimezone(zone).date().isoformat() if joined else "",
    }
