"""Checks that the HTML is complete, and of the kind that mail programs keep."""

import re
from collections.abc import Iterator
from typing import Any

from newsletter.checking.instruments import (
    IN_TEMPLATE,
    Draft,
    Page,
    charset_flaws,
    checks,
    declarations_of,
    flaws_of,
    one_per_variant,
    page_of,
    pixels,
    sheets_of,
    styles_of,
    within,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule, Severity, Specimen

_FORBIDDEN = ("script", "iframe", "frame", "frameset", "object", "embed", "applet", "base")
_FORMS = ("form", "input", "select", "textarea", "button")
_WIDEST = 640  # pixels
# A button in a box in a card makes five. Word, which displays mail in Outlook for Windows, becomes
# slow and loses cells at much deeper nesting.
_DEEPEST = 8
_GENERIC = {"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit"}
_FAMILY = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([^,\"']+))\s*(?:,|$)")


HTML_FORBIDDEN = Rule(
    id="html-forbidden",
    summary="Nothing is used that mail programs take out, or filters hold against a mail",
    source="caniemail.com; SpamAssassin",
)


@checks(HTML_FORBIDDEN)
def check_forbidden(draft: Draft) -> Iterator[Finding]:
    """There are no scripts, frames, external style sheets or forms in the mail."""
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        for element in page.elements():
            what = _forbidden(element)
            if what:
                severity = Severity.WARNING if element.tag in _FORMS else Severity.ERROR
                line = page.line_of(element)
                yield HTML_FORBIDDEN.finding(
                    draft.path,
                    severity,
                    say("{what} does not work in mail, and filters distrust it", what=what),
                    hint=say("link to a page instead")
                    if line
                    else say("take it out; {place}", place=IN_TEMPLATE),
                    line=line,
                )


HTML_WELLFORMED = Rule(
    id="html-wellformed",
    summary="The HTML is whole: tags match, names are given once, the charset is the right one",
    source="HTML standard, 13.1 and 4.2.5.4",
)


@checks(HTML_WELLFORMED)
def check_wellformed(draft: Draft) -> Iterator[Finding]:
    """Tags match, ids are unique, and the page begins as it should."""
    for specimen in one_per_variant(draft):
        for flaw in (*flaws_of(specimen.lined_html), *charset_flaws(specimen.html)):
            yield HTML_WELLFORMED.finding(
                draft.path,
                Severity.ERROR if flaw.is_fatal else Severity.WARNING,
                flaw.message,
                hint=say("mend the HTML here") if flaw.line else IN_TEMPLATE,
                line=flaw.line,
            )


HTML_LAYOUT = Rule(
    id="html-layout",
    summary="The page is as wide as a mail may be, and not nested without need",
    source="common practice; the depth is this program's choice",
)


@checks(HTML_LAYOUT)
def check_layout(draft: Draft) -> Iterator[Finding]:
    """Nothing is wider than a mail; tables have no gaps and are not nested too deep."""
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        for message, hint, element in _faults_of_layout(page):
            line = page.line_of(element)
            yield HTML_LAYOUT.warning(
                draft.path,
                message,
                hint=hint if line else say("{hint}; {place}", hint=hint, place=IN_TEMPLATE),
                line=line,
            )


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
        for written in dict.fromkeys(_families(page)):
            names = [a or b or c.strip() for a, b, c in _FAMILY.findall(written)]
            if names and names[-1].lower() not in _GENERIC:
                yield HTML_FONTS.note(
                    draft.path,
                    say(
                        "the typefaces “{list}” end without a generic family, which is always "
                        "there",
                        list=written,
                    ),
                    hint=say(
                        "write serif, sans-serif or monospace last; {place}", place=IN_TEMPLATE
                    ),
                )
            elif _falls_to_times(draft, specimen, names, loaded):
                yield HTML_FONTS.note(
                    draft.path,
                    say(
                        "Outlook for Windows shows Times New Roman where “{typeface}” should be",
                        typeface=names[0],
                    ),
                    hint=say(
                        "give it a typeface of its own within <!--[if mso]>, in the templates"
                    ),
                )


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


def _faults_of_layout(page: Page) -> Iterator[tuple[Wording, Wording, Any]]:
    """Yield message, hint and element of each kind of fault once, where it is worst."""
    wide = max(
        ((w, e) for e in page.elements() if (w := _width(page, e))), default=None, key=_first
    )
    if wide and wide[0] > _WIDEST:
        width, element = wide
        message = say(
            "<{tag}> is {width:g} pixels wide: readers have to scroll sideways",
            tag=element.tag,
            width=width,
        )
        yield message, say("make nothing wider than {most} pixels", most=_WIDEST), element
    styles = styles_of(page)
    tables = [table for table in page.elements("table") if not styles[table].hidden]
    depths = [(1 + sum(1 for _ in table.iterancestors("table")), table) for table in tables]
    depth, deepest = max(depths, default=(0, None), key=_first)
    if depth > _DEEPEST:
        message = say("{count} tables are nested in one another", count=depth)
        yield message, say("nest {most} at most: Outlook loses its way", most=_DEEPEST), deepest
    for table in tables:
        is_layout = table.get("role") in ("presentation", "none")
        room = [table.get(name, "1").removesuffix("px") for name in ("cellpadding", "cellspacing")]
        if is_layout and room != ["0", "0"]:
            yield (
                say("a table has gaps between its cells"),
                say('write cellpadding="0" cellspacing="0"'),
                table,
            )
            return


def _first(pair: tuple[float, Any]) -> float:
    return pair[0]


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
    has_own = any("font-family" in part for part in for_outlook)
    return not has_own and bool(within(("outlook.windows",), draft.clients))


CHECKS = (
    check_forbidden,
    check_wellformed,
    check_layout,
    check_fonts,
)
