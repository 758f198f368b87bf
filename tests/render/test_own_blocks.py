"""Blocks of a newsletter's own: read, shown in both parts, and walked like all others."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.errors import ConfigError, FindingsError
from newsletter.model import Custom, Edition, Finding, Segment, walk
from newsletter.render import picture_widths
from newsletter.render.block_patterns import begin_block
from newsletter.render.contents import list_headings
from tests.render.newsletters import read_body as read
from tests.render.newsletters import render_body, render_issue
from tests.render.oracle import read_html
from tests.render.own import PLAIN, TIP, TIP_MJML, declare
from tests.render.test_html import all_of, text_of

ROW = """\
<mj-section css-class="own-hero"><mj-column>
{{ place(block.line) }}
{%- for block in row.cells[0] %}{{ place(block.line) }}
{%- include "blocks/" ~ block.kind ~ ".mjml" %}{% endfor %}
{{- place(0) }}
</mj-column></mj-section>
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of a newsletter that has a block “tip”."""
    declare(tmp_path, "tip", TIP, TIP_MJML)
    return tmp_path


def refuse(root: Path, body: str) -> Finding:
    """Return the one finding that reading a body ends with."""
    with pytest.raises(FindingsError) as caught:
        read(root, body)
    [finding] = caught.value.findings
    return finding


def custom(root: Path, body: str) -> Custom:
    """Return the first block of a body, one of the newsletter's own."""
    block = read(root, body).blocks[0]
    assert isinstance(block, Custom)
    return block


# --- reading ------------------------------------------------------------------------------


def test_an_own_block_knows_what_its_author_and_its_declaration_say(root: Path) -> None:
    block = custom(root, "::: tip warning Muista share=4,5 link=https://example.org/\nA\n\nB\n:::")

    assert (block.kind, block.variant, block.line, block.level) == ("tip", "warning", 5, 2)
    assert block.arguments == {"title": "Muista", "link": "https://example.org/", "share": 4.5}
    assert block.written["share"] == "4,5"
    assert block.words == {"label": "Vinkki"}
    assert [inner.kind for inner in block.blocks] == ["prose", "prose"]


def test_what_is_not_given_is_empty_and_never_the_word_none(root: Path) -> None:
    edition = render_body(root, "::: tip\nA\n:::")

    assert custom(root, "::: tip\nA\n:::").arguments == {"title": "", "link": "", "share": ""}
    assert "None" not in edition.html + edition.text


@pytest.mark.parametrize(
    ("holds", "body", "html"),
    [
        ("nothing", "", ""),
        ("line", "One *word*", "One <em>word</em>"),
        ("text", "A\n\n- b", "<p>A</p>\n<ul>\n<li>b</li>\n</ul>"),
        ("picture and text", "![a](https://example.org/a.jpg)\n\nB", "<p>B</p>"),
    ],
)
def test_a_block_holds_what_its_declaration_says(
    holds: str, body: str, html: str, tmp_path: Path
) -> None:
    declare(tmp_path, "own", f'holds = "{holds}"')

    block = custom(tmp_path, f"::: own\n{body}\n:::")

    assert (block.html, block.blocks) == (html, ())
    assert bool(block.image) is (holds == "picture and text")


@pytest.mark.parametrize(
    ("holds", "body", "message"),
    [
        ("nothing", "A", "holds nothing"),
        ("line", "A\n\nB", "holds one paragraph"),
        ("line", "- A", "holds one paragraph"),
        ("text", "### A", "holds text"),
        ("text", "", "holds text"),
        ("text", "![a](https://example.org/a.jpg)", "holds text"),
        ("picture and text", "A", "a picture and text"),
        ("picture and text", "A\n\n![a](https://example.org/a.jpg)", "a picture and text"),
        ("blocks", "", "nothing is between"),
    ],
)
def test_what_a_block_does_not_hold_is_told(
    holds: str, body: str, message: str, tmp_path: Path
) -> None:
    declare(tmp_path, "own", f'holds = "{holds}"')

    finding = refuse(tmp_path, f"A\n\n::: own\n{body}\n:::")

    assert (finding.id, finding.line) == ("directive-own", 7)
    assert message in finding.message
    assert finding.hint


def test_a_block_without_words_in_the_language_of_the_issue_is_told(root: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        read(root, "::: tip\nA\n:::", language="en")

    [finding] = caught.value.findings
    assert "no words in “en”" in finding.message
    assert "[words.en]" in finding.hint


def test_an_unknown_directive_says_how_to_make_one(root: Path) -> None:
    far, near = refuse(root, "::: vinkki\nA\n:::"), refuse(root, "::: tpi\nA\n:::")

    assert "newsletter templates new vinkki" in far.hint
    assert "tip" in far.hint
    assert "did you mean “tip”?" in near.hint
    assert "templates new" not in refuse(root, "::: Ähkä\nA\n:::").hint


def test_an_undeclared_template_is_named_where_a_block_is_unknown(root: Path) -> None:
    declare(root, "fact", None)

    assert "blocks/fact.toml" in refuse(root, "::: fact\nA\n:::").hint


def test_a_block_whose_declaration_is_faulty_is_not_unknown_as_well(root: Path) -> None:
    declare(root, "fact", "holds = 'all'")

    assert read(root, "A\n\n::: fact\nA\n:::").findings == ()


# --- nesting ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["columns", "box", "event", "gallery", "person", "pull"])
def test_a_block_in_a_column_holds_what_a_quote_holds(name: str, root: Path) -> None:
    finding = refuse(root, f"::: tip\n::: {name}\nA\n:::\n:::")

    assert (finding.id, finding.line) == ("directive-nesting", 6)


@pytest.mark.parametrize("around", ["box", "columns"])
def test_a_block_may_stand_in_boxes_and_columns(around: str, root: Path) -> None:
    body = f"::: {around}\n::: tip Muista\nSanoja\n:::\n---\nMuuta\n:::"

    edition = render_body(root, body)

    assert "Muista" in read_html(edition.html)[0]
    assert "Muista" in edition.text


def test_inside_a_quote_a_block_needs_a_template_for_there(root: Path) -> None:
    body = "::: quote\n::: tip Muista\nSanoja\n:::\n:::"
    finding = refuse(root, body)
    assert "blocks/tip.flow.mjml" in finding.hint

    flow = '<p class="own">{{ block.arguments.title }}</p>{% for inner in block.blocks %}'
    declare(root, "tip.flow", None, flow + '{% include "blocks/flow.mjml" %}{% endfor %}')

    [quote] = all_of(render_body(root, body), "blockquote")
    assert text_of(quote).split() == ["Muista", "Sanoja"]


def test_a_row_of_its_own_stands_across_the_page_and_in_nothing(root: Path) -> None:
    declare(root, "hero", 'level = "row"', ROW)

    edition = render_body(root, "A\n\n::: hero\n::: person\nAino\n:::\n\n### B\n:::\n\nC")

    assert [text_of(h) for h in all_of(edition, "h3")] == ["B"]
    assert "<!--[endif]--" not in edition.html
    assert [line for _, line in edition.places] == [5, 0, 7, 8, 12, 0, 15, 0]
    for around in ("box", "quote", "tip", "hero"):
        finding = refuse(root, f"::: {around}\n::: hero\nA\n:::\n:::")
        assert finding.id == "directive-nesting"


# --- what walks blocks --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "message", "hint"),
    [
        ("block.arguments.titel", "there is no “titel”", "did you mean “title”?"),
        ("block.words.labell", "there is no “labell”", "did you mean “label”?"),
        ("block.arguments['xyz']", "there is no “xyz”", "known: link, share, title"),
        ("block.varient", "there is no “varient”", "did you mean “variant”?"),
    ],
)
def test_a_slip_in_a_field_names_the_one_meant(
    shown: str, message: str, hint: str, root: Path
) -> None:
    declare(root, "tip", TIP, f"<mj-text>\n<p>{{{{ {shown} }}}}</p></mj-text>")

    with pytest.raises(ConfigError) as caught:
        render_body(root, "::: tip\nHei.\n:::")

    [finding] = caught.value.findings
    said = (finding.place, finding.message, finding.hint)
    assert said == ("templates/blocks/tip.mjml:2", message, hint)


def test_what_is_inside_is_walked_like_all_else(root: Path) -> None:
    issue = read(
        root,
        "[A](#sisalla)\n\n::: tip\n### Sisällä {#sisalla}\n\nSana[^1]\n\n"
        "::: only region=Lappi\nL\n:::\n:::\n\n[^1]: Viite",
    )

    edition = render_issue(root, issue)

    assert issue.conditions == (Segment.of("region", "Lappi"),)
    assert [h.name for h in list_headings(issue)] == ["sisalla"]
    assert 'name="sisalla"' in edition.html
    assert "Viite" in edition.text
    others = issue.for_readers(frozenset())
    assert "L" not in [getattr(b, "html", "") for b in walk(others.blocks)]


def test_slots_in_arguments_are_filled_for_each_reader(root: Path) -> None:
    edition = render_body(root, '::: tip title="Hei {{ name | "sinä" }}"\nA\n:::')

    [slot] = [slot for slot in edition.slots if slot.name == "name"]
    assert slot.marker in edition.html
    assert slot.marker in edition.text


def test_pictures_of_blocks_are_made_as_wide_as_their_place(tmp_path: Path) -> None:
    declare(
        tmp_path,
        "card",
        "[arguments.name]\n[arguments.face]\nkind = 'picture'\nalt = 'name'\nwidth = 96",
        '<mj-text css-class="prose"><img src="{{ block.arguments.face.source }}" '
        'alt="{{ block.arguments.face.alt }}" width="96"><p>{{ block.arguments.name }}</p>'
        "{% for inner in block.blocks %}{% include 'blocks/flow.mjml' %}{% endfor %}</mj-text>",
    )
    (tmp_path / "issues").mkdir()
    Image.new("RGB", (1600, 800)).save(tmp_path / "issues" / "a.png")
    Image.new("RGB", (1600, 800), "red").save(tmp_path / "issues" / "b.png")
    body = "::: card face=a.png name='Aino & co'\n![Kuva](b.png)\n:::"

    issue = read(tmp_path, body)
    edition = render_body(tmp_path, body)

    assert issue.picture_sources == (("a.png", 5), ("b.png", 6))
    assert picture_widths(issue) == {"a.png": 96, "b.png": 600}
    face, other = all_of(edition, "img")
    assert (face.get("alt"), face.get("height"), other.get("alt")) == ("Aino & co", "48", "Kuva")
    assert all(img.get("src").startswith("cid:") for img in (face, other))


def test_a_missing_picture_of_an_argument_is_told(tmp_path: Path) -> None:
    declare(tmp_path, "card", "[arguments.n]\n[arguments.face]\nkind = 'picture'\nalt = 'n'")

    finding = refuse(tmp_path, "::: card face=a.png n=A\nA\n:::")

    assert (finding.id, finding.line) == ("image-missing", 5)


# --- both parts ---------------------------------------------------------------------------


def test_the_text_part_reads_as_the_declaration_says(root: Path) -> None:
    edition = render_body(
        root, "::: tip Muista & opi share=46 link=https://example.org/\nSanoja\n:::\n\nMuuta"
    )

    assert (
        "Vinkki\nMuista & opi: 46 %\n\nSanoja\n\n=> https://example.org/\n\nMuuta\n" in edition.text
    )


def test_a_line_is_left_out_where_a_value_is_missing_and_no_text_is_lost(root: Path) -> None:
    declare(root, "fact", "[arguments.name]\n[text]\nlast=['{name}!']\naround='quote'", PLAIN)
    declare(root, "loud", "holds='line'\n[arguments.name]\n[text]\naround='lines'", PLAIN)

    text = render_body(
        root, "::: tip\nA\n:::\n\n::: fact name=B\nC\n:::\n\n::: loud name=D\nE\n:::"
    ).text

    assert "Vinkki\n\nA\n" in text
    assert " %" not in text
    assert "> C\n\n> B!\n" in text
    assert "-" * 72 + "\nD\nE\n" + "-" * 72 in text


def test_an_own_style_sheet_is_written_into_elements_and_its_dark_rules_stay(root: Path) -> None:
    sheet = root / "templates" / "blocks" / "tip.css"
    sheet.write_text(
        '{%- import "style.jinja" as look %}.own-tip { color: {{ look.light.link }} }\n'
        "@media (prefers-color-scheme: dark) { .own-tip { color: #fff !important } }\n"
    )

    html = render_body(root, "::: tip\nA\n:::").html

    assert 'class="own-tip" style="color:#1d5c57"' in html
    assert "{.own-tip{color:#fff !important}}" in html
    assert "<style type" not in html  # needless, as the HTML checker of the W3C says


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters='"“”„{}'), min_size=1)
)
def test_words_of_arguments_are_never_markup(
    tmp_path_factory: pytest.TempPathFactory, words: str
) -> None:
    root = tmp_path_factory.getbasetemp() / "sealed"
    declare(root, "tip", TIP, TIP_MJML)
    words = " ".join(words.split())
    if not words:
        return

    edition = render_body(
        root,
        f'::: tip title="{words}"\nA\n:::',
        front="subject: K\ndate: 2026-12-15\nliteral: true",
    )

    [title] = all_of(edition, "h2")
    assert text_of(title).split() == words.split()


# --- variants -----------------------------------------------------------------------------

PICTURE = "https://example.org/a.jpg"
WITH_VARIANTS = {
    "box": "A\n",
    "columns": "A\n---\nB\n",
    "button": "A\n",
    "divider": "",
    "figure": "A\n\nB\n",
    "gallery": f"![a]({PICTURE})\n![b]({PICTURE})\n",
    "image": "A\n",
    "person": "A\n",
    "pull": "A\n",
    "quote": "A\n",
}
_BEHIND = {"button": "https://example.org/", "figure": PICTURE, "image": PICTURE}


@pytest.mark.parametrize("name", WITH_VARIANTS)
def test_a_variant_of_a_packaged_block_is_a_class_of_it(name: str, tmp_path: Path) -> None:
    declare(tmp_path, name, 'variants = ["big"]', None)
    (tmp_path / "templates" / "extra.css").write_text(f".{name}-big {{ opacity: 1 }}")
    (tmp_path / "templates" / "extra_screen.css").write_text(f".{name}-big {{ opacity: 1 }}")

    def page(variant: str) -> Edition:
        return render_body(
            tmp_path,
            f"A\n\n::: {name} {variant} {_BEHIND.get(name, '')}\n{WITH_VARIANTS[name]}:::",
        )

    assert f"{name}-big" in page("big").html.partition("</head>")[2]
    assert f"{name}-big" not in page("").html.partition("</head>")[2]
    assert page("big").text.partition("Sait")[0] == page("").text.partition("Sait")[0]


def test_a_box_has_the_ground_that_the_style_names_for_its_variant(tmp_path: Path) -> None:
    declare(tmp_path, "box", 'variants = ["tip"]', None)
    (tmp_path / "templates" / "style.jinja").write_text(
        '{% set light = {"box-tip": "#e0f0ff"} %}{% set dark = {"box-tip": "#102030"} %}'
    )

    html = render_body(tmp_path, "::: box tip\nA\n:::\n\n::: box\nB\n:::").html

    assert html.count("background-color:#e0f0ff") == 1
    assert ".box-tip>table>tbody>tr>td{background-color:#102030 !important}" in html


@pytest.mark.parametrize("name", ["box", "quote", "pull", "gallery"])
def test_an_unknown_variant_is_told_with_the_one_meant(name: str, tmp_path: Path) -> None:
    declare(tmp_path, name, 'variants = ["quiet"]', None)

    finding = refuse(tmp_path, f"::: {name} qiuet\n![a]({PICTURE})\n![b]({PICTURE})\n:::")

    assert "“qiuet” is after the word" in finding.message
    assert "“quiet”" in finding.hint


@pytest.mark.parametrize("name", ["image", "figure", "person"])
def test_a_slip_in_an_argument_of_a_packaged_block_is_told(name: str, tmp_path: Path) -> None:
    finding = refuse(tmp_path, f"::: {name} {PICTURE} lnik=https://example.org/\nA\n\nB\n:::")

    assert "“lnik=”" in finding.message
    assert "“link”" in finding.hint


def test_a_block_that_was_begun_knows_the_lines_of_what_it_holds(tmp_path: Path) -> None:
    begin_block(tmp_path / "templates" / "blocks", "tip", ("fi",))

    edition = render_body(tmp_path, "A\n\n::: tip B\nC\n\n- D\n:::\n\nE")

    assert [line for _, line in edition.places] == [5, 7, 8, 10, 13, 0]


@pytest.mark.parametrize(("radius", "corner"), [(10, "border-radius:10px"), (0, "")])
def test_a_block_that_was_begun_has_the_corners_of_the_look(
    radius: int, corner: str, tmp_path: Path
) -> None:
    begin_block(tmp_path / "templates" / "blocks", "tip", ("fi",))
    style = tmp_path / "templates" / "style.jinja"
    style.write_text(f"{{% set radius = {radius} %}}", encoding="utf-8")

    html = render_body(tmp_path, "::: tip\nA\n:::").html

    [table] = re.findall(r"<table([^>]*)><tbody><tr>\s*<td class=.own-tip[^>]*>", html)
    [cell] = re.findall(r"<td class=.own-tip[^>]*>", html)
    assert "border-collapse:separate" in table.replace(": ", ":")
    assert corner in cell.replace(": ", ":")
    assert bool(corner) == ("border-radius" in cell)


def test_long_words_of_a_title_may_break_where_those_of_a_heading_do(tmp_path: Path) -> None:
    begin_block(tmp_path / "templates" / "blocks", "tip", ("fi",))

    html = render_body(tmp_path, "::: tip Työhönvalmentajakoulutus & <b>\nA\n:::").html

    assert re.search(r"Työhön<wbr[^>]*>valmentaja<wbr[^>]*>koulutus &amp; &lt;b&gt;</h2>", html)
