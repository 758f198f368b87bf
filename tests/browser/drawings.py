"""Draws the pictures of the issue that shows every block: invented, and free of rights."""

import io
import math
import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

_Colour = tuple[int, int, int]
# Sky above, sky below, the farthest hill and the nearest one.
_SCENES: dict[str, tuple[tuple[int, int], _Colour, _Colour, _Colour, _Colour]] = {
    "jarvi": ((1600, 900), (58, 84, 120), (246, 186, 130), (104, 116, 142), (28, 44, 58)),
    "polku": ((1200, 900), (214, 226, 220), (240, 236, 214), (128, 158, 128), (38, 70, 52)),
    "vaarat": ((1200, 800), (160, 196, 220), (238, 240, 232), (134, 160, 178), (46, 78, 92)),
    "ranta": ((900, 1200), (112, 76, 104), (250, 190, 140), (126, 92, 110), (44, 34, 56)),
    "sumu": ((1200, 900), (206, 214, 218), (236, 234, 228), (178, 188, 192), (92, 108, 112)),
    "ruska": ((1400, 900), (190, 212, 226), (246, 232, 206), (206, 146, 88), (122, 56, 34)),
}


def draw_pictures(folder: Path) -> None:
    """Draw all pictures of the issue into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in _drawn().items():
        (folder / f"{name}.jpg").write_bytes(data)


@cache  # a hundred tests take them
def _drawn() -> Mapping[str, bytes]:
    scenes = {name: _landscape(seed, *scene) for seed, (name, scene) in enumerate(_SCENES.items())}
    found = {name: _as_jpeg(picture, 88) for name, picture in scenes.items()}
    return {**found, "aino": _as_jpeg(_portrait(), 90)}


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _landscape(
    seed: int, size: tuple[int, int], above: _Colour, below: _Colour, far: _Colour, near: _Colour
) -> Image.Image:
    dice = random.Random(seed)
    width, height = size
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        draw.line((0, y, width, y), fill=_between(above, below, min(1.0, y / height * 1.5)))
    sun = dice.randrange(width // 4, 3 * width // 4), height * 0.42, height * 0.07
    draw.ellipse(
        (sun[0] - sun[2], sun[1] - sun[2], sun[0] + sun[2], sun[1] + sun[2]),
        fill=_between(below, (255, 250, 235), 0.7),
    )
    for layer in range(4):
        share = layer / 3
        base = height * (0.5 + 0.15 * layer)
        waves = [(dice.uniform(1, 5), dice.uniform(0, 7), height * 0.05) for _ in range(3)]
        ridge = [(x, base + _swell(x / width, waves)) for x in range(0, width + 8, 8)]
        draw.polygon([(0, height), *ridge, (width, height)], fill=_between(far, near, share))
    grain = Image.effect_noise(size, 14).convert("RGB")
    return Image.blend(picture.filter(ImageFilter.GaussianBlur(1)), grain, 0.05)


def _swell(x: float, waves: list[tuple[float, float, float]]) -> float:
    return sum(height * math.sin(often * x * 2 + begin) for often, begin, height in waves)


def _between(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _portrait() -> Image.Image:
    picture = Image.new("RGB", (480, 480), (221, 208, 186))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 330, 420, 760), fill=(29, 92, 87))
    draw.rounded_rectangle((205, 270, 275, 370), 30, fill=(214, 168, 138))
    draw.ellipse((130, 70, 350, 330), fill=(92, 58, 40))
    draw.ellipse((155, 110, 325, 320), fill=(232, 190, 160))
    draw.pieslice((140, 80, 340, 250), 180, 360, fill=(92, 58, 40))
    for x in (205, 275):
        draw.ellipse((x - 8, 208, x + 8, 224), fill=(52, 40, 36))
    draw.arc((205, 225, 275, 285), 25, 155, fill=(150, 70, 62), width=6)
    return picture.filter(ImageFilter.GaussianBlur(1))
