"""What a brand makes of every block passes every check, in every look."""

from itertools import cycle
from pathlib import Path

import pytest
from PIL import Image

from newsletter.checking import check_draft
from newsletter.render.looks import LOOKS
from tests.brands import BRANDS, COLOURS, give_brand
from tests.browser.every_block import ISSUE_ID, make_site
from tests.checking.conftest import Maker
from tests.checking.desk import PAGE, SETTINGS
from tests.checking.test_looks import MUST_BE_SERVED, findings_in

_BRAND = len(SETTINGS.splitlines()) + 1  # the line on which a brand begins
_LOGO = '[brand.logo]\nfile = "brand/logo.png"\nwidth = 160\nalt = "{alt}"\n'


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("brand", BRANDS.values(), ids=BRANDS)
def test_a_brand_raises_no_finding(brand: str, look: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, look, is_served=True)
    give_brand(site, brand)

    assert findings_in(site.root, ISSUE_ID) == [MUST_BE_SERVED]


@pytest.mark.long
@pytest.mark.parametrize(("colour", "look"), list(zip(COLOURS, cycle(LOOKS), strict=False)))
def test_no_colour_makes_a_page_that_cannot_be_read(colour: str, look: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, look, is_served=True)
    give_brand(site, f'[brand]\ncolour = "{colour}"\n')

    assert findings_in(site.root, ISSUE_ID) == [MUST_BE_SERVED]


@pytest.mark.parametrize(
    ("rule", "size", "alt"),
    [
        ("image-format", None, "Säätiö"),
        ("image-retina", (40, 10), "Säätiö"),
        ("image-alt", (320, 80), "logo.png"),
    ],
    ids=["no picture", "too few pixels", "a file for its words"],
)
def test_a_fault_of_the_logo_is_told_where_the_settings_name_it(
    rule: str, size: tuple[int, int] | None, alt: str, draft_of: Maker
) -> None:
    def lay(folder: Path) -> None:
        logo = folder.parent / "brand" / "logo.png"
        logo.parent.mkdir()
        logo.write_bytes(b"no picture")
        if size:
            Image.new("RGB", size, "#7a0f5c").save(logo)

    found = check_draft(
        draft_of(PAGE, prepare=lay, toml=_LOGO.format(alt=alt)), silence={}
    ).findings

    places = {(f.path, f.line) for f in found if f.id == rule}
    assert places == {("newsletter.toml", _BRAND + 1)}, [str(f.words) for f in found]


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ('[brand]\nlegal = { sv = "FO-nummer" }', 1),
        ('[brand.badge]\nuntil = 2027-01-01\ntext = { sv = "30 år" }', 2),
        ('[brand.logos.sv]\nfile = "a.png"\nalt = "Stiftelsen"', 0),
        ('[brand]\nlegal = { sv = "FO-nummer", fi = "Y-tunnus" }', None),
        ('[brand]\nlegal = "Y-tunnus"', None),
        ('[brand.badge]\nuntil = 2026-01-01\ntext = { sv = "30 år" }', None),
    ],
)
def test_what_of_a_brand_no_reader_of_an_issue_gets_is_told(
    toml: str, line: int | None, draft_of: Maker
) -> None:
    def lay(folder: Path) -> None:
        Image.new("RGB", (320, 80), "#7a0f5c").save(folder.parent / "a.png")

    found = check_draft(draft_of(PAGE, prepare=lay, toml=toml), silence={}).findings

    told = [(f.path, f.line) for f in found if f.id == "brand-shown"]
    assert told == ([] if line is None else [("newsletter.toml", _BRAND + line)])
