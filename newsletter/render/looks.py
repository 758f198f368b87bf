"""The looks that come with the program: where their templates are, and which files they have."""

import codecs
import hashlib
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from newsletter.files import read_file, read_words
from newsletter.language import say

PACKAGED = next(
    folder
    for folder in (Path(__file__).parents[1] / "templates", Path(__file__).parents[2] / "templates")
    if folder.is_dir()
)
DEFAULT_LOOK = "default"
# Each look and its description; all but the first have a folder of their own with only what differs
# from the first.
LOOKS = {
    DEFAULT_LOOK: say("warm paper, one card, a restrained head"),
    "letter": say("a plain letter in a serif, as if a person had written it"),
    "magazine": say("a nameplate, big headlines, rules, short sections side by side"),
}
_SHIPPED = "shipped.txt"  # digests of templates of earlier versions, a name and a digest a line
_ALIKE = 0.5  # share of words that a changed copy has kept, at least; else it is a template anew
KINDS = (".mjml", ".css", ".jinja", ".md")  # the last are the patterns of new issues


def folders_of(look: str) -> list[Path]:
    """Return the folders in which the templates of a look are searched for, in order."""
    return [PACKAGED] if look == DEFAULT_LOOK else [PACKAGED / "looks" / look, PACKAGED]


def files_of(look: str) -> dict[str, Path]:
    """Return all templates of a look by name, such as "blocks/quote.mjml"."""
    files: dict[str, Path] = {}
    for folder in reversed(folders_of(look)):
        files |= files_in(folder)
    return dict(sorted(files.items()))


def files_in(folder: Path) -> dict[str, Path]:
    """Return the templates in a folder by name."""
    return {name: folder / name for name in names_in(folder)}


def is_packaged(name: str, content: bytes) -> bool:
    """Return whether a template is the same as in the package, in any look or earlier version.

    Such a copy says nothing of what its owner wants, so the look's own template is used instead.
    """
    return digest_of(content) in _digests().get(name, frozenset())


def was_packaged(name: str) -> bool:
    """Return whether the package has, or once had, a template of this name in any look."""
    return name in _digests()


def digest_of(content: bytes) -> str:
    """Return the digest of a template, the same for all ways to end lines and begin files."""
    content = content.removeprefix(codecs.BOM_UTF8)
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]


def find_packaged(name: str, look: str) -> Path | None:
    """Return the file of a template of a packaged look; None if it has none."""
    paths = (folder / name for folder in folders_of(look))
    return next((path for path in paths if path.is_file()), None)


@lru_cache(maxsize=256)  # 7 ms for each template, at each keystroke of a preview
def nearest_look(name: str, content: bytes) -> str | None:
    """Return the look whose template a file has most words of; None for one that has no model."""
    shares = {}
    for look in LOOKS:
        if path := find_packaged(name, look):
            model, own = (b.decode("utf-8", "replace").split() for b in (read_file(path), content))
            shares[look] = likeness(model, own, least=_ALIKE)
    nearest = max(shares, key=lambda look: shares[look], default=None)
    return nearest if nearest and shares[nearest] > _ALIKE else None


def likeness(one: Sequence[str], other: Sequence[str], *, least: float) -> float:
    """Return the share of parts that two texts have in common; 0 if it is surely below `least`.

    A stranger's file of one word a million times would be compared for an hour.
    """
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    is_possible = matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least
    return matcher.ratio() if is_possible else 0.0


@lru_cache(maxsize=1)
def _digests() -> dict[str, frozenset[str]]:
    """Return the digests of each template that was ever in the package, by name."""
    found: dict[str, set[str]] = {}
    for folder in dict.fromkeys(folder for look in LOOKS for folder in folders_of(look)):
        for name in names_in(folder):
            found.setdefault(name, set()).add(digest_of(read_file(folder / name)))
    for line in read_words(PACKAGED / _SHIPPED).splitlines():
        name, digest = line.split()
        found.setdefault(name, set()).add(digest)
    return {name: frozenset(digests) for name, digests in found.items()}


def names_in(folder: Path) -> list[str]:
    """Return the names of the templates in a folder; other looks below it are not included."""
    paths = (p for p in folder.rglob("*") if p.suffix in KINDS and p.is_file())
    names = (path.relative_to(folder).as_posix() for path in paths)
    return sorted(name for name in names if not name.startswith("looks/"))
