"""Writes docs/template-reference.md from the code: python -m tests.render.write_reference.

What a name means stands beside its definition, in a comment or a docstring: else it is an error.
"""

import ast
import inspect
import re
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any

from newsletter.language.phrases import Words, words_for
from newsletter.model import Block
from newsletter.model import brand as brands
from newsletter.render import edition, layout, mjml, printing, sandbox, textpart
from newsletter.render.looks import LOOKS, PACKAGED
from newsletter.settings import brand as brand_settings

PAGE = Path(__file__).parents[2] / "docs" / "template-reference.md"
HEAD = """\
# Template reference

Everything that templates know, made from the program itself: a test holds it, and
`python -m tests.render.write_reference` writes it anew. How templates work is told in
[Looks and templates](templates.md), how to begin in [Your brand in an hour](brand.md).
"""
OWN_FILTERS = {
    "html": "takes a text for HTML that you wrote; values of the issue need no filter",
    "safe": "takes a text for a part of the page, such as a tag; values of the issue stay text",
    "length": "counts what is read of a text, or the entries of a list",
    "striptags": "leaves the words of HTML; slots stay",
    "replace": "replaces signs that are read, or whole tags of HTML",
    "join": "joins texts; HTML stays HTML",
    "tojson": "writes values as JSON, HTML as its words",
    "urlencode": "writes a text as a part of an address",
}
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_BLOCK = re.compile(r"\{%[-+]?\s*block\s+(\w+)")
_ROLE = re.compile(r"\brole-([a-z]+)")


class UndocumentedError(Exception):
    """A name has no words beside its definition."""


def reference() -> str:
    """Return the whole page."""
    known = _keys(edition.Frame._known)
    parts = [
        HEAD,
        _section("Variables of a page", [*known, *_keys(edition.Frame.view)]),
        _section("Blocks and helpers of a page", _keys(mjml._content)),
        _section("A row", documented_fields(layout.Row)),
        *(_block(kind) for _, kind in sorted(_kinds().items())),
        *(_section(f"brand: {kind.__name__}", documented_fields(kind)) for kind in _brands()),
        _words(),
        _section("Filters", sorted(OWN_FILTERS.items()), of="filter") + _filters(),
        _section("Variables of the text part", [*known, *_keys(edition.Frame.text_view)]),
        _section("Blocks of the text part", _keys(textpart._content)),
        _section("Filters of the text part", _text_filters(), of="filter"),
        *_style(),
        _jinja_blocks(),
        _classes(),
        *(
            _section(f"newsletter.toml: {table.__name__}", documented_fields(table), of="key")
            for table in _tables()
        ),
    ]
    return "\n".join(parts)


def _section(title: str, rows: Sequence[tuple[str, str]], *, of: str = "name") -> str:
    table = [f"| `{name}` | {_cell(words)} |" for name, words in rows]
    return "\n".join((f"## {title}\n", f"| {of} | what |", "|---|---|", *table, ""))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[").replace("\n", " ")


def _keys(function: Any) -> list[tuple[str, str]]:
    """Return the keys of the dictionary that a function returns, with the comments above them."""
    source = textwrap.dedent(inspect.getsource(function))
    comments = _comments(source)
    returned = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Return)]
    parts = (part for n in reversed(returned) for part in ast.walk(n))  # the outermost first
    table = next(part for part in parts if isinstance(part, ast.Dict))
    found = []
    for key, value in zip(table.keys, table.values, strict=True):
        if key is None:
            words = comments.get(value.lineno - 1, "")
            names = [n for n in ("kicker", "headline", "lead", "byline") if n in words]
            joined = "kicker, headline, lead and byline"
            found += [(name, words.replace(joined, f"the {name}")) for name in names or ["?"]]
        else:
            found.append(
                (str(ast.literal_eval(key)), _above(_comments(source, alone=True), key.lineno))
            )
    return _documented(str(function.__qualname__), [*dict(found).items()])  # the last one counts


def _above(comments: dict[int, str], line: int) -> str:
    parts: list[str] = []
    while (line := line - 1) in comments:
        parts.insert(0, comments[line])
    return " ".join(parts)


def documented_fields(kind: type) -> list[tuple[str, str]]:
    """Return the fields of a class, each with the comment on its lines, or what its class says."""
    source = textwrap.dedent(inspect.getsource(kind))
    comments = _comments(source)
    [definition] = ast.parse(source).body
    assert isinstance(definition, ast.ClassDef)
    found = []
    for node in definition.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            words = " ".join(comments[line] for line in lines if line in comments)
            words = words or _above(_comments(source, alone=True), node.lineno)
            named = re.findall(r"\w+Table\b", ast.unparse(node.annotation))
            if not words and named:
                words = inspect.getdoc(getattr(inspect.getmodule(kind), named[0])) or ""
            if "HtmlText" in ast.unparse(node.annotation):
                words = f"HTML: {words}".replace("HTML: HTML of", "HTML: of")
            if "ClassVar" not in ast.unparse(node.annotation):
                found.append((node.target.id, words))
        elif issubclass(kind, Block) and isinstance(node, ast.FunctionDef) and _is_property(node):
            found.append((node.name, (ast.get_docstring(node) or "").split("\n")[0]))
    return _documented(kind.__name__, found)


def _is_property(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list)


def _documented(owner: str, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if silent := [name for name, words in found if not words]:
        raise UndocumentedError(f"{owner}: {', '.join(silent)}")
    return found


def _comments(source: str, *, alone: bool = False) -> dict[int, str]:
    """Return the comments of a source by their lines; only those alone on theirs, if asked."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {
        token.start[0]: token.string.removeprefix("#").strip()
        for token in tokens
        if token.type == tokenize.COMMENT and not (alone and token.line.strip()[0] != "#")
    }


def _block(kind: type[Block]) -> str:
    named = kind.kind if isinstance(kind.kind, str) else "a block of your own"
    inherited = documented_fields(Block)
    words = (inspect.getdoc(kind) or "").split("\n")[0]
    return _section(f"Block: {named}", [*inherited, *documented_fields(kind)]).replace(
        "\n\n|", f"\n\n{words}\n\n|", 1
    )


def _kinds() -> dict[str, type[Block]]:
    """Return the classes of blocks; a class with slots is made twice, and the last one counts."""
    return {kind.__name__: kind for kind in Block.__subclasses__()}


def _brands() -> Iterator[type]:
    yield brands.Brand
    kinds = vars(brands).values()
    yield from (k for k in kinds if inspect.isclass(k) and k.__module__ == brands.__name__
                and k is not brands.Brand)  # fmt: skip


def _tables() -> Iterator[type]:
    yield brand_settings.BrandTable
    for kind in vars(brand_settings).values():
        is_own = inspect.isclass(kind) and kind.__module__ == brand_settings.__name__
        if is_own and kind.__name__.endswith("Table") and kind is not brand_settings.BrandTable:
            yield kind


def _words() -> str:
    finnish, english = words_for("fi"), words_for("en")
    rows = [
        f"| `words.{name}` | {_cell(getattr(finnish, name))} | {_cell(getattr(english, name))} |"
        for name in (field.name for field in fields(Words))
    ]
    head = (
        "## words\n\n`words.number(6)` is “Nro 6”.\n\n"
        "| name | in Finnish | in English |\n|---|---|---|"
    )
    return "\n".join((head, *rows, ""))


def _filters() -> str:
    names = printing.PrintingEnvironment().filters
    silent = OWN_FILTERS.keys() - names.keys()
    if silent:
        raise UndocumentedError(f"filters: {silent}")
    shown = ", ".join(f"`{n}`" for n in sorted(names) if not n.startswith("_"))
    gone = ", ".join(f"`{name}`" for name in sandbox._TAKEN_AWAY)
    return f"\nAll filters: {shown}. Jinja's {gone} are not there.\n"


def _text_filters() -> list[tuple[str, str]]:
    names = re.findall(r'"(\w+)": (_\w+)', inspect.getsource(textpart))
    found = [
        (n, inspect.getdoc(getattr(textpart, f)) or "") for n, f in names if hasattr(textpart, f)
    ]
    return _documented("filters of the text part", [(n, d.split("\n")[0]) for n, d in found])


def _style() -> Iterator[str]:
    """Yield the values of style.jinja, look by look."""
    looks = {look: _style_of(look) for look in LOOKS}
    names = list(dict.fromkeys(name for values in looks.values() for name in values))
    rows = [
        " | ".join((f"| `look.{name}`", *(_cell(looks[look].get(name, "")) for look in LOOKS)))
        + " |"
        for name in names
    ]
    head = f"| name | {' | '.join(LOOKS)} |\n|---|{'---|' * len(LOOKS)}"
    words = (
        "What a value is for stands above it in the file; a key that yours lacks is the look's.\n"
    )
    yield "\n".join(("## style.jinja\n", words, head, *rows, ""))


def _style_of(look: str) -> dict[str, str]:
    folder = PACKAGED if look == "default" else PACKAGED / "looks" / look
    text = (folder / "style.jinja").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for name, value in re.findall(r"\{%-?\s*set (\w+) = (.*?)\s*-?%\}", text, re.S):
        if value.startswith("{"):
            pairs = re.findall(r'"(\w+)": ("[^"]*"|[\d.]+)', value)
            found |= {f"{name}.{key}": said.strip('"') for key, said in pairs}
        else:
            found[name] = value.removesuffix("|safe").strip('"')
    return found


def _jinja_blocks() -> str:
    rows = []
    for name in ("default.mjml", "text.jinja"):
        text = (PACKAGED / name).read_text(encoding="utf-8")
        rows += [f"| `{block}` | {name} |" for block in dict.fromkeys(_BLOCK.findall(text))]
    head = (
        "## Parts of a page\n\nBlocks of Jinja that a page of your own may replace.\n\n"
        "| block | in |\n|---|---|"
    )
    return "\n".join((head, *rows, ""))


def _classes() -> str:
    """Return the classes that the packaged styles dress, and the roles that templates give."""
    sheets = sorted(PACKAGED.rglob("*.css"))
    styled: dict[str, set[str]] = {}
    for sheet in sheets:
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|\{[^{}]*\}", " ", sheet.read_text(), flags=re.S
        )
        for name in _CLASS.findall(text):
            styled.setdefault(name, set()).add(sheet.relative_to(PACKAGED).as_posix())
    rows = [f"| `{name}` | {', '.join(sorted(where))} |" for name, where in sorted(styled.items())]
    templates = " ".join(p.read_text(encoding="utf-8") for p in PACKAGED.rglob("*.mjml"))
    roles = ", ".join(f"`role-{role}`" for role in sorted(set(_ROLE.findall(templates)) - {"main"}))
    head = (
        '## Classes\n\n`css-class="role-main"` and the like become ARIA roles: `role-main`, '
        f"{roles}.\n\n| class | styled in |\n|---|---|"
    )
    return "\n".join((head, *rows, ""))


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
