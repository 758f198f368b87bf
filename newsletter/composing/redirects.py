"""Lets the copies of those who take part in counting lead through the public service.

Where an edition has a link or its end, there is a slot: a reader who does not take part has the
author's own address in it, and no picture.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape

from newsletter.composing.slots import PICTURE, REDIRECT, unused_key
from newsletter.counted_links import CountedLinks
from newsletter.model import MEMBER_SLOTS, Counted, Edition, Slot, Stationery

_LINK = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)(?=")', re.IGNORECASE)
_END = re.compile(r"</body>", re.IGNORECASE)


def with_redirects(edition: Edition, counted: Counted) -> Edition:
    """Return an edition with slots for what is counted."""
    key = unused_key("r", edition.html)
    # What a link says of its reader stays behind the address of the page, counted or not.
    members = [slot.marker for slot in edition.slots if slot.name in MEMBER_SLOTS]
    told = re.compile("|".join(map(re.escape, members)) or r"(?!)")
    slots: dict[str, Slot] = {}

    def lead(found: re.Match[str]) -> str:
        url = unescape(told.sub("", found[2]))
        number = counted.links.get(url)
        if number is None:
            return found[0]
        page = told.split(found[2])[0].rstrip("?") if told.search(found[2]) else found[2]
        name = f"{REDIRECT}{number}"
        slot = Slot(marker=f"{key}{number}z", name=name, fallback=unescape(page))
        slots[slot.marker] = slot
        return found[1] + slot.marker + found[2].removeprefix(page)

    html = _LINK.sub(lead, edition.html)
    picture = Slot(marker=f"{key}0z", name=PICTURE)
    *before, after = _END.split(html)
    if before:
        html = "</body>".join(before) + picture.marker + "</body>" + after
        slots[picture.marker] = picture
    return replace(edition, html=html, slots=(*edition.slots, *slots.values()))


class Redirects:
    """What the slots of counting hold for readers who take part."""

    def __init__(self, stationery: Stationery, counted: Counted) -> None:
        self._links = CountedLinks(stationery.public_url, stationery.secret)
        self._counted = counted
        self._numbers = {f"{REDIRECT}{number}": f"{number}" for number in counted.links.values()}
        self._same = None if counted.is_of_persons else self._made_for(0)

    def values_for(self, delivery: int, consent: str) -> Mapping[str, str]:
        """Return the values for a reader; none for one who does not take part."""
        if not self._counted.counting.includes(consent):
            return {}
        return self._same or self._made_for(delivery)

    def _made_for(self, delivery: int) -> dict[str, str]:
        send = self._counted.send
        beginning = self._links.redirects(send, delivery)
        values = {name: beginning + number for name, number in self._numbers.items()}
        values[PICTURE] = _picture(self._links.picture(send, delivery))
        return values


def _picture(url: str) -> str:
    return f'<img src="{url}" width="1" height="1" alt="" style="border:0;height:1px;width:1px">'
