"""Rows of a gallery: pictures in order, whole, equally high, none so thin that it says nothing."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Gallery, Image, Picture
from newsletter.render.galleries import justified

ROOM = 536
LAKE, WIDE, TALL, SQUARE = (1500, 1000), (4000, 1000), (800, 1200), (900, 900)
sizes = st.tuples(st.integers(300, 1200), st.integers(300, 1200))
rooms = st.sampled_from([157, 252, 466, 488, 512, ROOM])


def rows(shown: list[tuple[int, int]], room: int = ROOM) -> list[list[tuple[int, float]]]:
    """Return the rows of a gallery of pictures of these sizes, as widths and heights."""
    images = tuple(Image(line=n, source=f"{n}.jpg", alt="a") for n in range(len(shown)))
    pictures = {
        image.source: Picture(
            source=image.source,
            digest="",
            data=b"",
            media_type="image/jpeg",
            width=size[0],
            height=size[1],
        )
        for image, size in zip(images, shown, strict=True)
    }
    laid = justified(Gallery(line=1, images=images), pictures, room)
    assert [image for row in laid for image, _ in row] == list(images)
    return [[(w, w * shown[image.line][1] / shown[image.line][0]) for image, w in r] for r in laid]


@given(st.lists(sizes, min_size=2, max_size=6), rooms)
def test_no_picture_is_a_sliver_and_each_row_is_even(
    shown: list[tuple[int, int]], room: int
) -> None:
    laid = rows(shown, room)

    for row in laid:
        widths, heights = zip(*row, strict=True)
        assert sum(widths) + 12 * (len(row) - 1) <= room
        assert min(widths) >= int(0.18 * room)
        assert min(heights) >= int(0.15 * room) - 1 or len(row) == 1
        assert max(heights) - min(heights) <= max(h / w for w, h in row)  # a point of its width


@pytest.mark.parametrize(
    ("shown", "lengths"),
    [
        ([LAKE] * 2, [2]),
        ([LAKE] * 3, [3]),
        ([LAKE] * 4, [2, 2]),
        ([LAKE] * 5, [3, 2]),
        ([LAKE] * 6, [3, 3]),
        ([WIDE, TALL], [1, 1]),  # side by side the tall one would be 75 points wide
        ([TALL, TALL, WIDE], [2, 1]),
        ([TALL, TALL, WIDE, SQUARE, LAKE], [2, 1, 2]),
        ([WIDE, WIDE], [1, 1]),
        ([LAKE, SQUARE, TALL], [3]),
        ([LAKE, (900, 1200), (1400, 900)], [3]),
    ],
)
def test_rows_follow_the_shapes_of_the_pictures(
    shown: list[tuple[int, int]], lengths: list[int]
) -> None:
    assert [len(row) for row in rows(shown)] == lengths


@given(st.lists(sizes, min_size=2, max_size=6))
def test_a_picture_alone_is_no_higher_than_three_quarters_of_the_width(
    shown: list[tuple[int, int]],
) -> None:
    alone = [row[0] for row in rows(shown) if len(row) == 1]

    assert all(height <= 0.75 * ROOM + 1 or width <= 0.2 * ROOM for width, height in alone)


def test_a_picture_of_the_web_has_the_shape_of_most_photographs() -> None:
    image = Image(line=1, source="https://example.org/a.jpg", alt="a")

    laid = justified(Gallery(line=1, images=(image, image)), {}, ROOM)

    assert [width for _, width in chain(*laid)] == [262, 262]
