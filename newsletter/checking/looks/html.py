"""Checks that the HTML is complete, and of the kind that mail programs keep."""

import re
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter
from typing import Any

from newsletter.checking.instruments import (
    Draft,
    Mending,
    Page,
    checks,
    declarations_of,
    mending,
    mending_in_sheet,
    one_per_variant,
    page_of,
    pages_of,
    pixels,
    sheets_of,
    styles_of,
    within,
)
from newsletter.language import say
from newsletter.model import Finding, Rule, Severity, Specimen

_FORBIDDEN = ("script", "iframe", "frame", "frameset", "object", "embed", "applet", "base")
_FORMS = ("form", "input", "select", "textarea", "button")
_WIDEST = 640  # pixels
# A button in a box in a card makes five. Word, which displays mail in Outlook for Windows, becomes
# slow and loses cells at much deeper nesting.
_DEEPEST = 8
_GENERIC = {"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit"}
_FACE = re.compile(r"@font-face\s*\{([^{}]*)\}", re.I)
_PATH = re.compile(r"url\(\s*[\"']?(?![a-z][a-z0-9+.-]+:|//|[\"'])([^)\"']+)", re.I)
_DECLARED = re.compile(r"font-family\s*:\s*([^;}]+)")
_FAMILY = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([^,\"']+))\s*(?:,|$)")


HTML_FORBIDDEN = Rule(
    id="html-forbidden",
    summary="Nothing is used that mail programs take out, or filters hold against a mail",
    source="caniemail.com; SpamAssassin",
)


@checks(HTML_FORBIDDEN)
def check_forbidden(draft: Draft) -> Iterator[Finding]:
    """There are no scripts, frames, external style sheets or forms in the mail."""
    for page in pages_of(draft):
        for element in page.elements():
            what = _forbidden(element)
            if what:
                severity = Severity.WARNING if element.tag in _FORMS else Severity.ERROR
                where = mending(draft, page, element)
                finding = HTML_FORBIDDEN.finding(
                    severity,
                    "{what} does not work in mail, and filters distrust it",
                    "link to a page instead" if page.line_of(element) else "take it out; {place}",
                    what=what,
                    place=where.words,
                )
                yield where.told(finding)


HTML_LAYOUT = Rule(
    id="html-layout",
    summary="The page is as wide as a mail may be, and not nested without need",
    source="common practice; the depth is this program's choice",
)


@checks(HTML_LAYOUT)
def check_layout(draft: Draft) -> Iterator[Finding]:
    """Nothing is wider than a mail; tables have no gaps and are not nested too deep."""
    for page in pages_of(draft):
        for fault, element in _faults_of_layout(page):
            where = mending(draft, page, element)
            hint = say("{hint}; {place}", hint=fault.hint, place=where.words)
            yield where.told(replace(fault, hint=fault.hint if page.line_of(element) else hint))


HTML_FONTS = Rule(
    id="html-fonts",
    summary="Where a typeface is missing, the next one is a fitting one",
    source="caniemail.com, css-at-font-face; CSS Fonts 4, section 2.1",
)


@checks(HTML_FONTS)
def check_fonts(draft: Draft) -> Iterator[Finding]:
    """Each font list ends in a generic family, and Outlook does not fall back to Times."""
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        loaded = _loaded(page)
        for address in _beside_templates(page):
            where = mending_in_sheet(draft, page)
            finding = HTML_FONTS.error(
                "no mail can carry the typeface “{address}”",
                "put the file on the web, and name it under [[brand.web_fonts]]; {place}",
                address=address,
                place=where.words,
            )
            yield where.told(finding)
        for written in dict.fromkeys(_families(page)):
            names = [a or b or c.strip() for a, b, c in _FAMILY.findall(written)]
            if names and names[-1].lower() not in _GENERIC:
                where = _declaring(draft, page, written)
                finding = HTML_FONTS.note(
                    "the typefaces “{list}” end without a generic family, which is always there",
                    "write serif, sans-serif or monospace last; {place}",
                    list=written,
                    place=where.words,
                )
                yield where.told(finding)
            elif _falls_to_times(draft, specimen, names, loaded):
                finding = HTML_FONTS.note(
                    "Outlook for Windows shows Times New Roman where “{typeface}” should be",
                    "give it a typeface of its own within <!--[if mso]>, in the templates",
                    typeface=names[0],
                )
                yield _declaring(draft, page, written).told(finding)


def _declaring(draft: Draft, page: Page, written: str) -> Mending:
    """Return where a list of typefaces is declared: for an element, or in the style sheet."""
    for element in page.elements():
        if written in (element.get("style") or ""):
            where = mending(draft, page, element, "font-family")
            return where if where.path else replace(where, line=None)  # no word is at fault
    return mending_in_sheet(draft, page, "font-family", written)


def _forbidden(element: Any) -> str:
    tag = element.tag
    if tag in _FORBIDDEN or tag in _FORMS:
        return f"<{tag}>"
    if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
        return say("a page that moves on by itself")
    if tag == "link" and "stylesheet" in element.get("rel", "").lower():
        return say("a style sheet from elsewhere")
    handler = next((name for name in element.attrib if name.startswith("on")), "")
    return say("“{attribute}” of <{tag}>", attribute=handler, tag=tag) if handler else ""


def _faults_of_layout(page: Page) -> Iterator[tuple[Finding, Any]]:
    """Yield each kind of fault once, with the element where it is worst."""
    wide = max(
        ((w, e) for e in page.elements() if (w := _width(page, e))), default=None, key=itemgetter(0)
    )
    if wide and wide[0] > _WIDEST:
        width, element = wide
        yield (
            HTML_LAYOUT.warning(
                "<{tag}> is {width:g} pixels wide: readers have to scroll sideways",
                "make nothing wider than {most} pixels",
                tag=element.tag,
                width=width,
                most=_WIDEST,
            ),
            element,
        )
    styles = styles_of(page)
    tables = [table for table in page.elements("table") if not styles[table].hidden]
    depths = [(1 + sum(1 for _ in table.iterancestors("table")), table) for table in tables]
    depth, deepest = max(depths, default=(0, None), key=itemgetter(0))
    if depth > _DEEPEST:
        yield (
            HTML_LAYOUT.warning(
                "{count} tables are nested in one another",
                "nest {most} at most: Outlook loses its way",
                count=depth,
                most=_DEEPEST,
            ),
            deepest,
        )
    for table in tables:
        is_layout = table.get("role") in ("presentation", "none")
        room = [table.get(name, "1").removesuffix("px") for name in ("cellpadding", "cellspacing")]
        if is_layout and room != ["0", "0"]:
            yield (
                HTML_LAYOUT.warning(
                    "a table has gaps between its cells", 'write cellpadding="0" cellspacing="0"'
                ),
                table,
            )
            return


def _width(page: Page, element: Any) -> float:
    """Return how many pixels wide an element asks to be; 0 for nothing, or for a percentage."""
    if element.tag not in ("table", "td", "th", "div", "img"):
        return 0
    asked = element.get("width") or ""
    widths = [float(asked)] if re.fullmatch(r"\d+", asked) else []
    said = {s.name: s.value for s in declarations_of(page, element)}
    for name in ("width", "min-width"):
        if said.get(name, "").endswith("px"):
            widths.append(pixels(said[name], 16) or 0)
    most = pixels(said.get("max-width", ""), 16)
    if most and said["max-width"].endswith("px"):
        widths = [min(width, most) for width in widths] or [most]
    return max(widths, default=0)


def _families(page: Page) -> Iterator[str]:
    for element in page.elements():
        declared = declarations_of(page, element)
        yield from (d.value for d in declared if d.name == "font-family")


def _beside_templates(page: Page) -> list[str]:
    """Return the files of typefaces that a page names by a path, once each."""
    faces = (face for sheet in sheets_of(page) for face in _FACE.findall(sheet.css))
    return list(dict.fromkeys(path for face in faces for path in _PATH.findall(face)))


def _loaded(page: Page) -> set[str]:
    """Return the fonts that style sheets load from the web."""
    css = "\n".join(sheet.css for sheet in sheets_of(page))
    own = re.findall(r"@font-face\s*\{[^}]*font-family\s*:\s*[\"']?([^;\"'}]+)", css)
    google = re.findall(r"fonts\.googleapis\.com/css2?\?family=([\w+]+)", css)
    return {name.replace("+", " ").strip().lower() for name in (*own, *google)}


def _falls_to_times(draft: Draft, specimen: Specimen, names: list[str], loaded: set[str]) -> bool:
    if not names or names[0].lower() not in loaded:
        return False
    for_outlook = re.findall(r"<!--\[if[^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", specimen.html, re.S)
    said = {_bare(faces) for part in for_outlook for faces in _DECLARED.findall(part)}
    has_own = said - {_bare(faces) for faces in _families(page_of(specimen))}
    return not has_own and bool(within(("outlook.windows",), draft.clients))


def _bare(families: str) -> str:
    """Return a list of typefaces without what may be written in several ways."""
    return re.sub(r"[\s\"']", "", families).lower()
