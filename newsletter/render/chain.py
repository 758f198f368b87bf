"""The chain of folders in which templates are searched for: one's own, house looks, the package.

A house look is a folder that several newsletters may share. Its look.toml says what it is called,
which version it is, and which look it is based on: one of the package, or another folder.
"""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.files import read_file, read_words
from newsletter.language import Wording, lookalike, say
from newsletter.model import is_look_folder
from newsletter.render.looks import (
    DEFAULT_LOOK,
    LOOKS,
    files_in,
    files_of,
    find_packaged,
    folders_of,
    is_packaged,
    nearest_look,
)
from newsletter.tomlkeys import BrokenTomlError, line_of_key, read_toml

LOOK_FILE = "look.toml"
LARGEST = 1_000_000  # bytes of a template; the largest of the package has six thousand
_PAGE = re.compile(r"<mjml[\s>]|\{%[-+]?\s*extends\b")
_MOST = 5  # house looks, each based on the next
MOST_BLOCKS = 200  # declared in one folder
_KEYS = ("name", "version", "based_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A look in a folder of its own."""

    folder: Path
    name: str  # as it calls itself
    version: str = ""
    based_on: str = DEFAULT_LOOK  # what supplies the rest: a packaged look, or a folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where templates come from."""

    folder: Path  # the newsletter's own; its files come first
    houses: tuple[House, ...] = ()  # each based on the next
    name: str = DEFAULT_LOOK  # the packaged look that supplies the rest

    @property
    def shared(self) -> tuple[Path, ...]:
        """Return all folders but the newsletter's own, in the order they are searched."""
        return (*(house.folder for house in self.houses), *folders_of(self.name))

    def files(self) -> dict[str, Path]:
        """Return the templates that a newsletter without its own would have, by name."""
        files = files_of(self.name)
        for house in reversed(self.houses):
            files |= files_in(house.folder)
        return dict(sorted(files.items()))

    def of_houses(self) -> tuple["Look", ...]:
        """Return what each house look is by itself: its own folder, and what is behind that."""
        behind = (self.houses[number + 1 :] for number in range(len(self.houses)))
        pairs = zip(self.houses, behind, strict=True)
        return tuple(Look(folder=h.folder, houses=rest, name=self.name) for h, rest in pairs)

    @property
    def roots(self) -> dict[Path, Path]:
        """Return the folders outside of the package, each with the one it may not leave."""
        return {self.folder: self.folder.parent} | {h.folder: h.folder for h in self.houses}

    def own_blocks(self, suffix: str) -> dict[str, Path]:
        """Return the files for blocks outside of the package by name; the nearest one counts."""
        found: dict[str, Path] = {}
        for folder in self.roots:
            with suppress(OSError):
                for path in sorted((folder / "blocks").glob(f"*{suffix}"))[: MOST_BLOCKS + 1]:
                    found.setdefault(path.name.removesuffix(suffix), path)
        return found

    def file_of(self, name: str) -> Path | None:
        """Return the file of a template that counts: untouched copies follow the package."""
        for folder in (self.folder, *self.shared):
            path = folder / name
            if path.is_file() and not (folder in self.roots and is_packaged(name, read_file(path))):
                return path
        return None

    def find(self, name: str) -> Path | None:
        """Return the file that is used where the newsletter has no template of its own."""
        paths = (folder / name for folder in self.shared)
        return next((path for path in paths if path.is_file()), None)

    def name_of(self, path: Path) -> str:
        """Return what the look is called that has a file: as the package calls it, or a house."""
        house = self.house_of(path)
        return f"house: {house.name}" if house else self.name

    def house_of(self, path: Path) -> House | None:
        """Return the house look that has a file; None for the package."""
        return next((h for h in self.houses if path.is_relative_to(h.folder)), None)

    def stray(self, name: str, content: bytes, made_from: str | None) -> str | None:
        """Return the packaged look of which a changed template was made, if the mail has another.

        Where that is not known, it is the one with most of its words.
        """
        is_hiding = any((house.folder / name).is_file() for house in self.houses)
        made_from = None if is_hiding else made_from or nearest_look(name, content)
        if name.endswith(".md") or made_from not in LOOKS:
            return None
        return (
            None if find_packaged(name, made_from) == find_packaged(name, self.name) else made_from
        )

    def pages(self) -> list[str]:
        """Return what an issue may name as its template."""
        paths = {**self.files(), **files_in(self.folder)}
        pages = (name for name, path in paths.items() if path.suffix == ".mjml" and _is_page(path))
        return sorted(name.removesuffix(".mjml") for name in pages)


class LookError(Exception):
    """A look cannot be used."""

    def __init__(
        self,
        message: Wording,
        hint: Wording | str = "",
        *,
        path: Path | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint
        self.path = path  # its look.toml; None if what names the look is at fault
        self.line = line


def look_named(named: str, *, folder: Path) -> Look:
    """Return the look of this name for a newsletter that has its own templates in a folder.

    A house look is named by its folder, relative to the newsletter's. Raise LookError for one that
    cannot be used.
    """
    houses = _houses(named, folder.parent, ())
    return Look(folder=folder, houses=houses, name=houses[-1].based_on if houses else named)


def _houses(named: str, beside: Path, before: tuple[House, ...]) -> tuple[House, ...]:
    """Return the house looks from this one on, behind those that led to it."""
    if not is_look_folder(named):
        return before
    folder = Path(os.path.normpath(beside / named))
    if any(os.path.realpath(folder) == os.path.realpath(house.folder) for house in before):
        raise LookError(say("the look “{look}” is based on itself", look=named))
    if len(before) == _MOST:
        raise LookError(say("more than {count} looks are based on one another", count=_MOST))
    text = _text_of(folder, named)
    house = _house(folder, text)
    try:
        return _houses(house.based_on, folder, (*before, house))
    except LookError as err:
        if err.path is None:
            err.path, err.line = folder / LOOK_FILE, line_of_key(text, ["based_on"])
        raise


def _text_of(folder: Path, named: str) -> str:
    file = folder / LOOK_FILE
    try:
        return read_file(file).decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise LookError(say("not UTF-8 text"), say("save the file as UTF-8"), path=file) from err
    except (FileNotFoundError, NotADirectoryError) as err:
        message = say("“{look}” is no look: there is no {file}", look=named, file=str(file))
        hint = say('name its folder, or write a {name} with name = "..." there', name=LOOK_FILE)
        raise LookError(message, hint) from err
    except OSError as err:
        reason = say("it cannot be read: {reason}", reason=err.strerror or str(err))
        raise LookError(reason, say("let the program read the file"), path=file) from err


def _house(folder: Path, text: str) -> House:
    """Return what a look.toml says."""
    file = folder / LOOK_FILE
    try:
        values = read_toml(text)
    except BrokenTomlError as err:
        raise LookError(err.message, err.hint, path=file, line=err.line) from err
    for key, value in values.items():
        _check(key, value, file, line_of_key(text, [key]))
    if "name" not in values:
        raise LookError(say("key “{key}” is missing", key="name"), path=file)
    return House(folder=folder, **values)


def _check(key: str, value: object, file: Path, line: int | None) -> None:
    """Raise LookError for a key that is unknown, or has no value of its kind."""
    if key not in _KEYS:
        hint = lookalike(key, _KEYS) or say("known here: {names}", names=", ".join(_KEYS))
        raise LookError(say("unknown key “{key}”", key=key), hint, path=file, line=line)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        reason = say("expected words on one line")
        message = say("“{key}”: {reason}", key=key, reason=reason)
        raise LookError(message, path=file, line=line)
    if key == "based_on" and not is_look_folder(value) and value not in LOOKS:
        hint = say("there are: {names}", names=", ".join(LOOKS))
        message = say("there is no look “{look}”", look=value)
        raise LookError(message, lookalike(value, LOOKS) or hint, path=file, line=line)


def _is_page(path: Path) -> bool:
    return _PAGE.search(read_words(path)) is not None
