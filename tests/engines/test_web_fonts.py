"""Engines that know web fonts fetch those of a brand: the rule within @media holds in each."""

import re
from pathlib import Path

from newsletter.model import Brand, WebFont
from tests.engines.windows import Window
from tests.render.test_brand import branded
from tests.servers.web import Page, WebServer
from tests.waiting import wait_until


def test_a_web_font_of_a_brand_is_fetched_by_the_reader(window: Window, tmp_path: Path) -> None:
    font = WebFont(family="Fraunces", url="/f.woff2", weight="400", style="normal")
    brand = Brand(heading_font=("Fraunces",), web_fonts=(font,))
    html = branded(tmp_path, brand).html
    assert re.search(r"<h1[^>]*Fraunces", html)

    with WebServer({"/": Page(body=html.encode()), "/f.woff2": Page(body=b"")}) as server:
        window.open(server.url("/"))

        wait_until(lambda: any(asked.path == "/f.woff2" for asked in server.asked))
