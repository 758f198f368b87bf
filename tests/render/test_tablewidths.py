"""The estimate of how wide a table must be for its words."""

import pytest

from newsletter.model import Table
from newsletter.render.tablewidths import column_widths, label_of, least_width


def width(*head: str, rows: tuple[tuple[str, ...], ...] = ()) -> int:
    """Return the least width of a table."""
    return least_width(Table(line=1, head=head, rows=rows, align=("left",) * len(head)))


# As Chromium measures them in Arial, headers in bold of 15 pixels, cells of 16.
@pytest.mark.parametrize(
    ("head", "row", "measured"),
    [
        (
            ("Kunta", "Osallistujia", "Työllistyi", "Opintoihin", "Keskeytti", "Muutos, %"),
            ("Pietarsaari (Jakobstad)", "1 046", "421", "109", "12", "-11,8"),
            487,
        ),
        (("Kysymys", "Vastaus"), ("Kuka maksaa?", "Työnantaja maksaa, kirjallisesti"), 156),
        (("MMMMMM", "WWWWW", "mmmmmm"), ("mmm", "www", "@@@"), 250),
        (("Arbetslivsorganisation", "Medlemsavgift", "År"), ("Österbotten", "x", "2026"), 326),
    ],
)
def test_it_is_what_a_browser_needs_and_little_more(
    head: tuple[str, ...], row: tuple[str, ...], measured: int
) -> None:
    assert measured <= width(*head, rows=(row,)) <= 1.1 * measured


def test_words_break_at_spaces_hyphens_and_where_they_may() -> None:
    assert width("aaa bbb", "a") == width("aaa", "a")
    assert width("aaaa<wbr>bbbb", "a") == width("aaaa", "a")
    assert width("aaaa<br>bbbb", "a") == width("aaaa", "a")
    assert width("a&nbsp;b", "a") > width("a b", "a")
    assert width("aaaa-bb", "a") == width("aaaa-", "a")


def test_tags_have_no_width() -> None:
    assert width('<a href="https://example.org/">aaa</a>', "&amp;") == width("aaa", "&")


def test_columns_get_room_for_their_words_where_lines_would_take_it() -> None:
    head = ("Kunta", "Osallistujia", "Työllistyi", "Opintoihin", "Keskeytti", "Muutos")
    rows = (("Pohjois-Pohjanmaan kunnat", "1", "2", "3", "4", "5"),)
    table = Table(line=1, head=head, rows=rows, align=("left",) * 6)

    widths = column_widths(table, 536)

    assert 530 <= sum(widths) + 5 * 12 <= 536
    assert all(given >= width(word) for given, word in zip(widths, head, strict=True))
    assert widths[0] > width("Pohjanmaan")


@pytest.mark.parametrize("room", [2000, 100])
def test_columns_find_their_widths_where_all_fits_and_where_nothing_does(room: int) -> None:
    table = Table(line=1, head=("Kunta", "Osallistujia"), rows=(("a b", "1"),), align=("left",) * 2)

    assert column_widths(table, room) == ()


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("<em>Nimi</em> &amp; muut", "Nimi &amp; muut: "),
        ("Työllisyyden<wbr>hoito", "Työllisyyden<wbr>hoito: "),
        ("Kuka?", "Kuka? "),
        ("Yksi<br>kaksi", "Yksi kaksi: "),
        ("", " "),
    ],
)
def test_a_label_is_a_header_without_its_tags(header: str, label: str) -> None:
    assert label_of(header) == label
