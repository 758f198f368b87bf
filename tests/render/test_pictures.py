"""Pictures become fit for mail: small enough, upright, and silent about where they were taken."""

import io
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from newsletter.errors import FindingsError
from newsletter.model import Picture, Severity, Variant
from newsletter.render import Look, load_picture, load_pictures, picture_widths, render_edition
from tests.render.newsletters import LETTERHEAD, read_body, render_issue

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
    webp, exif = io.BytesIO(), Image.Exif()
    exif[MAKER] = "Kamera Oy"
    two_halves(40, 30).save(webp, "WEBP", exif=exif)
    return {
        "text": b"no picture",
        "empty": b"",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "half a JPEG": half,
        "half a PNG": png.getvalue()[:1000],
        "broken PNG": bytes(broken),
        "only a head": png.getvalue()[:20],
        "short header": png.getvalue()[:8] + b"\0\0\0\4IHDR" + bytes(20),
        "odd part": png.getvalue().replace(b"IDAT", b"*\x95\x1e="),
        "broken Exif": webp.getvalue().replace(b"MM\0*\0", b"M\3\0*\0"),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        *("text", "empty", "svg", "half a JPEG", "half a PNG", "broken PNG", "only a head"),
        *("short header", "odd part", "broken Exif"),
    ],
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


@pytest.mark.long
def test_picture_that_would_unpack_to_gigabytes_is_refused(tmp_path: Path) -> None:
    Image.new("1", (30_000, 30_000)).save(tmp_path / "a.png", compress_level=1)

    with pytest.raises(FindingsError):
        load_pictures([("a.png", 7)], tmp_path, "issues/2026-12.md")


def test_picture_shown_twice_is_carried_once(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    save(tmp_path / "issues" / "a.png", two_halves(40, 30), "PNG")
    issue = read_body(tmp_path, "![a](a.png)\n\nb ![c](a.png)")

    edition = render_issue(tmp_path, issue)

    [picture] = edition.pictures
    assert edition.html.count(f'"cid:{picture.digest}"') == 2


# --- weight, sharpness and facts ----------------------------------------------------------


def photo(width: int, height: int) -> Image.Image:
    """Return a picture of as many colours as a photograph has."""
    noise = [Image.effect_noise((width // 8, height // 8), 90) for _ in range(3)]
    return Image.merge("RGB", noise).resize((width, height), Image.Resampling.BICUBIC)


@pytest.mark.parametrize(
    ("format", "mode", "media_type"),
    [
        ("WEBP", "RGB", "image/jpeg"),
        ("PNG", "RGB", "image/jpeg"),  # a photograph saved as PNG weighs ten times as much
        ("WEBP", "RGBA", "image/png"),  # JPEG knows no transparency
        ("PNG", "RGBA", "image/png"),
    ],
)
def test_a_photograph_becomes_a_jpeg_unless_the_ground_shows_through(
    format: str, mode: str, media_type: str, tmp_path: Path
) -> None:
    image = photo(300, 200).convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    path = save(tmp_path / "a", image, format)

    picture = load_picture(path, "a")

    assert picture.media_type == media_type
    assert opened(picture).has_transparency_data == (mode == "RGBA")


def test_sixteen_bits_keep_their_greys(tmp_path: Path) -> None:
    ramp = Image.linear_gradient("L").convert("I").point(lambda value: value * 257)
    path = save(tmp_path / "a.png", ramp.convert("I;16"), "PNG")

    image = opened(load_picture(path, "a.png")).convert("L")

    greys = [image.getpixel((10, y)) for y in (0, 128, 255)]
    assert greys == pytest.approx([0, 128, 255], abs=2)


def test_the_profile_of_the_screen_goes_and_the_colour_stays(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = save(tmp_path / "a.jpg", Image.new("RGB", (20, 20), "red"), "JPEG", icc_profile=profile)

    picture = load_picture(path, "a.jpg")

    assert is_red(opened(picture), 10, 10)
    assert "icc_profile" not in opened(picture).info


def test_colours_of_another_profile_are_converted_before_it_goes(tmp_path: Path) -> None:
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(srgb[128:132])
    tags = {bytes(srgb[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    places = bytes(srgb[red + 4 : red + 8]), bytes(srgb[blue + 4 : blue + 8])
    srgb[red + 4 : red + 8], srgb[blue + 4 : blue + 8] = places[1], places[0]
    swapped = Image.new("RGB", (20, 20), "blue")  # by this profile, blue is red
    path = save(tmp_path / "a.png", swapped, "PNG", icc_profile=bytes(srgb))

    assert is_red(opened(load_picture(path, "a.png")), 10, 10)


def test_a_picture_is_twice_as_wide_as_its_place_but_never_made_larger(tmp_path: Path) -> None:
    large = save(tmp_path / "a.jpg", two_halves(3000, 1500), "JPEG")
    small = save(tmp_path / "b.jpg", two_halves(100, 50), "JPEG")

    assert load_picture(large, "a.jpg", width=96).width == 192
    assert load_picture(small, "b.jpg", width=96).width == 100


def test_a_hosted_picture_comes_in_two_densities(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", two_halves(3000, 1500), "JPEG")

    hosted = load_picture(path, "a.jpg", hosted=True)
    embedded = load_picture(path, "a.jpg")

    assert hosted.single is not None
    assert (hosted.width, hosted.single.width) == (1200, 600)
    assert hosted.digest != hosted.single.digest
    assert embedded.single is None
    assert embedded.data == hosted.data


def test_a_picture_too_small_for_two_densities_comes_in_one(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", two_halves(500, 300), "JPEG")

    assert load_picture(path, "a.jpg", hosted=True).single is None


def test_programs_may_choose_the_density_and_others_get_the_sharper_one(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    save(tmp_path / "issues" / "a.jpg", two_halves(3000, 1500), "JPEG")
    issue = read_body(tmp_path, "![a](a.jpg)")
    pictures = load_pictures(issue.picture_sources, tmp_path / "issues", issue.path, hosted=True)

    edition = render_edition(
        issue,
        Variant(language="fi"),
        replace(LETTERHEAD, public_url="https://news.example.org"),
        pictures=pictures,
        look=Look(folder=tmp_path / "templates"),
    )

    dense = f"https://news.example.org/pictures/{pictures['a.jpg'].filename}"
    single = pictures["a.jpg"].single
    assert single is not None
    plain = f"https://news.example.org/pictures/{single.filename}"
    assert f'src="{dense}"' in edition.html
    assert f'srcset="{plain} 1x, {dense} 2x"' in edition.html


def test_what_the_file_was_is_remembered(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = ON_ITS_SIDE
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (60.0, 10.0, 15.0)})
    path = save(tmp_path / "a.jpg", two_halves(2000, 1000), "JPEG", exif=exif)

    picture = load_picture(path, "a.jpg")

    assert (picture.width, picture.height) == (1000, 2000)  # upright, and not made larger
    assert picture.original_bytes == path.stat().st_size
    assert (picture.had_gps, picture.frames) == (True, 1)


def test_places_in_xmp_are_noticed_and_gone(tmp_path: Path) -> None:
    xmp = b"<x:xmpmeta><exif:GPSLatitude>60,10N</exif:GPSLatitude></x:xmpmeta>"
    path = save(tmp_path / "a.jpg", two_halves(40, 30), "JPEG", xmp=xmp)
    assert b"GPSLatitude" in path.read_bytes()

    picture = load_picture(path, "a.jpg")

    assert picture.had_gps
    assert b"GPSLatitude" not in picture.data


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_moves_as_gif_no_wider_than_its_place(format: str, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (800, 20), color) for color in ("red", "lime", "blue")]
    path = save(
        tmp_path / "a", frames[0], format, save_all=True, append_images=frames[1:], duration=200
    )

    picture = load_picture(path, "a", width=300)

    moving = opened(picture)
    assert (picture.media_type, picture.width, picture.frames) == ("image/gif", 600, 3)
    assert getattr(moving, "n_frames", 1) == 3
    assert moving.info["duration"] == 200


def test_a_photograph_of_24_megapixels_is_quick_and_light(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", photo(6000, 4000), "JPEG", quality=95)
    assert path.stat().st_size > 5_000_000
    before = time.process_time()

    picture = load_picture(path, "a.jpg")

    assert time.process_time() - before < 2
    assert (picture.width, picture.height) == (1200, 800)
    assert len(picture.data) < 500_000  # noise is the worst there is


@pytest.mark.parametrize(
    ("body", "width"),
    [
        ("![a](a.png)", 600),
        ("words ![a](a.png)", 600),
        ("::: person a.png\nAino\n:::", 96),
        ("::: person a.png\nAino\n:::\n\n![a](a.png)", 600),  # the widest place counts
        ("::: person a.png\nAino\n:::\n\nwords ![a](a.png)", 600),
        ("::: columns\n![a](a.png)\n---\nb\n:::", 360),  # a phone shows it as wide
        ("::: only a=b\n::: figure a.png\na\n\nb\n:::\n:::", 600),
    ],
)
def test_a_picture_is_as_wide_as_the_widest_place_that_shows_it(
    body: str, width: int, tmp_path: Path
) -> None:
    (tmp_path / "issues").mkdir()
    save(tmp_path / "issues" / "a.png", two_halves(40, 30), "PNG")

    assert picture_widths(read_body(tmp_path, body)) == {"a.png": width}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Sana ![kuva](a.png) ja toinen.", 536),
        ("::: box\nSana ![kuva](a.png) ja toinen.\n:::", 488),
        ("::: columns\nSana ![kuva](a.png) ja toinen.\n\n---\n\nMuuta.\n:::", 252),
    ],
)
def test_a_picture_within_words_is_no_wider_than_their_column(
    body: str, shown: int, tmp_path: Path
) -> None:
    (tmp_path / "issues").mkdir()
    save(tmp_path / "issues" / "a.png", two_halves(1200, 600), "PNG")

    edition = render_issue(tmp_path, read_body(tmp_path, f"Alku.\n\n{body}"))

    assert re.findall(r'<img [^>]*width="(\d+)"', edition.html) == [str(shown)]
