"""Makes the pictures that templates show fit for mail, each as large as its place on the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import lxml.etree

from newsletter.files import find_file, leads_out
from newsletter.language import Wording, closest, say
from newsletter.model import Finding, Picture, Unshown, line_named, rules
from newsletter.render.chain import Look
from newsletter.render.picture_files import PAGE_WIDTH, load_picture
from newsletter.render.picture_places import Place, path_of, places_in, room_of, show_image
from newsletter.render.picture_targets import target_of
from newsletter.render.pictures import format_fault

_INNER_WIDTH = 536  # points between the margins of the page
_MOST = 50  # files; a look has a handful


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What became of the pictures that templates name."""

    pictures: tuple[Picture, ...] = ()
    unshown: tuple[Unshown, ...] = ()


def show_own_pictures(
    page: Any, pictures: Mapping[str, Picture], look: Look, pictures_url: str
) -> None:
    """Put the pictures of the issue into a page that still has the marks of its lines.

    Outside the author's words a path is a template's, if there is such a file.
    """
    line = 0
    for node in page.iter("img", lxml.etree.Comment):
        if node.tag is lxml.etree.Comment:
            mark = line_named(str(node.text).partition(" ")[2])
            line = line if mark is None else mark
            continue
        source = path_of(node.get("src", ""))
        picture = pictures.get(source)
        if picture and (line or not _is_template_picture(source, look)):
            said = node.get("width", "")
            room = room_of(node) or _INNER_WIDTH
            width = int(said) if said.isdigit() else min(picture.width, room)
            show_image(node, picture, target_of(picture, pictures_url), width=width)


def show_template_pictures(
    page: Any, look: Look, pictures: Iterable[Picture], pictures_url: str
) -> Shown:
    """Put the pictures that templates name into a finished page.

    `pictures` are those of the issue: a file that both show is carried once.
    """
    places: dict[str, list[Place]] = {}
    for place in places_in(page):
        places.setdefault(place.source, []).append(place)
    if not places:
        return Shown()
    folders = folders_for_pictures(look)
    own = {picture.file.resolve(): picture for picture in pictures if picture.file}
    shown, unshown = [], []
    for source, named in [*places.items()][:_MOST]:
        try:
            picture = _load(source, named, folders, own, is_hosted=bool(pictures_url))
        except Exception as err:  # decoders raise all kinds of errors for damaged files
            unshown.append(Unshown(source=source, fault=_fault(source, err, named, folders)))
        else:
            shown.append(picture)
            for place in named:
                place.show(picture, target_of(picture, pictures_url))
    return Shown(pictures=tuple(shown), unshown=(*unshown, *_too_many([*places][_MOST:])))


def folders_for_pictures(look: Look) -> tuple[Path, ...]:
    """Return the folders in which pictures of templates are searched for, in order."""
    return (look.folder.parent, look.folder, *look.shared)


def candidates_for(source: str, look: Look) -> Iterator[Path]:
    """Yield the files that a template means by a path, were they there."""
    for folder in folders_for_pictures(look):
        with suppress(OSError, ValueError):
            yield find_file(folder, source)


def _is_template_picture(source: str, look: Look) -> bool:
    """Return whether there is a file that a template may show by this path."""
    with suppress(OSError, ValueError, RuntimeError, _OutsideError):
        return _find(source, folders_for_pictures(look)).is_file()
    return False


class _OutsideError(Exception):
    """A picture lies outside the folders of the templates."""


def _load(
    source: str,
    places: Sequence[Place],
    folders: Sequence[Path],
    own: Mapping[Path, Picture],
    *,
    is_hosted: bool,
) -> Picture:
    """Load a picture for the widest of its places, or take the issue's of the same file."""
    file = _find(source, folders)
    load = partial(load_picture, file, source, hosted=is_hosted)
    picture = load(width=_widest(places))
    heights = [place.height for place in places]
    if all(heights):
        picture = load(width=max(1, round(max(heights) * picture.width / picture.height)))
    same = own.get(file.resolve())
    if same and same.width >= picture.width:
        return same
    return replace(picture, of_template=True)


def _widest(places: Sequence[Place]) -> int:
    return max(place.width for place in places) or PAGE_WIDTH


def _find(source: str, folders: Sequence[Path]) -> Path:
    """Return the file of a picture from the first folder that has it; links are followed."""
    for number, folder in enumerate(folders):
        file = find_file(folder, source)
        if file.exists():
            root = folders[0] if number < 2 else folder  # the newsletter's own are in its folder
            if leads_out(file, root):
                raise _OutsideError
            return file
    if PurePosixPath(source).is_absolute() or ".." in PurePosixPath(source).parts:
        raise _OutsideError
    raise FileNotFoundError(source)


def _fault(
    source: str, err: Exception, places: Sequence[Place], folders: Sequence[Path]
) -> Finding:
    """Return why a picture cannot be shown."""
    if isinstance(err, _OutsideError) or source.lower().startswith("file:"):
        return rules.IMAGE_MISSING.error(
            "“{source}” lies outside the newsletter's folder and is not mailed",
            "copy {name} into the newsletter's folder, and write its path from there",
            source=source,
            name=source.replace("\\", "/").rpartition("/")[2],
        )
    if isinstance(err, FileNotFoundError):
        hint = _meant(source, folders[0])
        return rules.IMAGE_MISSING.error("there is no picture “{source}”", hint, source=source)
    return format_fault(source, err, _widest(places))


def _meant(source: str, folder: Path) -> Wording:
    """Return the path that was probably meant, or else where paths begin."""
    path = PurePosixPath(source.replace("\\", "/").partition("?")[0])
    with suppress(OSError, ValueError):
        beside = folder / path.parent
        names = [one.name for one in beside.iterdir()] if beside.is_dir() else []
        if close := closest(path.name, names, likeness=0.7):
            return say("did you mean “{name}”?", name=str(path.parent / close))
    return say("paths in templates are looked for from the newsletter's folder")


def _too_many(sources: Iterable[str]) -> Iterable[Unshown]:
    for source in sources:
        fault = rules.IMAGE_FORMAT.error(
            "the templates show more than {most} pictures; “{source}” is not mailed",
            "show fewer",
            most=_MOST,
            source=source,
        )
        yield Unshown(source=source, fault=fault)
