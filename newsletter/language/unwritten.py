"""The words in a draft that stand for what its editor has yet to write, by language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of one language; a bracket keeps each apart from ordinary words."""

    write: str  # words are to come here; what they are about follows, and a closing bracket
    translate: str  # stands before what is still in the language it is translated from
    renew: str  # stands before what is still from an older issue


MARKS: Mapping[str, Marks] = {
    "fi": Marks(write="(kirjoita tähän", translate="(käännä)", renew="(päivitä)"),
    "sv": Marks(write="(skriv här", translate="(översätt)", renew="(uppdatera)"),
    "en": Marks(write="(write here", translate="(translate)", renew="(update)"),
}

# Language -> phrases, in small letters, that no finished issue holds. A draft in one language may
# hold those of another, so all of them are looked for in each.
LEFTOVERS: Mapping[str, tuple[str, ...]] = {
    language: (marks.write, marks.translate, marks.renew) for language, marks in MARKS.items()
}


def marks_for(language: str) -> Marks:
    """Return the marks of a language, English where the program does not speak it."""
    return MARKS.get(language.split("-", maxsplit=1)[0], MARKS["en"])
