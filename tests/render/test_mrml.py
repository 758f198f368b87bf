"""MRML's HTML is what the official MJML would write, as far as Outlook and filters can tell."""

import re
import threading
from pathlib import Path

import lxml.html
import pytest

from newsletter.errors import FindingsError
from newsletter.render.mrml import MjmlError, run_mrml
from tests.render.newsletters import read_body, render_issue
from tests.render.sites import refused, with_template


def _page(body: str, head: str = "") -> str:
    return run_mrml(f"<mjml><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>")


def _columns(padding: str, count: int, content: str = "") -> str:
    columns = f"<mj-column>{content}</mj-column>" * count
    return _page(f'<mj-section padding="{padding}">{columns}</mj-section>')


@pytest.mark.parametrize(
    ("padding", "count", "width"),
    [
        ("0 16px", 2, 284),
        ("0", 2, 300),
        ("8px 32px 24px", 1, 536),
        ("0 32px 0 16px", 2, 276),
        ("0px", 3, 200),
        ("20px", 3, 187),  # 186.67
    ],
)
def test_columns_fit_into_their_section_in_outlook(padding: str, count: int, width: int) -> None:
    html = _columns(padding, count)

    assert re.findall(r"vertical-align:top;width:([^;]+)px", html) == [str(width)] * count


def test_a_picture_takes_whole_pixels_of_its_column() -> None:
    html = _columns("20px", 3, '<mj-image src="a.png" padding="0 16px" />')

    assert re.findall(r'<img[^>]* width="([^"]*)"', html) == ["154"] * 3  # of 154.67


def test_shares_and_borders_keep_their_fractions() -> None:
    html = _columns("0", 3, '<mj-divider border-width="1.5px" />')

    assert re.search(r"[^-]width: ?33\.33\d+%", html)
    assert "solid 1.5px" in html


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_rule_stands_where_attributes_for_all_want_it(side: str) -> None:
    rule = f'<mj-divider align="{side}" width="100px" />'
    column = "<mj-section><mj-column>{}</mj-column></mj-section>"

    html = _page(column.format("<mj-divider />"), f"<mj-attributes>{rule}</mj-attributes>")

    assert html == _page(column.format(rule))


def test_the_preheader_is_not_in_the_colour_of_its_ground() -> None:
    html = _page("", "<mj-preview>Kesäkuun kuulumiset</mj-preview>")

    hidden = re.search(r'<div style="([^"]*)">Kesäkuun kuulumiset', html)
    assert hidden
    assert "display:none" in hidden[1]
    assert "color" not in hidden[1]


DEEP = {
    "wrappers": "<mj-wrapper>" * 3000 + "</mj-wrapper>" * 3000,
    "never closed": "<mj-wrapper>" * 3000,
    "with attributes": "<mj-wrapper a=\">\" b='/>'>" * 3000,
    "between comments": "<!-- > --><mj-section>" * 3000,
    "of HTML": "<mj-raw>" + "<div>" * 100_000 + "</div>" * 100_000 + "</mj-raw>",
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_elements_nested_without_end_are_refused_before_they_crash_the_process(body: str) -> None:
    with pytest.raises(MjmlError, match="more than 100 nested elements") as caught:
        _page(body)

    assert caught.value.offset


def test_as_many_levels_as_a_page_may_have_are_rendered_on_a_small_stack() -> None:
    """Threads of some systems have half a megabyte."""
    done: list[str] = []
    size = threading.stack_size(512 * 1024)
    thread = threading.Thread(
        target=lambda: done.append(_page("<mj-wrapper>" * 97 + "</mj-wrapper>" * 97))
    )
    thread.start()
    threading.stack_size(size)
    thread.join()

    assert done


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<mj-section>\n<mj-column>\n</mj-section>", "</mj-section>"),
        ("<mj-text>\n1 < 2</mj-text>", "< 2"),
        ("<mj-text>\n<li>a</mj-text>", "</mj-text>"),
        ("\n<mj-section a=b></mj-section>", "<mj-section a=b"),
    ],
)
def test_where_mjml_goes_wrong_is_known(body: str, place: str | None) -> None:
    with pytest.raises(MjmlError) as caught:
        _page(body)

    whole = f"<mjml><mj-head></mj-head><mj-body>{body}"
    assert caught.value.offset == (whole.index(place) if place else None)


def test_a_page_whose_html_is_too_deep_to_be_read_is_refused(tmp_path: Path) -> None:
    """As MJML it is shallow enough; each wrapper becomes five elements."""
    wrapped = "<mj-wrapper>" * 90 + "</mj-wrapper>" * 90
    with_template(tmp_path, "default.mjml", f"<mjml><mj-body>\n{wrapped}</mj-body></mjml>")

    finding = refused(tmp_path)

    assert (finding.id, finding.path) == ("template", "templates/default.mjml")
    assert "240" in finding.message


def test_html_of_the_issue_that_is_too_deep_is_an_error_with_its_line(tmp_path: Path) -> None:
    body = "Alku.\n\n" + "<div>" * 150 + "sisin" + "</div>" * 150 + "\n\nLoppu."

    with pytest.raises(FindingsError) as caught:
        read_body(tmp_path, body)

    [finding] = caught.value.findings
    assert (finding.id, finding.line) == ("html-nesting", 7)


def test_html_of_the_issue_as_deep_as_may_be_keeps_its_inmost_word(tmp_path: Path) -> None:
    body = "<div>" * 95 + "sisin" + "</div>" * 95

    edition = render_issue(tmp_path, read_body(tmp_path, body))

    assert "sisin" in edition.html
    assert "sisin" in edition.text


@pytest.mark.parametrize(
    "attribute",
    [
        """title='she said "yes"'""",
        r'title="a\b"',
        r"""title = 'a\b "c" &amp; d'""",
        """style='font-family: "Segoe UI"'""",
    ],
)
@pytest.mark.parametrize(
    "element", ["<mj-text><p {}>a</p></mj-text>", "<mj-raw>\n<p {}>a</p></mj-raw>"]
)
def test_quotation_marks_and_backslashes_of_attributes_are_kept(
    attribute: str, element: str
) -> None:
    html = _columns("0", 1, element.format(attribute))

    (written,) = lxml.html.fromstring(html).xpath("//p/@title | //p/@style")
    assert written == lxml.html.fromstring(f"<p {attribute}>").xpath("string(@*)")


@pytest.mark.parametrize(
    "words", ["Vaasa\u00a0Oy", "a\u200bb", "e\u0301", "a\nb\tc", "työ – ”yö”", "\u00ad"]
)
def test_signs_without_a_shape_stand_in_attributes_as_they_were_typed(words: str) -> None:
    html = run_mrml(
        "<mjml><mj-body><mj-section><mj-column>"
        f'<mj-image src="https://e.org/a.png" alt="{words}" />'
        f'<mj-text><p title="{words}">a</p></mj-text>'
        "</mj-column></mj-section></mj-body></mjml>"
    )

    assert lxml.html.document_fromstring(html).xpath("//@alt|//@title") == [words, words]


@pytest.mark.parametrize(
    "markup",
    [
        "<?php echo 1 ?>",
        "<![CDATA[ a ]]>",
        "<!DOCTYPE html>",
        "<!-- a -- b -->",
        "<mj-divider width=10px />",
        "<mj-divider / >",
        "1 < 2",
    ],
)
def test_what_mjml_cannot_read_is_told_where_it_stands(markup: str, tmp_path: Path) -> None:
    """Not where it stands once like neighbours are one, nor in the file that includes it."""
    own = f"<mj-text>{{{{ block.html }}}}</mj-text>\n{markup}\n"
    with_template(tmp_path, "blocks/prose.mjml", own)

    finding = refused(tmp_path, "Yksi.\n\n## Kaksi\n\nKolme.\n\n## Neljä\n\nViisi.")

    assert (finding.path, finding.line) == ("templates/blocks/prose.mjml", 2)


def test_what_mjml_cannot_read_is_told_on_the_line_that_another_file_begins(tmp_path: Path) -> None:
    with_template(tmp_path, "blocks/prose.mjml", "<?php echo 1 ?>{{ block.html }}")

    finding = refused(tmp_path)

    assert (finding.path, finding.line) == ("templates/blocks/prose.mjml", 1)
