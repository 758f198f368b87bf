"""Which features of caniemail.com a piece of CSS or an element uses."""

import re
from collections.abc import Iterator
from typing import Any

from newsletter.checking.instruments.sheets import Declaration

# Properties whose feature has another name; the first matching pattern decides.
_PROPERTIES = tuple(
    (re.compile(pattern), slug)
    for pattern, slug in (
        (r"-.*|mso-.*", ""),  # a vendor's own
        (r"top|right|bottom|left", "css-left-right-top-bottom"),
        (r"inset.*", "css-inset"),
        (r"(margin|padding)-(?:inline|block)", r"css-\1-inline-block"),
        (r"(margin|padding)-(inline|block)-.*", r"css-\1-\2-start-end"),
        (r"(margin|padding)-.*", r"css-\1"),
        (r"border-(start|end)-.*-radius", "css-border-radius-logical"),
        (r"border-.*-radius", "css-border-radius"),
        (r"border-(inline|block)", "css-border-inline-block"),
        (r"border-(inline|block)-(start|end)", "css-border-inline-block-individual"),
        (r"border-(inline|block)-.*", "css-border-inline-block-longhand"),
        (r"border-image-.*", "css-border-image"),
        (r"border-(top|right|bottom|left|width|style|color).*", "css-border"),
        (r"block-size", "css-block-inline-size"),
        (r"(grid-)?(row-|column-)?gap", "css-gap"),
        (r"columns|column-(?!count).*", "css-column-layout-properties"),
        (r"grid-template.*|grid", "css-grid-template"),
        (r"flex-flow", "css-flex-direction"),
        (r"background-position-.", "css-background-position"),
        (r"overflow-[xy]", "css-overflow"),
        (r"mask(-.*)?", "css-mask-image"),
        (r"scroll-snap-.*", "css-scroll-snap"),
        (r"(animation|transition)-.*", r"css-\1"),
        (r"text-emphasis-(?!position).*", "css-text-emphasis"),
        (r"font-family", ""),
    )
)
_DISPLAYS = {
    **{"flex": "css-display-flex", "inline-flex": "css-display-flex"},
    **{"grid": "css-display-grid", "inline-grid": "css-display-grid", "none": "css-display-none"},
}
_FUNCTIONS = {
    **{"calc": "css-unit-calc", "var": "css-variables", "rgb": "css-rgb", "rgba": "css-rgba"},
    **{name: f"css-function-{name}" for name in ("clamp", "min", "max", "light-dark")},
    **dict.fromkeys(("lab", "lch", "oklab", "oklch", "color"), "css-modern-color"),
    **{f"{kind}-gradient": f"css-{kind}-gradient" for kind in ("linear", "radial", "conic")},
    **{f"repeating-{kind}-gradient": f"css-{kind}-gradient" for kind in ("linear", "radial")},
}  # fmt: skip
_WORDS = {
    **{"initial": "css-unit-initial", "system-ui": "css-sytem-ui"},  # caniemail's spelling
    **dict.fromkeys(("fit-content", "min-content", "max-content"), "css-intrinsic-size"),
}
_COMBINATORS = (
    (">", "css-selector-child"),
    ("+", "css-selector-adjacent-sibling"),
    ("~", "css-selector-general-sibling"),
    ("[", "css-selector-attribute"),
    ("*", "css-selector-universal"),
)
_SEMANTICS = frozenset(
    {
        *("article", "aside", "details", "figcaption", "figure", "footer", "header", "main"),
        *("mark", "nav", "section", "summary", "time"),
    }
)
_LISTS = frozenset({"ul", "ol", "dl"})
_ATTRIBUTES = {
    "srcset": "html-srcset",
    "hidden": "html-hidden",
    "popover": "html-popover",
    "usemap": "html-image-maps",
    "background": "html-background",
    "loading": "html-loading-attribute",
    "required": "html-required",
}
_FILES = re.compile(r"\.(svg|webp|avif|heic|heif|tiff?|bmp|ico|mp4|apng)(?:[?#]|$)", re.I)
_FILE_SLUGS = {"heic": "heif", "tif": "tiff"}


def of_value(declaration: Declaration) -> tuple[str, ...]:
    """Return the features of a declaration's value."""
    return tuple(dict.fromkeys(_of_tokens(declaration.tokens)))


def of_property(name: str, value: str) -> tuple[str, ...]:
    """Return the feature of a property; `display` has several, by value."""
    if name.startswith("--"):
        return ("css-variables",)
    if name == "display":
        return (_DISPLAYS.get(value.lower(), "css-display"),)
    for pattern, slug in _PROPERTIES:
        if match := pattern.fullmatch(name):
            return (match.expand(slug),) if slug else ()
    return (f"css-{name}",)


def of_selector(selector: str) -> tuple[str, ...]:
    """Return the features of a selector."""
    found = [slug for mark, slug in _COMBINATORS if mark in selector]
    plain = re.sub(r"\[[^\]]*\]", "", selector)
    old = "before|after|first-letter|first-line"
    found += [
        f"css-pseudo-element-{m}" for m in re.findall(rf"::([\w-]+)|:(?:{old})\b", plain) if m
    ]
    found += [f"css-pseudo-element-{m}" for m in re.findall(rf"(?<!:):({old})\b", plain)]
    found += [
        f"css-pseudo-class-{name}"
        for name in re.findall(r"(?<!:):([\w-]+)", plain)
        if not re.fullmatch(old, name)
    ]
    return tuple(dict.fromkeys(found))


def of_element(element: Any) -> Iterator[str]:
    """Yield the features of an element and its attributes."""
    tag = element.tag
    if tag in _SEMANTICS:
        yield "html-semantics"
    elif tag in _LISTS:
        yield "html-lists"
    elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        yield "html-h1-h6"
    elif tag == "input":
        yield f"html-input-{element.get('type', 'text').lower()}"
    elif tag == "button":
        yield f"html-button-{element.get('type', 'submit').lower()}"
    else:
        yield f"html-{tag}"
    for name in element.keys():  # noqa: SIM118 - an element holds its children, not its attributes
        if name in _ATTRIBUTES:
            yield _ATTRIBUTES[name]
    if tag == "img":
        yield from _of_source(element.get("src") or "")


def _of_source(source: str) -> Iterator[str]:
    if source.startswith("data:"):
        yield "image-base64"
    elif match := _FILES.search(source):
        ending = match[1].lower()
        yield f"image-{_FILE_SLUGS.get(ending, ending)}"


def _of_tokens(tokens: Any) -> Iterator[str]:
    for token in tokens:
        kind = token.type
        if kind == "function":
            if token.lower_name in _FUNCTIONS:
                yield _FUNCTIONS[token.lower_name]
            yield from _of_tokens(token.arguments)
        elif kind == "dimension":
            yield f"css-unit-{token.lower_unit}"
        elif kind == "ident" and token.lower_value in _WORDS:
            yield _WORDS[token.lower_value]
