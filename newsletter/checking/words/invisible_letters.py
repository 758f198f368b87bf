"""Checks for invisible characters that mail programs stumble over."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.checking.instruments import Draft, anchors_of, checks, pieces_of, untagged
from newsletter.language import say
from newsletter.model import FRONT_TEXTS, Finding, Rule, Severity, Specimen

_NAMES = {
    "\u00ad": say("a soft hyphen"),
    "\u200b": say("a zero-width space"),
    "\u200c": say("a zero-width non-joiner"),
    "\u200d": say("a zero-width joiner"),
    "\u2060": say("a word joiner"),
    "\ufeff": say("a byte-order mark"),
}
_TURNING = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Joiners combine several emoji into one, and shape letters of non-Latin scripts.
_JOINED = re.compile(r"(?<=[^\x00-\u024f])[\u200c\u200d](?=[^\x00-\u024f])")
_UNSEEN = re.compile(rf"[\u200b-\u200d\u2060\ufeff{_TURNING}]")
_SOFT = "\u00ad"
_TURNS = re.compile(rf"[{_TURNING}]")
# Right-to-left scripts: Hebrew, Arabic and the like; direction marks are correct in them.
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_C1 = re.compile(r"[\x80-\x9f\ufffe\uffff]")
_C1_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
_C1_REFERENCE = re.compile(r"&#(?:0*(?:12[89]|1[345]\d)|x0*[89][0-9a-f]);", re.I)


INVISIBLE_CHARS = Rule(
    id="invisible-chars",
    summary="No invisible characters stand in words and addresses",
    source="Unicode, reports 36 and 39",
)


@checks(INVISIBLE_CHARS)
def check_invisible(draft: Draft) -> Iterator[Finding]:
    """Words have no zero-width characters, and addresses and names none that change direction."""
    for key in FRONT_TEXTS:
        text, line = draft.readable(getattr(draft.issue, key)), draft.line_of(key)
        if found := _unseen(text) or re.search(_SOFT, text):
            is_turned = _TURNS.match(found[0])
            severity = Severity.ERROR if is_turned and key == "subject" else Severity.WARNING
            yield _invisible(severity, found, text, line)
    for anchor in anchors_of(draft):
        url = unquote(anchor.url)
        if found := _UNSEEN.search(url) or re.search(_SOFT, url):
            line = draft.line_with(found[0], anchor.line)
            yield _invisible(Severity.ERROR, found, url, line, in_link=True)
    for block, html in pieces_of(draft):
        text = untagged(html)
        if found := _unseen(text):
            line = draft.line_with(found[0], block.line)
            yield _invisible(Severity.WARNING, found, text, line)


C1_CONTROLS = Rule(
    id="c1-controls",
    summary="No control character that makes Gmail cut the mail",
    source="hteumeuleu/email-bugs 41 and 140",
)


@checks(C1_CONTROLS)
def check_controls(draft: Draft) -> Iterator[Finding]:
    """Neither subject nor HTML nor text has one of the control characters U+0080 to U+009F."""
    for specimen in draft.specimens:
        if found := _control_in(specimen):
            line = next(
                (n for n, text in enumerate(draft.source.split("\n"), 1) if found in text), None
            )
            yield C1_CONTROLS.error(
                "an invisible control character ({code}) is here; Gmail cuts a mail there",
                "write the word again; text copied from old Word files may hold such signs"
                if line
                else "a template holds it: look there",
                line=line,
                code=_code(found),
            )


def _unseen(text: str) -> re.Match[str] | None:
    if text.isascii() or _RIGHT_TO_LEFT.search(text):
        return None
    return _UNSEEN.search(_JOINED.sub("  ", text))


def _invisible(
    severity: Severity,
    found: re.Match[str],
    text: str,
    line: int | None,
    *,
    in_link: bool = False,
) -> Finding:
    sign = _NAMES.get(found[0]) or say("a sign that turns the direction of the text")
    before = re.split(r"\s", text[: found.start()])[-1][-30:]
    after = re.split(r"\s", text[found.end() :], maxsplit=1)[0][:30]
    return INVISIBLE_CHARS.finding(
        severity,
        "{sign} is hidden in a link, “{place}”, where the dot is"
        if in_link
        else "{sign} is hidden in “{place}”, where the dot is",
        "write this by hand again; search, screen readers and filters stumble over such signs",
        line=line,
        sign=sign,
        place=f"{before}·{after}",
    )


def _control_in(specimen: Specimen) -> str:
    for text in (specimen.subject, specimen.html, specimen.text):
        if _may_hold_controls(text) and (match := _C1.search(text)):
            return match[0]
    reference = _C1_REFERENCE.search(specimen.html) if "&#" in specimen.html else None
    return reference[0] if reference else ""


def _may_hold_controls(text: str) -> bool:
    """Return, in a tenth of the time, whether a page needs a search letter by letter."""
    data = text.encode("utf-8", "surrogatepass")
    return b"\xef\xbf" in data or bool(_C1_BYTES.search(data))


def _code(found: str) -> str:
    return found if found.startswith("&#") else f"U+{ord(found):04X}"
