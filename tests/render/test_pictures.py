"""Pictures become fit for mail: small enough, upright, and silent about where they were taken."""

import io
from pathlib import Path

import pytest
from PIL import Image

from newsletter.errors import FindingsError
from newsletter.model import Picture, Severity
from newsletter.render import load_picture, load_pictures
from tests.render.newsletters import read_body, render_issue

GPS_IFD, ORIENTATION, MAKER, UPSIDE_DOWN, ON_ITS_SIDE = 0x8825, 0x0112, 0x010F, 3, 6


def save(path: Path, image: Image.Image, format: str, **options: object) -> Path:
    """Save an image under a path."""
    image.save(path, format, **options)
    return path


def two_halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return a picture that is red on the left and blue on the right."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image.convert(mode)


def opened(picture: Picture) -> Image.Image:
    """Return the picture as a mail program sees it."""
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    return image


def is_red(image: Image.Image, x: int, y: int) -> bool:
    """Tell red from blue."""
    color = image.convert("RGB").getpixel((x, y))
    assert isinstance(color, tuple)
    return color[0] > 200 and color[2] < 60


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_are_gone(format: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[MAKER] = "Kamera Oy"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (60.0, 10.0, 15.0)})
    path = save(tmp_path / "a", two_halves(40, 30), format, exif=exif)
    assert b"Kamera" in path.read_bytes()

    picture = load_picture(path, "a")

    assert b"Kamera" not in picture.data
    assert b"Exif" not in picture.data
    assert not opened(picture).getexif()


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_comments_profiles_and_texts_are_gone(format: str, tmp_path: Path) -> None:
    options = {"comment": "Salaisuus", "icc_profile": b"Salaisuus" * 20, "dpi": (72, 72)}
    image = two_halves(40, 30)
    image.info["Title"] = "Salaisuus"
    path = save(tmp_path / "a", image, format, **options)

    picture = load_picture(path, "a")

    assert "Salaisuus" not in repr(opened(picture).info)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (40, 20), (5, 10)),  # as it is
        (UPSIDE_DOWN, (40, 20), (35, 10)),
        (ON_ITS_SIDE, (20, 40), (10, 5)),
    ],
)
def test_photo_is_turned_upright(
    format: str, orientation: int, size: tuple[int, int], red: tuple[int, int], tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    path = save(tmp_path / "a", two_halves(40, 20), format, exif=exif)

    picture = load_picture(path, "a")

    assert (picture.width, picture.height) == opened(picture).size == size
    assert is_red(opened(picture), *red)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((3000, 1500), (1200, 600)),  # wide
        ((1201, 10), (1200, 10)),  # a little too wide
        ((1200, 700), (1200, 700)),  # just right
        ((30, 3000), (30, 3000)),  # high is no matter
        ((5000, 1), (1200, 1)),  # never without height
    ],
)
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_wide_picture_becomes_1200_pixels_wide(
    format: str, size: tuple[int, int], shown: tuple[int, int], tmp_path: Path
) -> None:
    path = save(tmp_path / "a", two_halves(*size), format)

    picture = load_picture(path, "a")

    assert (picture.width, picture.height) == opened(picture).size == shown


@pytest.mark.parametrize(
    ("format", "mode", "media_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),  # grey
        ("JPEG", "CMYK", "image/jpeg"),  # made for print
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),  # palette
        ("PNG", "1", "image/png"),  # black and white
        ("PNG", "I;16", "image/png"),  # 16 bits
        ("GIF", "P", "image/png"),  # a still one
        ("WEBP", "RGB", "image/png"),  # Outlook does not show WebP
        ("WEBP", "RGBA", "image/png"),
    ],
)
def test_picture_of_each_format_is_one_that_all_mail_programs_show(
    format: str, mode: str, media_type: str, tmp_path: Path
) -> None:
    source = two_halves(40, 30) if mode == "I;16" else two_halves(40, 30, mode)
    image = source.convert("I").convert(mode) if mode == "I;16" else source
    path = save(tmp_path / "a", image, format)

    picture = load_picture(path, "a")

    assert picture.media_type == media_type
    assert f"image/{(opened(picture).format or '').lower()}" == media_type
    assert opened(picture).mode in ("RGB", "RGBA", "P", "1", "L")


@pytest.mark.parametrize("size", [(40, 30), (2400, 30)])
@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_transparent_picture_stays_transparent(
    mode: str, size: tuple[int, int], tmp_path: Path
) -> None:
    image = two_halves(*size, mode)
    options = {"transparency": image.getpixel((size[0] - 1, 0))} if mode == "P" else {}
    if mode == "RGBA":
        image.putalpha(0)
    path = save(tmp_path / "a", image, "PNG", **options)

    picture = load_picture(path, "a")

    pixel = opened(picture).convert("RGBA").getpixel((picture.width - 1, 0))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0


def test_animation_goes_on_moving(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "lime", "blue")]
    path = save(tmp_path / "a.gif", frames[0], "GIF", save_all=True, append_images=frames[1:])

    picture = load_picture(path, "a.gif")

    assert picture.media_type == "image/gif"
    assert getattr(opened(picture), "n_frames", 1) == 3


def test_animation_tells_no_more_than_its_pixels(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "lime", "blue")]
    path = save(
        tmp_path / "a.gif",
        frames[0],
        "GIF",
        save_all=True,
        append_images=frames[1:],
        comment=b"Salaisuus",
    )
    assert b"Salaisuus" in path.read_bytes()

    picture = load_picture(path, "a.gif")

    assert b"Salaisuus" not in picture.data


def test_same_file_gives_the_same_digest_and_another_file_another(tmp_path: Path) -> None:
    first = save(tmp_path / "a.png", two_halves(40, 30), "PNG")
    copy = save(tmp_path / "b.png", two_halves(40, 30), "PNG")
    other = save(tmp_path / "c.png", two_halves(30, 40), "PNG")

    digests = [load_picture(path, path.name).digest for path in (first, copy, other)]

    assert digests[0] == digests[1] != digests[2]


def test_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", two_halves(40, 30), "PNG")
    before = load_picture(path, "a.png")
    save(path, two_halves(50, 30), "PNG")

    after = load_picture(path, "a.png")

    assert (before.width, after.width) == (40, 50)


def test_file_name_tells_digest_and_format(tmp_path: Path) -> None:
    path = save(tmp_path / "oma kuva.jpeg", two_halves(40, 30), "JPEG")

    picture = load_picture(path, "oma kuva.jpeg")

    assert picture.filename == f"{picture.digest}.jpg"
    assert picture.digest.isalnum()


def corrupt(kind: str) -> bytes:
    """Return the bytes of a file that is no picture, or no whole one."""
    buffer = io.BytesIO()
    two_halves(400, 300).save(buffer, "JPEG")
    half = buffer.getvalue()[: len(buffer.getvalue()) // 2]
    png = io.BytesIO()
    Image.effect_noise((300, 300), 50).save(png, "PNG")
    broken = bytearray(png.getvalue())
    broken[2000:2100] = bytes(100)
    return {
        "text": b"no picture",
        "empty": b"",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "half a JPEG": half,
        "half a PNG": png.getvalue()[:1000],
        "broken PNG": bytes(broken),
        "only a head": png.getvalue()[:20],
    }[kind]


@pytest.mark.parametrize(
    "kind",
    ["text", "empty", "svg", "half a JPEG", "half a PNG", "broken PNG", "only a head"],
)
def test_file_that_is_no_whole_picture_is_a_finding_with_its_line(
    kind: str, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(corrupt(kind))

    with pytest.raises(FindingsError) as caught:
        load_pictures([("a.png", 7)], tmp_path, "issues/2026-12.md")

    [finding] = caught.value.findings
    assert (finding.path, finding.line) == ("issues/2026-12.md", 7)
    assert (finding.id, finding.severity) == ("image-format", Severity.ERROR)
    assert "“a.png”" in finding.message
    assert "JPEG, PNG, GIF or WebP" in finding.hint


def test_all_bad_pictures_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")

    with pytest.raises(FindingsError) as caught:
        load_pictures([("a.png", 7), ("none.png", 9)], tmp_path, "issues/2026-12.md")

    assert [(f.id, f.line) for f in caught.value.findings] == [
        ("image-format", 7),
        ("image-missing", 9),
    ]


def test_folder_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(FindingsError):
        load_pictures([("", 7)], tmp_path, "issues/2026-12.md")


def test_picture_that_would_unpack_to_gigabytes_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "a.png", Image.new("1", (30_000, 30_000)), "PNG")

    with pytest.raises(FindingsError):
        load_pictures([("a.png", 7)], tmp_path, "issues/2026-12.md")


def test_picture_shown_twice_is_carried_once(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    save(tmp_path / "issues" / "a.png", two_halves(40, 30), "PNG")
    issue = read_body(tmp_path, "![a](a.png)\n\nb ![c](a.png)")

    edition = render_issue(tmp_path, issue)

    [picture] = edition.pictures
    assert edition.html.count(f'"cid:{picture.digest}"') == 2
