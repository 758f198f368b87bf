"""Fills slots per recipient: texts are split once, then joined with escaped values."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from newsletter.model import MEMBER_SLOTS, Slot

# What no text of a mail may contain: control characters besides tab and line break, surrogates,
# noncharacters.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_IN_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|sms:)[^\s<>]*$", re.IGNORECASE)
_MARKUP = re.compile("[&<>\"']")
_NO_WORD = re.compile(r"[^\w\x80-\U0010ffff-]")
_SHEETS = re.compile(r"<style\b.*?</style", re.IGNORECASE | re.DOTALL)
_LINE_BREAKS = re.compile(r"[\r\n\u2028\u2029\t]+")
# Bidirectional overrides could make a header look like another one.
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


# Slots that hold a whole address of our own making.
WHOLE = frozenset({"unsubscribe_url", "preferences_url"})
# Slots of our own that lead through the public service: a picture, and links by number. No
# attribute of a subscriber can have such a name.
PICTURE, REDIRECT = "@picture", "@redirect:"


def for_text(value: str) -> str:
    """Return a value escaped for plain text or JSON."""
    if value.isprintable():  # as nearly all are, and this runs for every slot of every reader
        return value
    return _FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def verbatim(value: str) -> str:
    """Return a value of our own unchanged, which is safe in any place."""
    return value


def for_html(value: str) -> str:
    """Return a value escaped for HTML text and attributes."""
    value = for_text(value)
    return escape(value, quote=True) if _MARKUP.search(value) else value


def for_url(value: str) -> str:
    """Return a value escaped for part of a URL in an HTML attribute."""
    return quote(for_text(value), safe="")


def for_css(value: str) -> str:
    """Return a value escaped for styles, where it is a word and ends nothing."""
    return _NO_WORD.sub(lambda sign: f"\\{ord(sign[0]):x} ", for_text(value))


def for_header(value: str) -> str:
    """Return a value escaped for a header: on one line."""
    if value.isprintable():  # then it contains neither line breaks nor overrides
        return value.strip()
    return _DIRECTION.sub("", _LINE_BREAKS.sub(" ", for_text(value))).strip()


Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Gap:
    """A slot in a text, with the escape its place needs."""

    slot: Slot
    escape: Escape


@dataclass(frozen=True, slots=True)
class Template:
    """A text split at its slots: every second part is a gap, the others are text."""

    parts: tuple[str | Gap, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text for one recipient; a missing value becomes the slot's fallback."""
        return "".join(
            part if isinstance(part, str) else part.escape(value_of(part.slot, values))
            for part in self.parts
        )

    @property
    def gaps(self) -> list[Gap]:
        """Return the gaps in order."""
        return [part for part in self.parts if isinstance(part, Gap)]


def value_of(slot: Slot, values: Mapping[str, str]) -> str:
    """Return what a slot becomes for a recipient with these values."""
    return values.get(slot.name) or slot.fallback or ""


def split_at_slots(text: str, slots: Iterable[Slot], escape: Escape) -> Template:
    """Split a plain text or a header at its slots."""
    return _divide(text, slots, lambda _before, _slot, _at: escape)


def split_text_at_slots(text: str, slots: Iterable[Slot]) -> Template:
    """Split the plain-text part at its slots; inside an address values are percent-encoded."""
    return _divide(text, slots, lambda before, slot, _at: _escape_in_text(before, slot))


def split_html_at_slots(html: str, slots: Iterable[Slot]) -> Template:
    """Split HTML at its slots; inside an address values are percent-encoded as well."""
    slots = tuple(slots)
    sheets = [found.span() for found in _SHEETS.finditer(html)] if slots else []

    def choose(before: str, slot: Slot, at: int) -> Escape:
        if any(start < at < end for start, end in sheets):
            return for_css
        return _escape_in_html(before, slot)

    return _divide(html, slots, choose)


def _escape_in_text(before: str, slot: Slot) -> Escape:
    inside = slot.name not in (*WHOLE, *MEMBER_SLOTS) and _IN_ADDRESS.search(before)
    return for_url if inside else for_text


def _escape_in_html(before: str, slot: Slot) -> Escape:
    if slot.name == PICTURE:
        return verbatim
    if re.search(r'\sstyle="[^"<>]*$', before):
        return for_css
    inside = re.search(r'\s(?:href|src|background)="([^"<>]*)$', before)
    if inside is None:
        return for_html
    if not inside[1] and (slot.name in WHOLE or slot.name.startswith(REDIRECT)):
        return for_html  # a whole address of our own making
    if slot.name in MEMBER_SLOTS:
        return for_html  # the end of one
    return for_url


def _divide(
    text: str, slots: Iterable[Slot], choose: Callable[[str, Slot, int], Escape]
) -> Template:
    by_marker = {slot.marker: slot for slot in slots}
    if not by_marker:
        return Template((text,))
    parts: list[str | Gap] = []
    end = 0
    for match in re.finditer("|".join(map(re.escape, by_marker)), text):
        slot = by_marker[match[0]]
        before = text[max(0, match.start() - 4000) : match.start()]
        parts += [text[end : match.start()], Gap(slot, choose(before, slot, match.start()))]
        end = match.end()
    return Template((*parts, text[end:]))


def unused_key(sign: str, *texts: str) -> str:
    """Return a prefix for marks that does not occur in the texts; the same for the same ones.

    It begins and ends with z and a sign, by which marks of one kind are none of another.
    """
    seed = "\0".join(texts).encode("utf-8", "surrogatepass")
    while True:
        seed = hashlib.sha256(seed).digest()
        key = f"z{sign}{seed.hex()[:10]}{sign}"
        if not any(key in text for text in texts):
            return key
