"""What templates print of an issue is words: HTML where it is HTML, and text wherever it stands."""

from pathlib import Path

import lxml.html
import pytest

from newsletter.composing.slots import split_html_at_slots
from newsletter.model import Edition, Finding
from tests.render.newsletters import fill, read_body, render_issue
from tests.render.sites import page, refused, with_template

FRONT = 'subject: "A <b & {{ name }} (ei; }"\ndate: 2026-12-15'
BODY = "Yksi *tärkeä* sana & {{ name }}.\n\nToinen."
PARAGRAPH = "<mj-text><p>a</p></mj-text>"
EACH = "{% for block in rows[0].cells[0] %}@{% endfor %}"


def drawn(root: Path, text: str, *, head: str = "", css: str = "") -> Edition:
    """Render an issue with a page that says a text once for the issue, or for its block."""
    text = EACH.replace("@", text) if "block" in text else text
    with_template(root, "default.mjml", page(text, head))
    if css:
        with_template(root, "prose.css", css)
    return render_issue(root, read_body(root, BODY, front=FRONT))


def shown(root: Path, text: str) -> str:
    """Return the HTML of what one reader sees of a text."""
    edition = drawn(root, f"<mj-text><section>{text}</section></mj-text>")
    html = fill(edition, {"name": "Aino"})[1]
    return html.partition("<section>")[2].partition("</section>")[0]


TEXTS = {
    "HTML as it is": ("{{ block.html }}", "<p>Yksi <em>tärkeä</em> sana &amp; Aino.</p>\n"
                      "<p>Toinen.</p>"),
    "HTML with the filter": ("{{ block.html|html|safe|e }}", "<p>Yksi <em>tärkeä</em> sana &amp; "
                             "Aino.</p>\n<p>Toinen.</p>"),
    "capitals": ("{{ block.html|upper }}", "<p>YKSI <em>TÄRKEÄ</em> SANA &amp; Aino.</p>\n"
                 "<p>TOINEN.</p>"),
    "a part": ("{{ block.html[:12] }}", "<p>Yksi <em>tärke</em></p>"),
    "the end": ("{{ block.html[-9:] }}", "<p>Toinen.</p>"),
    "cut": ("{{ block.html|truncate(11, true, '…') }}", "<p>Yksi <em>tär…</em></p>"),
    "no tags": ("{{ block.html|striptags }}", "Yksi tärkeä sana &amp; Aino. Toinen."),
    "another tag": ("{{ block.html|replace('<em>', '<em class=\"x\">')|truncate(8, true) }}",
                    "<p>Yksi...</p>"),
    "joined": ("{{ '– ' ~ block.html ~ ' <' }}", "– <p>Yksi <em>tärkeä</em> sana &amp; Aino.</p>\n"
               "<p>Toinen.</p> &lt;"),
    "how long": ("{{ block.html|length }}", "29"),
    "text": ("{{ subject }}", "A &lt;b &amp; Aino (ei; }"),
    "text called safe": ("{{ subject|safe }}", "A &lt;b &amp; Aino (ei; }"),
    "text called HTML": ("{{ subject|upper|html }}", "A &lt;B &amp; Aino (EI; }"),
    "text among tags": ("{{ ('<i>'|safe ~ subject ~ '</i>'|safe)|upper }}",
                        "<i>A &lt;B &amp; Aino (EI; }</i>"),
    "captured": ("{% set a %}<i>{{ subject }}</i>{% endset %}{{ a|replace('b', 'c') }}",
                 "<i>A &lt;c &amp; Aino (ei; }</i>"),
    "tags for signs": ("{{ subject|replace('&', '<br>')|safe }}", "A &lt;b <br> Aino (ei; }"),
    "signs looked for": ("{{ subject|replace('<b', 'C') }} {{ '&' in subject|upper }}",
                         "A C &amp; Aino (ei; } True"),
    "nothing": ("[{{ number }}]", "[]"),
    "a part given to a helper": ("{% set a %}<i>{{ subject }}</i>{% endset %}{{ with_credit(a) }}",
                                 "<i>A &lt;b &amp; Aino (ei; }</i>"),
    "an own tag, and how it is written": ("{% set a %}&lt;i&gt; {{ '&lt;i&gt;'|safe }}{% endset %}"
                                          "{{ a }}", "&lt;i&gt; &lt;i&gt;"),
    "a mark": ("{{ mark(3)|upper }}a{{ (mark(3) ~ 'b')|upper }}", "aB"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "html"), TEXTS.values(), ids=TEXTS)
def test_readers_see_words_and_never_a_tag(text: str, html: str, tmp_path: Path) -> None:
    assert shown(tmp_path, text) == html


PLACES = {
    "an attribute": ('<mj-text><p title="{{ block.html }}">a</p></mj-text>', "//p/@title"),
    "a picture": ('<mj-image src="https://e.org/a.png" alt="{{ block.html }}" />', "//img/@alt"),
}


@pytest.mark.parametrize(("text", "path"), PLACES.values(), ids=PLACES)
def test_html_in_an_attribute_is_its_words(text: str, path: str, tmp_path: Path) -> None:
    html = fill(drawn(tmp_path, text), {"name": "Aino"})[1]

    [value] = lxml.html.document_fromstring(html).xpath(path)
    assert value == "Yksi tärkeä sana & Aino. Toinen."


def test_a_title_holds_words(tmp_path: Path) -> None:
    edition = drawn(tmp_path, "<mj-text>a</mj-text>", head="<mj-title>{{ headline }}</mj-title>")

    assert "<title>A &lt;b &amp; " in edition.html


@pytest.mark.parametrize("place", ["prose.css", "mj-style", "flow.css", "style"])
def test_a_value_in_styles_comes_out_right(place: str, tmp_path: Path) -> None:
    fonts = "{% set fonts = \"'Fira Sans', Arial\" %}"
    rule = f"{fonts}b {{ font-family: {{{{ fonts }}}}; content: '{{{{ title }}}} &amp;' }}"
    if place == "style":
        text = f'<mj-text>{fonts}<b style="font-family: {{{{ fonts }}}}">a</b></mj-text>'
        html = drawn(tmp_path, text).html
    else:
        with_template(tmp_path, place, rule)
        head = f"<mj-style>{rule}</mj-style>" if place == "mj-style" else ""
        html = drawn(tmp_path, "<mj-text><b>a</b></mj-text>", head=head).html

    assert "font-family:'Fira Sans',Arial" in html.replace("&quot;", "'").replace('"', "'").replace(
        ", ", ","
    ).replace("font-family: ", "font-family:")


@pytest.mark.parametrize("place", ["p { color: @ }", "p { color: red; content: '@' }"])
def test_a_text_cannot_end_a_style(place: str, tmp_path: Path) -> None:
    css = place.replace("@", "{{ subject|safe }}")
    edition = drawn(
        tmp_path, "<mj-text><p>a</p></mj-text>", head=f"<mj-style>{css}</mj-style>", css=css
    )

    html = fill(edition, {"name": "x } </style><i>"})[1]

    assert not lxml.html.document_fromstring(html).xpath("//i")
    assert "(ei; }" not in html.replace('"A <b', "") or "content" in place


def test_a_slot_in_styles_is_a_word(tmp_path: Path) -> None:
    edition = drawn(
        tmp_path, "<mj-text><p>a</p></mj-text>", head="<mj-style>p{x:{{ subject }}}</mj-style>"
    )

    html = split_html_at_slots(edition.html, edition.slots).fill({"name": "a;b}c</style>"})

    assert "a\\3b b\\7d c\\3c \\2f style" in html


NO_TEXTS = {
    "a block": ("{{ block }}", "Heading"),
    "rows": ("{{ rows }}", "list"),
    "a helper": ("{{ place }}", "partial"),
    "in a text": ("{{ 'a' ~ rows }}", "list"),
    "by filter": ("{{ rows|string }}", "list"),
    "in a format": ("{{ '%s' % block }}", "Heading"),
    "joined": ("{{ rows|join }}", "Row"),
}


@pytest.mark.parametrize(("text", "kind"), NO_TEXTS.values(), ids=NO_TEXTS)
def test_what_is_no_text_is_an_error_with_its_line(text: str, kind: str, tmp_path: Path) -> None:
    finding = refusal(tmp_path, text)

    assert finding.message == f"this prints “{kind}”, which is no text"
    assert (finding.path, finding.line) == ("templates/default.mjml", 5)
    assert finding.hint


CAPTURED = "{% set part %}<i>{{ subject }}</i>{% endset %}"
TAGS = {
    "printed": "{{ '<b>' }}",
    "replaced": "{{ sender|replace(',', '<br>') }}",
    "escaped": "{{ sender|replace(',', '<br>')|e }}",
    "escaped anyway": "{{ ('<b>'|safe ~ subject)|forceescape }}",
    "made links": "{{ sender|replace(',', '<br>')|urlize }}",
    "an attribute": "{{ {'title': '<b>'}|xmlattr }}",
    "replaced where it was escaped": "{{ ('A <' ~ subject)|e|replace('A', '<b>') }}",
    "replaced in a part": CAPTURED + "{{ part|replace('A', '<b>') }}",
    "replaced by a method": CAPTURED + "{{ part.replace('A', '<b>') }}",
    "beside a part that is replaced": "{{ 'A <b>'|replace('A', '<i></i>'|safe) }}",
    "joined to a part": CAPTURED + "{{ '<b>' ~ part }}",
    "added to a part": CAPTURED + "{{ part + '<b>' }}",
    "in a list with a part": CAPTURED + "{{ [part, '<b>']|join }}",
    "put into a part": "{{ '<i>%s</i>'|safe|format('<b>') }}",
    "behind a part": CAPTURED + "{{ part|truncate(3, true, '<b>') }}",
}


@pytest.mark.parametrize("text", TAGS.values(), ids=TAGS)
def test_a_tag_that_readers_would_see_is_an_error_with_the_cure(text: str, tmp_path: Path) -> None:
    finding = refusal(tmp_path, text)

    assert "would be shown to readers" in finding.message
    assert "|safe" in str(finding.hint)


def refusal(root: Path, text: str) -> Finding:
    """Return what is wrong with a page that says a text."""
    text = EACH.replace("@", text) if "block" in text else text
    with_template(root, "default.mjml", page(f"<mj-text>{text}</mj-text>"))
    return refused(root)
