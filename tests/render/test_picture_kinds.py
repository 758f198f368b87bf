"""Pictures as phones, cameras and vandals write them: told, bounded, or made fit for mail."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageSequence, features

from newsletter.errors import FindingsError
from newsletter.model import Finding, Picture
from newsletter.render import load_picture, load_pictures
from tests.render.newsletters import read_body, render_issue

ORIENTATION, ON_ITS_SIDE = 0x0112, 6
RED, LIME, BLUE = "red", "lime", "blue"


def plain(color: str = RED, size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Return a picture of one colour."""
    return Image.new("RGB", size, color)


def halves(size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Return a picture that is red on the left and blue on the right."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return the bytes of a picture."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def fitted(tmp_path: Path, data: bytes, width: int = 600) -> Picture:
    """Return a file's picture as it is mailed."""
    path = tmp_path / "a"
    path.write_bytes(data)
    return load_picture(path, "a", width=width)


def opened(picture: Picture) -> Image.Image:
    """Return a picture as a mail program sees it."""
    return Image.open(io.BytesIO(picture.data))


def told(tmp_path: Path, data: bytes) -> Finding:
    """Return the one finding about a file."""
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(FindingsError) as caught:
        load_pictures([("a.png", 7)], tmp_path, "issues/2026-12.md")
    [finding] = caught.value.findings
    assert (finding.id, finding.line) == ("image-format", 7)
    return finding


def sideways(orientation: int = ON_ITS_SIDE) -> Image.Exif:
    """Return what a camera says that was held on its side."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


# --- the same picture twice ---------------------------------------------------------------


@pytest.mark.parametrize("copies", [2, 3])
def test_one_photograph_under_several_names_is_one_part_of_the_mail(
    copies: int, tmp_path: Path
) -> None:
    names = [f"{n}.jpg" for n in range(copies)]
    (tmp_path / "issues").mkdir()
    for name in names:
        (tmp_path / "issues" / name).write_bytes(encoded(halves(), "JPEG"))
    issue = read_body(tmp_path, "\n\n".join(f"![kuva]({name})" for name in names))

    edition = render_issue(tmp_path, issue)

    [picture] = edition.pictures
    assert picture.source == "0.jpg"
    assert edition.html.count(f'"cid:{picture.digest}"') == copies


# --- several pictures in a file -----------------------------------------------------------


def test_the_first_picture_of_a_phones_file_is_the_photograph(tmp_path: Path) -> None:
    """Most phones write a second one behind it, such as a map of brightness."""
    more = plain(LIME, (10, 5))
    data = encoded(halves(), "MPO", save_all=True, append_images=[more], exif=sideways())
    assert Image.open(io.BytesIO(data)).format == "MPO"

    picture = fitted(tmp_path, data)

    image = opened(picture)
    assert (picture.media_type, picture.frames, image.size) == ("image/jpeg", 1, (20, 40))
    above, below = image.getpixel((10, 5)), image.getpixel((10, 35))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert (above[0] > 200, below[2] > 200) == (True, True)  # upright


@pytest.mark.parametrize("kind", ["TIFF", "ICO"])
def test_other_files_of_several_pictures_show_one_that_stands_still(
    kind: str, tmp_path: Path
) -> None:
    options = {"sizes": [(16, 16), (40, 20)]} if kind == "ICO" else {}
    more = {"save_all": True, "append_images": [plain(LIME)]} if kind == "TIFF" else {}

    picture = fitted(tmp_path, encoded(halves(), kind, **options, **more))

    assert (picture.media_type, picture.frames) == ("image/png", 1)
    assert opened(picture).convert("RGB").getpixel((2, 10)) == (255, 0, 0)


# --- pictures that move -------------------------------------------------------------------

KINDS = ["GIF", "PNG", "WEBP"]


def moving(kind: str, size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """Return a file of three frames that last 100, 200 and 300 milliseconds."""
    more = [plain(LIME, size), plain(BLUE, size)]
    given = {"duration": [100, 200, 300], "save_all": True, "append_images": more, **options}
    return encoded(plain(RED, size), kind, lossless=True, **given)


@pytest.mark.parametrize("width", [600, 10])
@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("GIF", {}, None),  # once
        ("GIF", {"loop": 0}, 0),  # for ever
        ("GIF", {"loop": 3}, 3),
        ("PNG", {"loop": 0}, 0),
        ("PNG", {"loop": 1}, None),  # counts how often it plays: once
        ("PNG", {"loop": 4}, 3),  # a GIF counts how often it begins anew
        ("WEBP", {"loop": 0}, 0),
        ("WEBP", {"loop": 1}, None),
        ("WEBP", {"loop": 4}, 3),
    ],
)
def test_a_moving_picture_plays_as_often_as_its_file_says(
    kind: str, written: dict[str, int], read: int | None, width: int, tmp_path: Path
) -> None:
    picture = fitted(tmp_path, moving(kind, (40, 20), **written), width=width)

    assert picture.media_type == "image/gif"
    assert opened(picture).info.get("loop") == read


@pytest.mark.parametrize("width", [600, 10])
@pytest.mark.parametrize("kind", KINDS)
def test_each_frame_is_shown_as_long_as_it_was(kind: str, width: int, tmp_path: Path) -> None:
    image = opened(fitted(tmp_path, moving(kind), width=width))

    frames = [(f.convert("RGB").getpixel((1, 1)), f.info["duration"]) for f in _frames(image)]

    assert frames == [((255, 0, 0), 100), ((0, 255, 0), 200), ((0, 0, 255), 300)]


def _frames(image: Image.Image) -> list[Image.Image]:
    return [frame.copy() for frame in ImageSequence.Iterator(image)]


@pytest.mark.parametrize("width", [600, 10])
@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
def test_frames_that_change_a_part_show_the_same_as_before(
    disposal: int, width: int, tmp_path: Path
) -> None:
    dot = plain(RED)
    dot.paste(BLUE, (0, 0, 20, 20))
    data = encoded(
        plain(RED), "GIF", save_all=True, append_images=[dot, plain(RED)], disposal=disposal
    )
    with Image.open(io.BytesIO(data)) as before:
        shown = [frame.convert("RGB") for frame in _frames(before)]

    after = _frames(opened(fitted(tmp_path, data, width=width)))

    for old, new in zip(shown, after, strict=True):
        right = new.width - 2
        assert new.convert("RGB").getpixel((1, 2)) == pytest.approx(old.getpixel((1, 2)), abs=12)
        assert new.convert("RGB").getpixel((right, 2)) == pytest.approx(
            old.getpixel((38, 2)), abs=12
        )


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_moves_is_turned_upright_too(kind: str, tmp_path: Path) -> None:
    data = encoded(
        halves(), kind, save_all=True, append_images=[halves().rotate(180)], exif=sideways()
    )

    picture = fitted(tmp_path, data)

    assert (picture.frames, opened(picture).size) == (2, (20, 40))


def test_a_picture_that_stands_in_where_nothing_moves_is_no_frame(tmp_path: Path) -> None:
    data = encoded(
        plain(BLUE), "PNG", save_all=True, default_image=True, append_images=[plain(), plain(LIME)]
    )

    picture = fitted(tmp_path, data)

    assert picture.frames == len(_frames(opened(picture))) == 2
    assert opened(picture).convert("RGB").getpixel((1, 1)) == (255, 0, 0)


# --- colours ------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_kind_is_turned_upright(kind: str, orientation: int, tmp_path: Path) -> None:
    sheet = halves((64, 32))
    sheet.paste(LIME, (0, 0, 32, 16))
    held = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what undoes each
    turned = sheet.transpose(Image.Transpose(held[orientation])) if orientation > 1 else sheet

    picture = fitted(tmp_path, encoded(turned, kind, exif=sideways(orientation)))

    image = opened(picture).convert("RGB")
    assert image.size == (64, 32)
    corners = [image.getpixel(at) for at in ((4, 4), (4, 28), (60, 4))]
    assert [[c > 127 for c in corner] for corner in corners if isinstance(corner, tuple)] == [
        [False, True, False],
        [True, False, False],
        [False, False, True],
    ]


@pytest.mark.parametrize(
    ("mode", "kind", "shows_ground"),
    [
        ("CMYK", "JPEG", False),
        ("CMYK", "TIFF", False),
        ("L", "JPEG", False),
        ("1", "PNG", False),
        ("LA", "PNG", True),
        ("PA", "PNG", True),
        ("P", "PNG", False),
        ("RGBA", "PNG", True),
        ("RGBA", "WEBP", True),
        ("RGBA", "TIFF", True),
        ("RGBA", "ICO", True),
        ("I;16", "PNG", False),
        ("I;16", "TIFF", False),
        ("YCbCr", "JPEG", False),
    ],
)
def test_colours_and_holes_of_every_mode_are_kept(
    mode: str, kind: str, shows_ground: bool, tmp_path: Path
) -> None:
    grey = Image.new("L", (32, 32), 128)
    if mode == "I;16":
        image = Image.new("I;16", (32, 32), 128 * 257)
    elif shows_ground:
        image = grey.convert("RGBA")
        image.putalpha(Image.linear_gradient("L").resize((32, 32)))
        image = image.convert("RGBA" if mode == "PA" else mode)
    else:
        image = grey.convert(mode)

    result = opened(fitted(tmp_path, encoded(image, kind)))

    assert result.has_transparency_data == shows_ground
    middle = result.convert("L").resize((1, 1)).getpixel((0, 0))
    assert middle == pytest.approx(128, abs=6)


def test_a_palette_keeps_its_clear_colour(tmp_path: Path) -> None:
    image = halves().convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    clear = image.getpixel((1, 1))

    result = opened(fitted(tmp_path, encoded(image, "PNG", transparency=clear))).convert("RGBA")

    assert [result.getpixel(at) for at in ((1, 1), (38, 1))][1] == (0, 0, 255, 255)
    hole = result.getpixel((1, 1))
    assert isinstance(hole, tuple)
    assert hole[3] == 0


@pytest.mark.skipif(not features.check("avif"), reason="Pillow without AVIF")
def test_an_avif_is_read(tmp_path: Path) -> None:
    assert fitted(tmp_path, encoded(halves(), "AVIF", quality=95)).width == 40


# --- beyond measure -----------------------------------------------------------------------


def test_a_picture_of_88_megapixels_is_refused_with_its_size(tmp_path: Path) -> None:
    finding = told(tmp_path, encoded(Image.new("1", (11_000, 8_000)), "PNG"))

    assert "88 megapixels" in finding.message
    assert "1,200 pixels" in finding.hint


def test_a_photograph_of_40_megapixels_is_read(tmp_path: Path) -> None:
    data = encoded(Image.new("L", (8_000, 5_000)), "JPEG")

    assert fitted(tmp_path, data).width == 1200


@pytest.mark.parametrize(
    ("count", "size"),
    [(300, (500, 500)), (501, (10, 10))],  # 75 megapixels in all; more frames than anybody looks at
)
@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_a_picture_that_moves_without_end_is_refused(
    kind: str, count: int, size: tuple[int, int], tmp_path: Path
) -> None:
    frames = [Image.new("L", size) for _ in range(count)]
    for number, frame in enumerate(frames):  # which costs little, as only this speck differs
        frame.putpixel((number % size[0], number // size[0] % size[1]), 255)
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)

    finding = told(tmp_path, data)

    assert f"{count} frames" in finding.message


def test_a_photograph_of_endless_scans_is_refused(tmp_path: Path) -> None:
    """Each costs as much as the whole picture, and takes but a few bytes."""
    data = encoded(halves(), "JPEG", progressive=True)
    at = data.rindex(b"\xff\xda")

    finding = told(tmp_path, data[:-2] + data[at:-2] * 300 + b"\xff\xd9")

    assert "scans" in finding.message


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "ICO"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_file_that_ends_early_is_told(kind: str, share: float, tmp_path: Path) -> None:
    noise = Image.effect_noise((64, 64), 90).convert("RGB")
    data = encoded(noise, kind)

    told(tmp_path, data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "tail", [b"PK\x03\x04" + b"zip" * 9, b"<html><script>alert(1)</script>", b"%PDF-1.7"]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_nothing_behind_a_picture_is_mailed(kind: str, tail: bytes, tmp_path: Path) -> None:
    picture = fitted(tmp_path, encoded(halves(), kind) + tail)

    assert tail not in picture.data


@pytest.mark.parametrize(
    "data",
    [
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>",
        b"%PDF-1.7",
        b"",
        b"\0" * 100,
        b"\xff\xd8" * 50_000,
    ],
)
def test_files_that_run_programs_or_are_no_pictures_are_not_opened(
    data: bytes, tmp_path: Path
) -> None:
    told(tmp_path, data)


def _seeds() -> list[bytes]:
    kinds = ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "JPEG2000", "PPM", "TGA"]
    exif = {"exif": sideways()}
    return [
        *(encoded(halves((9, 7)), kind) for kind in kinds),
        *(moving(kind, size=(9, 7)) for kind in KINDS),
        encoded(halves((9, 7)), "JPEG", **exif),
        encoded(halves((9, 7)), "MPO", save_all=True, append_images=[plain()], **exif),
        encoded(halves((9, 7)).convert("CMYK"), "JPEG"),
    ]


@settings(max_examples=150)
@given(
    seed=st.sampled_from(_seeds()),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
    cut=st.floats(0.1, 1),
)
def test_whatever_is_changed_in_a_file_it_is_a_picture_or_a_finding(
    seed: bytes, changes: list[tuple[float, int]], cut: float, tmp_path: Path
) -> None:
    data = bytearray(seed)
    for at, value in changes:
        data[int(at * len(data))] = value
    (tmp_path / "a.png").write_bytes(data[: max(1, int(cut * len(data)))])

    try:
        [picture] = load_pictures([("a.png", 7)], tmp_path, "issues/2026-12.md").values()
    except FindingsError as err:
        assert err.findings[0].line == 7  # noqa: PT017 - it may as well be a picture
    else:
        assert picture.data


# --- files from elsewhere -----------------------------------------------------------------


@pytest.mark.parametrize("way", ["path", "above", "link"])
def test_no_picture_from_outside_the_newsletters_folder_is_mailed(way: str, tmp_path: Path) -> None:
    site = tmp_path / "site" / "issues"
    site.mkdir(parents=True)
    outside = tmp_path / "private.png"
    outside.write_bytes(encoded(halves(), "PNG"))
    (site / "link.png").symlink_to(outside)
    source = {"path": str(outside), "above": "../../private.png", "link": "link.png"}[way]

    with pytest.raises(FindingsError) as caught:
        load_pictures([(source, 7)], site, "issues/2026-12.md")

    [finding] = caught.value.findings
    assert (finding.id, finding.line) == ("image-missing", 7)
    assert "outside" in finding.message
    assert "issues/" in finding.hint


def test_a_link_to_a_picture_within_the_folder_is_followed(tmp_path: Path) -> None:
    site = tmp_path / "site" / "issues"
    site.mkdir(parents=True)
    (tmp_path / "site" / "a.png").write_bytes(encoded(halves(), "PNG"))
    (site / "link.png").symlink_to("../a.png")

    assert load_pictures([("link.png", 7)], site, "x")["link.png"].width == 40


def test_links_in_a_circle_are_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "a.png")

    with pytest.raises(FindingsError):
        load_pictures([("a.png", 7)], tmp_path, "x")
