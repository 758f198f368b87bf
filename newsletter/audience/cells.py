"""Mends the cells of a list where it is clear what was meant, and reports what was mended."""

import html
import re
import unicodedata
from dataclasses import dataclass

from newsletter.addresses import check_address
from newsletter.audience.entries import Repair
from newsletter.audience.vocabulary import FAILED_FORMULA, NO_NAMES
from newsletter.errors import AudienceError
from newsletter.language import Wording, language_of, say, say_list

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Zero-width signs, direction marks, soft hyphens, a byte order mark in the middle.
_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]")
_IN_BRACKETS = re.compile(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>\s]+)\s*>")
_MAILTO = re.compile(r"mailto:([^?]*)(\?.*)?", re.IGNORECASE)
_BEFORE = " \t\r\n,;:'\"“”’‘`´()[]<>|\xa0"
_AFTER = f"{_BEFORE}."
# UTF-8 that was read as Windows-1252 or Latin-1: “Ã¤” for “ä”, “â€“” for “–”.
_MOJIBAKE = re.compile(r"[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Å[¡¸¾]")
_ENTITY = re.compile(r"&(#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
# Letters, digits and the usual signs between them, where nothing needs mending: no “&”, none of the
# letters that mojibake begins with, nothing that could be composed differently.
_LETTERS = "A-Za-z0-9ÀÁÄ-ÖØ-áä-öø-ſ"
_PLAIN = re.compile(rf"[{_LETTERS}](?:[{_LETTERS} .,:;/()+’-]*[{_LETTERS}.)])?")
# Written where a program stored no value for a formula at all.
NO_VALUE = "#FORMULA!"
LONGEST_VALUE = 1000  # characters of a cell that is kept
# A guard that our export puts before a text that a spreadsheet would evaluate.
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedAddress:
    """An address, and what had to be mended for it."""

    address: str
    name: str = ""  # the name before it: “Aino Aalto <aino@example.org>”
    fault: str = ""  # what was wrong; empty when nothing


def clean_value(cell: str) -> str:
    """Return a cell's text: composed, trimmed, with one kind of line break."""
    if cell.isascii() and cell.isprintable():
        text = cell.strip()
    else:
        text = unicodedata.normalize("NFC", cell).replace("\r\n", "\n").replace("\r", "\n")
        text = _INVISIBLE.sub("", _CONTROLS.sub("", text)).strip()
    return "" if is_error(text) else unguarded(text)


def too_long(header: str, value: str) -> Wording:
    """Return what is wrong with a value of more characters than are kept."""
    return say(
        "{count:,} characters in “{header}”; {most:,} are the most",
        count=len(value),
        header=header[:40],
        most=LONGEST_VALUE,
    )


def is_error(text: str) -> bool:
    """Return whether a cell holds the error of a failed formula, so that its value is unknown."""
    return text[:1] == "#" and FAILED_FORMULA.fullmatch(text) is not None


def unguarded(text: str) -> str:
    """Return a text without the guard that exports add so that spreadsheets do not evaluate it."""
    if text[:2] == '="' and text[-1:] == '"' and len(text) > 2:
        return text[2:-1].strip()
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def read_language(text: str) -> str:
    """Return the code of a language; raise AudienceError for anything else."""
    code = language_of(text)
    if code is None:
        raise AudienceError(no_language(text.strip()))
    return code


def no_language(text: str) -> Wording:
    """Return what is wrong with a text in the place of a language."""
    return say("“{text}” is not a language; write fi, sv, en or the like", text=text)


def mend_address(cell: str) -> MendedAddress:
    """Read an address as people and programs write it; raise AudienceError with the reason."""
    text = _INVISIBLE.sub("", cell).strip()
    faults = [say("invisible signs")] if text != cell.strip() else []
    name = ""
    if match := _IN_BRACKETS.fullmatch(text.strip(" ,;")):
        name, text = match["name"].strip(" \"'“”"), match["address"]
        faults.append(
            say("a name before the address") if name else say("brackets around the address")
        )
    if match := _MAILTO.fullmatch(text.lstrip(_BEFORE).rstrip(_AFTER)):
        text = match[1]
        faults.append(say("“mailto:” before it"))
    bare = text.lstrip(_BEFORE).rstrip(_AFTER)
    if bare != text.strip():
        faults.append(say("signs around it"))
    if any(word.count("@") > 1 for word in re.split(r"[\s,;/|]+", bare)):
        raise AudienceError(say("more than one @ in an address; write it with one"))
    if bare.count("@") > 1:
        raise AudienceError(say("more than one address in a cell; give each a row of its own"))
    return MendedAddress(address=check_address(bare), name=name, fault=say_list(faults))


def mend_text(value: str) -> tuple[str, str]:
    """Return a text with its letters mended, and what was wrong; for names and attributes."""
    if value.isascii() and "&" not in value:
        return value, ""
    if _MOJIBAKE.search(value):
        for codec in ("cp1252", "latin-1"):
            try:
                mended = value.encode(codec).decode("utf-8")
            except UnicodeError:
                continue
            return mended, say("letters read in the wrong encoding")
    if _ENTITY.search(value):
        plain = html.unescape(html.unescape(value))  # “&amp;auml;”
        if plain != value:
            return clean_value(plain), say("signs written as in HTML")
    return value, ""


def mend_name(value: str) -> tuple[str, str]:
    """Return a name mended, or empty if it is not a name, and what was wrong."""
    if _is_no_name(value):
        return "", say("no name")
    return mend_text(value)


def is_plain_text(cell: str) -> bool:
    """Return whether a cell can be kept as it is, as most can; a quick check."""
    return _PLAIN.fullmatch(cell) is not None and len(cell) < 200


def is_plain_name(cell: str) -> bool:
    """Return whether a name can be kept as it is, as most can; a quick check."""
    return _PLAIN.fullmatch(cell) is not None and len(cell) < 200 and not _is_no_name(cell)


def repair(column: str, before: str, after: str, text: str) -> Repair:
    """Return the report of a mended cell, short enough to read."""
    return Repair(column=column, before=before[:80], after=after[:80], text=text)


def _is_no_name(value: str) -> bool:
    return len(value) < 16 and value.lower() in NO_NAMES
