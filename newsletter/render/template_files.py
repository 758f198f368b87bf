"""Loads templates from the folders of a look, and from nowhere else."""

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import jinja2
from jinja2 import BaseLoader, Environment
from jinja2.loaders import split_template_path

from newsletter.files import leads_out, read_file
from newsletter.language import Wording, say
from newsletter.render.chain import LARGEST, Look
from newsletter.render.copied import is_untouched
from newsletter.render.looks import KINDS, is_packaged
from newsletter.render.overlaying import plain_name

_State = tuple[int, int] | None


class TemplateFileError(Exception):
    """A file among the templates cannot be used as one."""

    def __init__(
        self, path: Path, message: Wording, hint: Wording, *, line: int | None = None
    ) -> None:
        super().__init__(str(path))
        self.path = path
        self.message = message
        self.hint = hint
        self.line = line


class FirstFound(BaseLoader):
    """Loads a template from the first folder that has it, including one created a moment ago.

    The newsletter's own files may come from strangers, so links that lead out of its folder are not
    followed; nor are those out of a house look, which has templates alone.
    """

    def __init__(self, look: Look) -> None:
        houses = [house.folder for house in look.houses]
        self._folders = (look.folder, *look.shared)
        self._roots = (look.folder.parent, *houses)  # the package has none

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - as Jinja calls it
        template: str,
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's text, its path, and a check that it is still the same."""
        plain, passed_over = plain_name(template)
        pieces = split_template_path(plain)
        untouched = None
        states: dict[Path, _State] = {}  # each as it was before the file was read
        for number, folder in enumerate(self._folders):
            path = folder.joinpath(*pieces)
            states[path] = _state_of(path)
            if os.path.isfile(path):  # noqa: PTH113 - unlike Path's, it takes any name
                ours = number < len(self._roots)
                if number and ours and path.suffix not in KINDS:
                    continue
                if ours:
                    keep_inside(path, self._roots[number])
                text = text_of(path)
                if ours and self._is_untouched(folder, plain, text):
                    untouched = untouched or (text, path)
                    continue  # it follows the look, and the version
                if passed_over:
                    passed_over -= 1
                    continue
                return text, os.path.normpath(path), _watch(states)
            if number < len(self._roots) and os.path.lexists(path):
                message = say("this is a folder, or a link to nothing, where a file is read")
                raise TemplateFileError(path, message, say("put a file here, or take it away"))
        # The package has it no more, but a template of one's own may need it.
        if untouched and template == plain:
            text, path = untouched
            return text, os.path.normpath(path), _watch(states)
        raise jinja2.TemplateNotFound(template)

    def _is_untouched(self, folder: Path, name: str, text: str) -> bool:
        """Return whether a file is a copy that nobody has changed."""
        content = text.encode()
        return is_packaged(name, content) or is_untouched(folder, name, content)


def _watch(states: Mapping[Path, _State]) -> Callable[[], bool]:
    """Return a function that says whether the same file would be loaded again."""
    return lambda: all(state == _state_of(path) for path, state in states.items())


def _state_of(path: Path) -> _State:
    """Return when a file was written and how long it is; None if it is not there."""
    try:
        stat = path.stat()
    except (OSError, ValueError):  # the latter for a name that no file can have
        return None
    return stat.st_mtime_ns, stat.st_size


def keep_inside(path: Path, root: Path) -> None:
    """Raise TemplateFileError for a link that leads out of the newsletter's folder."""
    if leads_out(path, root):
        message = say(
            "this is a link to a file outside of {folder}, which is not read", folder=str(root)
        )
        raise TemplateFileError(path, message, say("copy the file itself into the folder"))


def text_of(path: Path) -> str:
    """Return the text of a file; raise TemplateFileError if it has none that can be read."""
    try:
        content = read_file(path, at_most=LARGEST)
    except OSError as err:
        if err.errno == errno.EFBIG:
            message = say("a template has at most {count:,} bytes", count=LARGEST)
            raise TemplateFileError(path, message, say("make it shorter")) from err
        reason = say("it cannot be read: {reason}", reason=err.strerror or str(err))
        raise TemplateFileError(path, reason, say("let the program read the file")) from err
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as err:
        line = content.count(b"\n", 0, err.start) + 1
        hint = say("save the file as UTF-8")
        raise TemplateFileError(path, say("not UTF-8 text"), hint, line=line) from err
