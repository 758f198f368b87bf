"""A brand lies over any look: colours, letters, shapes and words, in both parts of a mail."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.model import Badge, Brand, Edition, Logo, SocialLink, Variant, WebFont
from newsletter.render import Look, render_edition
from newsletter.render.chain import House
from newsletter.render.looks import LOOKS, files_of
from tests.render.newsletters import LETTERHEAD, read_body
from tests.render.sites import with_template
from tests.servers.web import WebServer

BODY = "Hei!\n\n::: button https://example.org\nTule\n:::\n\n## Otsikko\n\nTekstiä."
FRAUNCES = WebFont(
    family="Fraunces", url="https://example.org/f.woff2", weight="700", style="normal"
)
every_look = pytest.mark.parametrize("look", LOOKS)


def branded(root: Path, brand: Brand, *, look: str = "default", body: str = BODY) -> Edition:
    """Render an issue with a brand."""
    issue = read_body(root, body)
    return render_edition(
        issue,
        Variant(language="fi"),
        replace(LETTERHEAD, brand=brand),
        pictures={},
        look=Look(folder=root / "templates", name=look),
    )


@every_look
def test_a_mail_without_a_brand_is_as_it_was(look: str, tmp_path: Path) -> None:
    edition = branded(tmp_path, Brand(), look=look)

    assert not re.search(r"badge|social|legal|logo|font-face", edition.html)
    assert edition.findings == ()


@every_look
def test_every_look_takes_colours_letters_and_shapes(look: str, tmp_path: Path) -> None:
    brand = Brand(colour="#7a0f5c", text_font=("Verdana",), buttons="pill", outline=False)

    html = branded(tmp_path, brand, look=look).html

    button = re.search(r'<td[^>]*bgcolor="#7a0f5c"[^>]*>', html)
    assert button is not None
    assert "border-radius:99px" in button[0]
    assert "font-family:Verdana" in html
    assert "#1d5c57" not in html  # the link of the default look


@every_look
def test_small_headings_are_in_the_letters_of_headings(look: str, tmp_path: Path) -> None:
    html = branded(tmp_path, Brand(heading_font=("Verdana",)), look=look, body="### Pieni").html

    assert re.search(r"<h3[^>]*font-family:Verdana", html)


@every_look
def test_the_words_of_the_house_stand_in_both_parts(look: str, tmp_path: Path) -> None:
    brand = Brand(
        social=(SocialLink(name="LinkedIn", url="https://www.linkedin.com/company/a"),),
        legal=("Säätiö & <co>", "[Tietosuoja](https://example.org/t) · kirjaamo@example.org"),
        badge=Badge(words="30 vuotta", link="https://example.org/30"),
    )

    edition = branded(tmp_path, brand, look=look)

    assert ">LinkedIn</a>" in edition.html
    assert "Säätiö &amp; &lt;co&gt;<br>" in edition.html
    assert re.search(r'<a href="https://example.org/t"[^>]*>Tietosuoja</a> · ', edition.html)
    assert re.search(r'<a href="mailto:kirjaamo@example.org"[^>]*>kirjaamo@', edition.html)
    assert re.search(r"<span[^>]*><a[^>]*>30 vuotta</a></span>", edition.html)
    assert "30 vuotta: https://example.org/30" in edition.text
    assert "Säätiö & <co>\nTietosuoja: https://example.org/t · kirjaamo@" in edition.text
    assert "LinkedIn: https://www.linkedin.com/company/a" in edition.text


@every_look
def test_a_logo_stands_above_the_title_or_in_its_place(look: str, tmp_path: Path) -> None:
    logo = Logo(source="logo.png", width=180, alt="Säätiö", link="https://example.org")

    above = branded(tmp_path, Brand(logo=logo), look=look).html
    instead = branded(tmp_path, Brand(logo=replace(logo, with_title=False)), look=look).html

    assert re.search(r'<a href="https://example.org"[^>]*><img[^>]*alt="Säätiö"', above)
    assert 'width="180"' in above
    assert re.search(r"<p[^>]*>Uutiskirje</p>", above)
    assert not re.search(r"<p[^>]*>Uutiskirje</p>", instead)


def test_a_logo_for_dark_grounds_is_hidden_from_outlook_and_shown_in_the_dark(
    tmp_path: Path,
) -> None:
    logo = Logo(source="day.png", dark="night.png", width=180, alt="Säätiö")

    html = branded(tmp_path, Brand(logo=logo)).html

    hidden = re.search(r"<!--\[if !mso\]><!--><img[^>]*night\.png[^>]*><!--<!\[endif\]-->", html)
    assert hidden is not None
    assert "display:none" in hidden[0]
    assert re.search(r"dark\).*\.logo \.night\{display:inline !important\}", html)


def test_a_logo_that_names_itself_for_the_dark_is_one_picture_without_a_ground(
    tmp_path: Path,
) -> None:
    logo = Logo(source="a.png", dark="a.png", width=90, alt="Säätiö")

    html = branded(tmp_path, Brand(logo=logo)).html

    assert html.count("<img") == 1
    assert ".logo img" not in html


def test_a_logo_without_a_dark_version_takes_its_light_ground_into_the_dark(
    tmp_path: Path,
) -> None:
    html = branded(tmp_path, Brand(logo=Logo(source="a.png", width=90, alt="Säätiö"))).html

    assert re.search(r"\.logo img\{[^}]*background:#fffdf9 !important", html)


def test_a_web_font_is_where_apple_mail_reads_and_outlook_does_not(tmp_path: Path) -> None:
    brand = Brand(heading_font=("Fraunces",), web_fonts=(FRAUNCES,))

    html = branded(tmp_path, brand).html

    assert html.count("@font-face") == 1
    sheet = next(s for s in re.findall(r"<style>(.*?)</style>", html) if "@font-face" in s)
    assert sheet.startswith("@media screen{@font-face{")  # and nothing else, as Gmail drops it
    assert 'url(https://example.org/f.woff2) format("woff2")' in sheet
    assert re.search(r"<h1[^>]*font-family:Fraunces,\s?Georgia", html)


def test_no_web_font_is_fetched_while_a_mail_is_made(tmp_path: Path) -> None:
    with WebServer({}) as server:
        font = replace(FRAUNCES, url=server.url("/f.woff2"))
        branded(tmp_path, Brand(heading_font=("Fraunces",), web_fonts=(font,)))

        assert server.asked == []


def test_outlook_is_told_a_typeface_that_windows_has(tmp_path: Path) -> None:
    html = branded(tmp_path, Brand(heading_font=("Fraunces",), text_font=("Inter",))).html

    own = "".join(re.findall(r"<!--\[if mso\]><style>(.*?)</style><!\[endif\]-->", html))
    assert re.search(r"h1,h2[^{]*\{font-family:Georgia,[^}]*!important", own)
    assert re.search(r"body,table[^{]*\{font-family:'Segoe UI',[^}]*!important", own)


def test_outlook_needs_no_words_about_typefaces_that_it_has(tmp_path: Path) -> None:
    html = branded(tmp_path, Brand(heading_font=("Georgia",), text_font=("Verdana",))).html

    assert "!important}</style><![endif]" not in html


def test_values_of_a_house_look_give_way_to_the_brand(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (tmp_path / "kirje").mkdir()
    own = '{% set light = {"link": "#ff0000", "button": "#ff0000", "band": "#ff0000"} %}'
    (house / "style.jinja").write_text(own, encoding="utf-8")
    look = Look(folder=tmp_path / "kirje" / "templates", houses=(House(folder=house, name="Talo"),))

    edition = render_edition(
        read_body(tmp_path / "kirje", BODY),
        Variant(language="fi"),
        replace(LETTERHEAD, brand=Brand(colour="#003580")),
        pictures={},
        look=look,
    )

    assert "#ff0000" not in edition.html


def test_buttons_are_outlined_by_a_style_or_a_brand(tmp_path: Path) -> None:
    assert "border:2px solid #003580" in branded(
        tmp_path, Brand(colour="#003580", outline=True)
    ).html.replace(" !important", "")

    with_template(tmp_path, "style.jinja", "{% set outline = true %}")
    assert "border:2px solid #1d5c57" in branded(tmp_path, Brand()).html


def test_a_colour_that_cannot_be_used_as_it_is_is_told(tmp_path: Path) -> None:
    told = [str(f.message) for f in branded(tmp_path, Brand(colour="#ffd400")).findings]

    assert len(told) == 1
    assert "#ffd400" in told[0]
    assert branded(tmp_path, Brand(colour="#7a0f5c")).findings == ()
    assert branded(tmp_path, Brand(colour="#ffd400", accent="#1a1a1a")).findings == ()


WHOLE = Brand(
    logo=Logo(source="logo.png", width=160, alt="Säätiö"),
    social=(SocialLink(name="LinkedIn", url="https://example.org/a?b=1&c=2"),),
    legal=("Y-tunnus & muut  tiedot, [tietosuoja](https://example.org/t)",),
    badge=Badge(words="30 vuotta"),
)


@every_look
def test_a_look_of_the_package_leaves_nothing_out(look: str, tmp_path: Path) -> None:
    assert branded(tmp_path, WHOLE, look=look).findings == ()


def test_what_own_templates_leave_out_is_told_with_the_template(tmp_path: Path) -> None:
    with_template(
        tmp_path,
        "default.mjml",
        '{% extends "default.mjml" %}{% block imprint %}{{ sender }}{% endblock %}',
    )
    with_template(
        tmp_path, "text.jinja", '{% extends "text.jinja" %}{% block nameplate %}{% endblock %}'
    )

    findings = branded(tmp_path, WHOLE).findings
    told = [(f.id, f.path, str(f.message)) for f in findings]

    assert {(f.line, "{{ super() }} in the part" in str(f.hint)) for f in findings} == {(1, True)}

    assert {(rule, path) for rule, path, _ in told} == {
        ("brand-shown", "templates/default.mjml"),
        ("brand-shown", "templates/text.jinja"),
    }
    assert [message.split(",")[0] for _, _, message in told] == [
        "newsletter.toml gives the social links",
        "newsletter.toml gives the legal text",
        "newsletter.toml gives the badge",
    ]


@pytest.mark.parametrize("value", ["[]", "{}", "none", "1", "'x' * 9999", "'</style>'"])
def test_a_style_that_says_no_colours_is_no_traceback(value: str, tmp_path: Path) -> None:
    with_template(tmp_path, "style.jinja", f'{{% set light = {{"paper": {value}}} %}}')

    with suppress(ConfigError):
        branded(tmp_path, Brand(colour="#003580"))


words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)


@settings(max_examples=30)
@given(name=words, line=words, badge=words, alt=words)
def test_any_words_of_a_house_stand_as_they_are(
    name: str, line: str, badge: str, alt: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    brand = Brand(
        logo=Logo(source="logo.png", width=160, alt=alt),
        social=(SocialLink(name=name, url="https://example.org/a"),),
        legal=(f"({line})",),
        badge=Badge(words=badge),
    )

    edition = branded(tmp_path_factory.getbasetemp(), brand)

    page = lxml.html.document_fromstring(edition.html)
    assert page.xpath("//img[@src='logo.png']/@alt") == [alt]
    assert page.xpath("//a[@href='https://example.org/a']")[0].text_content() == name
    assert page.xpath("//*[@class='badge']")[0].text_content() == badge
    assert f"({line})" in page.text_content()
    assert f"({line})" in edition.text
    assert edition.findings == ()


def test_what_an_own_style_says_otherwise_stands_over_a_brand(tmp_path: Path) -> None:
    packaged = files_of("default")["style.jinja"].read_text(encoding="utf-8")
    own = tmp_path / "templates" / "style.jinja"
    own.parent.mkdir()
    own.write_text(packaged.replace('"link": "#8ecfc5"', '"link": "#00ff11"'), encoding="utf-8")

    html = branded(tmp_path, Brand(colour="#7a0f5c"), body="[a](https://example.org)").html

    assert "#00ff11" in html  # the one that was changed
    assert "#7a0f5c" in html
    assert "#1d5c57" not in html  # the copy says this as the look does
