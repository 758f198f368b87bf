"""The looks that come with the program: where their templates are, and which files they have."""

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
_KINDS = (".mjml", ".css", ".jinja", ".md")  # the last are the patterns of new issues


def folders_of(look: str) -> list[Path]:
    """Return the folders in which the templates of a look are searched for, in order."""
    return [PACKAGED] if look == DEFAULT_LOOK else [PACKAGED / "looks" / look, PACKAGED]


def files_of(look: str) -> dict[str, Path]:
    """Return all templates of a look by name, such as "blocks/quote.mjml"."""
    files: dict[str, Path] = {}
    for folder in reversed(folders_of(look)):
        files |= {name: folder / name for name in names_in(folder)}
    return dict(sorted(files.items()))


def pages_of(look: str, folder: Path) -> list[str]:
    """Return what an issue may name as its template: the page templates of a look and a folder."""
    paths = {**files_of(look), **{name: folder / name for name in names_in(folder)}}
    pages = (name for name, path in paths.items() if path.suffix == ".mjml" and _is_page(path))
    return sorted(name.removesuffix(".mjml") for name in pages)


def is_packaged(name: str, content: bytes) -> bool:
    """Return whether a template is the same as in the package, in any look."""
    paths = {folder / name for look in LOOKS for folder in folders_of(look)}
    return any(path.is_file() and read_file(path) == content for path in paths)


def copy_template(source: Path, target: Path) -> None:
    """Copy a template to its place in a newsletter's folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(read_file(source))


def names_in(folder: Path) -> list[str]:
    """Return the names of the templates in a folder; other looks below it are not included."""
    paths = (p for p in folder.rglob("*") if p.suffix in _KINDS and p.is_file())
    names = (path.relative_to(folder).as_posix() for path in paths)
    return sorted(name for name in names if not name.startswith("looks/"))


def _is_page(path: Path) -> bool:
    content = read_words(path)
    return "<mjml>" in content or "<mjml " in content or "{% extends" in content
