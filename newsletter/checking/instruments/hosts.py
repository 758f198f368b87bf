"""Names of hosts: whose domain they belong to, and which hide, record or lock away targets."""

import re
from email.utils import parseaddr
from functools import cache

from publicsuffixlist import PublicSuffixList

from newsletter.checking.instruments.draft import Draft
from newsletter.checking.instruments.keeping import once

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


@once
def own_domains(draft: Draft) -> frozenset[str]:
    """Return the registrable domains of the sender, the public URL and where pictures lie."""
    ours = (host_of(draft.public_url), host_of(draft.media_url))
    hosts = (parseaddr(draft.from_)[1].rpartition("@")[2], *ours)
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
    return PublicSuffixList(accept_encoded_idn=False)  # names are readable here


def readable_host(host: str) -> str:
    """Return a host's name in lower case with xn--... decoded into its own script."""
    labels = []
    for label in host.lower().split("."):
        try:
            labels.append(label.encode("ascii").decode("idna") if "xn--" in label else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)
