"""Puts pictures where readers will load them from, and looks whether they are there."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from newsletter.language import Wording, say
from newsletter.media.stores import FOLDER, Store
from newsletter.model import Picture
from newsletter.net import AskError, Network, Request, fetch

_AT_ONCE = 6  # requests to a host
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of pictures that were to be put somewhere."""

    new: int = 0
    there: int = 0  # before


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A picture that readers would not see, and why."""

    url: str
    reason: Wording


def push_pictures(pictures: Mapping[str, Picture], store: Store) -> Pushed:
    """Put pictures into a store under their names; those that are there stay.

    A name is made of the bytes, so what has it, and their size, is the picture.
    """
    new = 0
    for name, picture in pictures.items():
        if store.size_of(name) != len(picture.data):
            store.put(name, picture.data, picture.media_type)
            new += 1
    return Pushed(new=new, there=len(pictures) - new)


def find_missing(
    pictures: Mapping[str, Picture], media_url: str, network: Network
) -> list[Missing]:
    """Load each picture as a mail program does; return those that are not there, or are others."""

    def look(named: tuple[str, Picture]) -> Missing | None:
        name, picture = named
        url = f"{media_url}/{FOLDER}/{name}"
        reason = _fault_of(url, picture, network)
        return Missing(url=url, reason=reason) if reason else None

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [found for found in pool.map(look, pictures.items()) if found]


def _fault_of(url: str, picture: Picture, network: Network) -> Wording | None:
    headers = (("User-Agent", "newsletter-media/1"), ("Connection", "close"))
    request = Request(method="GET", url=url, headers=headers, keep=len(picture.data) + 1)
    try:
        reply = fetch(request, network)
    except AskError as err:
        detail = err.detail or err.host
        return say("no answer ({cause}: {detail})", cause=err.cause.value, detail=detail)
    if 300 <= reply.status < 400:
        return say("it is redirected to {url}", url=reply.location)
    if reply.status != _OK:
        return say("the server answers {status}", status=reply.status)
    if reply.body != picture.data:
        return say("another file lies there")
    return None
