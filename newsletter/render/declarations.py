"""What a file blocks/NAME.toml may say: a block of the newsletter's own, or variants of any."""

import re
from collections.abc import Iterable, Iterator
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from newsletter.language import Wording, lookalike, say
from newsletter.model.kinds import (
    BLOCK_NAME,
    Around,
    BlockKind,
    Holds,
    Level,
    Parameter,
    Sort,
    TextForm,
)

_METHODS = frozenset(vars(dict))  # names that templates would not read as those of an argument
_WIDEST = 600  # points

Fault = tuple[tuple[str, ...], Wording, Wording | str]  # keys, what is wrong, how to mend it


def _word(value: str) -> str:
    if not BLOCK_NAME.fullmatch(value):
        raise ValueError(say("expected small letters a to z, digits and hyphens"))
    return value


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value) or value in _METHODS:
        raise ValueError(say("expected another name, of small letters a to z, digits and _"))
    return value


def _line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError(say("expected words on one line"))
    return value.strip()


Name = Annotated[str, AfterValidator(_name)]
OneLine = Annotated[str, AfterValidator(_line)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Width = Annotated[int, Field(ge=16, le=_WIDEST)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ArgumentTable(_Table):
    """[arguments.NAME]: what an author may write behind the name of the block."""

    kind: Sort = "text"
    required: bool = False
    unnamed: bool = False
    choices: list[OneLine] = []
    alt: str = ""
    width: Width = _WIDEST


class TextTable(_Table):
    """[text]: how the block reads in the plain-text part."""

    first: list[OneLine] = []
    last: list[OneLine] = []
    around: Around = "nothing"


class Declaration(_Table):
    """A whole file blocks/NAME.toml."""

    summary: OneLine = ""
    holds: Holds = "blocks"
    level: Level = "block"
    width: Width = _WIDEST
    variants: list[Annotated[str, AfterValidator(_word)]] = []
    arguments: dict[Name, ArgumentTable] = {}
    words: dict[Language, dict[Name, OneLine]] = {}
    text: TextTable = TextTable()

    def kind(self, name: str, *, flows: bool) -> BlockKind:
        """Return the kind of block that it declares."""
        parameters = (
            Parameter(
                name=key,
                sort=table.kind,
                required=table.required,
                unnamed=table.unnamed,
                choices=tuple(table.choices),
                alt=table.alt,
                width=table.width,
            )
            for key, table in self.arguments.items()
        )
        return BlockKind(
            name=name,
            summary=self.summary,
            holds=self.holds,
            level=self.level,
            flows=flows,
            parameters=tuple(parameters),
            words=tuple((code, tuple(words.items())) for code, words in self.words.items()),
            text=TextForm(
                first=tuple(self.text.first), last=tuple(self.text.last), around=self.text.around
            ),
            width=self.width,
        )

    def faults(self) -> Iterator[Fault]:
        """Yield what does not go together, although each value is well-formed."""
        for name, table in self.arguments.items():
            yield from self._faults_of(name, table)
        unnamed = [name for name, table in self.arguments.items() if table.unnamed]
        for name in unnamed[1:]:
            message = say("“{first}” is already unnamed", first=unnamed[0])
            yield ("arguments", name, "unnamed"), message, say("let one argument be unnamed")
        yield from self._faults_of_words()
        yield from self._faults_of_text()

    def _faults_of(self, name: str, table: ArgumentTable) -> Iterator[Fault]:
        place = ("arguments", name)
        if table.kind == "one of" and not table.choices:
            hint = say('write choices = ["small", "large"]')
            yield (*place, "kind"), say("“{name}” is one of nothing", name=name), hint
        if table.kind != "one of" and table.choices:
            message = say("only an argument that is “one of” has choices")
            yield (*place, "choices"), message, say('write kind = "one of"')
        texts = [n for n, other in self.arguments.items() if other.kind == "text"]
        if table.kind == "picture" and table.alt not in texts:
            message = say("a picture needs the argument whose words stand in its place")
            hint = lookalike(table.alt, texts) or say(
                'name an argument that is text: alt = "title"'
            )
            yield (*place, "alt"), message, hint
        if table.kind != "picture" and table.alt:
            message = say("only a picture has an alternative text")
            yield (*place, "alt"), message, say('write kind = "picture"')

    def _faults_of_words(self) -> Iterator[Fault]:
        if not self.words:
            return
        known = {name for words in self.words.values() for name in words}
        for code, words in self.words.items():
            for name in sorted(known - set(words)):
                message = say("“{name}” has no words in “{language}”", name=name, language=code)
                yield ("words", code), message, say("say it in every language, or in none")
        for name in sorted(known & set(self.arguments)):
            message = say("“{name}” is a word and an argument", name=name)
            yield ("arguments", name), message, say("give one of the two another name")

    def _faults_of_text(self) -> Iterator[Fault]:
        known = [name for words in self.words.values() for name in words]
        known += [name for name, table in self.arguments.items() if table.kind != "picture"]
        for key, lines in (("first", self.text.first), ("last", self.text.last)):
            for line in lines:
                for message, hint in _faults_in(line, list(dict.fromkeys(known))):
                    yield ("text", key), message, hint


def _faults_in(line: str, known: Iterable[str]) -> Iterator[tuple[Wording, Wording | str]]:
    try:
        parts: list[Any] = list(Formatter().parse(line))
    except ValueError:
        message = say("“{line}” has a brace without a partner", line=line)
        yield message, say("write two braces for one that readers see")
        return
    names = list(known)
    for _, name, form, conversion in parts:
        if name is not None and (name not in names or form or conversion):
            message = say(
                "“{line}” names “{name}”, which is neither a word nor an argument",
                line=line,
                name=name,
            )
            there = say("there are: {names}", names=", ".join(names)) if names else ""
            yield message, lookalike(name, names) or there
