"""The grammar of segments, for a parser that reads any depth and knows what it expected (LALR)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from newsletter.language import Wording, lookalike, say, say_list
from newsletter.segments.keywords import WORD, WORDS
from newsletter.segments.mistakes import SegmentError
from newsletter.segments.periods import read_period
from newsletter.segments.quoting import unquoted
from newsletter.segments.segment import Segment
from newsletter.segments.trees import Dated, Either, Equal, Every, Not, Tree, asked_in, denial_of

MOST_DEEP = 20  # brackets and denials within one another
MOST_VALUES = 500
LONGEST_VALUE = 100  # characters
_JOINED = re.compile(rf"\b({WORDS['AND']}|{WORDS['OR']})\b", re.IGNORECASE)
_WORD_THERE = re.compile(r"[\w-]{1,40}|\S")

_KEYWORDS = "\n    ".join(rf"{name}.3: /(?:{words})(?![\w-])/i" for name, words in WORDS.items())
_GRAMMAR = rf"""
    ?start: either
    ?either: every (OR every)*
    ?every: item (AND item)*
    ?item: NOT item -> denial
        | LPAR either RPAR -> brackets
        | test
    ?test: NAME EQ value -> equal
        | NAME NE value -> differs
        | NAME [IS | ON] IN values -> among
        | NAME [IS | ON] NOT IN values -> not_among
        | NAME (IS | ON) EMPTY -> empty
        | NAME (IS NOT | NOT IS) EMPTY -> not_empty
        | NAME _word PERIOD -> dated
        | NAME PERIOD _behind -> dated_behind
    _word: ON | DAY | BEFORE | AFTER | SINCE | UNTIL | since | until
    _behind: AFTER | SINCE | UNTIL
    since: ON OR AFTER
    until: ON OR BEFORE
    values: LPAR value (COMMA value)* RPAR
    value: TEXT | WORD+

    NAME: /[^\W\d][\w-]*/
    PERIOD: /\d[\d.\/-]*/
    TEXT: /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|“[^”]*”|”[^”]*”|„[^“”]*[“”]/s
    WORD: /{WORD.replace("/", "[/]")}/
    EQ.2: "="
    NE.2: "!="
    LPAR.2: "("
    RPAR.2: ")"
    COMMA.2: ","
    {_KEYWORDS}
    %ignore /\s+/
"""

# What may stand somewhere, as people are told; what is not in it is said by something else.
_SHOWN: dict[str, Wording | str] = {
    "NAME": say("the name of an attribute"),
    "LPAR": "(",
    "TEXT": say("a value"),
    "WORD": say("a value"),
    "EQ": "=",
    "NE": "!=",
    "IN": "in",
    "NOT": "not",
    "IS": "is empty",
    "BEFORE": "before",
    "AFTER": "after",
    "DAY": "on",
    "SINCE": "on or after",
    "UNTIL": "on or before",
    "EMPTY": "empty",
    "PERIOD": say("a day such as 1.3.2026, or a year"),
    "AND": "and",
    "OR": "or",
    "COMMA": ",",
    "RPAR": ")",
    "$END": say("the end"),
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A rule that was read, with what it cannot tell itself."""

    tree: Tree
    depth: int = 0  # of brackets and denials
    operator: str = ""  # of a rule without brackets around it: "and" or "or"
    is_mixed: bool = False  # both, in one of the rules in it


@v_args(inline=True)
class _Builder(Transformer[Token, _Piece]):
    """Builds the tree while a segment is read, from the inside out, so nothing calls itself."""

    def value(self, *words: Token) -> str:
        text = " ".join(str(word) for word in words)
        if words[0].type == "TEXT":
            text = " ".join(unquoted(text).split())
        if len(text) > LONGEST_VALUE:
            raise _error(say("a value longer than {most} characters", most=LONGEST_VALUE), words[0])
        return text

    def values(self, *given: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for one in given if not isinstance(one, Token)))

    def equal(self, name: Token, _: Token, value: str) -> _Piece:
        return _Piece(Equal(name.lower(), (value,)))

    def differs(self, name: Token, _: Token, value: str) -> _Piece:
        return _Piece(Not(Equal(name.lower(), (value,))))

    def among(self, name: Token, *rest: Any) -> _Piece:
        return _Piece(Equal(name.lower(), rest[-1]))

    def not_among(self, name: Token, *rest: Any) -> _Piece:
        return _Piece(Not(Equal(name.lower(), rest[-1])))

    def empty(self, name: Token, *_: Token) -> _Piece:
        return _Piece(Equal(name.lower(), ("",)))

    def not_empty(self, name: Token, *_: Token) -> _Piece:
        return _Piece(Not(Equal(name.lower(), ("",))))

    def since(self, *_: Token) -> str:
        return "SINCE"

    def until(self, *_: Token) -> str:
        return "UNTIL"

    def dated(self, name: Token, word: Token | str, period: Token) -> _Piece:
        try:
            span = read_period(period)
        except ValueError:
            raise _error(
                say("“{text}” is no day, month or year", text=str(period)), period
            ) from None
        kind = word.type if isinstance(word, Token) else word
        return _Piece(
            Dated(
                name.lower(),
                _DATED[kind],
                span.text,
                begin={"BEFORE": None, "UNTIL": None, "AFTER": span.end}.get(kind, span.begin),
                end={"BEFORE": span.begin, "AFTER": None, "SINCE": None}.get(kind, span.end),
            )
        )

    def dated_behind(self, name: Token, period: Token, word: Token) -> _Piece:
        return self.dated(name, word, period)

    def denial(self, word: Token, item: _Piece) -> _Piece:
        return _Piece(denial_of(item.tree), _deeper(item, word), is_mixed=item.is_mixed)

    def brackets(self, opening: Token, inner: _Piece, _: Token) -> _Piece:
        return _Piece(inner.tree, _deeper(inner, opening), is_mixed=inner.is_mixed)

    def every(self, *parts: Any) -> _Piece:
        return _joined("and", Every, parts)

    def either(self, *parts: Any) -> _Piece:
        return _joined("or", Either, parts)


def _joined(operator: str, kind: type[Every] | type[Either], parts: Iterable[Any]) -> _Piece:
    pieces = [part for part in parts if isinstance(part, _Piece)]
    trees: list[Tree] = []
    for piece in pieces:
        trees += piece.tree.parts if isinstance(piece.tree, kind) else (piece.tree,)
    return _Piece(
        kind(tuple(trees)),
        max(piece.depth for piece in pieces),
        operator,
        is_mixed=any(p.is_mixed or p.operator not in ("", operator) for p in pieces),
    )


def _deeper(piece: _Piece, opening: Token) -> int:
    if piece.depth == MOST_DEEP:
        raise _error(
            say("brackets lie more than {most} deep in one another", most=MOST_DEEP), opening
        )
    return piece.depth + 1


def _error(what: Wording, token: Token) -> SegmentError:
    return SegmentError(what, line=token.line or 1, column=token.column or 1)


_DATED = {
    "BEFORE": "before",
    "AFTER": "after",
    "ON": "on",
    "DAY": "on",
    "SINCE": "on or after",
    "UNTIL": "on or before",
}


_PARSER = Lark(
    _GRAMMAR, parser="lalr", lexer="contextual", transformer=_Builder(), maybe_placeholders=False
)


def read_segment(text: str) -> Segment:
    """Read a segment of any form; raise SegmentError, which says where and what was expected."""
    try:
        piece: Any = _PARSER.parse(text)
    except UnexpectedInput as err:
        raise _unexpected(text, err) from None
    if (
        sum(len(test.values) for test in asked_in(piece.tree) if isinstance(test, Equal))
        > MOST_VALUES
    ):
        raise SegmentError(say("it has more than {most} values", most=MOST_VALUES))
    return Segment(piece.tree.written(), piece.tree, is_mixed=piece.is_mixed)


def _unexpected(text: str, err: UnexpectedInput) -> SegmentError:
    """Return what is wrong, in words, with what could stand there."""
    names = set(getattr(err, "accepts", None) or getattr(err, "allowed", None) or ())
    if "EQ" in names:  # a day may stand before its word, too, but few mean that
        names.discard("PERIOD")
    shown = {str(words): words for name, words in _SHOWN.items() if name in names}
    is_over = isinstance(err, UnexpectedToken) and err.token.type == "$END"
    found = _word_at(text, err.pos_in_stream) if not is_over else ""
    before = text if is_over else text[: err.pos_in_stream]
    choices = say("expected {choices}", choices=say_list(shown.values()))
    parts: list[str] = [
        say("“{found}” cannot stand here", found=found) if found else say("it ends too early"),
        choices,
    ]
    if found and (near := lookalike(found, shown)):
        parts.append(near)
    elif "EQ" in names and (joined := _JOINED.findall(before)):
        parts.append(say("a value with “{word}” in it stands in quotes", word=joined[-1]))
    line, column = (len(lines := text.splitlines() or [""]), len(lines[-1]) + 1)
    return SegmentError(
        say_list(parts, "; "),
        line=line if is_over else err.line,
        column=column if is_over else err.column,
        expected=tuple(shown),
    )


def _word_at(text: str, index: int | None) -> str:
    """Return the word that begins somewhere, or the sign there."""
    found = _WORD_THERE.match(text, index or 0)
    return found[0] if found else ""
