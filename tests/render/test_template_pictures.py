"""Pictures that templates show are mailed as the issue's are: made to fit, embedded or hosted."""

import io
import os
import re
import time
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.model import Edition, Picture, Variant
from newsletter.render import render_edition
from newsletter.render.chain import look_named
from newsletter.render.picture_places import places_in
from tests.render.newsletters import LETTERHEAD, read_body, render_body
from tests.render.test_pictures import photo, two_halves

PUBLIC = "https://news.example.org"
BODY = "Hei."


def logo(width: int = 800, height: int = 200) -> Image.Image:
    """Return a dark shape on a clear ground."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    image.paste((20, 40, 80, 255), (10, 10, width // 2, height - 10))
    return image


def lay(root: Path, name: str, image: Image.Image, kind: str = "PNG", **options: object) -> Path:
    """Lay a picture into the newsletter's folder."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, kind, **options)
    return path


def write_page(root: Path, inner: str, *, head: str = "") -> None:
    """Write the template of the page, with MJML in its body."""
    (root / "issues").mkdir(parents=True, exist_ok=True)
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / "default.mjml").write_text(
        f'{{%- import "style.jinja" as look %}}<mjml><mj-head>{head}</mj-head><mj-body>{inner}'
        '{% for row in rows %}{% include "row.mjml" %}{% endfor %}</mj-body></mjml>'
    )


def in_column(inner: str) -> str:
    """Return a section of one column."""
    return f"<mj-section><mj-column>{inner}</mj-column></mj-section>"


def render(
    root: Path, inner: str, *, public_url: str = "", body: str = BODY, head: str = ""
) -> Edition:
    """Render an issue in a page with this MJML."""
    write_page(root, inner, head=head)
    return render_body(root, body, public_url=public_url)


def images(edition: Edition) -> list[Any]:
    """Return the images of a page."""
    return list(lxml.html.document_fromstring(edition.html).iter("img"))


def opened(picture: Picture) -> Image.Image:
    """Return a picture as a mail program sees it."""
    return Image.open(io.BytesIO(picture.data))


# --- the same way as the issue's ----------------------------------------------------------


def test_an_image_of_a_template_is_embedded_twice_as_dense_as_its_place(tmp_path: Path) -> None:
    lay(tmp_path, "brand/logo.png", logo())

    edition = render(tmp_path, in_column('<mj-image src="brand/logo.png" alt="S" width="160px" />'))

    [image], [picture] = images(edition), edition.pictures
    assert image.get("src") == f"cid:{picture.digest}"
    assert (image.get("width"), image.get("height")) == ("160", "40")
    assert opened(picture).size == (320, 80)
    assert not edition.unshown


def test_a_hosted_image_comes_in_two_densities(tmp_path: Path) -> None:
    lay(tmp_path, "brand/logo.png", logo())
    page = in_column('<mj-image src="brand/logo.png" alt="S" width="160px" />')

    edition = render(tmp_path, page, public_url=PUBLIC)

    [image], [picture] = images(edition), edition.hosted
    assert edition.pictures == ()
    assert picture.single is not None
    assert picture.single.width == 160
    assert image.get("src") == f"{PUBLIC}/pictures/{picture.filename}"
    assert image.get("srcset") == (
        f"{PUBLIC}/pictures/{picture.single.filename} 1x, {PUBLIC}/pictures/{picture.filename} 2x"
    )


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ('<img src="p.png" alt="">', 536),  # as wide as the text around it
        ('<img src="p.png" alt="" width="120">', 120),
        ('<img src="p.png" alt="" style="width:120px">', 120),
        ('<img src="p.png" alt="" style="max-width: 200px">', 200),
        ('<img src="p.png" alt="" width="50%">', 268),
        ('<img src="p.png" alt="" height="100">', 200),  # twice as wide as high
        ('<table><tr><td width="90"><img src="p.png" alt="" width="100%"></td></tr></table>', 90),
        ('<img src="small.png" alt="">', 30),  # never enlarged unasked
    ],
)
def test_an_image_within_text_is_as_wide_as_it_says_or_as_its_place(
    tag: str, shown: int, tmp_path: Path
) -> None:
    lay(tmp_path, "p.png", two_halves(2400, 1200))
    lay(tmp_path, "small.png", two_halves(30, 30))
    section = '<mj-section padding="0"><mj-column>'
    text = f'{section}<mj-text padding="0 32px">{tag}</mj-text></mj-column></mj-section>'

    edition = render(tmp_path, text)

    [image], [picture] = images(edition), edition.pictures
    assert image.get("width") == str(shown)
    assert picture.width == (30 if shown == 30 else 2 * shown)


def test_an_image_in_a_column_is_as_wide_as_the_column(tmp_path: Path) -> None:
    lay(tmp_path, "p.png", two_halves(2400, 1200))
    text = '<mj-column><mj-text padding="0 20px"><img src="p.png" alt=""></mj-text></mj-column>'

    edition = render(tmp_path, f'<mj-section padding="0">{text}<mj-column /></mj-section>')

    assert images(edition)[0].get("width") == "260"


@pytest.mark.parametrize(
    ("inner", "count"),
    [
        (
            '<mj-hero background-url="brand/bg.jpg" background-width="600px"'
            ' background-height="300px" mode="fixed-height" height="300px"><mj-text>a</mj-text>'
            "</mj-hero>",
            3,  # Outlook's own, the attribute, the style
        ),
        (
            '<mj-section background-url="brand/bg.jpg" background-size="cover"><mj-column>'
            "<mj-text>a</mj-text></mj-column></mj-section>",
            4,
        ),
        ('<mj-wrapper background-url="brand/bg.jpg"><mj-section /></mj-wrapper>', 4),
        (in_column('<mj-text><p style="background:url(brand/bg.jpg)">a</p></mj-text>'), 1),
        (in_column("<mj-text><p style=\"background:url('brand/bg.jpg')\">a</p></mj-text>"), 1),
        (
            in_column(
                '<mj-raw><table background="brand/bg.jpg"><tr><td>a</td></tr></table></mj-raw>'
            ),
            1,
        ),
        (
            in_column("<mj-raw><!--[if mso]><v:fill src='brand/bg.jpg' /><![endif]--></mj-raw>"),
            1,
        ),
        (
            in_column(
                '<mj-text><picture><source srcset="brand/bg.jpg" media="(min-width:9px)">'
                "</picture></mj-text>"
            ),
            1,
        ),
        (
            in_column(
                '<mj-social><mj-social-element src="brand/bg.jpg" alt="x" href="https://a.fi"'
                " /></mj-social>"
            ),
            1,
        ),
        (in_column('<mj-image src="none.png" srcset="brand/bg.jpg 2x, none.png 1x" alt="a" />'), 1),
    ],
)
def test_wherever_a_template_names_a_picture_it_is_carried(
    inner: str, count: int, tmp_path: Path
) -> None:
    lay(tmp_path, "brand/bg.jpg", photo(2000, 1000), "JPEG")

    edition = render(tmp_path, inner)

    [picture] = edition.pictures
    assert edition.html.count(f"cid:{picture.digest}") == count
    assert "bg.jpg" not in edition.html
    assert not edition.unshown


def test_style_sheets_show_pictures_and_keep_their_fonts(tmp_path: Path) -> None:
    lay(tmp_path, "brand/bg.png", two_halves(300, 100))
    head = (
        '<mj-style>@font-face { font-family: "A"; src: url("a.woff2") } '
        '@media (min-width: 480px) { .b { background-image: url("brand/bg.png") } }</mj-style>'
    )

    edition = render(tmp_path, in_column('<mj-text css-class="b">a</mj-text>'), head=head)

    [picture] = edition.pictures
    assert f'url("cid:{picture.digest}")' in edition.html
    assert 'url("a.woff2")' in edition.html


def test_a_background_that_nobody_sizes_keeps_the_size_of_its_file(tmp_path: Path) -> None:
    lay(tmp_path, "tile.png", two_halves(1500, 20))
    wide = '<mj-section background-url="tile.png"><mj-column /></mj-section>'

    [picture] = render(tmp_path, wide).pictures

    assert picture.width == 1500


def test_a_background_that_covers_its_place_is_as_dense_as_a_picture(tmp_path: Path) -> None:
    lay(tmp_path, "tile.png", two_halves(1500, 20))
    wide = (
        '<mj-section background-url="tile.png" background-size="cover"><mj-column /></mj-section>'
    )

    [picture] = render(tmp_path, wide).pictures

    assert picture.width == 1200


def test_a_picture_in_two_sizes_is_carried_once_for_the_larger(tmp_path: Path) -> None:
    lay(tmp_path, "logo.png", logo())
    page = in_column(
        '<mj-image src="logo.png" alt="a" width="40px" />'
        '<mj-image src="logo.png" alt="b" width="200px" />'
    )

    edition = render(tmp_path, page)

    assert [picture.width for picture in edition.pictures] == [400]
    assert [image.get("width") for image in images(edition)] == ["40", "200"]


def test_a_file_that_issue_and_template_show_is_carried_once(tmp_path: Path) -> None:
    lay(tmp_path, "issues/logo.png", logo())
    page = in_column('<mj-image src="issues/logo.png" alt="S" width="160px" />')

    edition = render(tmp_path, page, body="Hei.\n\n![Säätiö](logo.png)")

    assert [picture.width for picture in edition.pictures] == [800]
    assert {image.get("src") for image in images(edition)} == {f"cid:{edition.pictures[0].digest}"}


def test_a_path_is_the_templates_outside_the_words_of_the_author(tmp_path: Path) -> None:
    lay(tmp_path, "issues/logo.png", two_halves(30, 30))
    lay(tmp_path, "logo.png", logo())
    page = in_column('<mj-image src="logo.png" alt="S" width="160px" />')

    edition = render(tmp_path, page, body="Hei.\n\n![Kuva](logo.png)")

    widths = {f"cid:{picture.digest}": picture.width for picture in edition.pictures}
    assert [widths[image.get("src")] for image in images(edition)] == [320, 30]


def test_a_path_is_looked_for_beside_the_templates_too(tmp_path: Path) -> None:
    lay(tmp_path, "templates/icons/kesä kuva.png", logo())

    edition = render(tmp_path, in_column('<mj-image src="icons/kesä kuva.png" alt="S" />'))

    assert len(edition.pictures) == 1
    assert not edition.unshown


def test_a_changed_picture_is_seen_at_once(tmp_path: Path) -> None:
    path = lay(tmp_path, "logo.png", logo())
    page = in_column('<mj-image src="logo.png" alt="S" />')
    before = render(tmp_path, page)
    lay(tmp_path, "logo.png", logo(900))
    os.utime(path, ns=(1, 1))

    after = render(tmp_path, page)

    assert before.digest != after.digest


def test_a_house_look_brings_its_pictures_and_a_newsletter_may_have_its_own(tmp_path: Path) -> None:
    root, house = tmp_path / "kirje", tmp_path / "talo"
    lay(house, "icons/a.png", two_halves(100, 100))
    lay(house, "icons/b.png", two_halves(100, 100))
    lay(root, "icons/b.png", two_halves(50, 50))
    (house / "look.toml").write_text('name = "Talo"\n')
    page = in_column('<mj-image src="icons/a.png" alt="" /><mj-image src="icons/b.png" alt="" />')
    write_page(root, page)
    issue = read_body(root, BODY)
    look = look_named("../talo", folder=root / "templates")

    edition = render_edition(issue, Variant(language="fi"), LETTERHEAD, pictures={}, look=look)

    assert [picture.width for picture in edition.pictures] == [100, 50]


@pytest.mark.parametrize("link", ["icons/out.png", "../secret.png"])
def test_a_house_look_shows_no_file_outside_its_folder(link: str, tmp_path: Path) -> None:
    root, house = tmp_path / "kirje", tmp_path / "talo"
    lay(tmp_path, "secret.png", logo())
    lay(root, "secret.png", logo())
    (house / "icons").mkdir(parents=True)
    (house / "icons" / "out.png").symlink_to(tmp_path / "secret.png")
    (house / "look.toml").write_text('name = "Talo"\n')
    write_page(root, in_column(f'<mj-image src="{link}" alt="" />'))
    look = look_named("../talo", folder=root / "templates")

    edition = render_edition(
        read_body(root, BODY), Variant(language="fi"), LETTERHEAD, pictures={}, look=look
    )

    assert edition.pictures == ()
    assert "outside" in edition.unshown[0].fault.message


# --- kinds of files -----------------------------------------------------------------------


def test_a_clear_logo_has_no_ground_of_its_own_in_the_light(tmp_path: Path) -> None:
    lay(tmp_path, "logo.png", logo())
    lay(tmp_path, "photo.jpg", photo(300, 200), "JPEG")
    page = in_column(
        '<mj-image src="logo.png" alt="a" css-class="picture" />'
        '<mj-image src="photo.jpg" alt="b" css-class="picture" />'
    )

    edition = render(tmp_path, page, head='<mj-style>{% include "screen.css" %}</mj-style>')

    assert [image.get("class") for image in images(edition)] == ["clear", None]
    assert ".picture .clear{background-color:transparent}" in edition.html


def test_a_picture_made_for_print_has_the_colours_of_a_screen(tmp_path: Path) -> None:
    lay(tmp_path, "logo.jpg", two_halves(400, 300, "CMYK"), "JPEG")

    [picture] = render(tmp_path, in_column('<mj-image src="logo.jpg" alt="S" />')).pictures

    assert opened(picture).mode == "RGB"


def test_an_animation_goes_on_moving(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "lime", "blue")]
    lay(tmp_path, "a.gif", frames[0], "GIF", save_all=True, append_images=frames[1:])

    [picture] = render(tmp_path, in_column('<mj-image src="a.gif" alt="S" />')).pictures

    assert (picture.media_type, picture.frames) == ("image/gif", 3)


@pytest.mark.parametrize(
    ("source", "rule", "message", "hint"),
    [
        ("brand/lgo.png", "image-missing", "no picture “brand/lgo.png”", "“brand/logo.png”"),
        ("none.png", "image-missing", "no picture “none.png”", "from the newsletter's folder"),
        ("brand\\logo.png", "image-missing", "no picture", "“brand/logo.png”"),
        ("brand/logo.png?v=2", "image-missing", "no picture", "“brand/logo.png”"),
        ("/etc/logo.png", "image-missing", "outside the newsletter's folder", "copy logo.png"),
        ("../logo.png", "image-missing", "outside the newsletter's folder", "copy logo.png"),
        ("file:///home/logo.png", "image-missing", "outside", "copy logo.png"),
        ("C:\\kuvat\\logo.png", "image-missing", "no picture", "newsletter's folder"),
        ("link.png", "image-missing", "outside the newsletter's folder", "copy link.png"),
        ("brand/logo.svg", "image-format", "SVG", "PNG, 320 pixels wide"),
        ("brand", "image-format", "not a picture", "JPEG, PNG"),
        ("templates/default.mjml", "image-format", "not a picture", "JPEG, PNG"),
        ("x" * 300, "image-format", "not a picture", "JPEG, PNG"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_told_with_its_cure(
    source: str, rule: str, message: str, hint: str, tmp_path: Path
) -> None:
    root = tmp_path / "kirje"
    lay(root, "brand/logo.png", logo())
    (root / "brand" / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    lay(tmp_path, "logo.png", logo())
    (root / "link.png").symlink_to(tmp_path / "logo.png")

    edition = render(root, in_column(f'<mj-image src="{source}" alt="S" width="160px" />'))

    [unshown] = edition.unshown
    assert (unshown.source, unshown.fault.id) == (source, rule)
    assert message in unshown.fault.message
    assert hint in unshown.fault.hint
    assert edition.pictures == ()


def test_pictures_of_templates_have_a_limit(tmp_path: Path) -> None:
    lay(tmp_path, "a.png", logo())
    for number in range(60):
        os.link(tmp_path / "a.png", tmp_path / f"{number}.png")
    page = in_column(
        "<mj-text>{% for n in range(60) %}<img src='{{ n }}.png' alt=''>{% endfor %}</mj-text>"
    )

    edition = render(tmp_path, page)

    assert len(edition.unshown) == 10
    assert "more than 50 pictures" in edition.unshown[0].fault.message


def test_addresses_of_the_web_and_of_nothing_stay_as_they_are(tmp_path: Path) -> None:
    page = in_column(
        '<mj-text><img src="https://example.org/a.png" alt=""><img src="cid:x" alt="">'
        '<img src="data:image/gif;base64,R0" alt=""><img src="" alt="">'
        '<a href="#b">b</a><p style="background:url(https://example.org/b.png)">c</p></mj-text>'
    )

    edition = render(tmp_path, page)

    assert not edition.unshown
    assert [image.get("src") for image in images(edition)] == [
        "https://example.org/a.png",
        "cid:x",
        "data:image/gif;base64,R0",
        "",
    ]


def test_a_page_without_pictures_of_templates_is_what_it_was(tmp_path: Path) -> None:
    lay(tmp_path, "issues/a.jpg", photo(900, 300), "JPEG")

    edition = render_body(tmp_path, "![Kuva](a.jpg)")

    digest = edition.pictures[0].digest
    assert re.findall("<img[^>]*>", edition.html) == [
        f'<img alt="Kuva" height="179" src="cid:{digest}" width="536" style="border:0;'
        'display:block;height:auto;width:100%;font-size:16px">'
    ]


@given(
    *(st.text("0123456789.%px,: /url()'\"a;@{}ä", max_size=40) for _ in range(3)),
)
def test_no_attribute_of_a_template_is_too_odd_to_be_read(
    width: str, style: str, srcset: str
) -> None:
    page = lxml.html.document_fromstring("<div><img src='a.png'><p>a</p></div><style></style>")
    for element in page.iter("img", "p", "div"):
        element.set("width", width)
        element.set("style", f"width:{width};{style};background:url(b.png) 0 0 / {width}")
        element.set("srcset", srcset)
    page.find(".//style").text = style

    places = list(places_in(page))

    assert all(0 <= place.width <= 100_000 for place in places)


@pytest.mark.parametrize(
    ("srcset", "source"),
    [
        ("a.png 1x, b.png 2x", "b.png"),
        ("a.png 1x,b.png 2x", "b.png"),
        ("a.png, b.png 3x,", "b.png"),
        ("a,b.png 2x", "a,b.png"),  # a comma within an address
        ("a.png 300w, b.png 600w", "b.png"),
        ("https://example.org/c.png 3x, a.png", "a.png"),
    ],
)
def test_the_densest_file_of_several_is_the_picture(srcset: str, source: str) -> None:
    page = lxml.html.fromstring(f'<div><img src="n.png" srcset="{srcset}"></div>')

    assert [place.source for place in places_in(page)] == [source]


@pytest.mark.parametrize("piece", ["@font-face{", "@import ", "url(", "/", "a,", "src=", "url('"])
def test_styles_and_lists_of_files_are_read_in_linear_time(piece: str) -> None:
    page = lxml.html.fromstring("<div><img src='a.png'><p>a</p><style></style></div>")
    page.find(".//style").text = piece * 40_000
    page.find(".//p").set("style", "background:url(b.png);" + piece * 40_000)
    page.find(".//img").set("srcset", piece * 40_000)
    page.append(lxml.etree.Comment("[if mso]>" + f" {piece}" * 40_000))

    before = time.process_time()
    list(places_in(page))

    assert time.process_time() - before < 5  # seconds; a square of it would take minutes
