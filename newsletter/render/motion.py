"""Writes an animated picture as GIF, the only animated format in mail programs."""

import io
from collections.abc import Iterator

from PIL import Image, ImageSequence
from PIL.ImageFile import ImageFile

MOVING = ("GIF", "PNG", "WEBP", "AVIF")  # other formats with several pictures are not animated
_PAUSE = 100  # milliseconds, if a file gives none; browsers do the same


def frames_in(opened: ImageFile) -> int:
    """Return how many frames a file animates; 1 for a still picture."""
    if opened.format not in MOVING:
        return 1
    count = int(getattr(opened, "n_frames", 1))
    return count - 1 if _has_default_image(opened) else count


def as_gif(
    opened: ImageFile, width: int, turn: Image.Transpose | None
) -> tuple[bytes, Image.Image]:
    """Return a GIF of at most this width, and its first frame; it loops as often as the file did.

    Each frame is written anew, without comments and other extensions of the file.
    """
    buffer = io.BytesIO()
    options = {"save_all": True, "comment": b"", **_repeats(opened)}
    if opened.format == "GIF" and opened.width <= width:
        opened.save(buffer, "GIF", **options)
        return buffer.getvalue(), opened
    frames = _frames(opened, width, turn)
    first = next(frames)
    first.save(buffer, "GIF", append_images=frames, **options)
    return buffer.getvalue(), first


def _frames(opened: ImageFile, width: int, turn: Image.Transpose | None) -> Iterator[Image.Image]:
    left_out = 1 if _has_default_image(opened) else 0
    for number, frame in enumerate(ImageSequence.Iterator(opened)):
        if number < left_out:
            continue
        shown = frame.convert("RGBA")
        shown = shown.transpose(turn) if turn is not None else shown
        if shown.width > width:
            height = max(1, round(shown.height * width / shown.width))
            shown = shown.resize((width, height), Image.Resampling.LANCZOS)
        shown.info = {"duration": frame.info.get("duration", _PAUSE)}
        yield shown


def _has_default_image(opened: ImageFile) -> bool:
    """Return whether the first picture is only for programs that do not show animations."""
    return bool(opened.info.get("default_image"))


def _repeats(opened: ImageFile) -> dict[str, int]:
    """Return a GIF's loop count as options for saving it: 0 is for ever, none once, 1 twice."""
    loop = opened.info.get("loop")
    if opened.format == "GIF":
        return {} if loop is None else {"loop": loop}
    plays = loop if isinstance(loop, int) else 0  # the other formats count what they play
    return {} if plays == 1 else {"loop": min(max(0, plays - 1), 65_535)}
