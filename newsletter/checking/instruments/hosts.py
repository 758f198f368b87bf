"""Names of hosts: whose domain they belong to, and which hide, record or lock away targets."""

import re
from functools import cache

from publicsuffixlist import PublicSuffixList

# Link shorteners, independent ones and those of the big networks.
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
_NUMBERS = re.compile(r"\[.*|[\d.]+")  # an IP address
_HOST = re.compile(r"https?://(?:[^/?#]*@)?(\[[^\]/?#]*\]?|[^/?#:]*)", re.I)
# Places that only members of an organization, or invited people, can open.
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
    """Return the readable host of a web address; "" if it is not one."""
    match = _HOST.match(url)
    return readable_host(match[1]) if match else ""


def registrable_domains(*hosts: str) -> frozenset[str]:
    """Return the registrable domains of some hosts, ignoring empty names."""
    return frozenset(registrable(host) for host in hosts if host)


def registrable(host: str) -> str:
    """Return the registrable domain of a host, such as "example.org"."""
    name = readable_host(host).removesuffix(".")
    if _NUMBERS.fullmatch(name):
        return name
    return _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    """Return the public suffixes, under which names are registered, such as "co.uk"."""
    return PublicSuffixList()


def readable_host(host: str) -> str:
    """Return a host's name in lower case with xn--... decoded into its own script."""
    labels = []
    for label in host.lower().split("."):
        try:
            labels.append(label.encode("ascii").decode("idna") if "xn--" in label else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)
