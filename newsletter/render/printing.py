"""An environment for templates that never shows a tag or a mark to a reader.

Whatever a filter, a method or an operator is given of an issue's texts, it gets with tokens in
place of all that must stay whole (see `tokens.py`); what is printed is text, nothing else can be.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import pass_context
from jinja2.filters import make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro, Undefined
from markupsafe import Markup

from newsletter.language import say
from newsletter.render.sandbox import TemplateEnvironment, spend, weigh
from newsletter.render.shown_tags import PrintError, WorkedMarkup, escaped, require_no_tag
from newsletter.render.texts import Html, PlaceMark, Text
from newsletter.render.tokens import PRIVATE, Kind, Piece, current

# Characters without a special meaning in MJML, HTML and attributes: numbers, lengths, colours.
_HARMLESS = re.compile(r"[A-Za-z0-9 #%.,:;()/_-]*")
_WORDS = re.compile(r"[A-Za-z0-9 #%.,_-]*")  # the same of the issue, which cannot end a style
_CODED = re.compile(r"%[^A-Za-z%]*[ra]")  # a format that writes signs as Python does
_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")
# What a page may show besides texts.
_SHOWN = (int, float, dt.date, dt.time)
_GIVEN = (EvalContext, Context, TemplateEnvironment)  # what Jinja hands to filters besides values
# Filters that hand a value on, and those that are about texts alone.
_WHOLE = frozenset((
    "_joined", "count", "d", "default", "e", "escape", "html", "join", "length", "replace", "safe",
    "striptags", "tojson", "urlencode",
))  # fmt: skip
_COMPARED = frozenset({"_passed", "_weighed"})
_OF_TEXT = frozenset((
    "capitalize", "center", "e", "escape", "forceescape", "format", "html", "indent", "lower",
    "replace", "safe", "string", "striptags", "title", "trim", "truncate", "upper", "urlencode",
    "urlize", "wordcount", "wordwrap",
))  # fmt: skip
_NO_METHODS = frozenset({"encode"})  # of texts: bytes are none


class PrintingEnvironment(TemplateEnvironment):
    """Fills templates so that texts of the issue stay whole."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, finalize=_printed)
        own = {"html": _as_html, "safe": _as_markup, "tojson": _json(self.filters["tojson"])}
        own |= {"e": _escaped, "escape": _escaped, "forceescape": _escaped_anyway}
        own |= {"urlize": _linking(self.filters["urlize"]), "length": _length, "count": _length}
        own |= {"striptags": _stripped, "urlencode": _urlencoded(self.filters["urlencode"])}
        own |= {"replace": _replacing(self.filters["replace"])}
        own |= {
            "xmlattr": _attributes(self.filters["xmlattr"]),
            "join": _joining(self.filters["join"]),
            "_joined": _all_joined(self.filters["_joined"]),
        }
        self.filters |= own
        self.filters |= {name: _careful(name, run) for name, run in self.filters.items()}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute, but no way to turn a text into anything else."""
        if attribute in _NO_METHODS and isinstance(obj, str):
            return self.unsafe_undefined(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry, or a part of a text or list."""
        if isinstance(obj, str) and isinstance(argument, int):
            return super().getitem(_by_sign(obj), argument)
        if isinstance(argument, str) and argument in _NO_METHODS and isinstance(obj, str):
            return self.unsafe_undefined(obj, argument)
        return super().getitem(obj, _read(argument))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Evaluate an operator."""
        if isinstance(left, str) or isinstance(right, str):
            if operator == "%" and isinstance(left, str):
                _require_format(left, right if isinstance(right, tuple) else (right,))
            left, right = _loosened(left), _loosened_within(right)
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Context, __obj: Any, *given: Any, **named: Any) -> Any:  # noqa: N805
        """Call what a template may call: methods get texts with tokens, functions whole ones."""
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str):
            return __self._call_method(__context, owner, __obj.__name__, given, named)
        if not isinstance(__obj, Macro):
            change = _read if isinstance(owner, Mapping) else _whole
            given = tuple(map(change, given))
            named = {name: change(value) for name, value in named.items()}
        return super().call(__context, __obj, *given, **named)

    def _call_method(
        self, context: Context, owner: str, name: str, given: Any, named: Mapping[str, Any]
    ) -> Any:
        method = getattr(_loosened(owner), name)
        change = _meaning_tags if isinstance(owner, Html) else _loosened_within
        return super().call(context, method, *map(change, given), **named)


@pass_context
def _printed(_: Context, value: Any) -> Any:
    """Return what stands in the page for a value: a token for all but harmless characters."""
    weigh(value)
    if value is None:
        return ""
    if not isinstance(value, str):
        return _require_shown(value)
    if not isinstance(value, Markup):
        return Markup(_token_of(value))  # noqa: S704 - a token, or harmless
    _weigh_tokens(value)
    return Markup(current().balanced(value))  # noqa: S704 - a template said so


def _token_of(value: str) -> str:
    tokens = current()
    is_own = isinstance(value, Text | Html)
    if (_WORDS if is_own else _HARMLESS).fullmatch(value) and tokens.key not in value:
        return value
    if isinstance(value, Html):
        return tokens.printed(value, Kind.HTML)
    if isinstance(value, Text):
        return tokens.printed(tokens.worked_text(value), Kind.WORDS)
    require_no_tag(value)
    _weigh_tokens(value)
    return tokens.printed(tokens.balanced(value), Kind.WORDS)


def _weigh_tokens(value: str) -> None:
    if PRIVATE.search(value):
        spend(current().length(value))


def _require_shown(value: Any) -> Any:
    """Raise PrintError for what is no text, and would be shown as Python writes it."""
    if value is None or isinstance(value, (str, Undefined, *_SHOWN)) or hasattr(value, "__html__"):
        return value
    raise PrintError(
        say("this prints “{kind}”, which is no text", kind=type(value).__name__),
        say("print a part of it, such as block.html, or go through it with “for”"),
    )


def _require_written(value: Any) -> Any:
    """Raise PrintError for what would be escaped into something that no reader should see."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        require_no_tag(value)
    return _require_shown(value)


def _require_format(pattern: str, values: Iterable[Any]) -> None:
    if _CODED.search(pattern):
        raise PrintError(say("“%r” and “%a” write texts as code"), say("write %s"))
    for value in values:
        if not isinstance(value, Mapping):
            _require_shown(value)


def _loosened(value: Any) -> Any:
    """Return a text with tokens in place of all that must stay whole."""
    match value:
        case Text():
            return current().worked_text(value)
        case Html():
            return current().worked_html(value)
        case Markup():
            return WorkedMarkup(current().loosened(value, in_markup=True))
        case str() if PRIVATE.search(value):
            return current().loosened(value, in_markup=False)
    return value


def _by_sign(value: Any) -> Any:
    """Return a text that is taken sign by sign; tags that a template captured stay whole."""
    loose = _loosened(value)
    return current().worked_html(loose) if isinstance(loose, Markup) else loose


def _loosened_within(value: Any) -> Any:
    match value:
        case tuple() | list():
            return type(value)(_loosened_within(one) for one in value)
        case dict():
            return {key: _loosened_within(one) for key, one in value.items()}
    return _loosened(value)


def _read(value: Any) -> Any:
    """Return a text as it is read, to be compared."""
    is_worked = isinstance(value, str) and not isinstance(value, Text | Html)
    return current().plain(value) if is_worked and PRIVATE.search(value) else value


def _read_within(value: Any) -> Any:
    match value:
        case Html() | Text():
            return current().plain(_loosened(value))
        case tuple() | list():
            return [_read_within(one) for one in value]
        case Mapping():
            return {key: _read_within(one) for key, one in value.items()}
    return _read(value)


def _whole(value: Any) -> Any:
    """Return a text for a function of ours, which knows no tokens."""
    is_worked = isinstance(value, str) and not isinstance(value, Text | Html)
    if not is_worked or not PRIVATE.search(value):
        return value
    if isinstance(value, Markup):
        return Html(current().html_of(Piece(Kind.HTML, value)))
    require_no_tag(value)
    return Html(current().html(value))


def _meaning_tags(value: Any) -> Any:
    """Return what is said of HTML, in which a template means tags where it writes some."""
    is_plain = isinstance(value, str) and not isinstance(value, Text | Html)
    return current().worked_html(value) if is_plain and "<" in value else _loosened_within(value)


# --- filters ------------------------------------------------------------------------------


def _careful(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that is given tokens, and of texts nothing but texts."""

    if name in _COMPARED:
        return lambda value: run(_read(value))
    if name in _WHOLE - _OF_TEXT:
        return run
    loosen = _loosened if name in _OF_TEXT or name == "_sliced" else _by_sign

    @wraps(run)
    def careful(*given: Any, **named: Any) -> Any:
        if name in _OF_TEXT:
            value = next((one for one in given if not isinstance(one, _GIVEN)), None)
            if isinstance(_require_shown(value), PlaceMark):
                return value
        if name == "format":
            _require_format(str(given[0]), (*given[1:], *named.values()))
        if name in _WHOLE:
            return run(*given, **named)
        return run(*map(loosen, given), **{key: loosen(value) for key, value in named.items()})

    return careful


def _as_html(value: Any) -> Any:
    """Take a text for HTML, unless it is the issue's and no HTML."""
    return value if isinstance(value, Text | Html | Markup) else Html(value)


def _as_markup(value: Any) -> Any:
    """Take a text for a part of the page, unless it is the issue's."""
    return value if isinstance(value, Text | Html) else Markup(value)  # noqa: S704 - as asked


def _escaped(value: Any) -> Any:
    return value if isinstance(value, Text | Html) else escaped(value)


def _escaped_anyway(value: Any) -> Any:
    return escaped(str(value))


def _length(value: Any) -> int:
    """Count what is read of a text, or the entries of anything else."""
    return current().count(_loosened(value)) if isinstance(value, str) else len(value)


def _stripped(value: Any) -> str:
    """Take the tags out of a text; signs, slots and marks stay."""
    words = value if isinstance(value, Text | Html) else Markup(value).striptags()  # noqa: S704
    return current().without_tags(_loosened(words))


def _urlencoded(run: Callable[..., str]) -> Callable[..., str]:
    @wraps(run)
    def encoded(value: Any) -> str:
        return current().worked_text(run(_read_within(value)))

    return encoded


def _attributes(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def written(context: EvalContext, values: Mapping[str, Any], *given: Any) -> Any:
        return run(context, {k: _require_written(v) for k, v in values.items()}, *given)

    return written


def _linking(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def linked(context: EvalContext, value: Any, *given: Any, **named: Any) -> Any:
        return run(context, _require_written(value), *given, **named)

    return linked


def _json(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def written(context: EvalContext, value: Any, *given: Any) -> Any:
        return _PAIR.sub(_sign_of_pair, run(context, _without_tags_within(value), *given))

    return written


def _without_tags_within(value: Any) -> Any:
    match value:
        case str():
            return current().without_tags(_loosened(value))
        case tuple() | list():
            return [_without_tags_within(one) for one in value]
        case Mapping():
            return {key: _without_tags_within(one) for key, one in value.items()}
    return value


def _sign_of_pair(pair: re.Match[str]) -> str:
    """Return the character that JSON writes as two (RFC 8259, section 7), if it is a token."""
    high, low = int(pair[1], 16), int(pair[2], 16)
    sign = chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return sign if PRIVATE.match(sign) else pair[0]


def _replacing(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def replaced(context: EvalContext, text: Any, old: str, new: str, *count: int) -> Any:
        change = _meaning_tags if isinstance(text, Html) else _loosened
        worked, old, new = _loosened(text), change(old), change(new)
        if isinstance(new, Markup):
            worked = _require_written(worked)
        of_issue = old if PRIVATE.search(old) else current().worked_text(old)
        if of_issue != old and of_issue in worked:
            worked = run(context, worked, of_issue, new, *count)
        return run(context, worked, old, new, *count)

    return replaced


def _joining(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def joined(context: EvalContext, values: Any, by: str = "", attribute: Any = None) -> Any:
        if attribute is not None:
            values = map(make_attrgetter(context.environment, attribute), values)
        by, *parts = _of_one_kind([_loosened(by), *_parts(_by_sign(values))])
        return run(context, parts, by)

    return joined


def _all_joined(run: Callable[..., Any]) -> Callable[..., Any]:
    """Return the operator `~`, which is handed all its operands at once."""
    return lambda parts: run(_of_one_kind(list(_parts(parts))))


def _of_one_kind(parts: list[Any]) -> list[Any]:
    """Return texts of which none is markup, or all: then signs of the others are tokens."""
    if not any(isinstance(part, Markup) for part in parts):
        return parts
    return [part if isinstance(part, Markup) else _with_signs(part) for part in parts]


def _with_signs(part: Any) -> Any:
    return current().with_signs(_require_written(part)) if isinstance(part, str) else part


def _parts(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        spend(1)
        _require_shown(value)
        yield "" if value is None else _loosened(value)
