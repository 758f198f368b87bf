"""Lays the pictures of a gallery out in rows: equally high, uncropped, in order, none a sliver."""

from collections.abc import Iterator, Mapping, Sequence
from math import log

from newsletter.model import Gallery, Image, Picture

_GAP = 12  # points between pictures
_MOST = 3  # in a row
_NARROWEST = 0.18  # of the room; what is narrower looks like a sliver
_ALONE = 0.2  # of the room, where a picture is so tall that nothing stands beside it
_LOWEST = 0.15  # of the room, where a row has several pictures
_BEST, _TALLEST = 0.27, 0.75  # heights of a row, of the room
_ROW, _SLIVER = 0.05, 10.0  # what a further row costs, and a sliver
_UNKNOWN = 1.5  # the shape of a picture that is not ours

Row = list[tuple[Image, int]]  # pictures, each with its width


def justified(gallery: Gallery, pictures: Mapping[str, Picture], room: int) -> list[Row]:
    """Return the rows of a gallery, each picture with a width that gives its row an even height."""
    shapes = [_shape_of(image, pictures) for image in gallery.images]
    best = min(_divisions(shapes), key=lambda rows: round(sum(_cost(r, room) for r in rows), 6))
    images = iter(gallery.images)
    return [[(next(images), int(width)) for width in _widths(row, room)] for row in best]


def _shape_of(image: Image, pictures: Mapping[str, Picture]) -> float:
    picture = pictures.get(image.source)
    return picture.width / picture.height if picture else _UNKNOWN


def _divisions(shapes: Sequence[float]) -> Iterator[list[Sequence[float]]]:
    """Yield every way to divide pictures into rows, long rows first."""
    if not shapes:
        yield []
    for first in range(min(_MOST, len(shapes)), 0, -1):
        yield from ([shapes[:first], *rest] for rest in _divisions(shapes[first:]))


def _widths(shapes: Sequence[float], room: int) -> list[float]:
    """Return the widths of the pictures of a row; a row of tall ones does not fill the room."""
    free = room - _GAP * (len(shapes) - 1)
    height = free / sum(shapes)
    lowered = max(_TALLEST * room, _ALONE * room / min(shapes))
    return [shape * min(height, lowered) for shape in shapes]


def _cost(shapes: Sequence[float], room: int) -> float:
    """Return how far a row is from one that pleases."""
    widths = _widths(shapes, room)
    height = widths[0] / shapes[0] / room
    slivers = sum(width < _NARROWEST * room for width in widths)
    if len(shapes) > 1 and height < _LOWEST:
        slivers += len(shapes)
    return _ROW + _SLIVER * slivers + log(height / _BEST) ** 2
