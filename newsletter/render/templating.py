"""Fills Jinja templates so that no word of the issue is ever taken for markup.

Templates put a seal, a word of letters and digits, wherever a value holds anything that markup
could misread; when all is done, each seal is replaced by what it stands for.
"""

import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.runtime import Context
from markupsafe import Markup, escape

from newsletter.errors import ConfigError
from newsletter.looks import DEFAULT_LOOK, files_of, folders_of, names_in
from newsletter.model import Finding, Severity
from newsletter.reasons import lookalike, reason_in_words
from newsletter.wording import Wording, say

# Characters that mean the same in MJML, HTML and attributes: numbers, lengths, colours.
_HARMLESS = re.compile(r"[A-Za-z0-9 #%.,:;()/_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where templates come from."""

    folder: Path  # the newsletter's own; what it holds comes first
    name: str = DEFAULT_LOOK  # the packaged look that gives the rest


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
def environment_of(look: Look) -> Environment:
    """Return what loads and fills the templates of a look; it sees at once what changed."""
    environment = Environment(
        loader=_FirstFound([look.folder, *folders_of(look.name)]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        bytecode_cache=_compiled_templates(),
    )
    environment.filters["html"] = _AuthorHtml
    return environment


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """Return where compiled templates are kept: a folder of the user's own for passing files.

    Compiling them takes as long as all else of a rendering.
    """
    with suppress(RuntimeError, OSError):  # there is no such folder, or others may write to it
        return FileSystemBytecodeCache()
    return None


class _NotUtf8Error(Exception):
    """A template is not UTF-8 text."""

    def __init__(self, path: Path, readable: bytes) -> None:
        super().__init__(str(path))
        self.path = path
        self.line = readable.count(b"\n") + 1


def template_error(err: Exception, look: Look, names: Iterable[str]) -> ConfigError | None:
    """Return what is wrong with a template an error arose in; None if it arose elsewhere.

    `names` are those that the templates know.
    """
    if isinstance(err, _NotUtf8Error):
        return _not_utf8(err, look)
    place = _place_in_templates(err)
    if isinstance(err, jinja2.TemplateNotFound):
        message = say("there is no template “{name}”", name=str(err.name))
        hint = lookalike(str(err.name), {*files_of(look.name), *names_in(look.folder)})
        finding = _finding(look, *(place or (str(look.folder), None)), message, hint)
        return ConfigError(f"{look.folder}: {message}", findings=(finding,))
    if place is None:
        return None
    undefined = re.fullmatch(r"'([^']+)' is undefined", str(err))
    hint = lookalike(undefined[1], names) if undefined else None
    finding = _finding(look, *place, _in_words(str(err)), hint)
    return ConfigError(f"{place[0]}:{place[1]}: {err}", findings=(finding,))


def _not_utf8(err: _NotUtf8Error, look: Look) -> ConfigError:
    message, hint = say("not UTF-8 text"), say("save the file as UTF-8")
    finding = _finding(look, str(err.path), err.line, message, hint)
    return ConfigError(f"{err.path}:{err.line}: {message}; {hint}", findings=(finding,))


def mjml_error(err: ValueError, look: Look, page: str) -> ConfigError:
    """Return that the page is no MJML once it is filled."""
    path = str(look.folder / page)
    message = say("not valid MJML: {problem}", problem=str(err))
    finding = _finding(look, path, None, message, None)
    return ConfigError(f"{path}: {message}", findings=(finding,))


def _place_in_templates(err: Exception) -> tuple[str, int | None] | None:
    """Return the file and line of the template an error arose in."""
    if isinstance(err, jinja2.TemplateSyntaxError):
        return str(err.filename), err.lineno
    frames = traceback.extract_tb(err.__traceback__)
    inside = [f for f in frames if f.filename.endswith((".mjml", ".css", ".jinja"))]
    return (inside[-1].filename, inside[-1].lineno) if inside else None


def _in_words(problem: str) -> Wording:
    """Return what Jinja says as a text that a catalog may hold; what is rare stays English."""
    if match := re.fullmatch(r"'([^']+)' is undefined", problem):
        return say("'{name}' is undefined", name=match[1])
    if match := re.fullmatch(r"'([^']+)' has no attribute '([^']+)'", problem):
        return say("'{thing}' has no attribute '{name}'", thing=match[1], name=match[2])
    return reason_in_words(problem)


def _finding(
    look: Look, file: str, line: int | None, message: Wording, hint: Wording | None
) -> Finding:
    root, path = look.folder.parent, Path(file)
    if path.is_relative_to(root):
        place, at = path.relative_to(root).as_posix(), line
    else:  # a template of the program, which no editor opens
        place, at = "", None
        message = say(
            "{file}: {fault}", file=f"{path.name}:{line}" if line else path.name, fault=message
        )
    return Finding(
        id="template",
        severity=Severity.ERROR,
        path=place,
        line=at,
        message=message,
        hint=hint or "",
    )


class _AuthorHtml(Markup):
    """HTML of the issue, to be kept from the MJML parser."""

    __slots__ = ()


class _FirstFound(BaseLoader):
    """Loads a template from the first folder that has it, also one laid there a moment ago."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        for number, folder in enumerate(self._folders):
            try:
                loaded = FileSystemLoader(folder).get_source(environment, template)
                return loaded[0], loaded[1], self._watch(template, number, loaded[2])
            except jinja2.TemplateNotFound:
                continue
            except UnicodeDecodeError as err:
                raise _NotUtf8Error(folder / template, err.object[: err.start]) from err
        raise jinja2.TemplateNotFound(template)

    def _watch(
        self, template: str, number: int, is_unchanged: Callable[[], bool]
    ) -> Callable[[], bool]:
        """Return what tells whether the same file would be loaded again."""
        earlier = [folder / template for folder in self._folders[:number]]
        return lambda: is_unchanged() and not any(path.exists() for path in earlier)


@pass_context
def _finalize(context: Context, value: Any) -> Any:
    """Seal the author's HTML, and every text that holds more than harmless characters."""
    if not isinstance(value, str) or (
        isinstance(value, Markup) and not isinstance(value, _AuthorHtml)
    ):
        return value
    if _HARMLESS.fullmatch(value):
        return Markup(value)  # noqa: S704 - harmless, as just checked
    seals: Seals = context["seals"]
    return Markup(seals.seal(str(escape(value))))  # noqa: S704 - a seal is letters and digits
