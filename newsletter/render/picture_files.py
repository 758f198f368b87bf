"""Makes one picture fit for mail: small, sharp, upright, and without metadata."""

import hashlib
import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, features
from PIL.ImageFile import ImageFile

from newsletter.files import read_file
from newsletter.language import Wording, say
from newsletter.model import Picture
from newsletter.render.motion import as_gif, frames_in

PAGE_WIDTH = 600  # points of the mail's column
DENSITY = 2  # pixels for each point: phones and most laptops have at least as many
_QUALITY = 82  # of JPEG; above it files grow for no visible gain
_DENSE_QUALITY = 74  # enough where two pixels make a point
_FEW_COLOURS = 1500  # of a sample; photographs have more, drawings and screenshots fewer
_SAMPLE = 96  # pixels of the sample's longer side
_ORIENTATION, _GPS = 0x0112, 0x8825  # Exif 2.32
_ON_ITS_SIDE = (5, 6, 7, 8)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A phone's file may hold a second picture, such as a gain map; the first is the picture.
_PHOTOGRAPHS = ("JPEG", "MPO")
_KINDS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "PPM", "JPEG2000", "TGA")
_MOST_BYTES = 60_000_000
_MOST_PIXELS = 50_000_000  # of a photograph, decoded at reduced size; others may have half as many
_SCAN, _MOST_SCANS = b"\xff\xda", 100  # of a JPEG; each decodes the whole picture
_MOST_FRAMES, _MOST_IN_MOTION = 500, 30_000_000  # pixels of all frames together


class TooLargeError(Exception):
    """A picture would take too long, or too much memory, to be made fit for mail."""

    def __init__(self, reason: Wording) -> None:
        super().__init__(reason)
        self.reason = reason


_Encoded = tuple[bytes, str, tuple[int, int]]  # data, media type and size of a picture


def load_picture(
    file: Path, source: str, *, width: int = PAGE_WIDTH, hosted: bool = False
) -> Picture:
    """Load one picture, shown at most `width` points wide.

    The same file gives the same bytes; the second time from the cache.
    """
    stat = file.stat()
    widths = (DENSITY * width, width) if hosted else (DENSITY * width,)
    return _encode(file, source, stat.st_mtime_ns, stat.st_size, widths)


def fit_picture(data: bytes, *, width: int, kinds: Sequence[str]) -> Picture:
    """Make a picture fit that a stranger hands in, if it is of one of these kinds.

    It is shown at most `width` points wide. Of one that moves the first frame is taken. Nothing is
    remembered of it.
    """
    return _fit(data, "", (DENSITY * width,), kinds=kinds, moves=False)


@lru_cache(maxsize=512)
def _encode(file: Path, source: str, _mtime: int, size: int, widths: tuple[int, ...]) -> Picture:
    """Re-encode the picture of a file, which is read once for both widths."""
    _bound_bytes(size)
    data = read_file(file, at_most=_MOST_BYTES)
    return _fit(data, source, widths, kinds=_kinds(), file=file)


def _fit(
    data: bytes,
    source: str,
    widths: tuple[int, ...],
    *,
    kinds: Sequence[str],
    file: Path | None = None,
    moves: bool = True,
) -> Picture:
    """Re-encode a picture to at most these widths in pixels; it is never enlarged.

    The first width is that of the picture, a second that of its other density.
    """
    with _opened(data, kinds) as opened:
        orientation = opened.getexif().get(_ORIENTATION, 1)
        frames = frames_in(opened) if moves else 1
        photo = opened.format in _PHOTOGRAPHS
        clear = not photo and _is_transparent(opened)
        make = partial(
            _picture,
            source=source,
            file=file,
            original_bytes=len(data),
            frames=frames,
            had_gps=_has_gps(opened),
            is_clear=clear,
        )
        if frames > 1:
            _bound_motion(opened, frames)
            moving, first = as_gif(opened, widths[0], _TURNS.get(orientation))
            return make((moving, "image/gif", first.size))
        _use_reduced_size(opened, widths[0] / opened.size[1 if orientation in _ON_ITS_SIDE else 0])
        image = _in_srgb(ImageOps.exif_transpose(opened))
    dense, *single = (make(_still(image, w, photo=photo, clear=clear)) for w in widths)
    return replace(dense, single=single[0]) if single and dense.width > widths[1] else dense


def _bound_bytes(size: int) -> None:
    if size > _MOST_BYTES:
        raise TooLargeError(
            say(
                "has {size:.0f} MB; at most {most} can be read",
                size=size / 1e6,
                most=_MOST_BYTES // 10**6,
            )
        )


@contextmanager
def _opened(data: bytes, kinds: Sequence[str]) -> Iterator[ImageFile]:
    """Open a picture of a known kind that is not too large to be decoded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is an error
        try:
            opened = Image.open(io.BytesIO(data), formats=[*kinds])
        except Image.DecompressionBombError as err:
            raise TooLargeError(say("has far more pixels than can be read")) from err
    with opened:
        pixels = opened.width * opened.height
        most = _MOST_PIXELS if opened.format in _PHOTOGRAPHS else _MOST_PIXELS // 2
        if pixels > most:
            raise TooLargeError(
                say(
                    "has {size:.0f} megapixels; at most {most} can be read",
                    size=pixels / 1e6,
                    most=most // 10**6,
                )
            )
        scans = data.count(_SCAN) if opened.format in _PHOTOGRAPHS else 0
        if scans > _MOST_SCANS:
            raise TooLargeError(say("is written in {count:,} scans", count=scans))
        yield opened


@cache
def _kinds() -> list[str]:
    """Return the supported formats; some others run programs, or are not pictures."""
    return [*_KINDS, "AVIF"] if features.check("avif") else [*_KINDS]


def _bound_motion(opened: ImageFile, frames: int) -> None:
    if frames > _MOST_FRAMES or frames * opened.width * opened.height > _MOST_IN_MOTION:
        raise TooLargeError(
            say(
                "moves through {count:,} frames of {width} × {height} pixels, which is too much",
                count=frames,
                width=opened.width,
                height=opened.height,
            )
        )


def _still(image: Image.Image, width: int, *, photo: bool, clear: bool) -> _Encoded:
    """Encode a still picture."""
    image = _narrowed(image, width)
    if photo or (not clear and _is_photo(image)):
        quality = _DENSE_QUALITY if width > PAGE_WIDTH else _QUALITY
        return _as_jpeg(image, quality)
    return _as_png(image)


def _use_reduced_size(opened: Image.Image, share: float) -> None:
    """Let the JPEG decoder skip pixels that would be thrown away; others do nothing."""
    if share < 1:
        size = tuple(max(1, int(side * share * 1.5)) for side in opened.size)
        opened.draft(opened.mode, (size[0], size[1]))


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    size = (width, max(1, round(image.height * width / image.width)))
    mode = _resizable_mode(image)
    whole = image if image.mode == mode else image.convert(mode)
    return whole.resize(size, Image.Resampling.LANCZOS)


def _in_srgb(image: Image.Image) -> Image.Image:
    """Convert a picture to the colours that mail programs assume, so it needs no profile."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits: if kept, they would be cut off above 255
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
    except (OSError, ImageCms.PyCMSError):  # an unreadable profile
        return image
    return converted or image


def _is_transparent(image: Image.Image) -> bool:
    if "transparency" in image.info:
        return True
    if "A" not in image.getbands():
        return False
    low, _ = image.getchannel("A").getextrema()
    return isinstance(low, int | float) and low < 255


def _has_gps(image: Image.Image) -> bool:
    xmp = image.info.get("xmp", b"") or image.info.get("XML:com.adobe.xmp", "")
    in_xmp = "GPSLatitude" in (xmp if isinstance(xmp, str) else xmp.decode("utf-8", "replace"))
    return bool(image.getexif().get_ifd(_GPS)) or in_xmp


def _is_photo(image: Image.Image) -> bool:
    """Return whether JPEG suits a picture better than PNG, by the number of its colours."""
    longer = max(image.size)
    share = min(1, _SAMPLE / longer)
    size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
    sample = image.convert("RGB").resize(size, Image.Resampling.NEAREST)
    return sample.getcolors(_FEW_COLOURS) is None


def _as_png(image: Image.Image) -> _Encoded:
    image.info = {k: v for k, v in image.info.items() if k == "transparency"}
    if image.mode not in ("P", "L", "RGB", "RGBA", "1", "LA"):
        image = image.convert(_resizable_mode(image))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue(), "image/png", image.size


def _as_jpeg(image: Image.Image, quality: int) -> _Encoded:
    buffer = io.BytesIO()
    image = image.convert("RGB")
    image.info = {}
    image.save(buffer, "JPEG", quality=quality, progressive=True, optimize=True)
    return buffer.getvalue(), "image/jpeg", image.size


def _resizable_mode(image: Image.Image) -> str:
    clear = {"A", "a"} & set(image.getbands()) or "transparency" in image.info
    return "RGBA" if clear else "RGB"


def _picture(encoded: _Encoded, **facts: Any) -> Picture:
    data, media_type, (width, height) = encoded
    return Picture(
        digest=hashlib.sha256(data).hexdigest()[:20],
        media_type=media_type,
        width=width,
        height=height,
        data=data,
        **facts,
    )
