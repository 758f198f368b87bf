"""What the author of a broken link most likely meant."""

import re

from newsletter.language import Wording, say

# “htp://”, “https//”, “http:/”, “hhtps;//”: letters of the scheme, then some of its signs.
_ALMOST_A_SCHEME = re.compile(
    r"^h{0,2}[htps]{2,6}(?::/{0,3}|[;,.]?/{1,3})(?=[\w-]+\.)(.+)$", re.IGNORECASE
)
_FILE = re.compile(r"^(?:file:|[A-Za-z]:|\\\\)|\.(?:pdf|docx?|xlsx?|pptx?|odt|zip)$", re.I)

_OF_PAGES = ("htm", "html", "php", "asp", "aspx", "md")  # endings of files, not of hosts


def suggest_link(url: str) -> Wording:
    """Return a hint for the author of an address that no mail program can follow."""
    if match := _ALMOST_A_SCHEME.match(url):
        return say("did you mean https://{address}?", address=match[1])
    if re.fullmatch(r"[^\s@/:]+@[\w-]+(?:\.[\w-]+)+", url):
        return say("did you mean mailto:{address}?", address=url)
    if _FILE.search(url):
        return say("mail holds no files: put it on a web page, and link to that")
    host = re.match(r"(?:[\w-]+\.)+([a-z]{2,})(?:[/?#]|$)", url, re.IGNORECASE)
    if host and host[1].lower() not in _OF_PAGES:
        return say("did you mean https://{address}?", address=url)
    return say("write it as https://www.example.org/..., or begin with mailto: or tel:")
