"""Checks that a mail reveals nothing about the machines it was made on."""

import re
from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks, one_per_variant
from newsletter.language import say
from newsletter.model import LINE_COMMENT, Finding, Rule, Specimen

_FOLDER = re.compile(
    r"(?<![\w.])/(?:home|Users|root|var/(?:www|lib|log)|srv)/\w[\w./-]*"
    r"|(?<!\w)[A-Z]:[\\/](?:Users|Documents|Windows|Temp|Projektit?)\b[\w\\/.-]*"
    r"|\bfile:///?[\w%:./\\-]+|\\\\[\w-]{2,}\\[\w$][\w\\$.-]*"
)
_PRIVATE_IP = re.compile(
    r"(?<![\d.])(?:10\.\d{1,3}|127\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?![\d.])"
)
_MACHINE = re.compile(
    r"(?<![\w.@-])[\w-]+(?:\.[\w-]+)*\.(?:local|lan|internal|localdomain)\b", re.I
)
# Keys of mail and code services by their form, and anything that is called a key and looks like
# one.
_KEY = re.compile(
    r"\b(?:xkeysib-[0-9a-f]{16,}|key-[0-9a-f]{32}|SG\.[\w-]{16,}\.[\w-]{16,}|AKIA[0-9A-Z]{16}"
    r"|gh[po]_\w{30,}|sk_live_\w{16,})"
    r"|\b(?:api_?key|secret|access_?token|password)=[\w%+/-]{16,}",
    re.I,
)
# Searched for first: a page nearly always has none of them, and that is quick to see.
_HINTS = {
    _FOLDER: ("/home/", "/Users/", "/root/", "/var/", "/srv/", "file:/", "\\", ":/Temp"),
    _KEY: (
        "xkeysib",
        "key-",
        "SG.",
        "AKIA",
        "ghp_",
        "gho_",
        "sk_live_",
        "key=",
        "secret=",
        "token=",
        "password=",
    ),
}
_COMMENT = re.compile(r"<!--(?!\[if|<!|line \d)(.*?)-->", re.S)


HEADER_LEAKS = Rule(
    id="header-leaks",
    summary="The mail tells nothing about the machine it was made on, and no key",
    source="GDPR, articles 25 and 32",
)


@checks(HEADER_LEAKS)
def check_leaks(draft: Draft) -> Iterator[Finding]:
    """Neither headers nor pages contain folders, host names or secret keys."""
    for specimen in one_per_variant(draft):
        hidden = "\n".join(
            (*(value for _, value in specimen.fields), *_COMMENT.findall(specimen.html))
        )
        if draft.public_url:  # it is told to readers on purpose, and looked at by link-local
            hidden = hidden.replace(f"{draft.public_url}/", "")
        for kind, pattern, text in (
            (say("a folder of a computer"), _FOLDER, hidden),
            (say("a folder of a computer"), _FOLDER, specimen.html),
            (say("an address in an internal network"), _PRIVATE_IP, hidden),
            (say("a machine in an internal network"), _MACHINE, hidden),
            (say("what looks like a secret key"), _KEY, hidden),
            (say("what looks like a secret key"), _KEY, specimen.html),
        ):
            if text is specimen.html and not any(hint in text for hint in _HINTS[pattern]):
                continue
            for found in sorted({match[0] for match in pattern.finditer(text)}):
                line = _line_at(specimen, found) if text is specimen.html else None
                shown = f"{found[:12]}…" if pattern is _KEY else found[:60]
                yield HEADER_LEAKS.warning(
                    "the mail tells {kind}: “{shown}”",
                    "take it out; if it is in a template, take it out there",
                    line=draft.line_with(found, line) if line else None,
                    kind=kind,
                    shown=shown,
                )


def _line_at(specimen: Specimen, words: str) -> int | None:
    """Return the line of the block in whose HTML a text occurs first; None in a template's."""
    at = specimen.lined_html.find(words)
    before = LINE_COMMENT.findall(specimen.lined_html[: max(0, at)])
    return int(before[-1]) or None if before else None
