"""The phrases that mark unwritten parts of a draft, by language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of one language; a bracket distinguishes each from ordinary words."""

    write: str  # text is missing here; what it is about follows, and a closing bracket
    translate: str  # precedes text still in the language it is translated from
    renew: str  # precedes text still from an older issue


MARKS: Mapping[str, Marks] = {
    "fi": Marks(write="(kirjoita tähän", translate="(käännä)", renew="(päivitä)"),
    "sv": Marks(write="(skriv här", translate="(översätt)", renew="(uppdatera)"),
    "en": Marks(write="(write here", translate="(translate)", renew="(update)"),
}

# Language -> phrases, in lower case, that no finished issue contains. A draft in one language may
# contain those of another, so all of them are searched for in each.
LEFTOVERS: Mapping[str, tuple[str, ...]] = {
    language: (marks.write, marks.translate, marks.renew) for language, marks in MARKS.items()
}


def is_unwritten(text: str) -> bool:
    """Return whether a text has a mark of any language."""
    own = text.lower()
    return any(phrase in own for phrases in LEFTOVERS.values() for phrase in phrases)


def marks_for(language: str) -> Marks:
    """Return the marks of a language, the English ones for a language without any."""
    return MARKS.get(language.split("-", maxsplit=1)[0], MARKS["en"])
