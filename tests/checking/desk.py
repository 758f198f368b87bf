"""A desk to check drafts at: letters, spoiled editions, and the form a case has."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from newsletter.checking import Audience
from newsletter.language.phrases import unsubscribe_mailto
from newsletter.model import Edition, Severity
from newsletter.render import Letterhead

SENDER = "Example Foundation, Street 1, 00100 Helsinki"
LETTERHEAD = Letterhead(title="Kirje", sender=SENDER, reply_to="toimitus@example.org")
SETTINGS = f"""\
[newsletter]
title = "Kirje"
language = "fi"
from = "Kirje <kirje@example.org>"
reply_to = "toimitus@example.org"
sender = "{SENDER}"
"""
PREHEADER = "Tässä kirjeessä kerrotaan, mitä syksyllä tapahtuu."  # 50 characters
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
PEOPLE = Audience(recipients=9, attributes=frozenset({"region"}), empty={}, longest={}, met={})
MAIL_TO = "mailto:toimitus@example.org?subject="
IMAGE = "p.png"  # lies beside the issue
WEB_IMAGE = "https://www.example.org/p.png"
TABLE = "| a | b |\n|---|---|\n"

Spoil = Callable[[Edition], Edition]
Prepare = Callable[[Path], None]


def letter(
    body: str,
    *,
    subject: str = "Joulukuu",
    preheader: str = PREHEADER,
    date: str = "2026-12-15",
    more: str = "",
) -> str:
    """Return an issue file: subject on line 2, preheader on line 3, the body from line 6.

    `more` is further front matter, below which the body moves down.
    """
    front = f'subject: "{subject}"\npreheader: "{preheader}"\ndate: {date}\n{more}'
    return f"---\n{front}---\n{body}\n"


def beside(name: str, text: str) -> Prepare:
    """Lay down a file beside the issue."""

    def lay(folder: Path) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    return lay


PAGE = letter("Alku.\n\nKohta.")  # “Kohta.” stands on line 8


@dataclass(frozen=True, slots=True)
class Case:
    """A draft with a fault, and one that just has none."""

    rule: str  # its id
    severity: Severity
    line: int | None  # of the finding
    faulty: str  # the issue file
    fine: str | None = None  # where the files differ
    audience: Audience | None = None  # of both drafts
    fine_audience: Audience | None = None  # where only the audience differs
    spoil: Spoil | None = None  # what a changed template does to the faulty edition
    fine_spoil: Spoil | None = None  # what one may do to the fine edition
    file: str = "2026-12.md"  # the one that is looked at, where the issue has several
    prepare: Prepare | None = None  # lays files into the folder `issues`, for both drafts
    fine_prepare: Prepare | None = None  # for the fine draft instead
    settings: Mapping[str, Any] = field(default_factory=dict)  # facts of both drafts
    fine_settings: Mapping[str, Any] = field(default_factory=dict)
    toml: str = ""  # further settings of both
    fine_toml: str | None = None  # of the fine draft instead

    @property
    def fault(self) -> str:
        """Return what stands where the fault is, as a name of the case."""
        line = self.faulty.split("\n")[self.line - 1 : self.line] if self.line else [self.toml]
        return "".join(line).strip()[:40] or "as it stands"


def in_body(
    rule: str,
    severity: Severity,
    line: int | None,
    faulty: str,
    fine: str | None = None,
    *,
    more: str = "",
    **others: Any,
) -> Case:
    """Return the case of two bodies, or of one; `more` is further front matter of both."""
    fine_file = None if fine is None else letter(fine, more=more)
    return Case(rule, severity, line, letter(faulty, more=more), fine_file, **others)


def in_subject(
    rule: str, severity: Severity, faulty: str, fine: str | None = None, **others: Any
) -> Case:
    """Return the case of two subjects, or of one."""
    fine_file = None if fine is None else letter("Hei.", subject=fine)
    return Case(rule, severity, 2, letter("Hei.", subject=faulty), fine_file, **others)


def in_preheader(rule: str, severity: Severity, faulty: str, fine: str, **others: Any) -> Case:
    """Return the case of two preheaders."""
    faulty, fine = (letter("Hei.", preheader=preheader) for preheader in (faulty, fine))
    return Case(rule, severity, 3, faulty, fine, **others)


def on_page(
    rule: str,
    severity: Severity,
    line: int | None,
    spoil: Spoil,
    fine_spoil: Spoil | None = None,
    **others: Any,
) -> Case:
    """Return the case of what templates do to one page."""
    return Case(rule, severity, line, PAGE, spoil=spoil, fine_spoil=fine_spoil, **others)


# --- what a template or a long issue may do to an edition ---------------------------------


def html_of_size(size: int) -> Spoil:
    """Make the HTML have so many bytes."""
    return lambda edition: replace(edition, html="x" * size, slots=())


def unsubscribe_at(place: int) -> Spoil:
    """Put the way to leave behind so many bytes."""

    def move(edition: Edition) -> Edition:
        filler = "<p>" + "x" * (place - len('<p><a href="'))
        return replace(
            edition,
            html=f'{filler}<a href="{unsubscribe_mailto(LETTERHEAD.reply_to, "fi")}">Peruuta</a>',
        )

    return move


def without(part: str, words: str) -> Spoil:
    """Take words away from a part."""

    def take(edition: Edition) -> Edition:
        assert words in getattr(edition, part)
        if part == "html":
            return replace(edition, html=edition.html.replace(words, ""))
        return replace(edition, text=edition.text.replace(words, ""))

    return take


def text_of(words: str) -> Spoil:
    """Make the text part hold only these words."""
    return lambda edition: replace(edition, text=words)


def with_footer_link(shown: str) -> Spoil:
    """Show something else in place of the words of the unsubscribe link."""

    def show(edition: Edition) -> Edition:
        html, count = re.subn(
            rf'(<a\b[^>]*"{re.escape(MAIL_TO)}[^>]*>)[^<]*', rf"\g<1>{shown}", edition.html
        )
        assert count == 1
        return replace(edition, html=html)

    return show


def in_html(old: str, new: str) -> Spoil:
    """Put other HTML in one place; the lines of what follows stay known."""

    def put(edition: Edition) -> Edition:
        at = edition.html.index(old)
        grown = len(new) - len(old)
        places = tuple((p + grown if p > at else p, line) for p, line in edition.places)
        html = edition.html.replace(old, new, 1)
        return replace(edition, html=html, places=places)

    return put


def in_style(rules: str) -> Spoil:
    """Put rules into the style sheet of the page."""
    return in_html("</head>", f"<style>{rules}</style></head>")
