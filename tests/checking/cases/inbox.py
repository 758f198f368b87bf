"""Cases of subject, preheader, front matter and letters nobody sees."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from newsletter.model import Edition
from tests.checking.cases.mail import add_html, earlier
from tests.checking.cases.parts import text
from tests.checking.desk import ERROR, NOTE, PEOPLE, PREHEADER, WARNING, Case, Prepare, letter

HIDDEN = '<div style="display:none;'


def hidden(old: str, new: str) -> Callable[[Edition], Edition]:
    """Change how the template hides the preheader."""

    def change(edition: Edition) -> Edition:
        assert old in edition.html
        return replace(edition, html=edition.html.replace(old, new, 1))

    return change


def dated(text: str, date: str) -> str:
    """Return an issue file with another date."""
    return text.replace("date: 2026-12-15", f"date: {date}")


def last_year(folder: Path) -> None:
    """Lay down an issue of last December with the number twelve."""
    text = dated(letter("Hei.", subject="Vanha", more="number: 12\n"), "2025-12-15")
    (folder / "2025-12.md").write_text(text, encoding="utf-8")


def same_day(folder: Path) -> None:
    """Lay down another issue of the same day."""
    text = letter("Hei.", subject="Muu")
    (folder / "2026-11.md").write_text(text, encoding="utf-8")


NUMBERED: Prepare = earlier(front="number: 11\n")

CASES = [
    # --- the subject
    # phones show less than desktops
    Case(
        id="subject-length", severity=NOTE, line=2,
        faulty=letter("Hei.", subject="x" * 51), fine=letter("Hei.", subject="x" * 50),
    ),
    # one character more than an inbox shows
    Case(
        id="subject-length", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="x" * 71), fine=letter("Hei.", subject="x" * 50),
    ),
    # nobody knows how long a subject will be that is still to be written
    Case(
        id="subject-length", severity=NOTE, line=2,
        faulty=letter("Hei.", subject="x" * 51),
        fine=letter("Hei.", subject="Joulukuu: (kirjoita tähän, mikä tässä kuussa on tärkeintä)"),
    ),
    # a slot counts as a usual name does: “Åke Örn-Jäärä”
    Case(
        id="subject-length", severity=NOTE, line=2,
        faulty=letter("Hei.", subject="{{ name }}" + "x" * 38),
        fine=letter("Hei.", subject="{{ name }}" + "x" * 37),
    ),
    # a family and a flag are one sign each, a dot is none
    Case(
        id="subject-length", severity=NOTE, line=2,
        faulty=letter("Hei.", subject="x" * 49 + "👩‍👩‍👧🇫🇮"),
        fine=letter("Hei.", subject="x" * 48 + "👩‍👩‍👧🇫🇮"),
    ),
    # what a template begins with
    Case(
        id="subject-present", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Uutiskirje!"),
        fine=letter("Hei.", subject="Uutiskirje: kysely"),
    ),
    # and a number
    Case(
        id="subject-present", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="Uutiskirje 12/2026"),
        fine=letter("Hei.", subject="Uutiskirje 12/2026: kysely"),
    ),
    # the name of the file
    Case(
        id="subject-present", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="2026-12"), fine=letter("Hei.", subject="2026"),
    ),
    # nothing is left of it
    Case(
        id="subject-present", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="{{ name|'' }}"),
        fine=letter("Hei.", subject="{{ name|'Sinä' }}"),
    ),
    # an answer to nothing
    Case(
        id="subject-fake-thread", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="VS: Kysely"), fine=letter("Hei.", subject="VS:n kysely"),
    ),
    # a second answer
    Case(
        id="subject-fake-thread", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Re[2]: Kysely"),
        fine=letter("Hei.", subject="Resurssit: kysely"),
    ),
    # capital letters
    Case(
        id="subject-shouting", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="TULE TEEMAPÄIVÄÄN 2027"),
        fine=letter("Hei.", subject="TE, KELA ja STM"),
    ),
    # one exclamation mark too many
    Case(
        id="subject-shouting", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="Tule! Nyt!"), fine=letter("Hei.", subject="Tule nyt!"),
    ),
    # two emoji
    Case(
        id="subject-shouting", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="Joulu 🎄 🎁"), fine=letter("Hei.", subject="Joulu 🎄"),
    ),
    # a family of three generations, a flag or a key is one
    *(
        Case(
            id="subject-shouting", severity=WARNING, line=2,
            faulty=letter("Hei.", subject=f"Joulu 🎄 {one}"),
            fine=letter("Hei.", subject=f"Joulu {one}"),
        )
        for one in ("👵🏽\u200d👩\u200d👧", "👩🏿\u200d❤️\u200d👨🏻", "🇫🇮", "3️⃣")
    ),
    # one at the beginning
    Case(
        id="subject-shouting", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="🎄 Joulu"), fine=letter("Hei.", subject="Joulu 🎄 tulee"),
    ),
    # that of last month
    Case(
        id="subject-repeat", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="kuulumisia verkostosta"),
        fine=letter("Hei.", subject="Kuulumisia verkostosta 12"),
        prepare=earlier(subject="Kuulumisia verkostosta!"),
    ),
    # --- the preheader
    # the subject again
    Case(
        id="preheader-repeats-subject", severity=WARNING, line=3,
        faulty=letter("Hei.", subject="Kysely: te vastasitte", preheader="Kysely – te vastasitte!"),
        fine=letter("Hei.", subject="Kysely: te vastasitte", preheader="Te vastasitte: kysely"),
    ),
    # a direction
    Case(
        id="preheader-filler", severity=WARNING, line=3,
        faulty=letter("Hei.", preheader="Jos viesti ei näy oikein, lue se selaimessa."),
        fine=letter("Hei.", preheader="Lue, mitä selaimen asetuksista kannattaa tietää."),
    ),
    # white letters
    Case(
        id="preheader-technique", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=hidden(HIDDEN, HIDDEN + "color:#ffffff;"),
        fine_spoil=hidden(HIDDEN, HIDDEN + "background-color:#ffffff;"),
    ),
    # tiny ones
    Case(
        id="preheader-technique", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=hidden("display:none;font-size:1px", "font-size:1px"),
    ),
    # filled up
    Case(
        id="preheader-technique", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=hidden(PREHEADER, PREHEADER + "&zwnj;&nbsp;" * 31),
        fine_spoil=hidden(PREHEADER, PREHEADER + "&zwnj;&nbsp;" * 30),
    ),
    # too much
    Case(
        id="preheader-technique", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=hidden(PREHEADER, PREHEADER + "x" * 151),
        fine_spoil=hidden(PREHEADER, PREHEADER + "x" * 150),
    ),
    # hidden twice
    Case(
        id="preheader-technique", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=add_html(f'<div style="display:none">{PREHEADER}</div>'),
        fine_spoil=add_html(f"<div>{PREHEADER}</div>"),
    ),
    # --- letters nobody sees
    # a sign that turns the subject round
    Case(
        id="invisible-chars", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Joulu\u202ekuu"), fine=letter("Hei.", subject="Joulukuu"),
    ),
    # a soft hyphen in the inbox
    Case(
        id="invisible-chars", severity=WARNING, line=3,
        faulty=letter("Hei.", preheader=f"{PREHEADER} Työhön\u00advalmennus"),
        fine=letter("Työhön\u00advalmennus"),
    ),
    # a space without width
    Case(
        id="invisible-chars", severity=WARNING, line=7,
        faulty=letter("Hei.\nTyöhön\u200bvalmennus"), fine=letter("Hei 👩\u200d💻 ja שלום\u200f."),
    ),
    # an address that is not the one it seems
    Case(
        id="invisible-chars", severity=ERROR, line=6,
        faulty=letter("[x](https://example.org/\u200ba)"), fine=letter("[x](https://example.org/a)"),
    ),
    # what Word left
    Case(
        id="c1-controls", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        spoil=add_html("<p>it&#146;s</p>"), fine_spoil=add_html("<p>it&#160;s</p>"),
    ),
    # in the text
    Case(
        id="c1-controls", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        spoil=text(lambda old: old.replace("Hei.", "Hei\x92.")),
        fine_spoil=text(lambda old: old.replace("Hei.", "Hei\xa0.")),
    ),
    # --- date and number
    # a year behind, as in January
    Case(
        id="fm-date", severity=WARNING, line=4,
        faulty=dated(letter("Hei."), "2025-12-15"), fine=dated(letter("Hei."), "2026-11-30"),
    ),
    # half a year ahead, though the file is named for that month
    Case(
        id="fm-date", severity=WARNING, line=4,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={"today": dt.date(2026, 5, 28)},
        fine_settings={"today": dt.date(2026, 5, 29)},
    ),
    # the month before, for which it is not named
    Case(
        id="fm-date", severity=WARNING, line=4,
        faulty=dated(letter("Hei."), "2026-11-30"), fine=dated(letter("Hei."), "2026-11-30"),
        settings={"today": dt.date(2026, 8, 31)},
        fine_settings={"today": dt.date(2026, 9, 1)},
    ),
    # last week
    Case(
        id="fm-date", severity=WARNING, line=4,
        faulty=dated(letter("Hei."), "2026-12-07"), fine=dated(letter("Hei."), "2026-12-08"),
        audience=PEOPLE,
    ),
    # it went out then
    Case(
        id="fm-date", severity=WARNING, line=4,
        faulty=dated(letter("Hei."), "2026-12-01"), fine=dated(letter("Hei."), "2026-12-01"),
        audience=PEOPLE, fine_settings={"is_sent": True},
    ),
    # that of another issue
    Case(
        id="fm-date", severity=WARNING, line=4,
        faulty=letter("Hei."), fine=letter("Hei."), prepare=same_day, fine_prepare=earlier(),
    ),
    # an issue that is out
    Case(
        id="fm-already-sent", severity=NOTE, line=None,
        faulty=letter("Hei."), fine=letter("Hei."), settings={"is_sent": True},
        fine_settings={"is_sent": False},
    ),
    # the number of last month
    Case(
        id="fm-issue-number", severity=WARNING, line=5,
        faulty=letter("Hei.", more="number: 11\n"), fine=letter("Hei.", more="number: 12\n"),
        prepare=NUMBERED,
    ),
    # one is left out
    Case(
        id="fm-issue-number", severity=WARNING, line=5,
        faulty=letter("Hei.", more="number: 13\n"), fine=letter("Hei.", more="number: 12\n"),
        prepare=NUMBERED,
    ),
    # numbers begin anew with a year
    Case(
        id="fm-issue-number", severity=WARNING, line=5,
        faulty=letter("Hei.", more="number: 2\n"), fine=letter("Hei.", more="number: 1\n"),
        prepare=last_year,
    ),
    # another in the subject
    Case(
        id="fm-issue-number", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="Kirje 11/2026: kysely", more="number: 12\n"),
        fine=letter("Hei.", subject="Kirje 12/2026: kysely", more="number: 12\n"),
    ),
    # another in a heading
    Case(
        id="fm-issue-number", severity=WARNING, line=7,
        faulty=letter("## Nro 11", more="number: 12\n"),
        fine=letter("## Nro 12\n\nKerroimme kysely\u00adstä numerossa 11.", more="number: 12\n"),
    ),
    # last year's
    Case(
        id="fm-issue-number", severity=WARNING, line=6,
        faulty=letter("## Uutiskirje 12/2025"), fine=letter("## Uutiskirje 12/2026 ja 10/2025"),
    ),
    # --- what is still to be written
    # a reminder
    Case(
        id="fm-draft", severity=ERROR, line=8,
        faulty=letter("Hei.\n\nTODO: kysy Ainolta"),
        fine=letter("Hei.\n\n<!-- TODO: kysy Ainolta -->\n\nTodo-lista ja metodo."),
    ),
    # a time that was not known
    Case(
        id="fm-draft", severity=ERROR, line=7,
        faulty=letter("Hei.\nTule klo ??? paikalle"), fine=letter("Hei.\nTuletko??? Kyllä!???"),
    ),
    # words of the house pattern
    Case(
        id="fm-draft", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Joulukuu: (kirjoita tähän tärkein asia)"),
        fine=letter("Hei.", subject="Joulukuu: kirjoita tähän kuuhun mahtuva uutinen"),
    ),
    # those of another language
    Case(
        id="fm-draft", severity=ERROR, line=6,
        faulty=letter("## (översätt) Kysely"), fine=letter("## Översätt Kysely"),
    ),
    # in what an abbreviation stands for
    Case(
        id="fm-draft", severity=ERROR, line=8,
        faulty=letter("THL kysyy.\n\n*[THL]: (översätt) Terveyden ja hyvinvoinnin laitos"),
        fine=letter("THL kysyy.\n\n*[THL]: Terveyden ja hyvinvoinnin laitos"),
    ),
    # words that fill a page
    Case(
        id="fm-draft", severity=ERROR, line=6,
        faulty=letter("Lorem ipsum dolor sit amet."), fine=letter("Loremin ipsum."),
    ),
]  # fmt: skip
