"""Fills Jinja templates so that no word of the issue is ever taken for markup.

Templates put a seal, a word of letters and digits, wherever a value holds anything that markup
could misread; when all is done, each seal is replaced by what it stands for.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from jinja2 import FileSystemBytecodeCache, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from newsletter.render.looks import folders_of
from newsletter.render.sandbox import TemplateEnvironment, weigh
from newsletter.render.sourcelines import MarkingEnvironment
from newsletter.render.template_files import FirstFound, Look

Kind = TypeVar("Kind", bound=TemplateEnvironment)

# Characters that mean the same in MJML, HTML and attributes: numbers, lengths, colours.
_HARMLESS = re.compile(r"[A-Za-z0-9 #%.,:;()/_-]*")


@dataclass(slots=True)
class Seals:
    """Keeps what each seal of one rendering stands for."""

    key: str
    values: list[str] = field(default_factory=list)

    def seal(self, value: str) -> str:
        """Return the seal of a value."""
        self.values.append(value)
        return f"{self.key}s{len(self.values) - 1}z"

    def break_all(self, html: str) -> str:
        """Put every value in the place of its seal."""
        return re.sub(rf"{self.key}s(\d+)z", lambda m: self.values[int(m[1])], html)


@lru_cache(maxsize=16)
def environment_of(look: Look) -> TemplateEnvironment:
    """Return what loads and fills the templates of a look; it sees at once what changed."""
    return _environment(TemplateEnvironment, look, _compiled_templates())


def marking_environment_of(look: Look) -> MarkingEnvironment:
    """Return what fills the same templates and tells where each line of the page was written."""
    return _environment(MarkingEnvironment, look, None)


def _environment(kind: type[Kind], look: Look, cache: FileSystemBytecodeCache | None) -> Kind:
    environment = kind(
        loader=FirstFound([look.folder, *folders_of(look.name)]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        bytecode_cache=cache,
    )
    environment.filters["html"] = _AuthorHtml
    return environment


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """Return where compiled templates are kept: a folder of the user's own for passing files.

    Compiling them takes as long as all else of a rendering. Those compiled without the sandbox, by
    an earlier version or another program, are never taken for ours.
    """
    with suppress(RuntimeError, OSError):  # there is no such folder, or others may write to it
        return FileSystemBytecodeCache(pattern="__newsletter_sandbox_1_%s.cache")
    return None


class _AuthorHtml(Markup):
    """HTML of the issue, to be kept from the MJML parser."""

    __slots__ = ()


@pass_context
def _finalize(context: Context, value: Any) -> Any:
    """Seal the author's HTML, and every text that holds more than harmless characters."""
    weigh(value)
    if not isinstance(value, str) or (
        isinstance(value, Markup) and not isinstance(value, _AuthorHtml)
    ):
        return value
    if _HARMLESS.fullmatch(value):
        return Markup(value)  # noqa: S704 - harmless, as just checked
    seals: Seals = context["seals"]
    return Markup(seals.seal(str(escape(value))))  # noqa: S704 - a seal is letters and digits
