"""Says where a mail program finds a picture: within the mail, or on the web."""

from dataclasses import dataclass

from newsletter.model import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a mail program finds a picture."""

    source: str  # cid: or https:
    choices: str = ""  # srcset, for the few programs that choose by pixel density


def target_of(picture: Picture, pictures_url: str) -> Target:
    """Return where a picture is found.

    `source` is the high-density one: Gmail and Outlook do not know srcset, and most of their
    screens have a high density.
    """
    if not pictures_url:
        return Target(source=f"cid:{picture.digest}")
    address = f"{pictures_url}/pictures/{picture.filename}"
    if picture.single is None:
        return Target(source=address)
    plain = f"{pictures_url}/pictures/{picture.single.filename}"
    density = round(picture.width / picture.single.width, 2)
    return Target(source=address, choices=f"{plain} 1x, {address} {density:g}x")
