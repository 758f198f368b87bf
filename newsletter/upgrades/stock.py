"""Says of each template whether it is the package's, yours, or changed on both sides."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from newsletter.errors import ConfigError, UsageError
from newsletter.files import read_file
from newsletter.language import Wording, closest, say
from newsletter.render import (
    LOOKS,
    STYLE_FILE,
    Look,
    Memory,
    Origin,
    digest_of,
    find_packaged,
    is_packaged,
    likeness,
    names_in,
    read_own,
    text_in,
    was_packaged,
)
from newsletter.upgrades.threeway import first_mark

_ALIKE = 0.7  # share of lines that a renamed template has kept, at least
_WRITERS = {"box": "row.mjml", "columns": "row.mjml"}  # blocks that have no template of their own
_ADDITIONS = ("extra.css", "extra_screen.css")  # to the styles of a look
_VALUE = re.compile(r'\bset\s+(\w+)|"(\w+)"\s*:')


class Relation(StrEnum):
    """How a template relates to the package."""

    PACKAGE = "package"  # there is no copy, so the package's is used
    SAME = "as-in-package"  # a copy that nobody changed; the package's is used, in whatever look
    NEWER = "package-newer"  # the same, made from an earlier version
    YOURS = "yours"  # you changed your copy, the package has what it had
    BOTH = "both-changed"  # you changed your copy, and the package has changed since
    UNKNOWN = "origin-unknown"  # you changed your copy; nobody remembers what it was made from
    GONE = "gone"  # a copy of what the package has no more
    OWN = "own"  # all your own
    CONFLICT = "conflict"  # an update left marks of a conflict in it
    UNREADABLE = "unreadable"  # a file that cannot be read, or holds no text

    @property
    def words(self) -> Wording:
        """Return the relation as people read it."""
        return _RELATIONS[self]


_RELATIONS = {
    Relation.PACKAGE: say("from the package"),
    Relation.SAME: say("as in the package"),
    Relation.NEWER: say("the package is newer"),
    Relation.YOURS: say("yours"),
    Relation.BOTH: say("both changed"),
    Relation.UNKNOWN: say("yours, made from an unknown version"),
    Relation.GONE: say("no longer in the package"),
    Relation.OWN: say("all your own"),
    Relation.CONFLICT: say("a conflict to decide"),
    Relation.UNREADABLE: say("cannot be read"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template of a newsletter, and what the package has of that name."""

    name: str  # such as "blocks/quote.mjml"
    relation: Relation
    path: Path  # yours, or the package's if you have none
    content: bytes = b""  # yours, if there is one that can be read
    origin: Origin | None = None  # what yours was made from, as far as is known
    package: Path | None = None  # what would be copied today
    other_look: str | None = None  # the look yours was made from, if the mail has another
    mark: int | None = None  # the line of the first mark of a conflict
    is_changed: bool = False  # its owner has written something in it
    # What the package seems to call it now, if it has it no more; known where stock is taken.
    successor: str | None = None

    @property
    def is_own(self) -> bool:
        """Return whether there is a file of the newsletter's own, which can be read."""
        return self.relation not in (Relation.PACKAGE, Relation.UNREADABLE)

    def todays(self) -> str | None:
        """Return what would be copied today, as it is remembered; None if there is nothing."""
        return _text_of(read_file(self.package), self.package) if self.package else None


def take_stock(look: Look, memory: Memory) -> list[Template]:
    """Return all templates of a look and of its own folder, by name, and where gone ones went."""
    names = {*look.files(), *own_names(look)}
    found = (template_of(name, look, memory) for name in sorted(names))
    return [replace(one, successor=_successor_of(one, look)) for one in found]


def own_names(look: Look) -> list[str]:
    """Return the templates that a look's own folder has."""
    return names_in(look.folder) if look.folder.is_dir() else []


def house_look(look: Look) -> Look:
    """Return the house look of a newsletter by itself; raise UsageError if there is none."""
    houses = look.of_houses()
    if not houses:
        raise UsageError(say("there is no house look: newsletter.toml names no folder"))
    return houses[0]


def full_name(name: str, known: Iterable[str]) -> str:
    """Return the name of a template; its last part is enough, as in "quote", or its block."""
    known = list(known)
    short = {full.rpartition("/")[2].partition(".")[0]: full for full in known}
    if name in known:
        return name
    if name in short:
        return short[name]
    if _WRITERS.get(name) in known:
        return _WRITERS[name]
    close = closest(name, [*known, *short])
    hint = say("“newsletter templates” lists them")
    if close:
        hint = say("did you mean “{name}”?", name=close)
    raise UsageError(say("the package has no template “{name}”; {hint}", name=name, hint=hint))


def hides_the_look(template: Template) -> bool:
    """Return whether what was meant as an addition stands in place of what the look adds."""
    is_new = template.name in _ADDITIONS and template.relation is Relation.UNKNOWN
    if not is_new or b"next:" in template.content:
        return False
    words, own = (template.todays() or "").split(), template.content.decode().split()
    return bool(words) and not likeness(words, own, least=_ALIKE)


def template_of(name: str, look: Look, memory: Memory) -> Template:
    """Return what is known of a template."""
    path, package = look.folder / name, look.find(name)
    template = Template(name=name, relation=Relation.UNREADABLE, path=path, package=package)
    try:
        content = read_own(look.folder, name)
        text = _text_of(content or b"", path)
    except (OSError, ConfigError):
        return replace(template, is_changed=True)
    if content is None:
        return replace(template, relation=Relation.PACKAGE, path=package or path)
    template = replace(template, content=content)
    if is_packaged(name, content) or memory.is_untouched(name, content):
        origin = Origin(look=look.name, text=text)
        return replace(template, origin=origin, relation=_of_untouched(template))
    return _changed(template, look, memory)


def _of_untouched(template: Template) -> Relation:
    if template.package and _is_same(template.content, template.package):
        return Relation.SAME
    # Today's copy of another look follows this one, wherever both come from the package.
    others = (find_packaged(template.name, name) for name in LOOKS)
    if any(_is_same(template.content, path) for path in others if path):
        return Relation.SAME
    return Relation.NEWER if template.package else Relation.GONE


def _changed(template: Template, look: Look, memory: Memory) -> Template:
    name, content = template.name, template.content
    origin = memory.origin_of(name, content)
    other = look.stray(name, content, origin.look if origin else None)
    package = find_packaged(name, other) if other else template.package
    mark = first_mark(name, content)
    return replace(
        template,
        relation=Relation.CONFLICT if mark else _of_changed(template, origin, package),
        origin=origin,
        package=package,
        other_look=other,
        mark=mark,
        is_changed=True,
    )


def _of_changed(template: Template, origin: Origin | None, package: Path | None) -> Relation:
    if package is None:
        # A name that another look has today says nothing of where this file came from.
        has_left = was_packaged(template.name) and not _is_in_a_look(template.name)
        return Relation.GONE if origin or has_left else Relation.OWN
    if origin is None:
        return Relation.UNKNOWN
    if _is_short(template.name, origin.text, _text_of(template.content, template.path)):
        return Relation.YOURS  # what it leaves out is the package's anyway
    return Relation.YOURS if _is_same(origin.text.encode(), package) else Relation.BOTH


def _is_in_a_look(name: str) -> bool:
    return any(find_packaged(name, look) for look in LOOKS)


def _is_same(content: bytes, package: Path) -> bool:
    return digest_of(content) == digest_of(read_file(package))


def _successor_of(template: Template, look: Look) -> str | None:
    """Return the template that has most lines of one that is gone, if it has most of them."""
    if template.relation is not Relation.GONE or template.origin is None:
        return None
    gone = template.origin.text.splitlines()
    shares = {
        name: likeness(gone, _text_of(read_file(path), path).splitlines(), least=_ALIKE)
        for name, path in look.files().items()
        if path.suffix == template.path.suffix
    }
    nearest = max(shares, key=lambda name: shares[name], default="")
    return nearest if nearest and shares[nearest] >= _ALIKE else None


def _is_short(name: str, base: str, yours: str) -> bool:
    """Return whether values were taken out of a style, so that those of the look below are used."""
    left_out = Counter(_VALUE.findall(base)) - Counter(_VALUE.findall(yours))
    return name == STYLE_FILE and bool(left_out)


def plain(content: str) -> str:
    """Return what is in a template as it is remembered: with the ends of lines that Unix has."""
    return content.replace("\r\n", "\n")


def _text_of(content: bytes, path: Path) -> str:
    return plain(text_in(content, path))
