"""What a mail carries beside its page: an entry for calendars, or another file."""

import mimetypes
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

CALENDAR = "text/calendar"
# Of the copy of an invitation that is a mere file: with the other type some programs would show the
# meeting twice.
FILE_OF_CALENDAR = "application/ics"
_METHOD = re.compile(rb"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
_INVITING = {"REQUEST", "CANCEL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that a mail carries."""

    filename: str  # ASCII without quotation marks, as all mail programs read it
    media_type: str = CALENDAR  # without parameters
    data: bytes = field(repr=False)

    @property
    def method(self) -> str:
        """Return what a calendar asks for (RFC 5546), in its own words: servers hold us to them."""
        found = _METHOD.search(self.data) if self.media_type == CALENDAR else None
        return found[1].decode() if found else ""

    @property
    def is_invitation(self) -> bool:
        """Return whether mail programs answer it, rather than keep it as a file."""
        return self.method in _INVITING

    @property
    def base64(self) -> str:
        """Return its bytes as forms carry them."""
        return b64encode(self.data).decode()

    @property
    def text(self) -> str:
        """Return the text of a calendar."""
        return self.data.decode()

    @property
    def file_type(self) -> str:
        """Return its type where it is a mere file, beside an invitation that is the same."""
        return FILE_OF_CALENDAR if self.is_invitation else self.media_type

    @property
    def content_type(self) -> str:
        """Return its type with all that programs for calendars need (RFC 6047, section 2.4)."""
        if self.media_type != CALENDAR:
            return self.media_type
        method = f"; method={self.method}" if self.method else ""
        return f"{CALENDAR}; charset=utf-8{method}"

    def as_json(self) -> dict[str, str]:
        """Return it as it is kept: text as words, so that what is held on somebody is found."""
        named = {"filename": self.filename, "media_type": self.media_type}
        try:
            return named | {"text": self.text}
        except UnicodeDecodeError:
            return named | {"base64": self.base64}

    @classmethod
    def from_json(cls, kept: Mapping[str, str]) -> "Enclosure":
        """Return the file that was kept."""
        data = kept["text"].encode() if "text" in kept else b64decode(kept["base64"])
        return cls(filename=kept["filename"], media_type=kept["media_type"], data=data)


class Carried(NamedTuple):
    """A part of a mail as it arrives."""

    media_type: str
    filename: str  # empty: it has none
    data: bytes


def enclosures_of(parts: Iterable[Carried]) -> tuple[Enclosure, ...]:
    """Return what a mail encloses, of its parts: an invitation that is there twice is one."""
    by_data: dict[bytes, Enclosure] = {}
    for part in parts:
        known = by_data.get(part.data)
        kind = part.media_type.partition(";")[0].strip().lower()
        if known is None:
            by_data[part.data] = Enclosure(filename=part.filename, media_type=kind, data=part.data)
        else:
            named = CALENDAR if CALENDAR in (known.media_type, kind) else kind
            by_data[part.data] = Enclosure(
                filename=known.filename or part.filename, media_type=named, data=part.data
            )
    return tuple(by_data.values())


def type_by_name(filename: str) -> str:
    """Return the type that a file is taken for by its name alone."""
    if filename.endswith(".ics"):
        return CALENDAR
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"
