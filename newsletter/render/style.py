"""Works out the style of a page once: colours, letters and sizes, from all `style.jinja` of a look.

The package's values come first, then those of each nearer folder: what a file has counts, and what
it lacks is taken from below. A brand lies over them, but for what the newsletter's own file says
otherwise than the look. Templates know the result as `look`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, Template, TemplateNotFound, Undefined, nodes
from jinja2.visitor import NodeTransformer

from newsletter.files import read_words
from newsletter.language import say
from newsletter.model import Brand, Finding, rules
from newsletter.render.brand import changes_of, overlaid
from newsletter.render.looks import PACKAGED
from newsletter.render.overlaying import next_name
from newsletter.render.template_files import TemplateFileError

FILE = "style.jinja"
NAME = "look"  # what templates call the style


class StyleValues(SimpleNamespace):
    """What `look` is in templates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A `style.jinja` outside of the package that lacks values of the look below it."""

    file: Path
    line: int | None  # of the first table that lacks one
    names: tuple[str, ...]  # such as "radius" and "dark.box"
    is_copy: bool  # it has most of the values; a short one leaves the rest to the look on purpose

    @property
    def finding(self) -> Finding:
        """Return the finding about it, without its file."""
        return rules.STYLE_VALUES.note(
            "this file leaves out: {names}; for these the look's own values are used",
            "write values of your own into it if you want others",
            names=", ".join(self.names),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The style of a page."""

    values: StyleValues
    shortages: tuple[Shortage, ...]
    told: tuple[Finding, ...] = ()  # about what became of a brand


def style_of(environment: Environment, context: Mapping[str, Any], *, own_folder: Path) -> Style:
    """Work out the style for a page; a `style.jinja` may look at what those below it say."""
    values: dict[str, Any] = {}
    chosen: dict[str, Any] = {}
    shortages = []
    for template in reversed(list(_files(environment))):
        own = _values_in(template, {**context, NAME: StyleValues(**values)})
        _require_kinds(Path(str(template.filename)), own, values)
        lacking = tuple(sorted(_lacking(own, values)))  # Jinja tells values in no order
        if lacking and not (file := Path(str(template.filename))).is_relative_to(PACKAGED):
            line = _line_of(lacking, read_words(file))
            most = 2 * _count_within(own, values) > _count_within(values, values)
            shortages.append(Shortage(file=file, line=line, names=lacking, is_copy=most))
        if Path(str(template.filename)).is_relative_to(own_folder):
            chosen = _differing(own, values)
        values = _merged(values, own)
    told: tuple[Finding, ...] = ()
    if isinstance(brand := context.get("brand"), Brand):
        values = _merged(overlaid(values, brand), chosen)
        told = tuple(changes_of(values, brand))
    return Style(values=StyleValues(**values), shortages=tuple(shortages), told=told)


def _files(environment: Environment) -> Iterator[Template]:
    """Yield the `style.jinja` of each folder, the nearest first."""
    name = FILE
    with suppress(TemplateNotFound):
        while True:
            yield environment.get_template(name)
            name = next_name(name)


def _values_in(template: Template, context: Mapping[str, Any]) -> dict[str, Any]:
    module = template.make_module(dict(context))
    # Jinja knows the names as a set, whose order differs from run to run.
    values = {n: value for n, value in sorted(vars(module).items()) if not n.startswith("_")}
    for key, value in _entries(values):
        if isinstance(value, Undefined):
            raise _unknown(Path(str(template.filename)), key, value)
    return values


def _entries(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield all values with their keys, those of tables, too."""
    for key, value in values.items():
        yield key, value
        if isinstance(value, Mapping):
            yield from _entries(value)


def _unknown(file: Path, key: str, value: Undefined) -> TemplateFileError:
    """Return that a value is made of a name that there is not, which Jinja notices too late."""
    text, name = read_words(file), str(value._undefined_name)
    found = re.search(rf"\b{re.escape(key)}\b.*?\b{re.escape(name)}\b", text)
    line = text.count("\n", 0, found.start()) + 1 if found else None
    hint = say("write words in quotation marks, numbers and true or false without")
    return TemplateFileError(file, say("'{name}' is undefined", name=name), hint, line=line)


def _require_kinds(file: Path, own: Mapping[str, Any], below: Mapping[str, Any]) -> None:
    """Raise TemplateFileError for a table that is none below, and for what is a table there."""
    for name in own.keys() & below.keys():
        kinds = [isinstance(one[name], Mapping) for one in (own, below)]
        if kinds[0] != kinds[1] and isinstance(own[name], Mapping | str | int | float | list):
            message = say("“{name}” is of another kind here than in the look", name=name)
            hint = say("write it as the look's own style.jinja does")
            line = _line_of((f"{name}.",), read_words(file))
            raise TemplateFileError(file, message, hint, line=line)


def _lacking(own: Mapping[str, Any], below: Mapping[str, Any]) -> Iterator[str]:
    """Yield the values that only those below have, such as "radius" and "dark.box"."""
    for name, value in below.items():
        if name not in own:
            yield name
        elif isinstance(value, Mapping) and isinstance(own[name], Mapping):
            yield from (f"{name}.{key}" for key in value if key not in own[name])


def _count_within(own: Mapping[str, Any], known: Mapping[str, Any]) -> int:
    """Count the known values that a style has, those in tables one by one."""
    return sum(
        len(own[name].keys() & value.keys())
        if isinstance(value, Mapping) and isinstance(own[name], Mapping)
        else 1
        for name, value in known.items()
        if name in own
    )


def _line_of(names: Iterable[str], text: str) -> int | None:
    """Return the line on which the first table begins that lacks one of them."""
    table = next((name.partition(".")[0] for name in names if "." in name), None)
    found = re.search(rf"\bset\s+{table}\b", text) if table else None
    return text.count("\n", 0, found.start()) + 1 if found else None


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of two, those above first; tables are merged entry by entry."""
    merged = {**below, **above}
    for name in below.keys() & above.keys():
        if isinstance(below[name], Mapping) and isinstance(above[name], Mapping):
            merged[name] = {**below[name], **above[name]}
    return merged


def _differing(own: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that a style says otherwise than those below it, in tables one by one."""
    differing: dict[str, Any] = {}
    for name, value in own.items():
        if isinstance(value, Mapping) and isinstance(other := below.get(name), Mapping):
            if entries := {k: v for k, v in value.items() if other.get(k) != v}:
                differing[name] = entries
        elif below.get(name) != value:
            differing[name] = value
    return differing


class StyleImports(NodeTransformer):
    """Gives templates the one style wherever they import `style.jinja`, and other files the page.

    Other files are imported with what the page knows: what they write may need it to be sealed.
    """

    def visit_Import(self, node: nodes.Import) -> nodes.Node | list[nodes.Node]:  # noqa: N802 - Jinja's naming
        node.with_context = True
        if not _is_style(node.template):
            return node
        return [] if node.target == NAME else _assigned(node.target, _STYLE, node.lineno)

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        node.with_context = True
        if not _is_style(node.template):
            return node
        pairs = ((n, n) if isinstance(n, str) else n for n in node.names)
        return [
            _assigned(alias, nodes.Getattr(_STYLE, name, "load"), node.lineno)
            for name, alias in pairs
        ]


_STYLE = nodes.Name(NAME, "load")


def _is_style(template: nodes.Expr) -> bool:
    return isinstance(template, nodes.Const) and template.value == FILE


def _assigned(name: str, value: nodes.Expr, line: int) -> nodes.Assign:
    return nodes.Assign(nodes.Name(name, "store", lineno=line), value, lineno=line)
