"""What a brand makes of every block passes every check, in every look."""

from itertools import cycle
from pathlib import Path

import pytest

from newsletter.render.looks import LOOKS
from tests.brands import BRANDS, COLOURS, give_brand
from tests.browser.every_block import ISSUE_ID, make_site
from tests.checking.test_looks import findings_in


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("brand", BRANDS.values(), ids=BRANDS)
def test_a_brand_raises_no_finding(brand: str, look: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, look)
    give_brand(site, brand)

    assert findings_in(site.root, ISSUE_ID) == []


@pytest.mark.long
@pytest.mark.parametrize(("colour", "look"), list(zip(COLOURS, cycle(LOOKS), strict=False)))
def test_no_colour_makes_a_page_that_cannot_be_read(colour: str, look: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, look)
    give_brand(site, f'[brand]\ncolour = "{colour}"\n')

    assert findings_in(site.root, ISSUE_ID) == []
