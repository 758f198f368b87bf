"""Reads what stands behind the name of a block: a variant, and arguments such as link=https://..."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from newsletter.content.directive_input import DirectiveError
from newsletter.content.typesetting import set_title, set_words
from newsletter.language import Wording, closest, lookalike, say
from newsletter.model import Argument, BlockKind, Image, Parameter

# Word processors make quotation marks of three kinds out of those on the keyboard.
_PIECE = re.compile(
    r"""(?:(?P<name>[^\W\d][\w-]*)=)?
    (?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|[“”„](?P<c>[^“”„]*)[“”„]|(?P<d>\S+)|(?(name)|(?!)))(?=\s|$)""",
    re.VERBOSE,
)
_MARKS = frozenset('"“”„')  # a lone apostrophe may be part of a word
_NUMBER = re.compile(r"[-−+]?\d{1,12}(?:[.,]\d{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A word behind the name of a block, or an argument with its name."""

    name: str  # empty for a word
    value: str
    is_quoted: bool


def pieces_of(words: str) -> list[Piece]:
    """Return the words and the arguments behind the name of a block, in order."""
    return [
        Piece(
            name=found["name"] or "",
            value=next((found[n] for n in "abcd" if found[n] is not None), ""),
            is_quoted=any(found[n] is not None for n in "abc"),
        )
        for found in _PIECE.finditer(words)
    ]


def take_variant(words: str, variants: Sequence[str]) -> tuple[str, str]:
    """Return the variant that words begin with, empty if with none, and the words behind it."""
    first, _, rest = words.partition(" ")
    return (first, rest.strip()) if first in variants else ("", words)


def mark_texts(words: str, kind: BlockKind, mark: str) -> str:
    """Return the arguments of a block with a mark before each that is text."""
    texts = {p.name for p in kind.parameters if p.sort == "text"}
    takes_words = any(p.unnamed and p.name in texts for p in kind.parameters)
    parts: list[str] = []
    for found in _PIECE.finditer(words):
        name = f"{found['name']}=" if found["name"] else ""
        value = found[0].removeprefix(name)
        is_text = name.rstrip("=") in texts if name else takes_words and not parts
        if not (is_text and value):
            parts.append(found[0])
        elif found["d"] is None:  # between quotation marks
            parts.append(f"{name}{value[:1]}{mark} {value[1:]}")
        else:
            parts.append(f'{name}"{mark} {value}"' if name else f"{mark} {value}")
    return " ".join(parts)


def read_arguments(
    words: str, kind: BlockKind, *, line: int, type_: str, variants: Sequence[str] = ()
) -> tuple[Argument, ...]:
    """Return what an author gave a block; raise DirectiveError for what it does not take.

    `type_` is the language in whose type texts are set; empty leaves them to the letter.
    """
    pieces = pieces_of(words)
    _require_closed(pieces)
    raw = _by_name(pieces, kind, variants)
    _require_all(raw, kind)
    given = {
        p.name: _argument(p, raw[p.name], line=line, type_=type_)
        for p in kind.parameters
        if p.name in raw
    }
    return tuple(_with_alt(p, given) for p in kind.parameters if p.name in given)


def knows_no_argument(block: str, name: str, known: Sequence[str]) -> DirectiveError:
    """Return the error about an argument that a block does not take."""
    message = say("“{block}” knows no argument “{name}=”", block=block, name=name)
    if not known:
        return DirectiveError(message, say("take it out: it takes none"))
    names = ", ".join(f"{one}=" for one in known)
    return DirectiveError(message, lookalike(name, known) or say("it takes: {names}", names=names))


def _require_closed(pieces: Sequence[Piece]) -> None:
    """Raise DirectiveError for a quotation mark that opens words and has no partner behind them."""
    loose = [piece for piece in pieces if not piece.is_quoted]
    for number, piece in enumerate(loose):
        rest = [piece.value[1:], *(later.value for later in loose[number + 1 :])]
        if piece.value[:1] in _MARKS and not any(_MARKS & set(value) for value in rest):
            raise DirectiveError(
                say("the quotation mark before “{word}” is never closed", word=piece.value[1:]),
                say("write another one behind the last of the words, or take it out"),
            )


def _by_name(pieces: Sequence[Piece], kind: BlockKind, variants: Sequence[str]) -> dict[str, str]:
    """Return each argument as it is written, by its name."""
    unnamed = next((p.name for p in kind.parameters if p.unnamed), "")
    raw: dict[str, str] = {}
    last: Piece | None = None
    for piece in pieces:
        if piece.name:
            _require_new(piece.name, raw, kind)
            raw[piece.name] = piece.value.strip()
            last = piece
        elif unnamed and last is None:
            _require_no_slip(piece, raw, kind, variants)
            raw[unnamed] = f"{raw.get(unnamed, '')} {piece.value}".strip()
        else:
            raise _unknown_word(piece.value, kind, variants, last)
    return raw


def _require_no_slip(
    piece: Piece, raw: Iterable[str], kind: BlockKind, variants: Sequence[str]
) -> None:
    """Raise DirectiveError for a first word that was most likely meant to be a variant."""
    meant = "" if piece.is_quoted or raw else closest(piece.value, variants, likeness=0.75)
    if meant:
        raise DirectiveError(
            say("“{name}” knows no word “{word}”", name=kind.name, word=piece.value),
            say(
                "did you mean “{meant}”? What readers are to see stands between quotation marks",
                meant=meant,
            ),
        )


def _require_new(name: str, raw: Iterable[str], kind: BlockKind) -> None:
    names = [parameter.name for parameter in kind.parameters]
    if name not in names:
        raise knows_no_argument(kind.name, name, names)
    if name in raw:
        raise DirectiveError(say("“{name}=” is there twice", name=name), say("keep one of them"))


def _unknown_word(
    word: str, kind: BlockKind, variants: Sequence[str], last: Piece | None
) -> DirectiveError:
    message = say("“{name}” knows no word “{word}”", name=kind.name, word=word)
    if last and not last.is_quoted:
        hint = say('put words with spaces between quotation marks: {name}="..."', name=last.name)
        return DirectiveError(message, hint)
    return DirectiveError(message, takes(kind, variants, word))


def takes(kind: BlockKind, variants: Sequence[str], word: str) -> Wording:
    """Return what may stand behind the name of a block, or what a word was meant to be."""
    named = [f"{p.name}={example_of(p)}" for p in kind.parameters]
    if meant := lookalike(word, variants):
        return meant
    if not named and not variants:
        return say("write it on a line of its own, between the colons")
    return say("it takes: {names}", names=", ".join((*variants, *named)))


def example_of(parameter: Parameter) -> str:
    """Return what a value of an argument looks like."""
    return {
        "text": '"..."',
        "address": "https://...",
        "picture": "2026-12/picture.jpg",
        "number": "46",
        "one of": "|".join(parameter.choices),
    }[parameter.sort]


def _require_all(raw: Iterable[str], kind: BlockKind) -> None:
    for parameter in kind.parameters:
        if parameter.required and parameter.name not in raw:
            raise DirectiveError(
                say("“{block}” needs “{name}=”", block=kind.name, name=parameter.name),
                say(
                    "write it behind the name: ::: {block} {example}",
                    block=kind.name,
                    example=f"{parameter.name}={example_of(parameter)}",
                ),
            )


def _argument(parameter: Parameter, raw: str, *, line: int, type_: str) -> Argument:
    name = parameter.name
    if not raw:
        raise DirectiveError(
            say("“{name}=” has no value", name=name),
            say("write {example}, or leave it out", example=f"{name}={example_of(parameter)}"),
        )
    if parameter.sort == "number":
        return Argument(name=name, value=_number(name, raw), written=raw)
    if parameter.sort == "one of":
        choice = _choice(parameter, raw)
        return Argument(name=name, value=choice, written=choice)
    if parameter.sort == "text":
        words = set_words(raw, type_) if type_ else raw
        html = set_title(raw, type_) if type_ else escape(raw)
        return Argument(name=name, value=words, written=words, html=html)
    if parameter.sort == "picture":
        return Argument(name=name, value=Image(line=line, source=raw, alt=""), written=raw)
    if any(sign.isspace() for sign in raw):
        raise DirectiveError(
            say("“{address}” is no address: it has spaces in it", address=raw),
            say("write %20 in place of each space"),
        )
    return Argument(name=name, value=raw, written=raw)


def _number(name: str, raw: str) -> float:
    if not _NUMBER.fullmatch(raw):
        raise DirectiveError(
            say("“{name}={value}” is not a number", name=name, value=raw),
            say("write digits such as 46 or 4,5, and nothing else"),
        )
    number = float(raw.replace("−", "-").replace(",", "."))
    return int(number) if number.is_integer() else number


def _choice(parameter: Parameter, raw: str) -> str:
    for choice in parameter.choices:
        if choice.casefold() == raw.casefold():
            return choice
    message = say("“{name}” cannot be “{value}”", name=parameter.name, value=raw)
    hint = lookalike(raw, parameter.choices)
    raise DirectiveError(message, hint or say("known: {names}", names=", ".join(parameter.choices)))


def _with_alt(parameter: Parameter, given: dict[str, Argument]) -> Argument:
    """Return an argument; a picture has the words of another one in its place."""
    argument = given[parameter.name]
    if not isinstance(argument.value, Image):
        return argument
    if parameter.alt not in given:
        raise DirectiveError(
            say(
                "“{picture}=” needs “{name}=”, whose words stand in the place of the picture",
                picture=parameter.name,
                name=parameter.alt,
            ),
            say('write {name}="..." behind it', name=parameter.alt),
        )
    alt = given[parameter.alt].written
    image = Image(line=argument.value.line, source=argument.value.source, alt=alt)
    return Argument(name=argument.name, value=image, written=argument.written)
