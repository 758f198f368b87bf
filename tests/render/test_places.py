"""A page knows where each block of the issue begins, and shows no trace of that."""

import re
from pathlib import Path

from newsletter.model import with_lines
from newsletter.render.looks import PACKAGED
from tests.render.conftest import Render

# The body begins on line 5.
BODY = """\
Ensin tämä.

Sitten tämä.

## Otsikko

- yksi
- kaksi

::: columns
Vasen

---

Oikea
:::

::: box
Laatikossa
:::

::: quote
Sanottua

— Aino
:::

Lopuksi tämä.
"""


def test_each_block_is_found_on_its_line(render: Render) -> None:
    edition = render(BODY)

    lined = with_lines(edition)

    for words, line in (
        ("Ensin tämä", 5),
        ("Sitten tämä", 7),
        ("Otsikko", 9),
        ("yksi", 11),
        ("Vasen", 15),
        ("Oikea", 19),
        ("Laatikossa", 23),
        ("Sanottua", 26),
        ("Lopuksi tämä", 32),
    ):
        before = lined[: lined.rindex(words)]
        assert re.findall(r"<!--line (\d+)-->", before)[-1] == str(line), words


def test_the_words_of_the_template_belong_to_no_line(render: Render) -> None:
    lined = with_lines(render(BODY))

    before = lined[: lined.index("Peruuta tilaus")]

    assert re.findall(r"<!--line (\d+)-->", before)[-1] == "0"


def test_lines_leave_the_page_as_it_is(render: Render) -> None:
    edition = render(BODY)

    assert re.sub(r"<!--line \d+-->", "", with_lines(edition)) == edition.html


def test_a_template_without_places_makes_the_same_page(render: Render, root: Path) -> None:
    edition = render(BODY)
    row = root / "templates" / "row.mjml"
    row.parent.mkdir(exist_ok=True)
    row.write_text(
        re.sub(r"\{\{ place\([^}]*\}\}", "", (PACKAGED / "row.mjml").read_text(encoding="utf-8")),
        encoding="utf-8",
    )

    plain = render(BODY)
    row.unlink()

    assert len(plain.places) < len(edition.places)
    assert plain.html == edition.html
