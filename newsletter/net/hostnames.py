"""Writes the hosts of links as every program understands them: in ASCII (RFC 5891)."""

import re
from urllib.parse import unquote

import idna

# Scheme, user and host of a web address; a mail address after "mailto:".
_WEB = re.compile(r"(\s*(?:https?:)?//(?:[^/?#\s@]*@)?)([^/?#:\s]+)", re.I)
_MAIL = re.compile(r"(?<=@)[^@?,;&\s]+")
_NEXT = re.compile(r"((?:^|,)\s*)([^\s,]\S*)")  # of several addresses


def ascii_host(host: str) -> str:
    """Return a host with every label in ASCII; an invalid one stays as it is."""
    host = unquote(host) if "%" in host else host
    return ".".join(_ascii_label(label) for label in re.split(r"[.。．｡]", host))


def ascii_link(url: str) -> str:
    """Return a link whose host is in ASCII; no other character is changed."""
    if url.isascii() and "%" not in url:
        return url
    if url[:7].lower() == "mailto:":
        addresses, mark, rest = url.partition("?")
        return _MAIL.sub(lambda found: ascii_host(found[0]), addresses) + mark + rest
    web = _WEB.match(url)
    if web is None or (web[2].isascii() and "%" not in web[2]):
        return url
    return f"{web[1]}{ascii_host(web[2])}{url[web.end() :]}"


def ascii_links(urls: str) -> str:
    """Return a list such as that of `srcset` with every host in ASCII."""
    return _NEXT.sub(lambda found: found[1] + ascii_link(found[2]), urls)


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label  # it may contain a marker for a slot, whose case matters
    try:
        return idna.encode(label, uts46=True).decode()
    except UnicodeError:  # such as an emoji, which older rules allowed
        return _by_older_rules(label)


def _by_older_rules(label: str) -> str:
    try:
        return label.encode("idna").decode()
    except UnicodeError:
        return label
