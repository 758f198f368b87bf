"""[brand] in newsletter.toml: what it takes, what it refuses by line, and who sees what of it."""

import datetime as dt
import re
from pathlib import Path

import pytest

import newsletter
from newsletter.errors import ConfigError
from newsletter.model import Brand, Logo, SocialLink
from newsletter.settings import brand_of, load_settings

PACKAGE = Path(newsletter.__file__).parent
HEAD = '[newsletter]\ntitle = "Kirje"\nfrom = "a@example.org"\nsender = "Säätiö"\n'
DAY = dt.date(2026, 12, 1)
WHOLE = """
[brand]
colour = "rebeccapurple"
accent = "#e0a800"
paper = "#fff"
heading_font = "Fraunces, 'Times New Roman', serif"
text_font = ["Inter", "Arial"]
buttons = "pill"
outline = true
corners = 8
legal = { fi = "Y-tunnus 1234567-8", sv = "FO-nummer 1234567-8" }

[brand.logo]
file = "brand/logo.png"
dark = "brand/logo-dark.png"
width = 180
alt = "Säätiö"

[brand.logos.sv]
file = "brand/logo-sv.png"
with_title = false

[[brand.web_fonts]]
family = "Fraunces"
url = "https://www.example.org/fonts/fraunces.woff2"
weight = 700

[[brand.web_fonts]]
family = "Inter"
url = "https://www.example.org/fonts/inter.woff2"
weight = "100 900"

[brand.social]
LinkedIn = "https://www.linkedin.com/company/example"

[brand.badge]
text = "30 vuotta"
until = 2026-12-31
link = "https://www.example.org/juhla"
"""


def brand(root: Path, text: str, *, language: str = "fi", day: dt.date = DAY) -> Brand:
    """Return what a reader of a language sees of the brand in settings."""
    (root / "newsletter.toml").write_text(HEAD + text, encoding="utf-8")
    table = load_settings(root).brand
    assert table is not None
    return brand_of(table, title="Kirje", language=language, own="fi", day=day)


def refusal(root: Path, text: str) -> tuple[int | None, str]:
    """Return the line and the words with which settings are refused."""
    with pytest.raises(ConfigError) as caught:
        brand(root, text)
    [finding] = caught.value.findings
    assert finding.path == "newsletter.toml"
    return finding.line, str(finding.message)


def test_a_brand_is_read_whole(tmp_path: Path) -> None:
    read = brand(tmp_path, WHOLE)

    assert (read.colour, read.accent, read.paper) == ("#663399", "#e0a800", "#ffffff")
    assert read.heading_font == ("Fraunces", "Times New Roman", "serif")
    assert read.text_font == ("Inter", "Arial")
    assert (read.buttons, read.outline, read.corners) == ("pill", True, 8)
    assert [font.weight for font in read.web_fonts] == ["700", "100 900"]
    assert read.social == (
        SocialLink(name="LinkedIn", url="https://www.linkedin.com/company/example"),
    )
    assert read.legal == ("Y-tunnus 1234567-8",)


def test_each_language_has_a_logo_and_words_of_its_own(tmp_path: Path) -> None:
    finnish, swedish = brand(tmp_path, WHOLE), brand(tmp_path, WHOLE, language="sv-FI")

    assert finnish.logo == Logo(
        source="brand/logo.png", dark="brand/logo-dark.png", width=180, alt="Säätiö"
    )
    assert swedish.logo == Logo(
        source="brand/logo-sv.png", width=160, alt="Kirje", with_title=False
    )
    assert swedish.legal == ("FO-nummer 1234567-8",)


def test_words_that_a_language_lacks_are_those_of_the_newsletters_own(tmp_path: Path) -> None:
    assert brand(tmp_path, WHOLE, language="en").legal == ("Y-tunnus 1234567-8",)


@pytest.mark.parametrize(
    ("day", "is_shown"), [("2026-12-31", True), ("2027-01-01", False), ("2020-01-01", True)]
)
def test_a_badge_is_shown_until_its_last_day_by_the_date_of_the_issue(
    day: str, is_shown: bool, tmp_path: Path
) -> None:
    badge = brand(tmp_path, WHOLE, day=dt.date.fromisoformat(day)).badge

    assert bool(badge) is is_shown


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_brand_that_a_new_newsletter_shows_is_one(language: str, tmp_path: Path) -> None:
    text = (PACKAGE / f"cli/begin/newsletter.{language}.toml").read_text(encoding="utf-8")
    commented = re.findall(r"^# (\[brand\].*(?:\n#.*)*)", text, re.MULTILINE)

    read = brand(tmp_path, commented[0].replace("\n# ", "\n"))

    assert (read.colour, read.buttons) == ("#7a0f5c", "pill")
    assert read.logo is not None


# What is wrong, the line, and words of the message.
FAULTS = {
    "a key in another spelling": ('[brand]\ncolor = "#fff"', 6, "unknown key"),
    "no colour": ('[brand]\ncolour = "purpel"', 6, "#7a0f5c"),
    "a colour that is half clear": ('[brand]\ncolour = "#7a0f5c80"', 6, "#7a0f5c"),
    "a second colour alone": ('[brand]\naccent = "#fff"', 6, "colour"),
    "a dark ground": ('[brand]\ncolour = "red"\npaper = "#000"', 7, "light colour"),
    "a logo without words": ('[brand.logo]\nfile = "a.png"', 5, "alt ="),
    "a logo outside": ('[brand.logo]\nfile = "../a.png"\nalt = "a"', 6, "brand/logo.png"),
    "a logo of another drive": ('[brand.logo]\nfile = "C:a.png"\nalt = "a"', 6, "brand/logo.png"),
    "a logo from the web": (
        '[brand.logo]\nfile = "https://example.org/a.png"\nalt = "a"',
        6,
        "brand/logo.png",
    ),
    "a drawing": ('[brand.logos.sv]\nfile = "a.svg"\nalt = "a"', 6, "PNG"),
    "a logo wider than a mail": ('[brand.logo]\nfile = "a.png"\nwidth = 900\nalt = "a"', 7, "480"),
    "a logo for a word": ('[brand.logos.swedish]\nfile = "a.png"\nalt = "a"', 5, "language"),
    "typefaces that end a style": ('[brand]\nheading_font = "A; color: red"', 6, "Fraunces"),
    "typefaces that are numbers": ("[brand]\ntext_font = [1]", 6, "Fraunces"),
    "no typeface": ('[brand]\ntext_font = ""', 6, "Fraunces"),
    "a web font over http": (
        '[brand]\ntext_font = "A"\n[[brand.web_fonts]]\nfamily = "A"\nurl = "http://a.fi/a.woff2"',
        9,
        "woff2",
    ),
    "a web font that is a style sheet": (
        '[brand]\ntext_font = "A"\n[[brand.web_fonts]]\nfamily = "A"\n'
        'url = "https://fonts.example.org/css2?family=A"',
        9,
        "woff2",
    ),
    "a web font that ends a style": (
        '[brand]\ntext_font = "A"\n[[brand.web_fonts]]\nfamily = "A"\n'
        'url = "https://example.org/a)};\'.woff2"',
        9,
        "woff2",
    ),
    "a web font that nothing uses": (
        '[[brand.web_fonts]]\nfamily = "A"\nurl = "https://a.fi/a.woff2"',
        5,
        "heading_font",
    ),
    "a weight in words": (
        '[brand]\ntext_font = "A"\n[[brand.web_fonts]]\nfamily = "A"\n'
        'url = "https://a.fi/a.woff2"\nweight = "bold"',
        10,
        "700",
    ),
    "a shape of buttons": ('[brand]\nbuttons = "round"', 6, "pill"),
    "corners below nothing": ("[brand]\ncorners = -1", 6, "0"),
    "a name for an address": ('[brand.social]\nLinkedIn = "@example"', 6, "https://"),
    "a script for an address": ('[brand.social]\nX = "javascript:alert(1)"', 6, "https://"),
    "a day in quotation marks": ('[brand.badge]\ntext = "a"\nuntil = "2026-12-31"', 7, "2026"),
    "a moment": ('[brand.badge]\ntext = "a"\nuntil = 2026-12-31T10:00:00', 7, "2026-12-31"),
    "an empty badge": ('[brand.badge]\ntext = ""\nuntil = 2026-12-31', 6, "badge.text”"),
    "no day": ('[brand.badge]\ntext = "a"', 5, "missing"),
    "a legal text for a word": ('[brand.legal]\nfinnish = "a"', 6, "language"),
    "a legal text of nothing": ('[brand]\nlegal = " "', 6, "expected words"),
}


FOLLOWED = {
    "a logo that says something faulty": '[brand.logo]\nwith_title = "no"\nfile = "a.png"',
    "a colour beside a faulty one": '[brand]\ncolour = "purpel"\naccent = "#fff"\npaper = "#fff"',
    "a web font of a faulty list": (
        '[brand]\nheading_font = "A; b"\n[[brand.web_fonts]]\nfamily = "A"\n'
        'url = "https://a.fi/a.woff2"'
    ),
    "a username at a faulty host": (
        '[provider]\nname = "smtp"\nhost = ""\nsecurity = "none"\nusername = "a"'
    ),
}


@pytest.mark.parametrize("text", FOLLOWED.values(), ids=FOLLOWED)
def test_what_follows_from_a_fault_is_not_told_as_well(text: str, tmp_path: Path) -> None:
    line, _ = refusal(tmp_path, text)

    assert line == (7 if "host" in text else 6)


@pytest.mark.parametrize(("text", "line", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_its_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    found, message = refusal(tmp_path, text)

    assert (found, words in message) == (line, True), message


@pytest.mark.parametrize(
    ("toml", "signs"),
    [
        ('legal = "Hei {{ name }}"', "{{ name }}"),
        ('legal = "[Selostus](www.example.org/x)"', "[Selostus](www.example.org/x)"),
        ('legal = "[Selostus](javascript:alert(1))"', "[Selostus](javascript:alert(1)"),
        ('legal = "Talo **Oy**"', "**"),
        ('legal = "<b>Talo</b>"', "<b>"),
        ('badge = { text = "30 {{ years }}", until = 2027-01-01 }', "{{ years }}"),
        ('badge = { text = "[30](https://example.org)", until = 2027-01-01 }', "[30](https://"),
        ('logo = { file = "a.png", alt = "*|NIMI|*" }', "*|NIMI|*"),
        ('social = { "{{ x }}" = "https://example.org" }', "{{ x }}"),
        ("social = { X = 'https://example.org/\"><b>' }", "https://www.example.org"),
    ],
)
def test_what_readers_would_see_as_it_is_typed_is_refused(
    tmp_path: Path, toml: str, signs: str
) -> None:
    _, message = refusal(tmp_path, f"[brand]\n{toml}\n")

    assert signs in message
