"""Kinds of input, each as a function from a size to what is read, and what reads it."""

import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from newsletter import pipeline
from newsletter.audience.reading import open_people
from newsletter.collecting.feeds import read_feed
from newsletter.content.meeting_files import read_meeting
from newsletter.content.survey_files import read_survey
from newsletter.errors import NewsletterError
from newsletter.settings import load_settings
from tests.conftest import Site
from tests.doubling.lists import LISTS

Build = Callable[[int], str]
Work = Callable[[Site, str], None]
_FRONT = 'subject: "Kirje"\npreheader: "Mitä kuuluu"\ndate: 2026-06-15\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of input."""

    name: str
    build: Build
    work: Work
    size: int = 50  # of the smallest input; it is doubled twice
    most: float = 2.25  # times what the first doubling adds, the second one may add


@contextmanager
def _told() -> Iterator[None]:
    """Take a refusal for an answer: it must be as quick."""
    with suppress(NewsletterError):
        yield


def _check(site: Site) -> None:
    settings = load_settings(site.root)
    manuscript = pipeline.read(settings, "2026-06")
    pipeline.check(settings, manuscript, None, now=dt.datetime.now(dt.UTC))


# --- what reads them ----------------------------------------------------------------------


def check(site: Site, text: str) -> None:
    """Check an issue as the command does."""
    site.write("issues/2026-06.md", text)
    with _told():
        _check(site)


def check_with_style(site: Site, text: str) -> None:
    """Check an issue whose template has an own style sheet."""
    site.write("templates/screen.css", text)
    with _told():
        _check(site)


def read_people(site: Site, text: str) -> None:
    """Read a list of people."""
    with _told():
        for _ in open_people(io.BytesIO(text.encode()), "people.csv"):
            pass


def read_items(site: Site, text: str) -> None:
    """Read a feed."""
    with _told():
        read_feed(
            text.encode(),
            url="https://www.example.org/feed.xml",
            content_type="application/rss+xml",
            name="Feed",
            zone=ZoneInfo("Europe/Helsinki"),
        )


def read_settings(site: Site, text: str) -> None:
    """Read settings; the site's own follow."""
    own = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    root = site.root / "settings"
    root.mkdir(exist_ok=True)
    Path(root, "newsletter.toml").write_text(f"{own}\n{text}", encoding="utf-8")
    with _told():
        load_settings(root)


def read_asked(site: Site, text: str) -> None:
    """Read a survey in two languages."""
    site.write("surveys/k.md", f"---\ntitle: K\nkind: anonymous\n---\n{text}")
    site.write("surveys/k.sv.md", f"---\ntitle: K\n---\n{text}")
    with _told():
        read_survey(site.root / "surveys", "k", language="fi")


def read_day(site: Site, text: str) -> None:
    """Read the file of a meeting."""
    site.write("meetings/day.md", text)
    with _told():
        read_meeting(site.root / "meetings", "day", language="fi", zone=ZoneInfo("UTC"))


# --- the kinds ----------------------------------------------------------------------------


def _body(build: Build) -> Build:
    return lambda size: f"---\n{_FRONT}---\n{build(size)}\n"


def _front(build: Build) -> Build:
    return lambda size: f"---\n{_FRONT}{build(size)}---\nHei!\n"


def _numbered(line: str) -> Build:
    """Return what repeats a line; `#` in it is a number that no other line of any size has.

    Otherwise what libraries remember would make the larger input cheaper, up to some size.
    """
    return lambda size: "".join(line.replace("#", str(size * 10_000 + n)) for n in range(size))


def _day(n: int) -> str:
    return f"{dt.date(2026, 1, 1) + dt.timedelta(days=n % 700):%-d.%-m.%Y}"


# What a survey asks; as many as one may have, and more.
_ASKED: Mapping[str, Build] = {
    "questions": _numbered("## Mitä #?\n\n____\n\n"),
    "pages": _numbered("# Sivu #\n\n## Mitä #?\n\n____\n\n"),
    "answers": lambda size: "## Mitä?\n\n" + _numbered("- ( ) vastaus #\n")(size),
    "the same answer": lambda size: "## Mitä?\n\n" + "- ( ) sama\n" * size,
    "rows": lambda size: "## Mitä?\n\n| | a | b |\n|-|-|-|\n" + _numbered("| rivi # | | |\n")(size),
    "questions that depend": lambda size: (
        "# A\n\n## Mitä? {#q}\n\n1 ... 5\n\n# B\n\n"
        + _numbered("## Mitä #?\n\nNäytetään, jos q = 3\n\n____\n\n")(size)
    ),
    "lines to write on": lambda size: "## Mitä?\n\n" + "____\n" * size,
    "blanks of a line": lambda size: f"## Mitä?\n\n1 {' ' * size * 20}x\n\n____\n",
    "underscores of a line": lambda size: f"## Mitä?\n\n- ( ) {'_' * size * 100}x\n- ( ) b\n",
}

_BODIES: Mapping[str, Build] = {
    "lines of a paragraph": _numbered("rivi #\n"),
    "lines of colons": _numbered(": rivi #\n"),
    "words of a line": _numbered("sana# "),
    "paragraphs": _numbered("kappale #\n\n"),
    "headings": _numbered("## otsikko #\n\nteksti\n\n"),
    "numbers with full stops": _numbered("1.1. "),
    "dates of a paragraph": lambda size: "".join(f"{_day(n)} " for n in range(size)),
    "dates on lines": lambda size: "".join(f"ma {_day(n)} klo 9–15\n\n" for n in range(size)),
    "items of a list": _numbered("- kohta #\n"),
    "items of a numbered list": lambda size: "".join(f"{n + 1}. kohta\n" for n in range(size)),
    "lists within lists": lambda size: "".join("  " * (n % 15) + "- a\n" for n in range(size)),
    "quotes within quotes": lambda size: ">" * size + " a\n",
    "directives": _numbered("::: box\nteksti #\n:::\n\n"),
    "directives that do not end": _numbered("::: box\n"),
    "ends of no directive": _numbered(":::\n"),
    "buttons": _numbered("::: button https://www.example.org/#\nAvaa #\n:::\n\n"),
    "conditions": _numbered("::: only alue=a\nteksti #\n:::\n\n"),
    "footnotes": _numbered("teksti[^#]\n\n[^#]: viite #\n\n"),
    "abbreviations": _numbered("*[AB#]: jokin\nAB#\n\n"),
    "slots": _numbered('{{ name|"sinä" }} '),
    "slots that do not end": _numbered('{{ name|"a '),
    "comments": _numbered("a <!-- # --> b\n\n"),
    "comments that do not end": _numbered("<!-- "),
    "links": _numbered("[sivu #](https://www.example.org/#) "),
    "open brackets": _numbered("["),
    "brackets": _numbered("[a]("),
    "stars": _numbered("*a **b "),
    "ticks": _numbered("`" * 3 + "a "),
    "open tags": _numbered("<b>"),
    "tags": _numbered("<i>a</i> "),
    "nested tags": lambda size: "<div>" * size + "a" + "</div>" * size,
    "entities": _numbered("&auml;&#228; "),
    "rows of a table": lambda size: "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * size,
    "columns of a table": lambda size: "|a" * size + "|\n" + "|-" * size + "|\n" + "|1" * size,
    "reference links": _numbered("[a#]: https://www.example.org/#\n\n[a#]\n\n"),
    "signs of emphasis": _numbered("_ * "),
    "emoji": _numbered("👩‍💻"),
    "marks above marks": _numbered("a\u0301\u0301"),
    "numbers": _numbered("# 000 € "),
    "quotation marks": _numbered('"a” '),
    "impossible dates of a paragraph": lambda size: "".join(
        f"31.2.{1900 + n % 150} " for n in range(size)
    ),
    "impossible dates on lines of a paragraph": lambda size: "".join(
        f"31.2.{1900 + n % 150} a\n" for n in range(size)
    ),
    "faulty times of a paragraph": _numbered("klo 25.#\n"),
    "links that touch": _numbered("[a#](https://www.example.org/#)b"),
    "runs of backquotes": lambda size: " ".join("`" * (n % 60 + 1) + "a" for n in range(size)),
    "backquotes behind backslashes": _numbered("\\`` a# "),
    "code": _numbered("`a# *b*` "),
    "code and comments": _numbered("`<!--` <!-- # --> "),
    "explanations of one word": lambda size: "".join(f"*[A{n}]: b\n" for n in range(size)) + "\na",
    "addresses": lambda size: "".join(
        f"[a{n}]: https://www.example.org/{n}\n" for n in range(size)
    ),
    "references to one address": lambda size: (
        "[a]: https://www.example.org/\n\n" + "[b][a] " * size
    ),
    "labels in a row": lambda size: "[a]: https://www.example.org/\n\n" + "[b]" * size + "[a]",
    "references to one footnote": lambda size: "a[^1] " * size + "\n\n[^1]: viite",
    "footnotes within footnotes": lambda size: (
        "a[^0]\n\n" + "".join(f"[^{n}]: b[^{n + 1}]\n\n" for n in range(size)) + f"[^{size}]: c"
    ),
    "addresses between angle brackets": _numbered("<https://www.example.org/#>a"),
    "addresses in the text": _numbered("https://www.example.org/# "),
    "mail addresses": _numbered("<a#@example.org> "),
    "letters of a word": lambda size: "a" * size * 20,
    "parts of a word": lambda size: "a*b*" * size,
    "declarations": _numbered("<?a# "),
    "sections for programs": _numbered("<![CDATA[ # "),
    "words between angle brackets": _numbered("<nimi# ja> "),
    "unknown entities": _numbered("&abc#; &# "),
    "pictures of one name": lambda size: "![kuva](https://www.example.org/p.png)\n\n" * size,
    "pictures in a line": _numbered("![kuva #](https://www.example.org/#.png) "),
    "headings of one name": lambda size: "## Otsikko\n\nteksti\n\n" * size,
    "words of a heading": lambda size: "## " + "sana " * size + "\n\nteksti",
    "backslashes": _numbered("\\*"),
    "line breaks": _numbered("rivi #<br>"),
    "items of raw HTML": lambda size: "<ul>" + "<li>a</li>" * size + "</ul>",
    "attributes": lambda size: "<b " + " ".join(f'a{n}="b"' for n in range(size)) + ">a</b>",
    "emphasis that does not end": _numbered("**a# "),
    "bold in a row": lambda size: "**a**" * size,
    "crossed out": _numbered("~~a#~~ "),
    "telephone numbers": _numbered("040 123 45# "),
    "columns": _numbered("::: columns\na #\n---\nb\n:::\n\n"),
    "quotes": _numbered("::: quote\na #\n\n— Maija\n:::\n\n"),
    "rows of long tables": lambda size: (
        "| a | b |\n|---|---|\n" + "".join(f"| {'sana ' * 9} | 2{n} |\n" for n in range(size))
    ),
    "blank lines": lambda size: "a" + "\n" * size * 10 + "b",
    "slots of one word": lambda size: "{{ name }}" * size,
}
_FRONTS: Mapping[str, Build] = {
    "keys": _numbered("avain#: a\n"),
    "one key many times": _numbered("number: #\n"),
    "comments of the front matter": _numbered("# rivi #\n"),
    "events": lambda size: (
        "events:\n"
        + "".join(
            f"  k{n}:\n    title: Päivä {n}\n    start: 2026-12-01 09:00\n" for n in range(size)
        )
    ),
    "aliases": lambda size: "a: &a b\n" + "".join(f"c{n}: *a\n" for n in range(size)),
    "values in brackets": lambda size: "a: [" + "b, " * size + "]\n",
    "brackets of the front matter": lambda size: "a: " + "[" * size + "]" * size + "\n",
    "words of the subject": lambda size: "sender: " + "sana " * size + "\n",
}
_STYLES: Mapping[str, Build] = {
    "rules": _numbered(".a# { color: #123456 }\n"),
    "selectors": lambda size: ", ".join(f".a{n}" for n in range(size)) + " { color: red }\n",
    "deep selectors": lambda size: " ".join("div" for _ in range(size)) + " { color: red }\n",
    "declarations": lambda size: ".a { " + "color: red; " * size + "}\n",
    "open braces": lambda size: ".a {" * size,
    "media": _numbered("@media (max-width: #px) { .a { color: red } }\n"),
    "comments of styles": _numbered("/* # */\n"),
}
_ITEM = "<item><title>Uutinen #</title><link>https://www.example.org/#</link>{}</item>"
_FEEDS: Mapping[str, Build] = {
    "items": _numbered(_ITEM.format("")),
    "nested HTML of an item": lambda size: _ITEM.format(
        "<description>" + "&lt;table&gt;&lt;tr&gt;&lt;td&gt;" * size + "</description>"
    ),
    "letters of an item": lambda size: _ITEM.format(f"<description>{'x ' * size}</description>"),
    "unknown tags": lambda size: _ITEM.format("<a><b>" * size + "</b></a>" * size),
    "tags that do not end": lambda size: _ITEM.format("<a>" * size),
}
_SETTINGS: Mapping[str, Build] = {
    "feeds": _numbered('[[collect.feeds]]\nurl = "https://www.example.org/#"\n'),
    "unknown tables": _numbered("[taulu#]\na = 1\n"),
    "dotted keys": lambda size: ".".join("a" for _ in range(size)) + " = 1\n",
    "brackets of the settings": lambda size: "a = " + "[" * size + "]" * size + "\n",
}


def _rss(build: Build) -> Build:
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>'
    return lambda size: f"{head}{build(size)}</channel></rss>"


# Fewer of these add less than what one comparison of a template with the package's takes.
_MANY = {"explanations of one word", "declarations"}
# Of these each takes thousands of steps, so that a few tell as much. What grows as the square adds
# a quarter of what it adds to fifty: the bound is nearer to 2 by as much.
_DEAR = {
    "abbreviations",
    "columns",
    "comments",
    "conditions",
    "directives",
    "footnotes",
    "footnotes within footnotes",
    "buttons",
    "headings",
    "headings of one name",
    "paragraphs",
    "pictures of one name",
    "quotes",
    "reference links",
    "rows of a table",
    "rows of long tables",
    "rules",
}


def _sized(name: str) -> dict[str, Any]:
    if name in _DEAR:
        return {"size": 13, "most": 2.065}
    return {"size": 150} if name in _MANY else {}


_DAY = "title: a\nstart: 2026-12-09 09:00\nend: 15:00\nplace: b\n"
_MEETINGS: Mapping[str, Build] = {
    "rows of a programme": lambda size: (
        f"---\n{_DAY}---\n| klo | a |\n|---|---|\n" + "| 9.00 | b |\n" * size
    ),
    "choices of a question": lambda size: (
        f"---\n{_DAY}questions:\n  q:\n    label: a\n    choices:\n"
        + "".join(f"      - a{n}\n" for n in range(size))
        + "---\n"
    ),
    "unknown keys of a meeting": lambda size: (
        f"---\n{_DAY}" + _numbered("avain#: a\n")(size) + "---\n"
    ),
}

KINDS = (
    *(
        Kind(name=f"survey: {name}", build=b, work=read_asked, size=15)
        for name, b in _ASKED.items()
    ),
    *(Kind(name=name, build=build, work=read_day) for name, build in _MEETINGS.items()),
    *(Kind(name=n, build=_body(b), work=check, **_sized(n)) for n, b in _BODIES.items()),
    *(Kind(name=n, build=_front(b), work=check) for n, b in _FRONTS.items()),
    *(
        Kind(name=f"styles: {n}", build=b, work=check_with_style, **_sized(n))
        for n, b in _STYLES.items()
    ),
    *(Kind(name=f"lists: {n}", build=b, work=read_people, size=300) for n, b in LISTS.items()),
    *(Kind(name=f"feeds: {n}", build=_rss(b), work=read_items) for n, b in _FEEDS.items()),
    *(Kind(name=f"settings: {n}", build=b, work=read_settings) for n, b in _SETTINGS.items()),
)
