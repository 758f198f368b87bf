"""A picture that a stranger hands in: looked at by its content, made small, without metadata."""

from dataclasses import dataclass, field
from threading import BoundedSemaphore

from newsletter.language import Wording, say
from newsletter.render import TooLargeError, fit_picture

MOST_BYTES = 8_000_000  # as it is handed in
_KINDS = ("JPEG", "PNG", "WEBP")
_WIDTH = 1000  # points; of which issues show 600 at most
_AT_ONCE = BoundedSemaphore(2)  # each may take 150 MB of memory while it is decoded
_PATIENCE = 5  # seconds until there are too many of them
# How files begin that people take for pictures, or that are not what they are called.
_DRAWING = (b"<svg", b"<?xml", b"<!doctype svg", b"<!--")
_APPLE = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """A picture that is fit to be kept."""

    data: bytes = field(repr=False)
    media_type: str  # "image/jpeg" or "image/png"


def read_photograph(data: bytes) -> Photograph | Wording:
    """Return a picture as it is kept, or why it is not; its name says nothing."""
    if len(data) > MOST_BYTES:
        return too_large()
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        return too_many()
    try:
        picture = fit_picture(data, width=_WIDTH, kinds=_KINDS)
    except TooLargeError as err:
        return say("The picture {fault}. Save it smaller.", fault=err.reason)
    except Exception:  # decoders raise all kinds of errors for damaged files
        return _foreign(data)
    finally:
        _AT_ONCE.release()
    return Photograph(data=picture.data, media_type=picture.media_type)


def too_large() -> Wording:
    """Return what is said of a picture that is larger than what is read."""
    most = MOST_BYTES // 10**6
    return say(
        "The picture is too large: it may have {most} MB at most. Save it smaller.", most=most
    )


def too_many() -> Wording:
    """Return what is said while there is no room to read one more picture."""
    return say("Many pictures are being sent at this moment. Try again in a few minutes.")


def _foreign(data: bytes) -> Wording:
    """Return why something cannot be shown as a picture."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_DRAWING) or b"<svg" in head:
        return say("Drawings in SVG cannot be taken. Save it as a PNG.")
    if head[4:12] in _APPLE:
        return say("Pictures in HEIC cannot be taken. Save it as a JPEG.")
    return say("This is not a picture that can be shown. Choose a JPEG, PNG or WebP file.")
