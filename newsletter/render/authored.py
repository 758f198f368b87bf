"""Finds the links of a page that its author wrote, and that may lead there through us."""

import re
from bisect import bisect_right
from html import unescape

from newsletter.model import Edition

_ANCHOR = re.compile(r'<a\b[^>]*?\shref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>|[\u00ad\u200b]")
# Words that are an address: were that to differ from where they lead, it would look like a fraud.
_ADDRESS = re.compile(r"\w://|\bwww\.|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?$", re.IGNORECASE)
_PAGE = re.compile(r"https?://", re.IGNORECASE)


def list_authored_links(edition: Edition, public_url: str) -> tuple[str, ...]:
    """Return the addresses of pages that the author's words lead to, each once.

    Not those that a template writes anywhere, such as the ways to leave and to the imprint; none of
    the newsletter's own; none that is made for each reader, or that is read as an address.
    """
    offsets = [at for at, _ in edition.places]
    markers = [slot.marker for slot in edition.slots]
    found: dict[str, bool] = {}
    for anchor in _ANCHOR.finditer(edition.html):
        url = unescape(anchor[1])
        place = bisect_right(offsets, anchor.start()) - 1
        is_authored = place >= 0 and edition.places[place][1] > 0
        words = unescape(_TAG.sub("", anchor[2])).strip()
        may_lead = is_authored and bool(_PAGE.match(url)) and not _ADDRESS.search(words)
        if url.startswith(f"{public_url}/") or any(marker in url for marker in markers):
            may_lead = False
        found[url] = found.get(url, True) and may_lead
    return tuple(url for url, may_lead in found.items() if may_lead)
