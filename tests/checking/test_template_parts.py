"""What templates show and link to is checked on the page, and told with the template's line."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from newsletter.checking import check_draft
from newsletter.model import Finding
from newsletter.press import read_manuscript, render_manuscript
from newsletter.render.looks import PACKAGED
from newsletter.reviewing import drafts_of
from newsletter.settings import load_settings
from tests.checking.conftest import NOW
from tests.checking.desk import SETTINGS, letter

TEXT = letter("Alku, ja [ohje hakijalle](https://www.example.org/a).\n\n![Kuva](p.png)")
PUBLIC = 'public_url = "https://news.example.org"\n'
Find = Callable[..., list[Finding]]


@pytest.fixture
def find_all(tmp_path: Path) -> Find:
    """Return what writes MJML into the foot of the page, and returns what is found."""
    (tmp_path / "issues").mkdir()
    Image.new("RGB", (1200, 600), "teal").save(tmp_path / "issues" / "p.png")
    (tmp_path / "brand").mkdir()
    clear = Image.new("RGBA", (400, 200))
    clear.paste((20, 30, 60, 255), (20, 20, 200, 180))
    clear.save(tmp_path / "brand" / "logo.png")
    Image.new("RGBA", (20, 20)).save(tmp_path / "brand" / "small.png")
    (tmp_path / "brand" / "logo.svg").write_text("<svg/>")

    def found(mjml: str, *, toml: str = "", style: str = "", text: str = TEXT) -> list[Finding]:
        (tmp_path / "newsletter.toml").write_text(SETTINGS + toml, encoding="utf-8")
        (tmp_path / "issues" / "2026-12.md").write_text(text, encoding="utf-8")
        own = tmp_path / "templates" / "default.mjml"
        own.parent.mkdir(exist_ok=True)
        shutil.copy(PACKAGED / "default.mjml", own)
        page = own.read_text(encoding="utf-8")
        mark = "{%- block foot %}"
        assert mark in page
        section = f"<mj-section><mj-column>\n{mjml}\n</mj-column></mj-section>"
        own.write_text(page.replace(mark, f"{section}{mark}", 1), encoding="utf-8")
        if style:
            (own.parent / "extra_screen.css").write_text(f"\n{style}\n", encoding="utf-8")
        settings = load_settings(tmp_path)
        manuscript = read_manuscript(settings, "2026-12")
        editions = render_manuscript(settings, manuscript, manuscript.variants())
        (draft,) = drafts_of(settings, manuscript, editions, audience=None, now=NOW)
        return [*check_draft(draft).findings]

    return found


@pytest.fixture
def find(find_all: Find) -> Find:
    """Return what does the same, and returns what is found of a rule."""

    def found(rule: str, mjml: str, **given: str) -> list[Finding]:
        return [one for one in find_all(mjml, **given) if one.id == rule]

    return found


LOGO = '<mj-image src="brand/logo.png" alt="Säätiö" width="200px" />'


@pytest.mark.parametrize(
    ("rule", "mjml", "message"),
    [
        ("image-missing", '<mj-image src="brand/lgo.png" alt="S" />', "no picture “brand/lgo.png”"),
        ("image-missing", '<mj-text><img src="/logo.png" alt="S"></mj-text>', "outside"),
        ("image-missing", '<mj-text><p style="background: url(none.png)">a</p></mj-text>', "none"),
        ("image-format", '<mj-image src="brand/logo.svg" alt="S" width="90px" />', "SVG"),
        ("image-alt", '<mj-image src="brand/logo.png" width="200px" />', "no alt"),
        ("image-alt", '<mj-image src="brand/logo.png" alt="logo.png" />', "file name"),
        ("image-hosting", '<mj-image src="http://www.example.org/a.png" alt="S" />', "encrypted"),
        ("image-hotlink", '<mj-image src="https://other.net/a.png" alt="S" />', "other.net"),
        (
            "image-hotlink",
            '<mj-text><p style="background: url(https://other.net/a.png)">a</p></mj-text>',
            "other.net",
        ),
        ("image-hotlink", '<mj-text><img src="//other.net/a.png" alt=""></mj-text>', "other.net"),
        (
            "image-hotlink",  # the icons of MJML lie with its maker
            '<mj-social><mj-social-element name="facebook" alt="Facebook"'
            ' href="https://www.facebook.com/a" /></mj-social>',
            "mailjet.com",
        ),
        ("image-remote-format", '<mj-image src="https://example.org/a.svg" alt="S" />', "svg"),
        ("image-retina", '<mj-image src="brand/logo.png" alt="S" width="400px" />', "soft"),
        ("dark-logo", LOGO, "dark edge"),
        (
            "a11y-link-name",
            '<mj-image src="brand/logo.png" alt="" width="200px" href="https://example.org" />',
            "picture without words",
        ),
        (
            "a11y-link-name",
            '<mj-social><mj-social-element src="brand/small.png" href="https://www.example.org/f"'
            ' padding="0" /></mj-social>',
            "picture without words",
        ),
        ("a11y-link-name", '<mj-text><a href="https://example.org/x"></a></mj-text>', "no words"),
        ("link-scheme", '<mj-text><a href="tietosuoja.html">Tietosuoja</a></mj-text>', "scheme"),
        ("link-scheme", '<mj-button href="www.example.org">Sivulle</mj-button>', "scheme"),
        ("link-empty", '<mj-text><a href="">Sivulle</a></mj-text>', "without a target"),
        ("link-http", '<mj-text><a href="http://example.org/">Sivulle</a></mj-text>', "encrypted"),
        ("link-anchor", '<mj-text><a href="#alkuun">Alkuun</a></mj-text>', "#alkuun"),
        ("link-local", '<mj-text><a href="https://localhost/">Sivulle</a></mj-text>', "machine"),
        ("link-typo", '<mj-text><a href="https://www.example.con/">a b</a></mj-text>', "con"),
    ],
)
def test_a_fault_of_a_template_is_told_with_its_file_and_line(
    rule: str, mjml: str, message: str, find: Find, tmp_path: Path
) -> None:
    [finding] = find(rule, mjml)

    lines = (tmp_path / "templates" / "default.mjml").read_text(encoding="utf-8").split("\n")
    assert finding.path == "templates/default.mjml"
    assert lines[(finding.line or 0) - 1] == mjml
    assert message in finding.message
    assert finding.hint


def test_a_background_of_a_style_sheet_is_told_with_the_line_of_the_sheet(find: Find) -> None:
    style = ".foot { background-image: url('brand/none.png') }"

    [finding] = find("image-missing", "<mj-text>a</mj-text>", style=style)

    assert (finding.path, finding.line) == ("templates/extra_screen.css", 2)


ELSEWHERE = "https://other.net/a.png"


@pytest.mark.parametrize(
    "style",
    [
        f'.foot {{ background: image-set("{ELSEWHERE}" 1x, "{ELSEWHERE}" 2x) }}',
        f".foot {{ background: -webkit-image-set(url({ELSEWHERE}) 1x) }}",
        f".foot {{ background: u\\rl({ELSEWHERE}) }}",
        f".foot {{ --a: url('{ELSEWHERE}'); background: var(--a) }}",
        f"@keyframes a {{ from {{ color: red }} to {{ background: url({ELSEWHERE}) }} }}",
    ],
)
def test_what_a_style_sheet_fetches_is_told_however_it_is_written(style: str, find: Find) -> None:
    [finding] = find("image-hotlink", "<mj-text>a</mj-text>", style=style)

    assert (finding.path, finding.line) == ("templates/extra_screen.css", 2)
    assert "other.net" in finding.message


def test_words_that_look_like_an_address_in_styles_fetch_nothing(find: Find) -> None:
    style = f".foot {{ content: 'url({ELSEWHERE})' }}"

    assert find("image-hotlink", "<mj-text>a</mj-text>", style=style) == []


FONT = "https://other.net/a.woff2"


@pytest.mark.parametrize("query", ["", "@media screen "])
def test_a_typeface_that_only_a_style_sheet_names_is_told(query: str, find: Find) -> None:
    face = f"@font-face {{ font-family: A; src: local(A), url({FONT}) format('woff2') }}"
    named = f'[brand]\ntext_font = "A"\n[[brand.web_fonts]]\nfamily = "A"\nurl = "{FONT}"\n'
    style = f"{query}{{ {face} }}" if query else face

    [finding] = find("style-import", "<mj-text>a</mj-text>", style=style)

    assert (finding.path, finding.line) == ("templates/extra_screen.css", 2)
    assert FONT in finding.message
    assert find("style-import", "<mj-text>a</mj-text>", style=style, toml=named) == []


def test_a_file_of_a_typeface_is_told_since_no_mail_carries_it(find: Find) -> None:
    faces = (
        '@font-face { font-family: A; src: url("brand/a.woff2") }'
        '@font-face { font-family: B; src: url("https://www.example.org/b.woff2") }'
    )

    found = find("html-fonts", "<mj-text>a</mj-text>", style=faces)

    assert ["brand/a.woff2" in one.message for one in found if one.severity == "error"] == [True]


def test_a_picture_that_no_provider_carries_is_told(find: Find) -> None:
    found = find("image-hosting", LOGO, toml='[provider]\nname = "postmark"\n')

    assert {(one.path, "logo.png" in one.message) for one in found} == {
        ("issues/2026-12.md", False),
        ("templates/default.mjml", True),  # though postmark's copy has more than the page has
    }


@pytest.mark.parametrize("toml", ["", PUBLIC])
@pytest.mark.parametrize(
    "mjml",
    [
        LOGO,
        '<mj-image src="brand/logo.png" alt="" width="200px" />',
        '<mj-text><a href="https://example.org/"><img src="brand/small.png" alt="" width="10">'
        " Säätiö</a></mj-text>",
        '<mj-text><a href="https://example.org/" aria-label="Säätiö"><img src="brand/small.png"'
        ' alt="" width="10"></a></mj-text>',
        '<mj-social><mj-social-element src="brand/small.png" alt="Facebook" icon-size="10px"'
        ' href="https://www.example.org/f" /></mj-social>',
        '<mj-text><a name="alkuun"></a><a href="#alkuun">Alkuun</a></mj-text>',
        '<mj-image src="https://static.example.org/a.png" alt="S" />',
    ],
)
def test_what_is_right_is_not_found(mjml: str, toml: str, find_all: Find) -> None:
    rules = {
        *("image-missing", "image-format", "image-alt", "image-hosting", "image-hotlink"),
        *("image-retina", "a11y-link-name", "link-scheme", "link-empty", "link-anchor"),
    }

    assert [found for found in find_all(mjml, toml=toml) if found.id in rules] == []


def test_the_author_is_not_told_of_a_template_nor_the_other_way_round(find: Find) -> None:
    text = letter(
        "Alku on tässä, ja [sivu](http://www.example.org/a).\n\n![Kuva](https://other.net/p.png)\n\n"
        "Moi {{ first_name | ystävä }}, [oma](https://www.example.org/?k={{ region }})."
    )

    [link] = find("link-http", "<mj-text>a</mj-text>", text=text)
    [picture] = find("image-hotlink", "<mj-text>a</mj-text>", text=text)

    assert {link.path, picture.path} == {"issues/2026-12.md"}


def test_a_logo_that_dark_styles_look_after_is_a_note_about_programs_without_them(
    find: Find, tmp_path: Path
) -> None:
    Image.new("RGBA", (400, 200), (250, 250, 250, 255)).save(tmp_path / "brand" / "dark.png")
    pair = (
        '<mj-text><img class="day" src="brand/logo.png" alt="S" width="200">'
        '<img class="night" src="brand/dark.png" alt="S" width="200" style="display:none">'
        "</mj-text>"
    )
    dark = "@media (prefers-color-scheme: dark) { .day { display: none !important } }"

    plate = "@media (prefers-color-scheme: dark) { .day { background-color: #fff !important } }"

    dull = "@media (prefers-color-scheme: dark) { .day { background-color: #222 !important } }"

    [alone], [dimmed] = find("dark-logo", pair), find("dark-logo", pair, style=dull)
    settled = [*find("dark-logo", pair, style=dark), *find("dark-logo", pair, style=plate)]

    assert alone.severity == dimmed.severity == "warning"
    assert [(one.severity, "Gmail" in one.message) for one in settled] == [("note", True)] * 2


def test_a_dark_logo_is_told_where_dark_styles_do_not_look_after_it(find: Find) -> None:
    images = '<mj-text><img class="{}" src="brand/logo.png" alt="S" width="200"></mj-text>'
    plate = "@media (prefers-color-scheme: dark) { .day { background-color: #fff !important } }"

    [first] = find("dark-logo", images.format("day") + "\n" + images.format("else"), style=plate)
    [second] = find("dark-logo", images.format("else") + "\n" + images.format("day"), style=plate)

    assert (first.severity, second.severity) == ("warning", "warning")
    assert (first.line or 0) == (second.line or 0) + 1


def test_the_weight_of_a_templates_pictures_counts(find: Find, tmp_path: Path) -> None:
    noise = [Image.effect_noise((1200, 1200), 99) for _ in range(3)]
    Image.merge("RGB", noise).save(tmp_path / "brand" / "heavy.jpg", quality=95)

    [finding] = find("image-weight", '<mj-image src="brand/heavy.jpg" alt="S" />')

    assert re.search(r"“brand/heavy.jpg” weighs \d+ kB", finding.message)
    assert finding.path == "templates/default.mjml"
