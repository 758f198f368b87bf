"""A number is what its author wrote: an item only where a list begins at 1 and goes on by one."""

import re

import pytest

from newsletter.content.ordinals import is_ordinal
from newsletter.model import Prose, walk
from tests.content.conftest import Read

# --- dates and ordinals -------------------------------------------------------------------

DATES = (
    *("1. joulukuuta", "9. joulukuuta", "31. maaliskuun", "3. tammikuuta 2027", "1. touko"),
    *("24. 12.", "24. 12. klo 18", "1. 1. 2027", "9. 12.2026", "5. 6/2026", "1. – 3. joulukuuta"),
    *("1. ja 2. joulukuuta", "1. joulukuu", "2. heinäkuussa", "1. JOULUKUUTA 2026"),
    *("30. päivä", "1. päivänä", "3. luokka", "1. luokan", "1. krs", "2. kerros", "1. kerran"),
    *("1. vuosi", "20. vuosisadalla", "1. viikko", "2. asteen", "4. artikla", "1. adventti"),
    *("1. sija", "2. painos", "1. osa", "3. vaihe", "1. kausi", "1. kvartaali", "1. pv"),
    *("9. december", "1. januari", "3. maj", "1. mars kl. 12"),
    *("5. okt.", "1. klass", "2. våningen"),
    *("2. våningen", "1. December 2026", "1. May, at noon", "3. august"),
)
ITEMS = (
    *("1. Avaa sivu", "1. avaa sivu", "1. Joulukuun kirje", "1. May we ask", "1. 12 henkilöä"),
    *("1. 5,5 % kasvua", "1. 5.5 % kasvua", "1. osallistu", "1. Maali", "1. marssi", "1. päätös"),
    *("1. kerro meille", "1. päivitä tiedot", "1. sijoita", "1. lukutaito"),
    *("1. elokuva", "1. kesällä", "1. Luokka", "1. octopus", "1. **yksi**", "1. 2026 oli hyvä"),
    *("1) 24. 12.", "1) joulukuuta"),  # no date has a bracket
)
PLACES = (
    *("{}", "Alku.\n\n{}", "{}\n\n{}", "Alku\n{}", "- {}"),
    *("- {}\n- {}", "> {}", "> - {}", "- > {}"),
    *("- > {}", "* {}\n\n{}", "::: box\n{}\n:::"),
    *("::: columns\n{}\n---\n- {}\n:::", "::: only region=Lappi\n{}\n:::"),
    *("::: quote\n{}\n:::", "a[^1]\n\n[^1]: {}"),
    *("| a |\n|---|\n| {} |", "1. a\n\n   {}", "* {}\n\n{}"),
)


def text_of(read: Read, body: str) -> str:
    """Return the text of all blocks, without anything that HTML numbers by itself."""
    blocks = walk(read(body).blocks)
    html = " ".join(
        " ".join(cell for row in getattr(b, "rows", ()) for cell in row) + getattr(b, "html", "")
        for b in blocks
    )
    return re.sub(r"<[^>]*>", "", html).replace("&nbsp;", " ")


@pytest.mark.parametrize("place", PLACES)
def test_dates_stay_as_they_are_wherever_they_stand(place: str, read: Read) -> None:
    for date in DATES:
        text = text_of(read, place.replace("{}", f"{date} Oulussa"))

        assert text.count(f"{date} Oulussa") == place.count("{}"), (date, text)


@pytest.mark.parametrize("item", ITEMS)
def test_first_item_of_a_list_is_one_though_its_words_look_like_a_date(
    item: str, read: Read
) -> None:
    [block] = read(item).blocks

    assert isinstance(block, Prose)
    assert block.html.startswith("<ol>\n<li>")


def test_what_is_counted_is_told_by_whole_words() -> None:
    assert not any(is_ordinal(f" {word}") for word in ("mainos", "kesästä", "elossa", "decimal"))


# --- lists --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("1. a\n2. b\n3. c", "<ol><li>a</li><li>b</li><li>c</li></ol>"),
        ("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
        ("1. a\n\n2. b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>"),
        ("1. a\n   1. b\n2. c", "<ol><li>a<ol><li>b</li></ol></li><li>c</li></ol>"),
        # it goes on behind what stands between
        ("1. a\n\nb\n\n2. c", '<ol><li>a</li></ol><p>b</p><ol start="2"><li>c</li></ol>'),
        # no beginning
        ("2. a\n3. b", "<p>2. a<br>3. b</p>"),
        ("0. a", "<p>0. a</p>"),
        ("7) a", "<p>7) a</p>"),
        ("- 5. a", "<ul><li>5. a</li></ul>"),
        # not one more than the item before
        ("1. a\n3. b", "<ol><li>a<br>3. b</li></ol>"),
        ("1. a\n\n3. b", "<ol><li>a</li></ol><p>3. b</p>"),
        ("1. a\n\n   3. b\n2. c", "<ol><li><p>a</p><p>3. b</p></li><li><p>c</p></li></ol>"),
        ("1. a\n1. b", "<ol><li>a</li></ol><ol><li>b</li></ol>"),
        ("1. a\n2. joulukuuta b", "<ol><li>a<br>2. joulukuuta b</li></ol>"),
        # lines of prose are no list
        ("a\n3. b\n4. c", "<p>a 3. b 4. c</p>"),
        # the lines of what was written as a list stay apart
        ("3. joulukuuta a\nb\n4. joulukuuta c", "<p>3. joulukuuta a b<br>4. joulukuuta c</p>"),
    ],
)  # fmt: skip
def test_numbers_are_those_that_were_written(body: str, html: str, read: Read) -> None:
    found = "".join(getattr(block, "html", "") for block in read(body).blocks)

    found = found.replace("&nbsp;", " ")
    assert re.sub(r"(?<=>)\n|\n(?=<)", "", found).replace("\n", " ") == html
