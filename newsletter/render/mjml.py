"""Renders an issue to responsive HTML: templates make MJML, MJML makes HTML, premailer inlines.

The author's words never pass through the MJML parser. Templates put a seal, a word of letters
and digits, wherever a value holds anything that markup could misread; when MJML has run, each
seal is replaced by what it stands for.
"""

import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jinja2
import lxml.etree
import lxml.html
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from mjml import mjml2html
from premailer import Premailer

from newsletter.errors import ConfigError
from newsletter.model import Block, Box, Columns, Heading, Issue, Picture, Prose

PACKAGED = next(
    folder
    for folder in (Path(__file__).parents[1] / "templates", Path(__file__).parents[2] / "templates")
    if folder.is_dir()
)

# Characters that mean the same in MJML, HTML and attributes: numbers, lengths, colours.
_HARMLESS = re.compile(r"[A-Za-z0-9 #%.,:;()/_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the page: one cell, or several side by side; a boxed row is tinted."""

    cells: tuple[tuple[Block, ...], ...]
    boxed: bool = False


class _AuthorHtml(Markup):
    """HTML of the issue, to be kept from the MJML parser."""

    __slots__ = ()


@dataclass(slots=True)
class _Seals:
    """Keeps what each seal of one rendering stands for."""

    key: str
    values: list[str] = field(default_factory=list)

    def seal(self, value: str) -> str:
        self.values.append(value)
        return f"{self.key}s{len(self.values) - 1}z"

    def break_all(self, html: str) -> str:
        return re.sub(rf"{self.key}s(\d+)z", lambda m: self.values[int(m[1])], html)


def render_html(
    issue: Issue,
    view: Mapping[str, Any],
    pictures: Mapping[str, Picture],
    targets: Mapping[str, str],
    *,
    templates: Path,
) -> str:
    """Return the HTML of an issue; `view` holds what the templates know besides its blocks.

    `targets` says what becomes of each picture's source. Raise ConfigError for a faulty template.
    """
    environment = _environment(templates)
    seals = _Seals(issue.marker_key)
    opening, rows = _split(issue.blocks)
    context = {
        **view,
        "opening": _rows(opening),
        "rows": _rows(rows),
        "widths": {source: min(p.width, 600) for source, p in pictures.items()},
        "seals": seals,
    }
    try:
        mjml = environment.get_template(f"{issue.template}.mjml").render(context)
        styles = environment.get_template("prose.css").render()
    except jinja2.TemplateNotFound as err:
        raise ConfigError(f"{templates}: there is no template “{err.name}”") from err
    except Exception as err:
        place = _place_in_templates(err)
        if place is None:
            raise  # a fault of the program, not of a template
        raise ConfigError(f"{place}: {err}") from err
    try:
        html = mjml2html(mjml, fonts={})
    except ValueError as err:
        raise ConfigError(f"{templates / issue.template}.mjml: not valid MJML: {err}") from err
    return _finish(seals.break_all(html), pictures, targets, styles)


def list_contents(issue: Issue) -> list[Heading]:
    """Return the sections for a table of contents; none for fewer than four."""
    sections = [b for b in issue.blocks if isinstance(b, Heading) and b.anchor]
    return sections if len(sections) >= 4 else []


def _split(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Divide what stands before the first section from the sections."""
    first = next((n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor), 0)
    return blocks[:first], blocks[first:]


def _rows(blocks: Sequence[Block]) -> list[Row]:
    rows: list[Row] = []
    cell: list[Block] = []

    def close() -> None:
        if cell:
            rows.append(Row(cells=(_merge_prose(cell),)))
            cell.clear()

    for block in blocks:
        if isinstance(block, Columns):
            close()
            rows.append(Row(cells=tuple(_merge_prose(c) for c in block.cells)))
        elif isinstance(block, Box):
            close()
            rows.append(Row(cells=(_merge_prose(block.blocks),), boxed=True))
        else:
            if isinstance(block, Heading) and block.anchor:
                close()
            cell.append(block)
    close()
    return rows


def _merge_prose(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Join neighbouring prose: one MJML element for many paragraphs."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if isinstance(block, Prose) and isinstance(last, Prose):
            merged[-1] = Prose(line=last.line, html=f"{last.html}\n{block.html}")
        else:
            merged.append(block)
    return tuple(merged)


@lru_cache(maxsize=8)
def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(templates), FileSystemLoader(PACKAGED)]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
    )
    environment.filters["html"] = _AuthorHtml
    return environment


@pass_context
def _finalize(context: Context, value: Any) -> Any:
    """Seal the author's HTML, and every text that holds more than harmless characters."""
    if not isinstance(value, str) or (
        isinstance(value, Markup) and not isinstance(value, _AuthorHtml)
    ):
        return value
    if _HARMLESS.fullmatch(value):
        return Markup(value)  # noqa: S704 - harmless, as just checked
    seals: _Seals = context["seals"]
    return Markup(seals.seal(str(escape(value))))  # noqa: S704 - a seal is letters and digits


def _place_in_templates(err: Exception) -> str | None:
    """Return the file and line of the template an error arose in."""
    if isinstance(err, jinja2.TemplateSyntaxError):
        return f"{err.filename}:{err.lineno}"
    frames = traceback.extract_tb(err.__traceback__)
    inside = [f for f in frames if f.filename.endswith((".mjml", ".css"))]
    return f"{inside[-1].filename}:{inside[-1].lineno}" if inside else None


def _finish(
    html: str, pictures: Mapping[str, Picture], targets: Mapping[str, str], styles: str
) -> str:
    """Complete what MJML leaves out, and write styles into the elements."""
    page = lxml.html.document_fromstring(html)
    for image in page.iter("img"):
        _complete_image(image, pictures, targets)
    for element in page.xpath("//*[contains(@class, 'role-')]"):
        _give_role(element)
    for wrapper in page.xpath("//body/div[@role='article']"):
        wrapper.attrib.pop("aria-label", None)  # repeats title and heading, outside any landmark
    return _inline_styles(page, styles)


def _inline_styles(page: Any, styles: str) -> str:
    for style in page.iter("style"):
        style.set("data-premailer", "ignore")
    Premailer(
        page,
        css_text=styles,
        allow_network=False,
        strip_important=False,
        disable_validation=True,
        align_floating_images=False,
        disable_basic_attributes=["align", "valign", "bgcolor", "width", "height"],
    ).transform()
    return str(
        lxml.etree.tostring(page, method="html", encoding="unicode", doctype="<!doctype html>")
    )


def _give_role(element: Any) -> None:
    """Turn a class such as role-main into the ARIA role, which MJML cannot give an element."""
    classes = element.get("class").split()
    roles = [name.removeprefix("role-") for name in classes if name.startswith("role-")]
    if not roles:
        return  # "language-role-play" of a code block
    element.set("role", roles[0])
    element.set("class", " ".join(name for name in classes if not name.startswith("role-")))


def _complete_image(
    image: Any, pictures: Mapping[str, Picture], targets: Mapping[str, str]
) -> None:
    """Give an image what mail programs need: an alt text and a size in pixels."""
    if image.get("alt") is None:
        image.set("alt", "")
    source = unquote(image.get("src", ""))
    picture = pictures.get(source)
    if picture is None:
        return
    width = image.get("width", "")
    shown = int(width) if width.isdigit() else min(picture.width, 536)
    image.set("src", targets[source])
    image.set("width", str(shown))
    image.set("height", str(round(picture.height * shown / picture.width)))
