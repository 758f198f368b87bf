"""Writes plain text so that an issue shows it letter for letter."""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter.net import ascii_host, disguise_of

# Signs that have a meaning in Markdown, directives or slots wherever they are.
_SPECIAL = re.compile(r"[\\`*_\[\]<>{}|~^]|&(?=[#A-Za-z])|%(?=[\w.-]{1,60}%)|:(?=::)|(?<!\S)#")
# Signs that begin a list, a heading, a rule or a directive at the start of a line.
_LEADING = re.compile(r"^(?:(?P<sign>[-+=:])|(?P<digits>\d{1,9})(?P<after>[.)]))")
# Invisible characters that can reverse text or hide in it; joiners belong to emoji and scripts.
_JOINERS = "\u200c\u200d"
_NEVER = re.compile(r"[\ufdd0-\ufdef\ufffe\uffff]")
_IN_URL = "%/:=?&~+!$,;'@"  # left as they are; anything else but letters is encoded


def plain_line(text: str) -> str:
    """Return text on one line, without controls and invisible characters."""
    spaced = " ".join(text.split())
    kept = (c for c in spaced if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join(_NEVER.sub("", "".join(kept)).split())


def escape_markdown(text: str) -> str:
    """Return Markdown that shows a line of plain text unchanged, wherever it is in an issue."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return _LEADING.sub(
        lambda m: f"\\{m['sign']}" if m["sign"] else f"{m['digits']}\\{m['after']}", escaped
    )


def escape_url(url: str) -> str:
    """Return a web address for use in a Markdown link; empty for anything else.

    One that hides where it leads is none.
    """
    if disguise_of(url):
        return ""
    try:
        parts = urlsplit(url.strip())
        host = ascii_host(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not re.fullmatch(
        r"[\w.-]+|[\da-f:]*:[\da-f:.]*", host
    ):
        return ""
    host = f"[{host}]" if ":" in host else host
    path, query, fragment = (
        quote(part, safe=_IN_URL) for part in (parts.path, parts.query, parts.fragment)
    )
    whole = urlunsplit((parts.scheme, host + port, path, query, fragment))
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", whole)
    return re.sub(r"&(?=#?\w+;)", "&amp;", whole)
