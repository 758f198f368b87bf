"""A picture is what its content says; it is kept small, and without where it was taken."""

import io

import pytest
from PIL import Image

from newsletter.contributions.photographs import MOST_BYTES, Photograph, read_photograph
from newsletter.language import Wording
from newsletter.language.catalogs import is_said_in
from tests.contributions.offers import HEIC, SVG, archive, bomb, photograph


def test_a_photograph_is_kept_small_and_without_where_it_was_taken() -> None:
    given = photograph()

    read = read_photograph(given)

    assert isinstance(read, Photograph)
    assert read.media_type == "image/jpeg"
    image = Image.open(io.BytesIO(read.data))
    assert image.size == (2000, 1333)
    assert (dict(image.getexif()), dict(image.getexif().get_ifd(0x8825))) == ({}, {})
    assert b"Example Phone" not in read.data


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_are_taken_too(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind)

    assert isinstance(read_photograph(out.getvalue()), Photograph)


def test_of_a_picture_that_moves_the_first_frame_is_kept() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])

    read = read_photograph(out.getvalue())

    assert isinstance(read, Photograph)
    image = Image.open(io.BytesIO(read.data)).convert("RGB")
    assert getattr(image, "n_frames", 1) == 1
    red, _, blue = image.getpixel((20, 15))  # type: ignore[misc]
    assert red > blue


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(SVG, "SVG", id="a drawing that has a script"),
        pytest.param(b"\xef\xbb\xbf \n<?xml version='1.0'?>" + SVG, "SVG", id="a drawing in XML"),
        pytest.param(HEIC, "HEIC", id="what phones keep"),
        pytest.param(archive(), "not a picture", id="a zip"),
        pytest.param(b"<html><script>alert(1)</script>", "not a picture", id="a page"),
        pytest.param(b"GIF89a" + b"\0" * 50, "not a picture", id="another kind"),
        pytest.param(photograph()[:3000], "not a picture", id="cut off"),
        pytest.param(b"\xff\xd8\xff" + b"\0" * 9, "not a picture", id="a head without a picture"),
        pytest.param(bomb(), "far more pixels", id="a bomb of pixels"),
        pytest.param(bomb(10_000), "100 megapixels", id="a smaller one"),
        pytest.param(b"\0" * (MOST_BYTES + 1), "8 MB at most", id="too large"),
        pytest.param(b"", "not a picture", id="nothing"),
    ],
)
def test_what_is_no_such_picture_is_refused_in_a_plain_sentence(data: bytes, says: str) -> None:
    refused = read_photograph(data)

    assert isinstance(refused, Wording)
    assert says in refused
    assert is_said_in("fi", refused)
    assert is_said_in("sv", refused)
