"""Brands as unlike one another as houses are, each as a table of newsletter.toml."""

from pathlib import Path

from PIL import Image, ImageDraw

from tests.conftest import Site

BRANDS = {
    "a ministry": """\
[brand]
colour = "#003580"
heading_font = "Arial"
text_font = "Arial"
buttons = "square"
corners = 0
legal = \"\"\"
Ministeriö, PL 32, 00023 Valtioneuvosto, kirjaamo@example.org
[Tietosuoja](https://www.example.org/tietosuoja)\"\"\"
[brand.logo]
file = "brand/logo.png"
dark = "brand/logo-dark.png"
width = 180
alt = "Ministeriö"
link = "https://www.example.org"
[brand.social]
LinkedIn = "https://www.linkedin.com/company/example"
""",
    "a youth organisation": """\
[brand]
colour = "#ff3d7f"
accent = "#ffd400"
heading_font = "Poppins, Trebuchet MS, sans-serif"
buttons = "pill"
corners = 16
[[brand.web_fonts]]
family = "Poppins"
url = "https://www.example.org/fonts/poppins.woff2"
weight = 700
[brand.badge]
text = "30 vuotta"
until = 2026-12-31
link = "https://www.example.org/juhla"
[brand.social]
Instagram = "https://www.instagram.com/example"
Discord = "https://discord.gg/example"
""",
    "a magazine in yellow": """\
[brand]
colour = "#ffd400"
accent = "#1a1a1a"
heading_font = "Fraunces, serif"
corners = 8
[brand.logo]
file = "brand/logo.png"
width = 140
with_title = false
[brand.badge]
text = "Erikoisnumero"
until = 2026-12-31
""",
    "a white page with outlined buttons": """\
[brand]
colour = "#7a0f5c"
paper = "#ffffff"
buttons = "pill"
outline = true
text_font = "Verdana"
""",
}
COLOURS = ("#39ff14", "#fafafa", "#0a0a0a", "#808080", "#ff00ff", "#00a651", "#f5a9b8", "#e4572e")


def give_brand(site: Site, text: str) -> None:
    """Write a brand into the settings of a newsletter, and draw its logo."""
    for name, ink in (("logo", "#1a1a1a"), ("logo-dark", "#ffffff")):
        _draw(site.root / "brand" / f"{name}.png", ink)
    path = site.root / "newsletter.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")


def _draw(path: Path, ink: str) -> None:
    path.parent.mkdir(exist_ok=True)
    image = Image.new("RGBA", (720, 180), (0, 0, 0, 0))
    drawing = ImageDraw.Draw(image)
    drawing.ellipse((10, 20, 150, 160), fill=ink)
    drawing.rectangle((200, 60, 700, 120), fill=ink)
    image.save(path)
