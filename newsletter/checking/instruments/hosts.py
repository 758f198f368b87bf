"""Names of hosts: whose they are, and which ones hide, record or lock away what they lead to."""

import re
from functools import cache

from publicsuffixlist import PublicSuffixList

# Shorteners, of link services and of the big networks.
SHORTENERS = frozenset(
    {
        *("adf.ly", "b.link", "bit.do", "bit.ly", "bitly.com", "bl.ink", "buff.ly"),
        *("cutt.ly", "db.tt", "dlvr.it", "fb.me", "geni.us", "goo.gl", "hubs.ly", "ht.ly"),
        *("ift.tt", "is.gd", "j.mp", "lnkd.in", "mzl.la", "ow.ly", "qr.ae"),
        *("rb.gy", "rebrand.ly", "s.id", "short.io", "shorturl.at", "snip.ly", "soo.gd"),
        *("spoti.fi", "surl.li", "t.co", "t.ly", "t2m.io", "tiny.cc", "tiny.one", "tinyurl.com"),
        *("trib.al", "u.to", "urly.fi", "v.gd", "wp.me", "x.gd", "kutt.it"),
        *("zpr.io", "t1p.de", "qrco.de"),
    }
)
_NUMBERS = re.compile(r"\[.*|[\d.]+")  # an address without a name
_HOST = re.compile(r"https?://(?:[^/?#]*@)?(\[[^\]/?#]*\]?|[^/?#:]*)", re.I)
# Places only their own house, or whoever was let in, can open.
PRIVATE = re.compile(
    r"""^https?://(?:
      [^/]*\.sharepoint\.com/
    | onedrive\.live\.com/ | 1drv\.ms/
    | docs\.google\.com/(?:document|spreadsheets|presentation|forms)/d/(?!e/)[^?]*/edit
    | (?:mail|calendar)\.google\.com/
    | outlook\.(?:office|office365|live)\.com/(?:mail|calendar|owa)
    | teams\.(?:microsoft|live)\.com/(?:l/(?:channel|team|message|chat|file|entity)|_\#|v2)
    | [^/]*\.slack\.com/(?:archives|files)
    | forms\.office\.com/Pages/(?:Design|Analysis)
    | (?:www\.)?canva\.com/design/[^?]*/edit
    | (?:[^/]*\.)?(?:intra|intranet|extranet)\.[^/]+(?:/|$)
    | [^?]*/wp-admin/ | [^\#]*[?&]preview(?:_id)?=
    )""",
    re.X | re.I,
)


def host_of(url: str) -> str:
    """Return the host of a web address, readable; nothing for what is none."""
    match = _HOST.match(url)
    return readable_host(match[1]) if match else ""


def owned(*hosts: str) -> frozenset[str]:
    """Return whose these hosts are; an empty name is nobody's."""
    return frozenset(registrable(host) for host in hosts if host)


def registrable(host: str) -> str:
    """Return the part of a host's name that somebody owns, such as "example.org"."""
    name = readable_host(host).removesuffix(".")
    if _NUMBERS.fullmatch(name):
        return name
    return _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    """Return the names under which others own names, such as "co.uk": twenty thousand lines."""
    return PublicSuffixList()


def readable_host(host: str) -> str:
    """Return a host's name in small letters of its own script: xn--... is decoded."""
    labels = []
    for label in host.lower().split("."):
        try:
            labels.append(label.encode("ascii").decode("idna") if "xn--" in label else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)
