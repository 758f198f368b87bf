"""Broken templates: each mistake in three places of two looks, and the line it is told on."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.render.looks import files_of

LOOKS = ("default", "magazine")
ISSUE_ID = "2026-12"
SETTINGS = """\
[newsletter]
title = "Kirje"
language = "fi"
from = "Kirje <kirje@example.org>"
sender = "Esimerkkisäätiö, Katu 1, 00100 Helsinki"
look = "{look}"
"""
ISSUE = """\
---
subject: Joulukuun kirje
preheader: Tässä kirjeessä kerrotaan, mitä syksyllä tapahtuu.
date: 2026-12-15
events:
  paiva:
    title: Teemapäivä
    start: 2026-12-20 09:00
---
Alku.

## Kohta

::: event paiva
Tervetuloa.
:::

::: box
Muista.
:::

::: quote
Mitä minä osaan?
:::
"""

Break = Callable[[str], tuple[str, int]]  # a template -> the broken one, and the line to be told


@dataclass(frozen=True, slots=True)
class Broken:
    """A template with a mistake."""

    mistake: str
    look: str
    file: str  # the template's name
    break_: Break
    rule: str

    @property
    def name(self) -> str:
        """Return the name of the case."""
        return f"{self.mistake}, {self.file} of {self.look}"

    def lay(self, root: Path) -> int:
        """Make a newsletter whose only template of its own is the broken one; return the line."""
        write(root, "newsletter.toml", SETTINGS.format(look=self.look))
        write(root, f"issues/{ISSUE_ID}.md", ISSUE)
        source = files_of(self.look).get(self.file)
        text, line = self.break_(source.read_text(encoding="utf-8") if source else "")
        write(root, f"templates/{self.file}", text)
        return line


def write(root: Path, name: str, text: str) -> None:
    """Write a file below a folder."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# Where an element of MJML may stand within a column: before what matches.
_PLACES = {
    "default.mjml": r"<mj-text(?=[^>]*masthead|[^>]*center)",
    "row.mjml": r"\{%- for block in ",
    "blocks/event.mjml": r"<mj-text",
}
# Mistakes that are written there, and the rule that tells of each.
_MARKUP = {
    "an element that there is not": ("<mj-txt>Hei</mj-txt>", "template-elements"),
    "an element of HTML that there is not": (
        "<mj-text><spna>Hei</spna></mj-text>",
        "template-elements",
    ),
    "an element where it cannot stand": (
        "<mj-section><mj-column><mj-text>Hei</mj-text></mj-column></mj-section>",
        "template-elements",
    ),
    "an element of MJML within words": (
        "<mj-text><mj-button>Hei</mj-button></mj-text>",
        "template-elements",
    ),
    "an attribute that there is not": (
        '<mj-text colour="#000000">Hei</mj-text>',
        "template-attributes",
    ),
    "a length without a unit": ('<mj-spacer height="8" />', "template-attributes"),
    "one of two lengths without a unit": (
        '<mj-text padding="8px 4">Hei</mj-text>',
        "template-attributes",
    ),
    "a value of the style without a unit": (
        '<mj-text font-size="{{ look.size.small }}">Hei</mj-text>',
        "template-attributes",
    ),
    "a colour that is none": ('<mj-text color="#b4532">Hei</mj-text>', "template-attributes"),
    "a word that is no choice": ('<mj-text align="middle">Hei</mj-text>', "template-attributes"),
    "words outside of a text": ("Terveisiä toimitukselta", "template-words"),
    "HTML outside of a text": ("<p>Hei</p>", "template-words"),
    "an element never closed": ("<mj-text>Hei", "template-tags"),
    "an end of nothing": ("<mj-text>Hei</b></mj-text>", "template-tags"),
    "elements that cross": ("<mj-text><b><i>Hei</b></i></mj-text>", "template-tags"),
    "an end that is misspelt": ("<mj-text>Hei</mj-txet>", "template-tags"),
    "a paragraph never closed": ("<mj-text><p>Hei</mj-text>", "template-tags"),
    "a quotation mark that is missing": (
        '<mj-text padding="8px>Hei</mj-text>',
        "template-tags",
    ),
    "a remark that is mailed": ("<!-- muista kysyä Annalta -->", "template-comments"),
    "a script": ("<mj-raw><script>var a = 1</script></mj-raw>", "template-active"),
    "a frame": ('<mj-raw><iframe title="a"></iframe></mj-raw>', "template-active"),
    "a form": ('<mj-text><form action="#a">Hei</form></mj-text>', "template-active"),
    "styles within the page": (
        "<mj-raw><style>p { margin: 0 }</style></mj-raw>",
        "template-active",
    ),
    "a property of an element that there is not": (
        '<mj-text><p style="colr: red">Hei</p></mj-text>',
        "style-properties",
    ),
    "a colour of an element that is none": (
        '<mj-text><p style="color: #b4532">Hei</p></mj-text>',
        "style-properties",
    ),
    "a value that there is not": ("<mj-text>{{ titel }}</mj-text>", "template"),
    "a file that there is not": ('{% include "blocks/qoute.mjml" %}', "template"),
    "a statement of Jinja that never ends": (
        "{% with words = title %}<mj-text>Hei</mj-text>",
        "template",
    ),
}
_SHEETS = ("prose.css", "flow.css", "extra_screen.css")
_STYLES = {
    "a property that there is not": (".prose p { colr: red }", "style-properties"),
    "a colour that is none": (".prose p { color: #b4532 }", "style-properties"),
    "a word that is no colour": (".prose p { color: rde }", "style-properties"),
    "a length without a unit": (".prose p { font-size: 17 }", "style-properties"),
    "a value of the style without a unit": (
        ".prose p { font-size: {{ look.size.text }} }",
        "style-properties",
    ),
    "a unit that there is not": (".prose p { font-size: 17xp }", "style-properties"),
    "a query that there is not": ("@meda print { .prose p { color: red } }", "style-properties"),
    "a semicolon that is missing": (".prose p { color: red margin: 0 }", "style-syntax"),
    "a colon that is missing": (".prose p { color red }", "style-syntax"),
    "a rule that never ends": (".prose p { color: red", "style-syntax"),
    "an end of nothing": (".prose p { color: red } }", "style-syntax"),
    "styles from elsewhere": ('@import "https://www.example.org/a.css";', "style-import"),
    "a script": (".prose p { width: expression(alert(1)) }", "style-properties"),
    "a class that nothing has": (".prosa p { color: red }", "template-unused"),
}
# What an own style.jinja says in place of the look's own.
_VALUES = {
    "a colour with a sign too few": (r'("accent": "#\w{5})\w', r"\1"),
    "a colour without its sign": (r'"link": "#', r'"link": "'),
    "a colour of one's own that is none": (r'"link": "#', r'"box-tip": "rde", "link": "#'),
    "a size with a unit": (r'"h1": (\d+)', r'"h1": "\1px"'),
    "a corner in words": (r"radius = \d+", 'radius = "round"'),
    "a font without its quotation mark": (r"'Times New Roman'", "'Times New Roman"),
    "a name that nothing uses": (r'"accent"', '"acent"'),
    "a choice in quotation marks": (r"wide_hero = \w+", 'wide_hero = "no"'),
    "a choice that is misspelt": (r"outline = \w+", "outline = ture"),
}
# Files that nobody looks for.
_FILES = {
    "a block that nobody can write": ("blocks/qoute.mjml", "<mj-text>Hei</mj-text>\n"),
    "styles that nobody includes": ("colours.css", ".prose p { color: #333333 }\n"),
    "a block in the wrong folder": ("quote.mjml", "<mj-text>Hei</mj-text>\n"),
    "macros that nobody imports": ("macros.jinja", "{% macro hello() %}Hei{% endmacro %}\n"),
}
_PAGES = {
    "a part that the page has not": "{% block mastheed %}<mj-section></mj-section>{% endblock %}",
    "what stands outside of parts": "<mj-section></mj-section>",
}


def corpus() -> Iterator[Broken]:
    """Yield all broken templates."""
    for look in LOOKS:
        for mistake, (markup, rule) in _MARKUP.items():
            for file, place in _PLACES.items():
                yield Broken(mistake, look, file, _before(place, markup), rule)
        for mistake, (css, rule) in _STYLES.items():
            for file in _SHEETS:
                yield Broken(mistake, look, file, _at_end(css), rule)
        for mistake, (sought, instead) in _VALUES.items():
            rule = {"uses": "template-unused", "misspelt": "template"}.get(
                mistake.rsplit(" ", 1)[1], "style-properties"
            )
            yield Broken(mistake, look, "style.jinja", _instead(sought, instead), rule)
        for mistake, (file, text) in _FILES.items():
            rule = "block-declared" if file.startswith("blocks/") else "template-unused"
            yield Broken(mistake, look, file, _as_it_is(text), rule)
        for mistake, part in _PAGES.items():
            page = f'{{% extends "default.mjml" %}}\n\n{part}\n'
            yield Broken(mistake, look, "default.mjml", _as_it_is(page, 3), "template-unused")


def _before(place: str, markup: str) -> Break:
    def break_(text: str) -> tuple[str, int]:
        found = re.search(place, text)
        assert found, place
        at = found.start()
        broken = f"{text[:at]}\n{markup}\n{text[at:]}"
        return broken, text.count("\n", 0, at) + 2

    return break_


def _at_end(css: str) -> Break:
    return lambda text: (f"{text.rstrip()}\n{css}\n", text.rstrip().count("\n") + 2)


def _instead(sought: str, instead: str) -> Break:
    def break_(text: str) -> tuple[str, int]:
        found = re.search(sought, text)
        assert found, sought
        line = text.count("\n", 0, found.start()) + 1
        return re.sub(sought, instead, text, count=1), line

    return break_


def _as_it_is(text: str, line: int = 1) -> Break:
    return lambda _: (text, line)


CORPUS = tuple(corpus())
