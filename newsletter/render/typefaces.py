"""Lists of typefaces that hold in every mail program, and files of typefaces for those that fetch.

Outlook for Windows takes the first typeface of a list or else Times New Roman, the more so once it
has seen an @font-face; so that stands where Outlook does not look, and Outlook gets a list of its
own (hteumeuleu.com/2019/today-I-learned-about-mso-generic-font-family; caniemail.com,
css-at-font-face, css-at-media).
"""

import re
from collections.abc import Iterable

from newsletter.model import Brand, WebFont

_GENERIC = ("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui")
_ON_WINDOWS = frozenset((
    "arial", "arial black", "book antiqua", "calibri", "cambria", "candara", "consolas",
    "constantia", "corbel", "courier new", "franklin gothic medium", "georgia", "helvetica",
    "impact", "lucida console", "lucida sans unicode", "palatino linotype", "segoe ui", "tahoma",
    "times", "times new roman", "trebuchet ms", "verdana", *_GENERIC,
))  # fmt: skip
_SERIF = re.compile(
    r"(?<!sans )serif|slab|roman|times|georgia|garamond|baskerville|bodoni|didot|caslon|palatino|"
    r"antiqua|cambria|constantia|charter|merriweather|lora|playfair|fraunces|bitter|crimson|"
    r"cormorant|spectral|alegreya|arvo|cardo|domine|newsreader|literata|rockwell|sabon|minion|"
    r"tiempos|freight text|gelasio|vollkorn|old style",
    re.IGNORECASE,
)
_MONO = re.compile(r"\bmono\b|consolas|courier|menlo", re.IGNORECASE)
# What every computer or phone has one of, with the generic family at the end.
_FALLBACKS = {
    "serif": ("Georgia", "Times New Roman", "serif"),
    "sans-serif": ("Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"),
    "monospace": ("Menlo", "Consolas", "monospace"),
}
_FORMATS = {"woff2": "woff2", "woff": "woff", "ttf": "truetype", "otf": "opentype"}
_IN_HEADINGS = "h1,h2,.brand,.aloud,.pull,.pull p"
_IN_TEXT = "body,table,td,th,p,a,li,div,span,h3,h4,h5,h6,.title,.pull .by"


def stack_of(names: Iterable[str]) -> str:
    """Return a list of typefaces as CSS writes it, with what stands in where none is there."""
    return ", ".join(_quoted(name) for name in _completed(names))


def head_of(brand: Brand) -> str:
    """Return what stands in the head of a page for a brand's typefaces, as MJML."""
    faces = "".join(map(_face, brand.web_fonts))
    own = _for_outlook(brand.text_font, _IN_TEXT) + _for_outlook(brand.heading_font, _IN_HEADINGS)
    return "".join((
        # Gmail drops a style sheet with a rule like this one, so it has one of its own.
        f"<mj-raw><style>@media screen{{{faces}}}</style></mj-raw>" if faces else "",
        f"<mj-raw><!--[if mso]><style>{own}</style><![endif]--></mj-raw>" if own else "",
    ))  # fmt: skip


def _completed(names: Iterable[str]) -> list[str]:
    own = list(names)
    if own[-1].lower() in _GENERIC:
        family, own = own[-1].lower(), own[:-1]
    else:
        family = _family_of(own[0])
    known = {name.lower() for name in own}
    others = _FALLBACKS.get(family, (family,))
    if known & _ON_WINDOWS:
        others = others[-2:]  # of those that Windows has, too
    return [*own, *(name for name in others if name.lower() not in known)]


def _family_of(name: str) -> str:
    if _MONO.search(name):
        return "monospace"
    return "serif" if _SERIF.search(name) else "sans-serif"


def _quoted(name: str) -> str:
    return name.lower() if name.lower() in _GENERIC else f"'{name}'" if " " in name else name


def _face(font: WebFont) -> str:
    kind = _FORMATS[font.url.partition("?")[0].rpartition(".")[2].lower()]
    return (
        f"@font-face{{font-family:'{font.family}';font-style:{font.style};"
        f"font-weight:{font.weight};src:url({font.url}) format('{kind}')}}"
    )


def _for_outlook(names: tuple[str, ...], selectors: str) -> str:
    """Return the rule by which Outlook takes the first typeface of a list that Windows has."""
    stack = _completed(names) if names else []
    if not stack or stack[0].lower() in _ON_WINDOWS:
        return ""
    first = next(number for number, name in enumerate(stack) if name.lower() in _ON_WINDOWS)
    there = ",".join(map(_quoted, stack[first:]))
    return f"{selectors}{{font-family:{there} !important}}"
