"""Who gets an issue, and which variant of it: one rule for the plan, for tests and the preview."""

from newsletter.language import choose_language, language_of, tag_of
from newsletter.ledger import Choice
from newsletter.model import Condition, Subscriber, Variant
from newsletter.press import Manuscript


def choice_of(manuscript: Manuscript, segment: Condition | None = None) -> Choice:
    """Return whom an issue is for, in the form the ledger takes."""
    return Choice(
        languages=tuple(manuscript.issues),
        default_language=manuscript.lead.language,
        segment=segment or manuscript.lead.segment,
        conditions=tuple(_conditions(manuscript)),
        needs={lang: i.needs for lang, i in manuscript.issues.items() if i.skip_empty},
    )


def variant_for(manuscript: Manuscript, person: Subscriber | None) -> Variant:
    """Return the variant a person gets; a stranger gets every conditional block."""
    lead = manuscript.lead.language
    conditions = _conditions(manuscript)
    if person is None:
        return Variant(language=lead, met=frozenset(conditions))
    language = choose_language(person.language, manuscript.issues, otherwise=lead)
    return Variant(language=language, met=frozenset(c for c in conditions if _holds(c, person)))


def fullest_in(manuscript: Manuscript, language: str) -> Variant | None:
    """Return the variant of a language with every block; None if the issue is not written in it."""
    wanted = (tag_of(language), language_of(language))
    return next((v for v in manuscript.variants() if tag_of(v.language) in wanted), None)


def _conditions(manuscript: Manuscript) -> list[Condition]:
    return sorted({c for issue in manuscript.issues.values() for c in issue.conditions})


def _holds(condition: Condition, person: Subscriber) -> bool:
    """Return whether a subscriber meets a condition."""
    if condition.key == "language" and (code := language_of(condition.value)):
        is_exact = tag_of(condition.value) != code
        same = (
            person.language.replace("_", "-").lower() == condition.value.replace("_", "-").lower()
        )
        return same if is_exact else language_of(person.language) == code
    own = {"email": person.address, "name": person.name, "language": person.language}
    return own.get(condition.key, person.attributes.get(condition.key, "")) == condition.value
