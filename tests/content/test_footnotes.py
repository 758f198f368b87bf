"""Each reader gets the footnotes that they see referred to, numbered from 1 on, and no other's."""

import re

import pytest

from newsletter.model import Heading, Prose, Segment, Table, walk
from tests.content.conftest import Read

LAPPI = frozenset({Segment.of("region", "Lappi")})
ALL: frozenset[Segment] = frozenset()

THREE = """\
Kaikille.[^a]

::: only region=Lappi
Lapille.[^b]

[^b]: Vain Lapille.
:::

Taas kaikille.[^c]

[^a]: Ensimmäinen.
[^c]: Viimeinen.
"""


def shown(read: Read, body: str, met: frozenset[Segment]) -> str:
    """Return what readers see, its HTML without tags."""
    blocks = read(body).for_readers(met).blocks
    html = " ".join(b.html for b in walk(blocks) if isinstance(b, Prose | Heading))
    html = re.sub(r'(?:&nbsp;)?<a class="back".*?</a>', "", html)
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_readers_outside_a_block_get_neither_its_footnotes_nor_a_gap(read: Read) -> None:
    assert shown(read, THREE, ALL) == ("Kaikille. (1) Taas kaikille. (2) Ensimmäinen. Viimeinen.")
    assert shown(read, THREE, LAPPI) == (
        "Kaikille. (1) Lapille. (2) Taas kaikille. (3) Ensimmäinen. Vain Lapille. Viimeinen."
    )


def test_links_lead_to_the_footnotes_of_the_same_reader(read: Read) -> None:
    blocks = read(THREE).for_readers(ALL).blocks

    html = "".join(block.html for block in blocks if isinstance(block, Prose))
    assert re.findall(r'href="#(fn\d)"', html) == ["fn1", "fn2"]
    assert re.findall(r'<li id="(fn\d)"><p><a name="(fn\d)">', html) == [("fn1",) * 2, ("fn2",) * 2]


def test_each_footnote_leads_back_to_where_it_was_first_referred_to(read: Read) -> None:
    blocks = read("a[^1] b[^2] c[^1]\n\n[^1]: x\n[^2]: y\n\n    - z").for_readers(ALL).blocks

    text, notes = (block.html for block in blocks if isinstance(block, Prose))
    assert re.findall(r'id="(\w+)" name="(\w+)"', text) == [("fnref1",) * 2, ("fnref2",) * 2]
    assert re.findall(r'class="back" href="#(\w+)">↩\ufe0e</a></p></li>', notes) == [
        "fnref1",
        "fnref2",
    ]


@pytest.mark.parametrize(
    ("note", "begins"),
    [
        ("x", "<p>"),
        ("- x", "<ul>\n<li>"),
        ("> x", "<blockquote>\n<p>"),
        ("    x", "<p>"),
        ("```\n    x\n    ```", "<pre><code>"),
        ("**x**", "<p>"),
    ],
)
def test_the_place_of_a_footnote_is_within_its_first_line(
    note: str, begins: str, read: Read
) -> None:
    """Before a paragraph it leaves the number alone on a line in Firefox and Thunderbird."""
    [*_, notes] = read(f"a[^1]\n\n[^1]: {note}").for_readers(ALL).blocks

    assert isinstance(notes, Prose)
    assert f'<li id="fn1">{begins}<a name="fn1"></a>' in notes.html


def test_nothing_is_left_where_all_footnotes_are_for_others(read: Read) -> None:
    body = "Hei.\n\n::: only region=Lappi\nMoi.[^a]\n:::\n\n[^a]: Salaisuus."

    blocks = read(body).for_readers(ALL).blocks

    assert [block.html for block in blocks if isinstance(block, Prose)] == ["<p>Hei.</p>"]


def test_a_footnote_of_a_footnote_goes_with_it(read: Read) -> None:
    body = "::: only region=Lappi\na[^x]\n:::\n\nb[^y]\n\n[^x]: kuusi[^z]\n[^y]: koivu\n[^z]: haapa"

    assert shown(read, body, LAPPI) == "a (1) b (2) kuusi (3) koivu haapa"
    assert shown(read, body, ALL) == "b (1) koivu"


def test_a_footnote_that_two_refer_to_is_one(read: Read) -> None:
    body = "::: only region=Lappi\na[^x]\n:::\n\nb[^y] c[^x]\n\n[^x]: kuusi\n[^y]: koivu"

    assert shown(read, body, ALL) == "b (1) c (2) koivu kuusi"


@pytest.mark.parametrize(
    "inside", ["## a[^h]", "> a[^h]", "- a[^h]", "::: quote\na[^h]\n:::", "::: pull\na[^h]\n:::"]
)
def test_references_count_wherever_they_stand(inside: str, read: Read) -> None:
    body = f"::: only region=Lappi\n{inside}\n:::\n\nb[^b]\n\n[^h]: kuusi\n[^b]: koivu"

    assert "(1) koivu" in shown(read, body, ALL)
    assert "kuusi" not in shown(read, body, ALL)
    assert shown(read, body, LAPPI).endswith("b (2) kuusi koivu")


def test_references_in_cells_of_a_table_are_numbered_too(read: Read) -> None:
    body = "::: only region=Lappi\na[^x]\n:::\n\n| b[^y] |\n|---|\n| c[^x] |\n\n[^x]: k\n[^y]: l"

    table = next(b for b in read(body).for_readers(ALL).blocks if isinstance(b, Table))

    assert ("(1)" in table.head[0], "(2)" in table.rows[0][0]) == (True, True)
