"""What stands between angle brackets and is no tag of HTML is text, as it is written."""

from html import escape

import pytest

from newsletter.checking.instruments import written_words
from tests.render.conftest import Render

WRITTEN = [
    *("a<b ja x > y", "x<y>z", "I <3 sinua", "1 < 2 ja 3 > 2", "A<B", "A<B>C", "kirjoita <- tähän"),
    *("<nimi@example.org kertoo", "<nimi> kertoo", "<nimi>", "<etunimi sukunimi>", "</x> loppuu"),
    *("<b ja x > y", "<p klo 3 > 2", "<a href> tyhjä", "a <ja b='c'> d", "<x-y>"),
    *("<?x y?>", "a <?x y?> b", "<![CDATA[ jotain ]]>", "a <![CDATA[ b ]]>", "<!DOCTYPE html>"),
    *("<!huom tämä>", "a <!HUOM tämä> b", "<?", "<!", "<![if !vml]>"),
]


@pytest.mark.parametrize("written", WRITTEN)
def test_words_that_are_no_tag_stand_in_both_parts(written: str, render: Render) -> None:
    edition = render(f"{written}\n\nLoppu")

    shown = escape(written, quote=False)
    assert shown in edition.html.replace("&#39;", "'").replace("\u00a0", " ")
    assert f"\n{written}\n" in edition.text.replace("\u00a0", " ")


@pytest.mark.parametrize("frame", ["- {}", "> {}", "## {}", "| a |\n|---|\n| {} |", "<p>{}</p>"])
def test_they_do_so_wherever_they_stand(frame: str, render: Render) -> None:
    edition = render(frame.format("x<y>z ja c<d w>e") + "\n\nLoppu")

    assert "x&lt;y&gt;z ja c&lt;d w&gt;e" in edition.html
    assert "x<y>z ja c<d w>e" in edition.text


def test_tags_of_html_are_tags(render: Render) -> None:
    edition = render(
        '<a href="https://www.example.org/a" title="a > b">x</a> <b>y</b>\n<br>'
        "\n<P>z<O:P></O:P></P>"
        '\n\n<div\nlang="sv">hej</div>\n\n<ol reversed><li>yksi</li></ol>'
    )

    assert "&lt;" not in edition.html
    assert "<" not in edition.text
    assert "<b>y</b>" in edition.html


def test_words_that_are_no_tag_are_looked_for_in_the_result() -> None:
    words = written_words("---\nsubject: a\n---\nx<yö>z <b>lihava</b>", frozenset())

    assert [word.parts for word in words] == [("x",), ("yö",), ("z",), ("lihava",)]
