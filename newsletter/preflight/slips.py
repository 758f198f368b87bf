"""What the author of a link that leads nowhere most likely meant."""

import re

# “htp://”, “https//”, “http:/”, “hhtps;//”: letters of the scheme, then some of its signs.
_ALMOST_A_SCHEME = re.compile(
    r"^h{0,2}[htps]{2,6}(?::/{0,3}|[;,.]?/{1,3})(?=[\w-]+\.)(.+)$", re.IGNORECASE
)
_FILE = re.compile(r"^(?:file:|[A-Za-z]:|\\\\)|\.(?:pdf|docx?|xlsx?|pptx?|odt|zip)$", re.I)


def suggest_link(url: str) -> str:
    """Return a hint for the author of an address that no mail program can follow."""
    if match := _ALMOST_A_SCHEME.match(url):
        return f"did you mean https://{match[1]}?"
    if re.fullmatch(r"[^\s@/:]+@[\w-]+(?:\.[\w-]+)+", url):
        return f"did you mean mailto:{url}?"
    if _FILE.search(url):
        return "mail holds no files: put it on a web page, and link to that"
    if re.match(r"(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]|$)", url, re.IGNORECASE):
        return f"did you mean https://{url}?"
    return "write it as https://www.example.org/..., or begin with mailto: or tel:"
