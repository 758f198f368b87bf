"""All files of a look, each name with the files that bear it, the one that counts first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from newsletter.render.chain import Look
from newsletter.render.lint.outline import Load, Nodes, Part, all_nodes, outline_of
from newsletter.render.lint.plain import Plain, read_plain
from newsletter.render.looks import LOOKS, files_of, is_packaged, names_in
from newsletter.render.template_files import TemplateFileError, keep_inside, text_of

_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_NEXT = "next:"
_PARTS = 3  # of a name that is put together
READ = (".mjml", ".css", ".jinja")
_MOST = 200_000  # characters; the largest of the package has six thousand


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template of a look."""

    name: str  # such as "blocks/quote.mjml"
    path: Path
    text: str
    is_own: bool  # it is not the package's

    @property
    def plain(self) -> Plain:
        """Return the template without Jinja."""
        return _plain(self.text)

    @property
    def outline(self) -> Nodes:
        """Return the template's markup within Jinja's branches, loops and parts."""
        return _outline(self.text)

    @property
    def loads(self) -> list[Load]:
        """Return the files that the template loads."""
        return [node for node in all_nodes(self.outline) if isinstance(node, Load)]

    @property
    def blocks(self) -> list[str]:
        """Return the names of the blocks that it has."""
        nodes = all_nodes(self.outline)
        return [node.name for node in nodes if isinstance(node, Part) and node.kind == "block"]

    @property
    def extends(self) -> Load | None:
        """Return what the template extends."""
        return next((load for load in self.loads if load.how == "extends"), None)


Shelf = Mapping[str, tuple[TemplateFile, ...]]


@lru_cache(maxsize=256)
def _plain(text: str) -> Plain:
    return read_plain(text)


@lru_cache(maxsize=256)
def _outline(text: str) -> Nodes:
    return outline_of(_plain(text))


def shelf_of(look: Look) -> Shelf:
    """Return the templates of a look; an untouched copy is the package's, and counts as such."""
    found: dict[str, list[TemplateFile]] = {}
    for folder in (look.folder, *look.shared):
        root = look.roots.get(folder)
        if root is None and not found:
            return {}  # the package alone has no faults
        for file in _files_in(folder, root):
            found.setdefault(file.name, []).append(file)
    return {name: tuple(files) for name, files in found.items()}


def _files_in(folder: Path, root: Path | None) -> Iterator[TemplateFile]:
    """Yield the templates of a folder, but for those that are not read, or not as they are.

    `root` is the folder that they must not lead out of; the package's have none.
    """
    for name in names_in(folder) if folder.is_dir() else ():
        path = folder / name
        try:
            if name.endswith(READ):
                if root:
                    keep_inside(path, root)
                stat = path.stat()
                file = _read(name, path, root is not None, (stat.st_mtime_ns, stat.st_size))
                if file:
                    yield file
        except (TemplateFileError, OSError):
            continue  # whoever includes it is told


@lru_cache(maxsize=512)
def _read(
    name: str,
    path: Path,
    is_own: bool,  # noqa: FBT001 - as a key of the cache
    _state: tuple[int, int],
) -> TemplateFile | None:
    """Return a template as it was at a state; None for an untouched copy, or one too large."""
    text = text_of(path)
    if (is_own and is_packaged(name, text.encode())) or len(text) > _MOST:
        return None
    return TemplateFile(name, path, text, is_own)


def shipped_names() -> frozenset[str]:
    """Return the names of the package's templates, of whatever look."""
    return frozenset(name for look in LOOKS for name in files_of(look))


def loaded(shelf: Shelf, file: TemplateFile, load: Load) -> list[TemplateFile]:
    """Return the files that a template may load at a place."""
    found = []
    for pattern in _patterns(load.said):
        for name, files in shelf.items():
            if pattern.fullmatch(name):
                found.append(_next_of(files, file) if _passes_over(file, load) else files[0])
    return [one for one in found if one]


def _next_of(files: tuple[TemplateFile, ...], file: TemplateFile) -> TemplateFile | None:
    """Return the file that another one of its name hides."""
    later = files[files.index(file) + 1 :] if file in files else files[1:]
    return later[0] if later else None


def _passes_over(file: TemplateFile, load: Load) -> bool:
    own = f'"{file.name}"' in load.said or f"'{file.name}'" in load.said
    return _NEXT in load.said or (load.how == "extends" and own)


def _patterns(said: str) -> Iterator[re.Pattern[str]]:
    """Yield a pattern for each name that may be said, such as `"blocks/" ~ kind ~ ".mjml"`."""
    texts = [double or single for double, single in _QUOTED.findall(said)]
    texts = [text.removeprefix(_NEXT) for text in texts]
    if len(texts) > _PARTS:  # each more would multiply the ways in which a name may fit
        texts = [texts[0], texts[-1]]
    if "~" in said or "+" in said:
        yield re.compile(".+".join(map(re.escape, texts)) if len(texts) > 1 else ".+")
    else:
        yield from (re.compile(re.escape(text)) for text in texts)
