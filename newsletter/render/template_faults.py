"""Says what is wrong with a template, in which file and on which line."""

import os
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jinja2

from newsletter.errors import ConfigError
from newsletter.language import Wording, lookalike, nearest, reason_in_words, say, say_list
from newsletter.model import Finding, Origin, rules
from newsletter.render.chain import Look
from newsletter.render.looks import names_in
from newsletter.render.missing import MissingError
from newsletter.render.overlaying import plain_name
from newsletter.render.sandbox import OverworkError
from newsletter.render.shown_tags import PrintError
from newsletter.render.style import NAME as STYLE
from newsletter.render.template_files import TemplateFileError

_SUFFIXES = (".mjml", ".css", ".jinja")
_IN_BLOCKS = ("block", "inner", "inset", "room", "row")  # what pages and rows hand to blocks
_UNDEFINED = re.compile(r"'([^']+)' is undefined")
_NOT_IN_STYLE = re.compile(r"'[\w.]+\.StyleValues object' has no attribute '([^']+)'")

# What Jinja says, and how it is said here.
_WORDED: tuple[tuple[re.Pattern[str], Callable[..., Wording]], ...] = (
    (_UNDEFINED, lambda name: say("'{name}' is undefined", name=name)),
    (_NOT_IN_STYLE, lambda name: say("style.jinja has no “{name}”", name=name)),
    (
        re.compile(r"'([^']+)' has no attribute '([^']+)'"),
        lambda thing, name: say("'{thing}' has no attribute '{name}'", thing=thing, name=name),
    ),
    (
        re.compile(r"access to attribute '([^']+)' of '[^']+' object is unsafe\."),
        lambda name: say("templates may not look at '{name}'", name=name),
    ),
)


def template_error(err: Exception, look: Look, context: Mapping[str, Any]) -> ConfigError | None:
    """Return what is wrong with a template that caused an error; None if no template did.

    `context` is what the templates know.
    """
    if isinstance(err, TemplateFileError):
        finding = placed(rules.TEMPLATE.error(err.message, err.hint), look, str(err.path), err.line)
        place = f"{err.path}:{err.line}" if err.line else str(err.path)
        told = say_list((err.message, err.hint), "; ")
        return ConfigError(_at(place, told), findings=(finding,))
    place_of_error = _place_in_templates(err)
    if isinstance(err, jinja2.TemplateNotFound):
        name, passed_over = plain_name(str(err.name))
        message = say("there is no template “{name}”", name=name)
        if passed_over:
            message = say("no folder behind this one has a template “{name}”", name=name)
        hint = lookalike(name, {*look.files(), *names_in(look.folder)})
        return fault_at(look, place_of_error or (str(look.folder), None), message, hint)
    if place_of_error is None:
        return None
    if isinstance(err, PrintError):
        return fault_at(look, place_of_error, err.message, err.hint)
    message, hint = _in_words(err), _meant(err, context)
    if (own := _own_place(err, look)) and own != place_of_error:
        file, line = place_of_error
        message = say("{file}: {fault}", file=f"{Path(file).name}:{line}", fault=message)
    return fault_at(look, own or place_of_error, message, hint)


def fault_at(
    look: Look, place: tuple[str, int | None], message: Wording, hint: Wording | None = None
) -> ConfigError:
    """Return a fault at a place in a template."""
    file, line = place
    finding = placed(rules.TEMPLATE.error(message, hint or ""), look, file, line)
    shown = f"{file}:{line}" if line else file
    told = say_list((message, hint), "; ") if hint else message
    return ConfigError(_at(shown, told), findings=(finding,))


def placed(finding: Finding, look: Look, file: str, line: int | None) -> Finding:
    """Return a finding about a template; one of the package is only named."""
    if shown := _shown(look, Path(file)):
        return finding.at(line).in_file(shown)
    name = Path(file).name
    name = f"{name}:{line}" if line else name
    return replace(finding, message=say("{file}: {fault}", file=name, fault=finding.message))


def origin_at(look: Look, file: str, line: int) -> Origin:
    """Return a place in a template as findings name it."""
    if shown := _shown(look, Path(file)):
        return Origin(path=shown, line=line)
    return Origin(path=Path(file).name, line=line, is_packaged=True)


def _shown(look: Look, path: Path) -> str | None:
    """Return a template as seen from the newsletter's folder; None for one of the package."""
    root = look.folder.parent
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    if any(path.is_relative_to(house.folder) for house in look.houses):
        return Path(os.path.relpath(path, root)).as_posix()
    return None


def _at(place: str, message: Wording) -> Wording:
    return say_list((place, message), ": ")


def _place_in_templates(err: Exception) -> tuple[str, int | None] | None:
    """Return the file and line of the template that caused an error."""
    if isinstance(err, jinja2.TemplateSyntaxError):
        # Jinja's lexer says the file where the name belongs.
        return str(err.filename or err.name), err.lineno
    return next(reversed(_frames(err)), None)


def _own_place(err: Exception, look: Look) -> tuple[str, int | None] | None:
    """Return the innermost place outside of the package: what it loads is filled by it."""
    frames = reversed(_frames(err))
    return next((frame for frame in frames if _shown(look, Path(frame[0]))), None)


def _frames(err: Exception) -> list[tuple[str, int | None]]:
    frames = traceback.extract_tb(err.__traceback__)
    return [(f.filename, f.lineno) for f in frames if f.filename.endswith(_SUFFIXES)]


def _meant(err: Exception, context: Mapping[str, Any]) -> Wording | None:
    """Return the question whether another name is meant that the templates know."""
    problem = str(err)
    if match := _UNDEFINED.fullmatch(problem):
        return lookalike(match[1], {*context, *_IN_BLOCKS} - {match[1]})
    if match := _NOT_IN_STYLE.fullmatch(problem):
        return lookalike(match[1], vars(context[STYLE]))
    if isinstance(err, MissingError) and err.known:
        return nearest(err.name, err.known)
    return None


def _in_words(err: Exception) -> Wording:
    """Return Jinja's message as a text that a catalog can translate; rare ones stay in English."""
    problem = str(err)
    if isinstance(err, OverworkError) or "integer string conversion" in problem:
        return say("the template never comes to an end, or makes a text too long for any mail")
    if isinstance(err, RecursionError):
        return say("the template includes itself endlessly")
    if isinstance(err, MissingError) and err.known and not _NOT_IN_STYLE.fullmatch(problem):
        return say("there is no “{name}”", name=err.name)
    for pattern, worded in _WORDED:
        if match := pattern.fullmatch(problem):
            return worded(*match.groups())
    return reason_in_words(problem)
