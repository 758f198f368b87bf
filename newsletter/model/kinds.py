"""Kinds of blocks that a newsletter declares itself, and the variants of any kind."""

import re
from dataclasses import dataclass
from string import Formatter
from typing import Literal

BLOCK_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")  # what a block or a variant may be called

Holds = Literal["nothing", "line", "text", "picture and text", "blocks"]
Sort = Literal["text", "address", "picture", "number", "one of"]
Level = Literal["block", "row"]
Around = Literal["nothing", "lines", "quote"]


_VARIANTS = {"figure": ("wide",), "image": ("wide",)}  # of the package: from edge to edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """An argument that a block takes: `name=value` behind the word of the block."""

    name: str
    sort: Sort = "text"
    required: bool = False
    unnamed: bool = False  # whether it may be written without its name, right behind the block's
    choices: tuple[str, ...] = ()  # the values of one that is "one of"
    alt: str = ""  # the argument whose words stand in the place of a picture
    width: int = 600  # points in which a picture is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """How a block reads in the plain-text part."""

    first: tuple[str, ...] = ()  # lines above what it holds, such as "{label}: {title}"
    last: tuple[str, ...] = ()  # lines below
    around: Around = "nothing"


def names_in_braces(line: str) -> list[str]:
    """Return the words and arguments that a line of the text part names in braces."""
    return [name for _, name, _, _ in Formatter().parse(line) if name is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockKind:
    """A kind of block of the newsletter's own, as blocks/NAME.toml declares it."""

    name: str
    summary: str = ""  # what it is for, in a sentence
    holds: Holds = "blocks"
    level: Level = "block"  # within a column, or a row of the page, as a box is
    flows: bool = False  # whether a template writes it inside quotes, where MJML cannot stand
    parameters: tuple[Parameter, ...] = ()
    words: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()  # by language, then by name
    text: TextForm = TextForm()
    width: int = 600  # points in which the picture that it holds is shown

    @property
    def has_row(self) -> bool:
        """Return whether it is a row of the page itself."""
        return self.level == "row"

    def speaks(self, language: str) -> bool:
        """Return whether it has words in a language (BCP 47)."""
        return bool(self.words_in(language))

    def words_in(self, language: str) -> dict[str, str]:
        """Return its words in a language (BCP 47)."""
        by_language = {code: dict(words) for code, words in self.words}
        return by_language.get(language) or by_language.get(language.partition("-")[0]) or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """What a newsletter adds to the kinds of blocks that the program has."""

    own: tuple[BlockKind, ...] = ()
    variants: tuple[tuple[str, tuple[str, ...]], ...] = ()  # by kind, of all that have some
    unreadable: frozenset[str] = frozenset()  # names whose declarations are faulty
    undeclared: frozenset[str] = frozenset()  # names of templates that nothing declares

    def named(self, name: str) -> BlockKind | None:
        """Return the kind of a name, if the newsletter declares it."""
        return next((kind for kind in self.own if kind.name == name), None)

    def variants_of(self, name: str) -> tuple[str, ...]:
        """Return the variants of a kind."""
        return (*_VARIANTS.get(name, ()), *dict(self.variants).get(name, ()))


NO_KINDS = Kinds()
