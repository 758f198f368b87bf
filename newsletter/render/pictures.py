"""Makes an issue's pictures fit for mail: resized, encoded anew, without metadata."""

import hashlib
import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from newsletter.errors import FindingsError
from newsletter.model import Finding, Picture, Severity

PAGE_WIDTH = 600  # pixels of the mail's column
_MAX_WIDTH = 2 * PAGE_WIDTH  # enough for screens of double density
_QUALITY = 82  # of JPEG; above it files grow and nobody sees why


def load_pictures(
    sources: Iterable[tuple[str, int]], folder: Path, path: str
) -> dict[str, Picture]:
    """Load pictures, given as (source, line), beside an issue; raise FindingsError for bad ones."""
    pictures: dict[str, Picture] = {}
    findings = []
    for source, line in sources:
        try:
            pictures[source] = load_picture(folder / source, source)
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as err:
            findings.append(_unreadable(source, path, line, err))
    if findings:
        raise FindingsError(tuple(findings))
    return pictures


def load_picture(file: Path, source: str) -> Picture:
    """Load one picture; the same file gives the same bytes, and at once the second time."""
    stat = file.stat()
    return _encode(file, source, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _encode(file: Path, source: str, _mtime: int, _size: int) -> Picture:
    with Image.open(file) as opened:
        if opened.format == "GIF" and getattr(opened, "is_animated", False):
            return _as_gif(source, opened)
        keeps_sharp_edges = opened.format in ("PNG", "GIF", "WEBP")
        image = ImageOps.exif_transpose(opened)
    if image.width > _MAX_WIDTH:
        size = (_MAX_WIDTH, max(1, round(image.height * _MAX_WIDTH / image.width)))
        image = image.convert(_resizable_mode(image)).resize(size, Image.Resampling.LANCZOS)
    return _as_png(source, image) if keeps_sharp_edges else _as_jpeg(source, image)


def _as_gif(source: str, animation: Image.Image) -> Picture:
    """Write every frame anew: comments and other extensions of the file stay behind."""
    buffer = io.BytesIO()
    animation.save(buffer, "GIF", save_all=True, comment=b"")
    return _picture(source, buffer.getvalue(), "image/gif", animation.size)


def _as_png(source: str, image: Image.Image) -> Picture:
    image.info = {k: v for k, v in image.info.items() if k == "transparency"}
    if image.mode not in ("P", "L", "RGB", "RGBA", "1", "LA"):
        image = image.convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=5)
    return _picture(source, buffer.getvalue(), "image/png", image.size)


def _as_jpeg(source: str, image: Image.Image) -> Picture:
    buffer = io.BytesIO()
    image = image.convert("RGB")
    image.info = {}
    image.save(buffer, "JPEG", quality=_QUALITY, progressive=True)
    return _picture(source, buffer.getvalue(), "image/jpeg", image.size)


def _resizable_mode(image: Image.Image) -> str:
    return "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"


def _picture(source: str, data: bytes, media_type: str, size: tuple[int, int]) -> Picture:
    return Picture(
        source=source,
        digest=hashlib.sha256(data).hexdigest()[:20],
        media_type=media_type,
        width=size[0],
        height=size[1],
        data=data,
    )


def _unreadable(source: str, path: str, line: int, err: Exception) -> Finding:
    missing = isinstance(err, FileNotFoundError)
    return Finding(
        id="image-missing" if missing else "image-format",
        severity=Severity.ERROR,
        path=path,
        line=line,
        message=f"there is no picture “{source}”" if missing else f"“{source}” is not a picture",
        hint="use a JPEG, PNG, GIF or WebP file",
    )
