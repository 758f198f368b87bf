"""Makes an issue's pictures fit for mail: small, sharp, upright, and silent about their origin."""

import hashlib
import io
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, ImageSequence

from newsletter.errors import FindingsError
from newsletter.files import find_file
from newsletter.model import Finding, Picture, Severity
from newsletter.wording import say

PAGE_WIDTH = 600  # points of the mail's column
DENSITY = 2  # pixels for each point: phones and most laptops show no fewer
_QUALITY = 82  # of JPEG; above it files grow and nobody sees why
_DENSE_QUALITY = 74  # enough where two pixels make a point
_FEW_COLOURS = 1500  # of a sample; photographs have more, drawings and screenshots fewer
_SAMPLE = 96  # pixels of the sample's longer side
_ORIENTATION, _GPS = 0x0112, 0x8825  # Exif 2.32
_ON_ITS_SIDE = (5, 6, 7, 8)
# What Pillow raises at damaged files besides OSError; a SyntaxError is one of PNG or of Exif.
_DAMAGE = (Image.DecompressionBombError, SyntaxError, ValueError, EOFError, struct.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What a picture was before it was made fit for mail."""

    original_bytes: int
    frames: int
    had_gps: bool


def load_pictures(
    sources: Iterable[tuple[str, int]],
    folder: Path,
    path: str,
    *,
    widths: Mapping[str, int] | None = None,
    hosted: bool = False,
) -> dict[str, Picture]:
    """Load pictures, given as (source, line), beside an issue; raise FindingsError for bad ones.

    `widths` holds the widest place each is shown in. Hosted pictures come in two densities.
    """
    pictures: dict[str, Picture] = {}
    findings = []
    for source, line in sources:
        width = (widths or {}).get(source, PAGE_WIDTH)
        try:
            pictures[source] = load_picture(
                find_file(folder, source), source, width=width, hosted=hosted
            )
        except (OSError, *_DAMAGE) as err:
            findings.append(_unreadable(source, path, line, err))
    if findings:
        raise FindingsError(tuple(findings))
    return pictures


def load_picture(
    file: Path, source: str, *, width: int = PAGE_WIDTH, hosted: bool = False
) -> Picture:
    """Load one picture, shown at most `width` points wide.

    The same file gives the same bytes, and at once the second time.
    """
    stat = file.stat()
    picture = _encode(file, source, stat.st_mtime_ns, stat.st_size, DENSITY * width)
    if hosted and picture.width > width and picture.frames == 1:
        single = _encode(file, source, stat.st_mtime_ns, stat.st_size, width)
        return replace(picture, single=single)
    return picture


@lru_cache(maxsize=128)
def _encode(file: Path, source: str, _mtime: int, size: int, width: int) -> Picture:
    """Encode a picture anew, at most `width` pixels wide; it is never made larger."""
    with Image.open(file) as opened:
        on_its_side = opened.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
        facts = _Facts(
            original_bytes=size,
            frames=getattr(opened, "n_frames", 1),
            had_gps=_tells_the_place(opened),
        )
        if facts.frames > 1:
            return _as_gif(source, opened, width, facts)
        photo, clear = opened.format == "JPEG", _is_transparent(opened)
        _hasten(opened, width / opened.size[1 if on_its_side else 0])
        image = _in_srgb(ImageOps.exif_transpose(opened))
    image = _narrowed(image, width)
    if photo or (not clear and _is_photo(image)):
        quality = _DENSE_QUALITY if width > PAGE_WIDTH else _QUALITY
        return _as_jpeg(source, image, quality, facts)
    return _as_png(source, image, facts)


def _hasten(opened: Image.Image, share: float) -> None:
    """Let the decoder of JPEG leave out pixels that would be thrown away; others do nothing."""
    if share < 1:
        size = tuple(max(1, int(side * share * 1.5)) for side in opened.size)
        opened.draft(opened.mode, (size[0], size[1]))


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    size = (width, max(1, round(image.height * width / image.width)))
    return image.convert(_resizable_mode(image)).resize(size, Image.Resampling.LANCZOS)


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return a picture in the colours that mail programs assume, whose profile may then go."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits: kept, they would be cut off above 255
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
    except (OSError, ImageCms.PyCMSError):  # a profile nobody can read
        return image
    return converted or image


def _is_transparent(image: Image.Image) -> bool:
    if "transparency" in image.info:
        return True
    bands = image.getbands()
    if "A" not in bands:
        return False
    low, _ = image.getchannel("A").getextrema()
    return isinstance(low, int | float) and low < 255


def _tells_the_place(image: Image.Image) -> bool:
    xmp = image.info.get("xmp", b"") or image.info.get("XML:com.adobe.xmp", "")
    in_xmp = "GPSLatitude" in (xmp if isinstance(xmp, str) else xmp.decode("utf-8", "replace"))
    return bool(image.getexif().get_ifd(_GPS)) or in_xmp


def _is_photo(image: Image.Image) -> bool:
    """Tell whether JPEG serves a picture better than PNG, by the number of its colours."""
    longer = max(image.size)
    share = min(1, _SAMPLE / longer)
    size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
    sample = image.convert("RGB").resize(size, Image.Resampling.NEAREST)
    return sample.getcolors(_FEW_COLOURS) is None


def _as_gif(source: str, animation: Image.Image, width: int, facts: _Facts) -> Picture:
    """Write every frame anew: comments and other extensions of the file stay behind."""
    buffer = io.BytesIO()
    if animation.width <= width and animation.format == "GIF":
        animation.save(buffer, "GIF", save_all=True, comment=b"")
        return _picture(source, buffer.getvalue(), "image/gif", animation.size, facts)
    frames, durations = [], []
    for frame in ImageSequence.Iterator(animation):
        frames.append(_narrowed(frame.convert("RGBA"), width))
        durations.append(frame.info.get("duration", 100))
    frames[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=animation.info.get("loop", 0),
        comment=b"",
    )
    return _picture(source, buffer.getvalue(), "image/gif", frames[0].size, facts)


def _as_png(source: str, image: Image.Image, facts: _Facts) -> Picture:
    image.info = {k: v for k, v in image.info.items() if k == "transparency"}
    if image.mode not in ("P", "L", "RGB", "RGBA", "1", "LA"):
        image = image.convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return _picture(source, buffer.getvalue(), "image/png", image.size, facts)


def _as_jpeg(source: str, image: Image.Image, quality: int, facts: _Facts) -> Picture:
    buffer = io.BytesIO()
    image = image.convert("RGB")
    image.info = {}
    image.save(buffer, "JPEG", quality=quality, progressive=True, optimize=True)
    return _picture(source, buffer.getvalue(), "image/jpeg", image.size, facts)


def _resizable_mode(image: Image.Image) -> str:
    return "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"


def _picture(
    source: str, data: bytes, media_type: str, size: tuple[int, int], facts: _Facts
) -> Picture:
    return Picture(
        source=source,
        digest=hashlib.sha256(data).hexdigest()[:20],
        media_type=media_type,
        width=size[0],
        height=size[1],
        data=data,
        **{name: getattr(facts, name) for name in _Facts.__slots__},
    )


def _unreadable(source: str, path: str, line: int, err: Exception) -> Finding:
    missing = isinstance(err, FileNotFoundError)
    message = (
        say("there is no picture “{source}”", source=source)
        if missing
        else say("“{source}” is not a picture", source=source)
    )
    return Finding(
        id="image-missing" if missing else "image-format",
        severity=Severity.ERROR,
        path=path,
        line=line,
        message=message,
        hint=say("use a JPEG, PNG, GIF or WebP file"),
    )
