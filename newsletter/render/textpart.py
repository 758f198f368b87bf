"""Fills the template of the plain-text part, in which words stand as they are typed.

No sign means anything here, so no word of the issue can break it: what a template is given is plain
text, or HTML, which becomes plain text wherever it is printed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from newsletter.model import Block, Issue
from newsletter.render.chain import Look
from newsletter.render.contents import list_contents
from newsletter.render.layout import before_sections
from newsletter.render.plaintext import ABBREVIATION, TextWriter
from newsletter.render.sandbox import TemplateEnvironment, metered, spend, weigh
from newsletter.render.template_faults import template_error
from newsletter.render.templating import plain_environment_of
from newsletter.render.textblocks import write_blocks

_TEMPLATE = "text.jinja"
_EFFORT = 60  # times as much as to print a text is what it costs to wrap it

_writer: ContextVar[TextWriter] = ContextVar("_writer")


def write_text(issue: Issue, view: Mapping[str, Any], writer: TextWriter, *, look: Look) -> str:
    """Return the plain-text part of an issue.

    `view` is what the template knows besides the blocks. A page may have a template of its own for
    the text part: that of invitation.mjml is invitation.text.jinja. Raise ConfigError for a faulty
    template.
    """
    context = {**view, **_content(issue, writer)}
    try:
        with metered(), _writing_with(writer):
            names = [f"{issue.template}.{_TEMPLATE}", _TEMPLATE]
            text = _environment_of(look).select_template(names).render(context)
    except Exception as err:
        error = template_error(err, look, context)
        if error is None:
            raise  # a fault of the program, not of a template
        raise error from err
    return _tidied(text)


def _content(issue: Issue, writer: TextWriter) -> dict[str, Any]:
    """Return what the template knows about the issue's blocks."""
    opening, sections = before_sections(issue.blocks)

    known: dict[str, str] = {}  # so that a template that repeats itself costs little

    def written(name: str, blocks: Sequence[Block]) -> str:
        if name not in known:
            part = replace(writer, lines=[])
            write_blocks(part, blocks, language=issue.language)
            known[name] = "\n".join(part.lines)
        return known[name]

    return {
        # opening(): the text before the first section, written out
        "opening": lambda: written("opening", opening),
        # rows(): the text of all sections, written out
        "rows": lambda: written("rows", sections),
        # the sections for a table of contents
        "contents": [_without_explanations(heading.html) for heading in list_contents(issue)],
        # the addresses of all links so far, as they are numbered in the text
        "links": writer.notes,
    }


def _without_explanations(html: str) -> Markup:
    return Markup(ABBREVIATION.sub("<abbr>", html))  # noqa: S704 - clean HTML of the issue


def _tidied(text: str) -> str:
    """Return a text in which lines end with their last sign, and one empty line is enough."""
    lines = (line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


@contextmanager
def _writing_with(writer: TextWriter) -> Iterator[None]:
    token = _writer.set(writer)
    try:
        yield
    finally:
        _writer.reset(token)


@lru_cache(maxsize=16)
def _environment_of(look: Look) -> TemplateEnvironment:
    environment = plain_environment_of(look, _finalize)
    environment.filters |= {"wrapped": _wrapped, "underlined": _underlined, "linked": _linked}
    return environment


# With a context, none of these is worked out while a template is compiled, for no issue.


@pass_context
def _finalize(_: Context, value: Any) -> Any:
    weigh(value)
    return _writer.get().line(_plain(value)) if isinstance(value, str) else value


def _plain(value: object) -> str:
    """Return a text as it is, or the words of HTML."""
    return _writer.get().inline(value) if isinstance(value, Markup) else str(value)


@pass_context
def _wrapped(_: Context, value: object, indent: str = "", first: str | None = None) -> str:
    """Break a text into lines; each begins with an indent, the first one with something else."""
    spend(_EFFORT * (len(str(value)) + len(indent)))
    part = replace(_writer.get(), lines=[])
    part.paragraph(_plain(value), indent=indent, first=first)
    return "\n".join(part.lines)


@pass_context
def _underlined(_: Context, value: object, level: int = 1) -> str:
    """Make a text a heading, with a line below."""
    spend(_EFFORT * len(str(value)))
    part = replace(_writer.get(), lines=[])
    part.heading(_plain(value), level)
    return "\n".join(part.lines)


@pass_context
def _linked(_: Context, value: object, url: str) -> str:
    """Give a text the number of an address, which stands among the links."""
    return _writer.get().note(_plain(value), url)
