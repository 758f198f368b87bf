"""Figures, galleries, people, events and pulled sentences: in the page and in the text part."""

import re
from pathlib import Path

import pytest
from PIL import Image

from newsletter.model import Edition, Variant
from newsletter.render import Look, load_pictures, picture_widths, render_edition
from newsletter.render.looks import LOOKS
from tests.render.conftest import Render
from tests.render.newsletters import FRONT, LETTERHEAD, read_body
from tests.render.oracle import read_html, words_of_text
from tests.render.test_html import all_of, text_of

PICTURE = "https://example.org/a.jpg"
EVENT = (
    f"{FRONT}\nevents:\n  day:\n    title: Theme & day\n    start: 2026-12-22 09:00\n"
    "    place: Town <hall>\n    url: https://example.org/r?a=1&b=2\n"
    "    online: https://example.org/o\n    deadline: 2026-12-18"
)


def paragraphs(edition: Edition) -> list[str]:
    """Return the texts of a page's paragraphs."""
    return [text_of(p) for p in all_of(edition, "p")]


# --- one by one ---------------------------------------------------------------------------


def test_a_caption_stands_below_its_picture_in_both_parts(render: Render) -> None:
    edition = render(f"::: figure {PICTURE}\nA lake\n\nThe *lake* in May\n:::")

    [image] = all_of(edition, "img")
    assert image.get("alt") == "A lake"
    assert "The lake in May" in paragraphs(edition)
    assert "[Kuva: A lake]\nThe lake in May\n" in edition.text


def test_an_event_tells_when_where_and_how_to_register(render: Render) -> None:
    edition = render("## a\n\n::: event day\nCome *along* now\n:::", front=EVENT)

    links = {text_of(a): a.get("href") for a in all_of(edition, "a")}
    assert [text_of(h) for h in all_of(edition, "h3")] == ["Theme & day"]
    assert links["Ilmoittaudu"] == "https://example.org/r?a=1&b=2"
    assert links["Osallistu etänä"] == "https://example.org/o"
    for words in (
        "tiistai 22.12.2026 klo 9",
        "Town <hall>",
        "Come along now",
        "Ilmoittaudu viimeistään perjantaina 18.12.2026",
    ):
        assert words in paragraphs(edition)
        assert words in edition.text
    assert "=> Ilmoittaudu\n   https://example.org/r?a=1&b=2\n" in edition.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ("tisdag 22\xa0december 2026", "Anmäl dig", "Delta på distans")),
        ("en", ("Register",)),
    ],
)
def test_an_event_speaks_the_language_of_its_issue(
    language: str, words: tuple[str, ...], render: Render
) -> None:
    edition = render("::: event day\n:::", front=EVENT, language=language)

    for word in words:
        assert word in edition.html
        assert word in edition.text


def test_a_person_is_shown_with_their_links(render: Render) -> None:
    edition = render(
        f"::: person {PICTURE}\n**Aino**\ncoordinator\n<a@example.org>, [040](tel:+35840)\n:::"
    )

    [image] = all_of(edition, "img")
    assert (image.get("alt"), image.get("width")) == ("Aino", "96")
    assert {"Aino", "coordinator", "a@example.org , 040"} <= set(paragraphs(edition))
    assert "Aino\ncoordinator\na@example.org, 040 [1]\n" in edition.text
    assert edition.text.count("Aino") == 1


def test_a_pulled_sentence_is_no_quote_and_stands_once_in_the_text(render: Render) -> None:
    edition = render("::: pull\nOne word.\n:::")

    assert all_of(edition, "blockquote") == []
    assert "One word." in paragraphs(edition)
    assert edition.text.count("One word.") == 1
    assert "\n        One word.\n" in edition.text


def test_an_abbreviation_is_explained_where_it_stands_first_in_the_text(render: Render) -> None:
    edition = render("HTML and HTML\n\n- HTML\n\n*[HTML]: Hyper Text")

    assert edition.text.count("HTML (Hyper Text)") == edition.text.count("Hyper Text") == 1
    assert [a.get("title") for a in all_of(edition, "abbr")] == ["Hyper Text"] * 3


@pytest.mark.parametrize(("columns", "labels"), [(2, []), (3, ["b: ", "c? "])])
def test_cells_of_wide_tables_bring_their_header_along_hidden(
    columns: int, labels: list[str], render: Render
) -> None:
    head = ["*Name* & all", "*b*", "c?"][:columns]
    edition = render(f"|{'|'.join(head)}|\n|{'---|' * columns}\n|{'x|' * columns}\n|y|||")

    found = [b for b in all_of(edition, "b") if b.get("class") == "label"]
    assert [b.text for b in found] == labels
    assert all("display:none" in b.get("style") for b in found)
    titles = [th.text for th in all_of(edition, "th") if th.get("scope") == "row"]
    assert titles == (["x", "y"] if labels else [])
    assert "c? x" not in edition.text


# --- galleries ----------------------------------------------------------------------------


def gallery(root: Path, sizes: list[tuple[int, int]], *, around: str = "{}") -> Edition:
    """Render a gallery of pictures of these sizes."""
    (root / "issues").mkdir(exist_ok=True)
    for number, size in enumerate(sizes):
        Image.new("RGB", size, (number, 99, 99)).save(root / "issues" / f"{number}.png")
    lines = "\n".join(f"![p{number}]({number}.png)" for number in range(len(sizes)))
    issue = read_body(root, around.format(f"::: gallery\n{lines}\n:::"))
    pictures = load_pictures(
        issue.picture_sources, root / "issues", issue.path, widths=picture_widths(issue)
    )
    variant = Variant(language="fi")
    return render_edition(
        issue, variant, LETTERHEAD, pictures=pictures, look=Look(folder=root / "templates")
    )


@pytest.mark.parametrize(
    ("sizes", "around", "room"),
    [
        ([(1200, 800), (800, 1200)], "{}", 536),
        ([(1200, 800), (800, 800), (800, 1200)], "{}", 536),
        ([(1200, 800), (800, 1200)], "::: box\n{}\n:::", 488),
        ([(1200, 800), (800, 1200)], "::: columns\n{}\n---\na\n:::", 252),
    ],
)
def test_pictures_of_a_row_are_equally_high_and_fill_it(
    sizes: list[tuple[int, int]], around: str, room: int, tmp_path: Path
) -> None:
    images = all_of(gallery(tmp_path, sizes, around=around), "img")

    heights = [int(image.get("height")) for image in images]
    widths = [int(image.get("width")) for image in images]
    assert max(heights) - min(heights) <= 2
    assert room - 3 <= sum(widths) + 12 * (len(images) - 1) <= room


def test_an_odd_shape_does_not_crowd_out_the_others(tmp_path: Path) -> None:
    images = all_of(gallery(tmp_path, [(3000, 300), (300, 1500)]), "img")

    assert all(int(image.get("width")) >= 100 for image in images)


# --- every look ---------------------------------------------------------------------------

EVERY = f"""\
::: figure {PICTURE}
Yksi kuva

Kuvateksti
:::

Alku HTML[^1]

## Lyhyt

sanoja

## Toinen

lisää sanoja

::: pull
Nosto
:::

::: gallery
![vasen]({PICTURE})
![oikea]({PICTURE})
:::

::: event day
Tule
:::

::: box
::: person {PICTURE}
**Aino**
koordinaattori
<a@example.org>
:::
:::

| a | b | c |
|---|---|---|
| d | e | f |

[^1]: Viite

*[HTML]: Hyper Text
"""


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_every_word_in_well_formed_html(look: str, tmp_path: Path) -> None:
    issue = read_body(tmp_path, EVERY, front=EVENT)
    edition = render_edition(
        issue,
        Variant(language="fi"),
        LETTERHEAD,
        pictures={},
        look=Look(folder=tmp_path / "templates", name=look),
    )

    shown, faults = read_html(edition.html)
    assert set(words_of_text(re.sub(r"<[^>]*>", "", EVERY.replace(PICTURE, "")))) - {*shown} <= {
        "figure", "pull", "gallery", "event", "day", "box", "person", "Hyper", "Text"
    }  # fmt: skip
    assert faults == set()
    places = [line for _, line in edition.places]
    assert {block.line for block in issue.blocks if block.kind != "box"} <= set(places)
