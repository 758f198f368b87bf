"""The page says what it is, can be read with any eyes, and keeps what its styles need."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from PIL import Image

from newsletter.errors import ConfigError
from newsletter.language import Wording
from newsletter.model import Edition, Issue, Segment, Variant
from newsletter.render import Look, render_edition
from newsletter.render.edition import digest_of
from tests.render.conftest import Render
from tests.render.newsletters import FRONT, LETTERHEAD, read_body, render_body, render_issue

SECTIONS = "\n\n".join(f"## Otsikko {n} <b>&amp;</b>\n\nteksti" for n in range(1, 5))


def page(edition: Edition) -> Any:
    """Return the page as a browser reads it."""
    return html5lib.parse(edition.html, treebuilder="etree", namespaceHTMLElements=False)


def all_of(edition: Edition, tag: str) -> list[Any]:
    """Return all elements of a name."""
    return list(page(edition).iter(tag))


def text_of(element: Any) -> str:
    """Return the text of an element, with white space folded and without comments."""
    pieces = [element.text]
    for inner in list(element.iter())[1:]:
        pieces += [inner.text if isinstance(inner.tag, str) else "", inner.tail]
    return " ".join(" ".join(piece or "" for piece in pieces).split())


# --- what it is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "direction"),
    [("fi", "ltr"), ("sv", "ltr"), ("ar", "rtl"), ("fa", "rtl"), ("pt-BR", "ltr"), ("xx", "ltr")],
)
def test_page_says_its_language_direction_and_title(
    language: str, direction: str, render: Render
) -> None:
    edition = render("Hei", front='subject: "A & <b>"\ndate: 2026-12-15', language=language)

    html = page(edition)
    wrapper = next(e for e in html.find("body").iter("div") if e.get("role") == "article")
    for element in (html, wrapper):
        assert (element.get("lang"), element.get("dir")) == (language, direction)
    assert html.findtext("head/title") == "A & <b>"


def test_page_is_divided_into_landmarks(render: Render) -> None:
    edition = render("::: box\nHei\n:::")

    places = {e.get("role"): text_of(e) for e in page(edition).iter() if e.get("role")}
    assert places["banner"] == "Uutiskirje joulukuu 2026"
    assert places["main"] == "Kysely Hei"
    assert places["contentinfo"].startswith("Sait tämän kirjeen")


def test_doctype_comes_first(render: Render) -> None:
    html = render("Hei").html

    assert html.startswith("<!doctype html>\n<html ")
    assert html.lower().count("<!doctype") == 1


def test_charset_and_colour_schemes_are_declared(render: Render) -> None:
    metas = {
        m.get("name") or m.get("http-equiv"): m.get("content") for m in all_of(render(""), "meta")
    }

    assert metas["Content-Type"] == "text/html; charset=UTF-8"
    assert metas["color-scheme"] == metas["supported-color-schemes"] == "light dark"
    assert "viewport" in metas


def test_subject_is_the_one_heading_of_level_one(render: Render) -> None:
    edition = render("# Osa\n\n## Luku", front='subject: "A & <b>"\ndate: 2026-12-15')

    assert [text_of(heading) for heading in all_of(edition, "h1")] == ["A & <b>"]
    assert [text_of(heading) for heading in all_of(edition, "h2")] == ["Osa"]


def test_preheader_is_the_first_text_and_not_seen(render: Render) -> None:
    edition = render("Hei", front=FRONT + '\npreheader: "97 % & <b>"')

    first = next(iter(page(edition).find("body")))
    assert text_of(first) == "97 % & <b>"
    assert "display:none" in first.get("style")


def test_no_preheader_no_empty_place_for_it(render: Render) -> None:
    assert "display:none" not in render("Hei").html.split("<body", 1)[1]


@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [
        ("fi", "number: 6", "Nro 6 · joulukuu 2026"),
        ("sv", "number: 6", "Nr 6 · december 2026"),
        ("en", "number: 6", "No. 6 · December 2026"),
        ("fi", "", "joulukuu 2026"),  # without a number
        ("fi", "number: 0", "Nro 0 · joulukuu 2026"),  # a pilot issue
        ("de", "number: 6", "No. 6 · Dezember 2026"),  # a language without words of its own
    ],
)
def test_number_and_month_stand_above_in_both_parts(
    language: str, number: str, shown: str, render: Render
) -> None:
    edition = render("Hei", front=f"{FRONT}\n{number}", language=language)

    assert shown in [text_of(p) for p in all_of(edition, "p")]
    assert edition.text.split("\n")[1].strip() == shown or edition.text.split("\n")[2] == shown


# --- leaving and reading elsewhere --------------------------------------------------------


@pytest.mark.parametrize("public_url", ["", "https://news.example.org"])
def test_both_parts_say_who_sends_why_and_how_to_leave(public_url: str, render: Render) -> None:
    edition = render("Hei", public_url=public_url)

    slots = {slot.name: slot.marker for slot in edition.slots}
    leave = slots.get("unsubscribe_url", "mailto:toimitus@example.org?subject=Peruuta%20tilaus")
    links = {text_of(a): a.get("href") for a in all_of(edition, "a")}
    assert links["Peruuta tilaus"] == leave
    assert leave in edition.text
    for part in (text_of(page(edition).find("body")), " ".join(edition.text.split())):
        assert "Esimerkkisäätiö, Katu 1, 00100 Helsinki" in part
        assert f"osoitteeseen {slots['email']}" in part


def test_page_can_be_read_in_a_browser_only_with_a_public_url(render: Render) -> None:
    hosted = render("Hei", public_url="https://news.example.org")
    local = render("Hei")

    url = "https://news.example.org/2026-12?lang=fi"
    assert [a.get("href") for a in all_of(hosted, "a") if text_of(a) == "Lue selaimessa"] == [url]
    assert f"Lue selaimessa: {url}" in hosted.text
    assert "Lue selaimessa" not in local.html + local.text


# --- structure for all eyes ---------------------------------------------------------------


def test_layout_tables_are_presentation_and_tables_of_data_are_not(render: Render) -> None:
    edition = render(
        "| Nimi | Määrä |\n|---|--:|\n| a | 1 |\n\n::: quote\n| b |\n|---|\n| c |\n:::\n\n"
        "<table><tr><th>d</th></tr></table>\n\n::: box\n| e |\n|---|\n:::\n\n"
        "::: button https://example.org/\nf\n:::\n\n![g](https://example.org/g.png)\n\n"
        "::: columns\nh\n---\ni\n:::"
    )

    for table in all_of(edition, "table"):
        has_head = any(cell.tag == "th" for cell in own_cells(table))
        assert (table.get("role") != "presentation") == has_head
    assert len([t for t in all_of(edition, "table") if t.get("role") != "presentation"]) == 4


def test_each_markdown_table_names_its_columns(render: Render) -> None:
    edition = render("| Nimi | Määrä |\n|---|--:|\n| a | 1 |\n\n::: quote\n| b |\n|---|\n:::")

    heads = {text_of(th): th.get("scope") for th in all_of(edition, "th")}

    assert heads == {"Nimi": "col", "Määrä": "col", "b": "col"}


def test_numbers_are_aligned_as_their_author_said(render: Render) -> None:
    edition = render("| a | b | c |\n|:--|:-:|--:|\n| x | y | z |")

    cells = {text_of(c).split(": ")[-1]: c for tag in ("th", "td") for c in all_of(edition, tag)}
    sides = [cells[name].get("align") for name in "abcxyz"]
    assert sides == ["left", "center", "right"] * 2


def own_cells(table: Any) -> list[Any]:
    """Return the cells of a table, not those of tables within it."""
    rows = [r for part in table for r in ([part] if part.tag == "tr" else part)]
    return [cell for row in rows for cell in row if isinstance(row.tag, str)]


@pytest.mark.parametrize(("sections", "shown"), [(0, False), (3, False), (4, True)])
def test_contents_are_listed_from_four_sections_on(
    sections: int, shown: bool, render: Render
) -> None:
    edition = render("Alku\n\n" + "\n\n".join(SECTIONS.split("\n\n")[: 2 * sections]))

    assert ("Tässä numerossa" in edition.html) == shown
    assert ("Tässä numerossa:" in edition.text) == shown


def test_contents_lead_to_their_sections(render: Render) -> None:
    edition = render(f"Alku\n\n{SECTIONS}\n\n### Alaotsikko")

    places = {e[0].get("name"): text_of(e) for e in all_of(edition, "h2")}
    links = {a.get("href")[1:]: text_of(a) for a in all_of(edition, "a") if is_local(a)}
    assert links == places
    assert list(links.values()) == [f"Otsikko {n} &" for n in range(1, 5)]


HEADINGS = [  # what stands in a heading, and what the list of contents says of it
    ("[Kurssi *nyt*](https://www.example.org/a)", "Kurssi nyt"),
    ('[Yli > kuusi](https://www.example.org/a "a > b") ja', "Yli > kuusi ja"),
    ('<a href="https://www.example.org/a">Kurssi</a>', "Kurssi"),
    ('<a name="oma"></a>Paikka', "Paikka"),
    ("Kurssi [^1] alkaa[^1]", "Kurssi alkaa"),
    ("Kurssi ^[nuotti] alkaa", "Kurssi alkaa"),
    ("[Kurssi](#otsikko-1-)[^1]", "Kurssi"),
    ("![Kuva & >](https://www.example.org/a.png) ja", "Kuva & > ja"),
    ("[![Kuva](https://www.example.org/a.png)](https://www.example.org/)", "Kuva"),
    ("Yksi<br>kaksi", "Yksi kaksi"),
]


@pytest.mark.parametrize(("heading", "words"), HEADINGS)
def test_an_entry_of_the_contents_is_one_link_of_words(
    heading: str, words: str, render: Render
) -> None:
    edition = render(f"Alku\n\n{SECTIONS}\n\n## {heading}\n\nLoppu[^1]\n\n[^1]: Nuotti")

    (entries,) = [e for e in all_of(edition, "div") if e.get("class") == "contents"]
    names = [e.get("name") for e in all_of(edition, "a") if e.get("name")]
    linked = [a.get("href").removeprefix("#") for a in entries.iter("a")]
    assert linked[:4] == [f"otsikko-{n}-" for n in range(1, 5)]
    assert linked == [e[0].get("name") for e in all_of(edition, "h2")]
    assert [text_of(e) for e in entries.iter("li")][-1] == words
    assert not [e for e in entries.iter() if e.tag in ("sup", "img")]
    assert len(names) == len(set(names))
    assert f"- {words}\n" in edition.text.partition("Otsikko 1 &\n---")[0]


def test_a_section_without_words_has_no_entry_in_the_contents(render: Render) -> None:
    edition = render(f"Alku\n\n{SECTIONS}\n\n## ![](https://www.example.org/a.png)\n\nLoppu")

    assert edition.html.count('href="#') == 4


def test_places_and_links_to_them_are_in_the_same_letters_and_code_stays(render: Render) -> None:
    code = '<a  name="a%20b"  href="#%C3%A4">'

    edition = render(f'## Ä\n\n<a title="t" href="#%C3%A4">x</a>\n\n    {code}')

    (link,) = [a for a in all_of(edition, "a") if is_local(a)]
    assert link.get("href") == "#ä"
    assert "ä" in [a.get("name") for a in all_of(edition, "a")]
    assert code in [text for pre in all_of(edition, "pre") for text in _lines_of(pre)]


def _lines_of(element: Any) -> list[str]:
    return "".join(element.itertext()).splitlines()


def is_local(link: Any) -> bool:
    """Return whether a link leads to a place on the page."""
    return str(link.get("href", "")).startswith("#")


def test_ids_of_a_page_are_unique_and_local_links_lead_somewhere(render: Render) -> None:
    edition = render(f"a[^1] b[^1] c[^2]\n\n{SECTIONS}\n\n[^1]: Yksi\n\n[^2]: Kaksi")

    ids = [e.get("id") for e in page(edition).iter() if e.get("id")]
    links = [a.get("href")[1:] for a in all_of(edition, "a") if is_local(a)]
    names = [a.get("name") for a in all_of(edition, "a") if a.get("name")]
    assert sorted(ids) == sorted(set(ids))
    assert sorted(names) == sorted(set(names))
    assert set(links) <= set(names)


def test_images_have_size_and_alternative_text(tmp_path: Path) -> None:
    (tmp_path / "issues" / "2026-12").mkdir(parents=True)
    for name in ("kesä kuva.png", "kesä.png"):
        Image.new("RGB", (900, 300)).save(tmp_path / "issues" / "2026-12" / name)
    body = (
        "![Kesä](2026-12/kes%C3%A4%20kuva.png)\n\nTekstissä ![](<2026-12/kesä kuva.png>)\n\n"
        '::: image 2026-12/kesä.png\nSyksy "&" talvi\n:::\n\n'
        "::: quote\n![b](<2026-12/kesä kuva.png>)\n:::\n\n| a |\n|---|\n"
        "| ![c](<2026-12/kesä kuva.png>) |"
    )

    edition = render_body(tmp_path, body)

    images = [e for e in all_of(edition, "img")]
    assert [e.get("alt") for e in images] == ["Kesä", "", "Syksy ”&” talvi", "b", "c"]
    assert {e.get("src") for e in images} == {f"cid:{edition.pictures[0].digest}"}
    assert all(abs(int(e.get("width")) - 3 * int(e.get("height"))) <= 2 for e in images)
    assert all(int(e.get("width")) <= 600 for e in images)


def test_pictures_are_hosted_when_there_is_a_public_url(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    Image.new("RGB", (30, 10)).save(tmp_path / "issues" / "a.png")

    edition = render_body(tmp_path, "![a](a.png)", public_url="https://news.example.org")

    [image] = all_of(edition, "img")
    assert re.fullmatch(r"https://news\.example\.org/pictures/\w+\.png", image.get("src"))
    assert edition.pictures == ()


@pytest.mark.parametrize(
    "body",
    [
        "![](https://example.org/a.png)",  # on its own
        "a ![](https://example.org/a.png)",  # within a line
        '<p><img src="https://example.org/a.png"></p>',  # in HTML
        "::: image https://example.org/a.png\n:::",  # as a directive
        "::: quote\n![](https://example.org/a.png)\n:::",  # in a quote
    ],
)
def test_picture_without_words_is_marked_as_such(body: str, render: Render) -> None:
    [image] = all_of(render(body), "img")

    assert image.get("alt") == ""


def test_remote_picture_stays_where_it_is(render: Render) -> None:
    edition = render("![a](https://example.org/a.png)\n\nb ![c](https://example.org/c.png?d=1&e=2)")

    assert [(e.get("src"), e.get("alt")) for e in all_of(edition, "img")] == [
        ("https://example.org/a.png", "a"),
        ("https://example.org/c.png?d=1&e=2", "c"),
    ]


# --- styles -------------------------------------------------------------------------------


def test_phone_layout_and_dark_mode_survive(render: Render) -> None:
    html = render("::: columns\na\n---\nb\n:::\n\n::: button https://example.org/\nc\n:::").html

    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media only screen and (min-width:480px){.mj-column-per-50{width:50% !important" in html
    assert ".button a{display:block !important;text-align:center !important}" in html


def test_styles_of_prose_are_written_into_each_element(render: Render) -> None:
    edition = render("## a\n\n[b](https://example.org/)\n\n> c")

    for tag in ("h1", "h2", "blockquote"):
        assert all(e.get("style") for e in all_of(edition, tag)), tag
    assert all(a.get("style") for a in all_of(edition, "a") if a.get("href"))


def test_room_between_paragraphs_stands_in_the_style_sheet_alone(render: Render) -> None:
    """Without it programs leave nearly as much, and a long issue has hundreds of paragraphs."""
    edition = render("a\n\n- b\n- c")

    prose = [e for tag in ("p", "ul", "li") for e in all_of(edition, tag) if text_of(e) in "abc"]
    assert not any(e.get("style") for e in prose)
    assert ".prose p{margin:0 0 18px}" in edition.html


def test_conditional_comments_for_outlook_stay_in_pairs(render: Render) -> None:
    html = render("a\n\n::: columns\nb\n---\nc\n:::").html

    assert html.count("<!--[if") == html.count("<![endif]-->") > 0
    assert "<!--[if mso" in html


def test_nothing_is_fetched_from_strangers(render: Render) -> None:
    edition = render("a\n\n::: button https://example.org/\nb\n:::")

    assert all_of(edition, "link") == all_of(edition, "script") == all_of(edition, "img") == []
    assert "@import" not in edition.html
    assert "url(" not in edition.html


def test_class_names_of_blocks_remain_for_dark_mode(render: Render) -> None:
    edition = render("::: box\na\n:::\n\n::: quote\nb\n\n— c\n:::\n\n| d |\n|---|")

    classes = {c for e in page(edition).iter() for c in (e.get("class") or "").split()}
    assert {"prose", "box", "data", "by", "card", "paper"} <= classes


# --- templates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "source", "place"),
    [
        ("default.mjml", "<mjml>\n{% if %}</mjml>", "default.mjml:2"),  # not Jinja
        ("default.mjml", "<mjml>{{ subjekt }}</mjml>", "default.mjml"),  # a word nobody knows
        ("default.mjml", "<mjml><mj-body></mjml>", "default.mjml"),  # not well-formed
        ("default.mjml", "", "default.mjml"),  # nothing
        ("default.mjml", "<mjml>{{ title + 1 }}</mjml>", "default.mjml"),  # a wrong type
        ("default.mjml", "<mjml>{% include 'x.mjml' %}</mjml>", "x.mjml"),  # not there
        ("blocks/prose.mjml", "{{ block.htm }}", "prose.mjml"),  # a partial
        ("blocks/prose.mjml", "\n{% endif %}", "prose.mjml:2"),
    ],
)
def test_faulty_template_is_named(name: str, source: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "templates" / name
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        render_body(tmp_path, "Hei")

    assert place in str(caught.value)
    [finding] = caught.value.findings
    assert place in finding.place or place == "x.mjml"  # which is told on the line that names it
    assert isinstance(finding.message, Wording)
    assert not Path(finding.path).is_absolute()


def test_a_template_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "templates" / "blocks" / "prose.mjml"
    path.parent.mkdir(parents=True)
    path.write_bytes("<mj-text>\nté</mj-text>".encode("latin-1"))

    with pytest.raises(ConfigError) as caught:
        render_body(tmp_path, "Hei")

    assert str(caught.value) == f"{path}:2: not UTF-8 text; save the file as UTF-8"


def test_a_fault_that_shows_in_a_template_of_the_program_leads_to_what_causes_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "templates" / "style.jinja"
    path.parent.mkdir(parents=True)
    path.write_text("{% set light = 1 %}", encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        render_body(tmp_path, "Hei")

    [finding] = caught.value.findings
    assert (finding.path, finding.line) == ("templates/style.jinja", 1)
    assert "light" in finding.message


@pytest.mark.parametrize(
    ("source", "line", "message", "hint"),
    [
        ("{{ titel }}", 1, "'titel' is undefined", "did you mean “title”?"),
        ("\n{{ zzzzz }}", 2, "'zzzzz' is undefined", ""),
        ("{{ block.htm }}", 1, "there is no “htm”", "did you mean “html”?"),
        ("\n{{ block.zzzzz }}", 2, "there is no “zzzzz”", "known: "),
        ("{{ look.light.acent }}", 1, "there is no “acent”", "did you mean “accent”?"),
        ("{{ look.light['acent'] }}", 1, "there is no “acent”", "did you mean “accent”?"),
        ("{{ look.radious }}", 1, "style.jinja has no “radious”", "did you mean “radius”?"),
        ("{{ words.raed }}", 1, "there is no “raed”", "known: "),
        ("{% include 'blocks/prose.mjm' %}", 1, "there is no template “blocks/prose.mjm”", "did"),
    ],
)
def test_a_fault_of_a_template_is_a_finding_on_its_line(
    source: str, line: int, message: str, hint: str, tmp_path: Path
) -> None:
    path = tmp_path / "templates" / "blocks" / "prose.mjml"
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        render_body(tmp_path, "Hei")

    [finding] = caught.value.findings
    assert finding.place == f"templates/blocks/prose.mjml:{line}"
    assert finding.message == message
    assert finding.hint.startswith(hint) and bool(finding.hint) == bool(hint)  # noqa: PT018


def test_unknown_template_is_named_with_its_folder(render: Render, root: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        render("Hei", front=FRONT + "\ntemplate: talvi")

    assert "talvi.mjml" in str(caught.value)
    assert str(root / "templates") in str(caught.value)


def test_own_template_overrides_the_packaged_one(tmp_path: Path) -> None:
    blocks = tmp_path / "templates" / "blocks"
    blocks.mkdir(parents=True)
    (blocks / "prose.mjml").write_text("<mj-text>OMA {{ block.html|html }}</mj-text>")

    edition = render_body(tmp_path, "Hei\n\n## Otsikko")

    assert re.search(r"OMA\s*<p[^>]*>Hei", edition.html)
    assert "Otsikko" in edition.html


def test_issue_may_choose_another_template(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "talvi.mjml").write_text(
        "<mjml><mj-body><mj-section><mj-column><mj-text>{{ subject }}: talvi {{ unsubscribe_url }}"
        "</mj-text></mj-column></mj-section></mj-body></mjml>"
    )

    edition = render_body(
        tmp_path, "Hei", front='subject: "1 < 2 & <b>"\ndate: 2026-12-15\ntemplate: talvi'
    )

    assert "1 < 2 & <b>: talvi" in text_of(page(edition).find("body"))


def test_changed_template_is_used_at_once(tmp_path: Path) -> None:
    path = tmp_path / "templates" / "blocks" / "prose.mjml"
    path.parent.mkdir(parents=True)
    path.write_text("<mj-text>ENNEN</mj-text>")
    before = render_body(tmp_path, "Hei")
    path.write_text("<mj-text>NYT, ja pidempi</mj-text>")

    after = render_body(tmp_path, "Hei")

    assert "ENNEN" in before.html
    assert "NYT" in after.html


# --- editions -----------------------------------------------------------------------------


def test_editions_of_the_same_input_are_equal(render: Render) -> None:
    first = render("Hei {{ name }}!")
    second = render("Hei {{ name }}!")

    assert first == second
    assert re.fullmatch(r"[0-9a-f]{64}", first.digest)


@pytest.mark.parametrize(
    "change",
    [
        {"body": "Hei {{ name }}."},  # a letter
        {"body": 'Hei {{ name|"x" }}!'},  # a fallback
        {"body": "Hei {{ region }}!"},  # another slot
        {"front": "subject: Kyselyt\ndate: 2026-12-15"},
        {"front": FRONT + "\npreheader: a"},
        {"front": "subject: Kysely\ndate: 2026-11-15"},
        {"language": "sv"},
        {"public_url": "https://news.example.org"},
    ],
)
def test_any_change_changes_the_digest(change: dict[str, str], render: Render) -> None:
    before = render("Hei {{ name }}!")

    after = render(**{"body": "Hei {{ name }}!", **change})

    assert after.digest != before.digest


@pytest.mark.parametrize(
    "field", ["issue_id", "variant", "language", "subject", "html", "text", "slots"]
)
def test_digest_covers_each_part_of_an_edition(field: str, render: Render) -> None:
    edition = render("Hei {{ name }}!")
    value: Any = edition.slots[:-1] if field == "slots" else getattr(edition, field) + "x"

    assert digest_of(replace(edition, **{field: value})) != edition.digest


def test_readers_see_the_blocks_whose_condition_they_meet(root: Path) -> None:
    issue = read_body(
        root, "a\n\n::: only region=Lappi\nlappilaisille\n:::\n\n::: only x=y\nei\n:::"
    )

    lappi = render_variant(root, issue, frozenset({Segment.of("region", "Lappi")}))
    others = render_variant(root, issue, frozenset())

    for part in (lappi.html, lappi.text):
        assert "lappilaisille" in part
        assert not re.search(r"\bei\b", part)
    assert "lappilaisille" not in others.html + others.text
    assert (lappi.variant, others.variant) == ("fi+region=Lappi", "fi")


def render_variant(root: Path, issue: Issue, met: frozenset[Segment]) -> Edition:
    """Render an issue for those who meet some conditions."""
    variant = Variant(language="fi", met=met)
    return render_edition(
        issue, variant, LETTERHEAD, pictures={}, look=Look(folder=root / "templates")
    )


def test_preview_of_all_conditions_is_one_variant(root: Path) -> None:
    issue = read_body(root, "::: only b=1\na\n:::\n\n::: only a=2\nc\n:::")

    assert render_issue(root, issue).variant == "fi+a=2+b=1"


def test_links_to_headings_and_their_places_have_the_same_letters(render: Render) -> None:
    """Browsers compare them decoded, Outlook as they stand."""
    body = "[x](#ääni-ja-vimma) [y](#pieni)\n\n## Ääni ja vimma\n\n### Å {#pieni}"
    edition = render(f"{body}\n\n## a\n\n## b\n\n## c")

    places = {e.get("name") for e in all_of(edition, "a") if e.get("name")}
    linked = {e.get("href")[1:] for e in all_of(edition, "a") if e.get("href", "")[:1] == "#"}
    assert linked == places == {"ääni-ja-vimma", "pieni", "a", "b", "c"}


def test_no_place_for_a_link_is_before_the_first_paragraph_of_an_item(render: Render) -> None:
    """Firefox and Thunderbird leave the item's number alone on a line then."""
    notes = "\n".join(f"[^{n}]: {note}" for n, note in enumerate(("x", "- y", "> z", "### w {#w}")))
    edition = render(f"a[^0] b[^1] c[^2] d[^3]\n\n{notes}\n\n1. > ## q {{#q}}")

    items = all_of(edition, "li")
    assert len(items) > 4
    assert not [item for item in items if len(item) and item[0].tag == "a" and not item[0].tail]
