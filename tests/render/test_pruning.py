"""A finished page keeps all that shows, and loses what only takes up room."""

import lxml.html
import pytest

from newsletter.render.pruning import prune


def _pruned(body: str, *sheets: str) -> str:
    styles = "".join(f"<style>{css}</style>" for css in sheets)
    page = lxml.html.document_fromstring(f"<html><head>{styles}</head><body>{body}</body></html>")
    prune(page)
    return str(lxml.html.tostring(page, encoding="unicode"))


def _sheet(css: str, body: str = '<p class="a">x</p>') -> str:
    page = lxml.html.fromstring(_pruned(body, css))
    return "".join(style.text for style in page.iter("style"))


KEPT = {
    "a class of the page": (".a { color: red }", ".a{color:red}"),
    "spaces in a list": (".a > p ,\n.a  b { margin: 0  1px }", ".a>p,.a b{margin:0 1px}"),
    "a class that is not there, within :not()": ("p:not(.x) { top: 0 }", "p:not(.x){top:0}"),
    "an attribute": ('[class~="x"] { top: 0 }', '[class~="x"]{top:0}'),
    "what a program adds": (".moz-text-html .a{top:0}", ".moz-text-html .a{top:0}"),
    "a space without which Orange drops it": (".a{top:0!important}", ".a{top:0!important}"),
    "the same with it": (".a{top:0 !important}", ".a{top:0 !important}"),
    "words in quotes": ('.a::after{content:"b : c"}', '.a::after{content:"b : c"}'),
    "a condition": (
        "@media (prefers-color-scheme: dark) { .a { top: 0 } .x { top: 0 } }",
        "@media (prefers-color-scheme: dark){.a{top:0}}",
    ),
    "an element that programs may make": ("u + .a, div.a{top:0}", "u+.a,div.a{top:0}"),
    "keyframes": ("@keyframes k{from{top:0}}", "@keyframes k{from{top:0}}"),
    "what cannot be read": (".x { top: 0 } }", ".x { top: 0 } }"),
}


@pytest.mark.parametrize(("css", "kept"), KEPT.values(), ids=KEPT)
def test_rules_that_may_match_are_kept(css: str, kept: str) -> None:
    assert _sheet(css) == kept


GONE = {
    "another class": ".x { top: 0 }",
    "one of two classes": ".a .x { top: 0 }",
    "in a condition": "@media print { .x { top: 0 } }",
    "an element that only authors write": ".a h4, blockquote > .a { top: 0 }",
    "a comment": "/* .a */",
}


@pytest.mark.parametrize("css", GONE.values(), ids=GONE)
def test_rules_for_classes_that_a_page_has_not_are_gone(css: str) -> None:
    assert _sheet(css) == ""


def test_of_a_list_only_what_may_match_is_kept() -> None:
    assert _sheet(".x, .a, .a.x, .x .a { top: 0 }") == ".a{top:0}"


def test_classes_that_no_rule_names_are_gone() -> None:
    for_outlook = "<!--[if mso]><style>.c{top:0}</style><![endif]-->"
    body = f'{for_outlook}<p class="a b c d">x</p><i class="b">y</i>'

    html = _pruned(body, ".a{top:0}.d:hover{top:0}")

    assert '<p class="a c d">x</p><i>y</i>' in html


@pytest.mark.parametrize("css", ['[class~="b"]{top:0}', ".sm\\:b{top:0}"])
def test_classes_stay_where_rules_find_them_otherwise_than_by_a_plain_name(css: str) -> None:
    assert '<p class="b sm:b">x</p>' in _pruned('<p class="b sm:b">x</p>', css)


def test_a_class_may_have_any_letters() -> None:
    assert '<p class="äiti">x</p>' in _pruned('<p class="äiti b">x</p>', ".äiti{top:0}")


def test_styles_of_elements_lose_their_spaces_and_nothing_else() -> None:
    html = _pruned("""<p style='font-family: "A : B" , serif; margin: 0  auto;'>x</p>""")

    assert """<p style='font-family:"A : B",serif;margin:0 auto'>x</p>""" in html


def test_a_place_to_jump_to_has_no_style_and_a_link_has() -> None:
    html = _pruned('<a name="s" style="color:red"></a><a href="#s" style="color:red">b</a>')

    assert '<a name="s"></a><a href="#s" style="color:red">b</a>' in html


def test_spaces_go_where_they_are_no_text_and_stay_where_they_may_be() -> None:
    cells = "<tr><td>a</td> <td>b</td></tr>"

    html = _pruned(
        "<ul>\n<li><b>a</b> <i>b</i></li>\n</ul> "
        f"<table>\n<tbody>\n{cells}\n</tbody>\n</table> <pre>\n c \n</pre> d"
    )

    assert "<ul><li><b>a</b> <i>b</i></li></ul> <table><tbody>" in html
    assert f"<tbody>{cells}</tbody></table> <pre>" in html
    assert html.endswith(" c \n</pre> d</body></html>")
