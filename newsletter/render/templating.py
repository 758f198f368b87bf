"""Fills Jinja templates so that no word of the issue is ever taken for markup.

Templates put a seal, a word of letters and digits, wherever a value contains anything that markup
could misread; when all is done, each seal is replaced by its value.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from jinja2 import FileSystemBytecodeCache, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from newsletter.render.chain import Look
from newsletter.render.sandbox import TemplateEnvironment, weigh
from newsletter.render.sourcelines import MarkingEnvironment
from newsletter.render.template_files import FirstFound

Kind = TypeVar("Kind", bound=TemplateEnvironment)

# Characters without a special meaning in MJML, HTML and attributes: numbers, lengths, colours.
_HARMLESS = re.compile(r"[A-Za-z0-9 #%.,:;()/_-]*")


@dataclass(slots=True)
class Seals:
    """Keeps the value behind each seal of one rendering."""

    key: str
    values: list[str] = field(default_factory=list)

    def seal(self, value: str) -> str:
        """Return the seal of a value."""
        self.values.append(value)
        return f"{self.key}s{len(self.values) - 1}z"

    def break_all(self, html: str) -> str:
        """Replace every seal with its value."""
        return re.sub(rf"{self.key}s(\d+)z", lambda m: self.values[int(m[1])], html)


@lru_cache(maxsize=16)
def environment_of(look: Look) -> TemplateEnvironment:
    """Return the environment for the templates of a look; it notices changes at once."""
    return _environment(TemplateEnvironment, look, _compiled_templates("sandbox"))


def marking_environment_of(look: Look) -> MarkingEnvironment:
    """Return the environment for the same templates that marks the origin of each line."""
    return _environment(MarkingEnvironment, look, None)


def plain_environment_of(look: Look, finalize: Callable[..., Any]) -> TemplateEnvironment:
    """Return an environment for templates of plain text, where no sign has a meaning."""
    return TemplateEnvironment(
        loader=FirstFound(look),
        undefined=StrictUndefined,
        finalize=finalize,
        bytecode_cache=_compiled_templates("text"),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _environment(kind: type[Kind], look: Look, cache: FileSystemBytecodeCache | None) -> Kind:
    environment = kind(
        loader=FirstFound(look),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        bytecode_cache=cache,
    )
    environment.filters["html"] = _AuthorHtml
    return environment


def _compiled_templates(kind: str) -> FileSystemBytecodeCache | None:
    """Return where compiled templates are kept: a folder of the user's own for temporary files.

    Compiling them takes as long as the rest of a rendering. Those compiled without the sandbox, by
    an earlier version or another program, are never used.
    """
    with suppress(RuntimeError, OSError):  # there is no such folder, or others may write to it
        return FileSystemBytecodeCache(pattern=f"__newsletter_{kind}_3_%s.cache")
    return None


class _AuthorHtml(Markup):
    """HTML of the issue, to be kept from the MJML parser."""

    __slots__ = ()


@pass_context
def _finalize(context: Context, value: Any) -> Any:
    """Seal the author's HTML, and every text with other than harmless characters."""
    weigh(value)
    if not isinstance(value, str) or (
        isinstance(value, Markup) and not isinstance(value, _AuthorHtml)
    ):
        return value
    if _HARMLESS.fullmatch(value):
        return Markup(value)  # noqa: S704 - harmless, as just checked
    seals: Seals = context["seals"]
    return Markup(seals.seal(str(escape(value))))  # noqa: S704 - a seal is letters and digits
