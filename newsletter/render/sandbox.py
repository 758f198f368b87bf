"""A template language that can only write pages: no Python, and no endless work.

Templates come with a newsletter's folder, so from anybody who may change a file in it; checking a
stranger's pull request renders them. Jinja's sandbox keeps them from Python's internals; here their
work is metered as well, since a few words can ask for gigabytes or for hours.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ClassVar

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context, Undefined, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from newsletter.render.overlaying import build_on_next
from newsletter.render.style import StyleImports

_MOST = 60_000_000  # of characters, or what costs as much; the largest issue needs a hundredth
_STEP = 40  # what an iteration of a loop costs, or an entry of a list
_INCLUDED = 500  # what another template costs
_MOST_NAMES = 2_000  # of attributes that are known to be safe, or not
# What gives a different result each time, works unseen, or is of no use here.
_TAKEN_AWAY = ("attr", "pprint", "random", "sum")
_BY_NUMBER = ("batch", "center", "indent", "slice")  # filters that write as much as they are told
_PADDING = ("center", "expandtabs", "ljust", "rjust", "zfill")
_NOT_PYTHON = (SyntaxError, RecursionError, MemoryError, OverflowError, ValueError)

_left: ContextVar[list[int] | None] = ContextVar("_left", default=None)


class OverworkError(Exception):
    """A template asks for more work than any page needs."""

    def __init__(self) -> None:
        super().__init__("the template never comes to an end, or makes a text too long for a mail")


@contextmanager
def metered() -> Iterator[None]:
    """Limit the work of all templates filled inside the block."""
    token = _left.set([_MOST])
    try:
        yield
    finally:
        _left.reset(token)


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Loads and fills templates that are not trusted."""

    intercepted_binops: ClassVar[frozenset[str]] = frozenset({"+", "*", "**", "%"})  # type: ignore[misc]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.globals.pop("lipsum")
        for name in _TAKEN_AWAY:
            self.filters.pop(name)
        self.filters.update(
            {n: _metered(n, f) for n, f in self.filters.items() if n not in _AT_ONCE}
        )
        self.filters["join"] = _listed(self.filters["join"])
        self.filters |= {"_turns": _turns, "_weighed": _weighed, "_sliced": _weighed}
        self.filters |= {"_passed": _passed, "_joined": _joined}
        self._is_safe: dict[tuple[type, str], bool] = {}

    def compile(self, *given: Any, **options: Any) -> Any:
        """Compile a template; what Python cannot compile is a fault of the template."""
        try:
            return super().compile(*given, **options)
        except jinja2.TemplateError:
            raise
        except _NOT_PYTHON as err:
            name, filename = (*given[1:3], None, None)[:2]
            problem = "too deeply nested, or too large a number"
            raise jinja2.TemplateSyntaxError(problem, 1, name, filename) from err

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = StyleImports().visit(super()._parse(source, name, filename))
        metered: nodes.Template = _Meters().visit(tree)
        build_on_next(metered, name or "")
        return metered

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Evaluate an operator, unless its result would be too large."""
        spend(_cost_of(operator, left, right))
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may see an attribute, which its class and its name decide."""
        kind = type(obj), attr
        if (known := self._is_safe.get(kind)) is not None:
            return known
        is_safe = super().is_safe_attribute(obj, attr, value)
        if len(self._is_safe) < _MOST_NAMES:  # a template may make up as many as it likes
            self._is_safe[kind] = is_safe
        return is_safe

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute; templates have the filter "format" in place of the method."""
        if attribute in ("format", "format_map") and isinstance(obj, str):
            return self.unsafe_undefined(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry, or a part of a text or list."""
        if argument in ("format", "format_map") and isinstance(obj, str):
            return self.unsafe_undefined(obj, str(argument))
        return super().getitem(obj, argument)

    def call(__self, __context: Context, __obj: Any, *given: Any, **named: Any) -> Any:  # noqa: N805
        """Call what a template may call."""
        given = tuple(list(one) if isinstance(one, Iterator) else one for one in given)
        weigh((given, named))
        owner, name = getattr(__obj, "__self__", None), getattr(__obj, "__name__", "")
        if isinstance(owner, str):
            spend(len(owner) + _cost_of_method(owner, name, given))
        result = super().call(__context, __obj, *given, **named)
        weigh(result)
        return result

    def get_template(self, *given: Any, **named: Any) -> jinja2.Template:
        """Load a template; one that includes itself comes to an end."""
        spend(_INCLUDED)
        return super().get_template(*given, **named)


_AT_ONCE = {"length", "count"}  # filters that examine nothing: a loop may often use them


class _Meters(NodeTransformer):
    """Puts a meter wherever a template repeats, joins or compares."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja's own way of naming
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "_turns")
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):  # which Jinja leaves to Python
            node.node = _filtered(node.node, "_sliced")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_joined")

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = _filtered(node.expr, "_weighed")
        for operand in node.ops:
            operand.expr = _filtered(operand.expr, "_passed")
        return node

    def visit_Test(self, node: nodes.Test) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if node.name not in ("defined", "undefined"):  # which look at a name, not at its value
            node.node = _filtered(node.node, "_weighed")
        return node


def _filtered(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def spend(work: int) -> None:
    """Subtract work from what is left; raise OverworkError if nothing is."""
    left = _left.get()
    most = _MOST if left is None else left[0]
    if work > most:
        raise OverworkError
    if left is not None:
        left[0] = most - work


def weigh(value: Any) -> None:
    """Spend what it takes to write a value out, with everything in it."""
    if isinstance(value, str):  # as most are
        spend(len(value))
        return
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str | bytes):
            spend(len(one))
        elif isinstance(one, list | tuple | set | frozenset):
            spend(_STEP * (len(one) + 1))
            waiting += one
        elif isinstance(one, int):
            spend(one.bit_length())
        elif isinstance(one, dict) or isinstance(one, Mapping):  # noqa: SIM101 - far quicker so
            spend(_STEP)
            waiting += [*one, *one.values()]


def _weighed(value: Any) -> Any:
    weigh(value)
    return value


def _passed(value: Any) -> Any:
    """Spend what it takes to search a list or text, as the operator `in` does."""
    if isinstance(value, str | list | tuple):
        spend(len(value))
    return value


def _joined(parts: list[Any]) -> Any:
    """Evaluate `~`."""
    weigh(parts)
    return markup_join(parts)


def _turns(values: Any) -> Any:
    """Count the iterations of a loop."""
    if isinstance(values, Undefined) or not isinstance(values, Iterable):
        return values  # which the loop complains about
    if isinstance(values, Iterator):
        return _counted(values)
    spend(_STEP * (len(values) if isinstance(values, Sized) else 1))
    return values


def _counted(values: Iterator[Any]) -> Iterator[Any]:
    for value in values:
        spend(_STEP)
        yield value


def _metered(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that spends the cost of its input and output."""

    @wraps(original)
    def run(*given: Any, **named: Any) -> Any:
        values = [*given, *named.values()]
        weigh([one for one in values if not isinstance(one, Context)])
        spend(_cost_of_filter(name, values))
        result = original(*given, **named)
        weigh(result)
        return result

    return run


def _listed(join: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter "join" that knows in advance what it joins."""

    @wraps(join)
    def run(context: Any, values: Any, *given: Any, **named: Any) -> Any:
        if isinstance(values, Iterator):
            values = list(_counted(values))
        if given and isinstance(given[0], str) and hasattr(values, "__len__"):
            spend(len(given[0]) * len(values))
        return join(context, values, *given, **named)

    return run


def _cost_of_filter(name: str, values: list[Any]) -> int:
    """Return how much a filter may write beyond its input."""
    texts = [one for one in values if isinstance(one, str)]
    if name == "replace" and len(texts) >= 3:
        return _cost_of_method(texts[0], "replace", tuple(texts[1:3]))
    if name == "format" and texts:
        return _cost_of("%", texts[0], values[1:])
    number = max((abs(one) for one in values if isinstance(one, int)), default=0)
    lines = texts[0].count("\n") + 1 if texts else 1
    return number * lines if name in _BY_NUMBER else 0


def _cost_of_method(text: str, name: str, given: tuple[Any, ...]) -> int:
    """Return how long one of its methods may make a text."""
    if name in _PADDING:
        number = max((abs(one) for one in given if isinstance(one, int)), default=8)
        return number * (text.count("\t") + 1)
    texts = [one for one in given if isinstance(one, str)]
    if name == "replace" and len(texts) >= 2:
        places = text.count(texts[0]) if texts[0] else len(text) + 1
        return places * len(texts[1])
    if name == "join" and given and hasattr(given[0], "__len__"):
        return len(text) * len(given[0])
    if name == "translate" and given and isinstance(given[0], Mapping):
        longest = max((len(v) for v in given[0].values() if isinstance(v, str)), default=1)
        return len(text) * longest
    return 0


def _cost_of(operator: str, left: Any, right: Any) -> int:
    """Return how large the result of an operator becomes."""
    if operator == "%" and isinstance(left, str):
        numbers = (*map(_number, re.findall(r"\d+", left)), *_numbers_in(right))
        return len(left) + sum(numbers)
    if operator == "**":
        return _size(left) * min(abs(right), _MOST + 1) if isinstance(right, int) else 1
    if operator == "*" and isinstance(left, int) != isinstance(right, int):
        times = left if isinstance(left, int) else right
        return _size(left if times is right else right) * max(0, times)
    return _size(left) + _size(right)


def _size(value: Any) -> int:
    if isinstance(value, int):
        return value.bit_length() + 1
    if isinstance(value, str | bytes):
        return len(value)
    return _STEP * len(value) if isinstance(value, list | tuple) else 1


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 10 else _MOST + 1


def _numbers_in(values: Any) -> Iterator[int]:
    held = values.values() if isinstance(values, Mapping) else values
    held = held if isinstance(held, Iterable) and not isinstance(held, str) else (values,)
    for one in held:
        if isinstance(one, int):
            yield min(abs(one), _MOST + 1)
        elif isinstance(one, Mapping | list | tuple):
            yield from _numbers_in(one)
