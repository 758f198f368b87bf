"""Cases of subject, preheader, front matter and letters nobody sees."""

import datetime as dt

from tests.checking.cases.mail import add_html, earlier
from tests.checking.cases.parts import text
from tests.checking.desk import (
    ERROR,
    NOTE,
    PEOPLE,
    PREHEADER,
    WARNING,
    Case,
    Prepare,
    beside,
    in_body,
    in_html,
    in_preheader,
    in_subject,
    letter,
)

HIDDEN = '<div style="display:none;'


LAST_YEAR = beside(
    "2025-12.md", letter("Hei.", subject="Vanha", date="2025-12-15", more="number: 12\n")
)
SAME_DAY = beside("2026-11.md", letter("Hei.", subject="Muu"))
NUMBERED: Prepare = earlier(front="number: 11\n")

CASES = [
    # --- the subject
    # phones show less than desktops
    in_subject("subject-length", NOTE, "x" * 51, "x" * 50),
    # one character more than an inbox shows
    in_subject("subject-length", WARNING, "x" * 71, "x" * 50),
    # nobody knows how long a subject will be that is still to be written
    in_subject("subject-length", NOTE,
               "x" * 51, "Joulukuu: (kirjoita tähän, mikä tässä kuussa on tärkeintä)"),
    # a slot counts as a usual name does: “Åke Örn-Jäärä”
    in_subject("subject-length", NOTE, "{{ name }}" + "x" * 38, "{{ name }}" + "x" * 37),
    # a family and a flag are one sign each, a dot is none
    in_subject("subject-length", NOTE, "x" * 49 + "👩‍👩‍👧🇫🇮", "x" * 48 + "👩‍👩‍👧🇫🇮"),
    # what a template begins with
    in_subject("subject-present", ERROR, "Uutiskirje!", "Uutiskirje: kysely"),
    # and a number
    in_subject("subject-present", WARNING, "Uutiskirje 12/2026", "Uutiskirje 12/2026: kysely"),
    # the name of the file
    in_subject("subject-present", ERROR, "2026-12", "2026"),
    # nothing is left of it
    in_subject("subject-present", ERROR, "{{ name|'' }}", "{{ name|'Sinä' }}"),
    # an answer to nothing
    in_subject("subject-fake-thread", ERROR, "VS: Kysely", "VS:n kysely"),
    # a second answer
    in_subject("subject-fake-thread", ERROR, "Re[2]: Kysely", "Resurssit: kysely"),
    # capital letters
    in_subject("subject-shouting", WARNING, "TULE TEEMAPÄIVÄÄN 2027", "TE, KELA ja STM"),
    # one exclamation mark too many
    in_subject("subject-shouting", WARNING, "Tule! Nyt!", "Tule nyt!"),
    # two emoji
    in_subject("subject-shouting", WARNING, "Joulu 🎄 🎁", "Joulu 🎄"),
    # a family of three generations, a flag or a key is one
    *(
        in_subject("subject-shouting", WARNING, f"Joulu 🎄 {one}", f"Joulu {one}")
        for one in ("👵🏽\u200d👩\u200d👧", "👩🏿\u200d❤️\u200d👨🏻", "🇫🇮", "3️⃣")
    ),
    # one at the beginning
    in_subject("subject-shouting", WARNING, "🎄 Joulu", "Joulu 🎄 tulee"),
    # that of last month
    in_subject("subject-repeat", WARNING,
               "kuulumisia verkostosta", "Kuulumisia verkostosta 12",
               prepare=earlier(subject="Kuulumisia verkostosta!")),
    # --- the preheader
    # the subject again
    Case("preheader-repeats-subject", WARNING, 3,
         letter("Hei.", subject="Kysely: te vastasitte", preheader="Kysely – te vastasitte!"),
         letter("Hei.", subject="Kysely: te vastasitte", preheader="Te vastasitte: kysely")),
    # a direction
    in_preheader("preheader-filler", WARNING,
                 "Jos viesti ei näy oikein, lue se selaimessa.",
                 "Lue, mitä selaimen asetuksista kannattaa tietää."),
    # white letters
    in_body("preheader-technique", WARNING, None,
            "Hei.",
            spoil=in_html(HIDDEN, HIDDEN + "color:#ffffff;"),
            fine_spoil=in_html(HIDDEN, HIDDEN + "background-color:#ffffff;")),
    # tiny ones
    in_body("preheader-technique", WARNING, None,
            "Hei.",
            spoil=in_html("display:none;font-size:1px", "font-size:1px")),
    # filled up
    in_body("preheader-technique", WARNING, None,
            "Hei.",
            spoil=in_html(PREHEADER, PREHEADER + "&zwnj;&nbsp;" * 31),
            fine_spoil=in_html(PREHEADER, PREHEADER + "&zwnj;&nbsp;" * 30)),
    # too much
    in_body("preheader-technique", WARNING, None,
            "Hei.",
            spoil=in_html(PREHEADER, PREHEADER + "x" * 151),
            fine_spoil=in_html(PREHEADER, PREHEADER + "x" * 150)),
    # hidden twice
    in_body("preheader-technique", WARNING, None,
            "Hei.",
            spoil=add_html(f'<div style="display:none">{PREHEADER}</div>'),
            fine_spoil=add_html(f"<div>{PREHEADER}</div>")),
    # --- letters nobody sees
    # a sign that turns the subject round
    in_subject("invisible-chars", ERROR, "Joulu\u202ekuu", "Joulukuu"),
    # a soft hyphen in the inbox
    Case("invisible-chars", WARNING, 3,
         letter("Hei.", preheader=f"{PREHEADER} Työhön\u00advalmennus"),
         letter("Työhön\u00advalmennus")),
    # a space without width
    in_body("invisible-chars", WARNING, 7,
            "Hei.\nTyöhön\u200bvalmennus", "Hei 👩\u200d💻 ja שלום\u200f."),
    # an address that is not the one it seems
    in_body("invisible-chars", ERROR, 6,
            "[x](https://example.org/\u200ba)", "[x](https://example.org/a)"),
    # what Word left
    in_body("c1-controls", ERROR, None,
            "Hei.",
            spoil=add_html("<p>it&#146;s</p>"), fine_spoil=add_html("<p>it&#160;s</p>")),
    # in the text
    in_body("c1-controls", ERROR, None,
            "Hei.",
            spoil=text(lambda old: old.replace("Hei.", "Hei\x92.")),
            fine_spoil=text(lambda old: old.replace("Hei.", "Hei\xa0."))),
    # --- date and number
    # a year behind, as in January
    Case("fm-date", WARNING, 4,
         letter("Hei.", date="2025-12-15"), letter("Hei.", date="2026-11-30")),
    # half a year ahead, though the file is named for that month
    in_body("fm-date", WARNING, 4,
            "Hei.",
            settings={"today": dt.date(2026, 5, 28)},
            fine_settings={"today": dt.date(2026, 5, 29)}),
    # the month before, for which it is not named
    Case("fm-date", WARNING, 4,
         letter("Hei.", date="2026-11-30"),
         settings={"today": dt.date(2026, 8, 31)}, fine_settings={"today": dt.date(2026, 9, 1)}),
    # last week
    Case("fm-date", WARNING, 4,
         letter("Hei.", date="2026-12-07"), letter("Hei.", date="2026-12-08"),
         audience=PEOPLE),
    # it went out then
    Case("fm-date", WARNING, 4,
         letter("Hei.", date="2026-12-01"),
         audience=PEOPLE, fine_settings={"is_sent": True}),
    # that of another issue
    in_body("fm-date", WARNING, 4, "Hei.", prepare=SAME_DAY, fine_prepare=earlier()),
    # an issue that is out
    in_body("fm-already-sent", NOTE, None,
            "Hei.",
            settings={"is_sent": True}, fine_settings={"is_sent": False}),
    # the number of last month
    Case("fm-issue-number", WARNING, 5,
         letter("Hei.", more="number: 11\n"), letter("Hei.", more="number: 12\n"),
         prepare=NUMBERED),
    # one is left out
    Case("fm-issue-number", WARNING, 5,
         letter("Hei.", more="number: 13\n"), letter("Hei.", more="number: 12\n"),
         prepare=NUMBERED),
    # numbers begin anew with a year
    Case("fm-issue-number", WARNING, 5,
         letter("Hei.", more="number: 2\n"), letter("Hei.", more="number: 1\n"),
         prepare=LAST_YEAR),
    # another in the subject
    Case("fm-issue-number", WARNING, 2,
         letter("Hei.", subject="Kirje 11/2026: kysely", more="number: 12\n"),
         letter("Hei.", subject="Kirje 12/2026: kysely", more="number: 12\n")),
    # another in a heading
    in_body("fm-issue-number", WARNING, 7,
            "## Nro 11", "## Nro 12\n\nKerroimme kysely\u00adstä numerossa 11.",
            more="number: 12\n"),
    # last year's
    in_body("fm-issue-number", WARNING, 6,
            "## Uutiskirje 12/2025", "## Uutiskirje 12/2026 ja 10/2025"),
    # --- what is still to be written
    # a reminder
    in_body("fm-draft", ERROR, 8,
            "Hei.\n\nTODO: kysy Ainolta",
            "Hei.\n\n<!-- TODO: kysy Ainolta -->\n\nTodo-lista ja metodo."),
    # a time that was not known
    in_body("fm-draft", ERROR, 7, "Hei.\nTule klo ??? paikalle", "Hei.\nTuletko??? Kyllä!???"),
    # words of the house pattern
    in_subject("fm-draft", ERROR,
               "Joulukuu: (kirjoita tähän tärkein asia)",
               "Joulukuu: kirjoita tähän kuuhun mahtuva uutinen"),
    # those of another language
    in_body("fm-draft", ERROR, 6, "## (översätt) Kysely", "## Översätt Kysely"),
    # in what an abbreviation stands for
    in_body("fm-draft", ERROR, 8,
            "THL kysyy.\n\n*[THL]: (översätt) Terveyden ja hyvinvoinnin laitos",
            "THL kysyy.\n\n*[THL]: Terveyden ja hyvinvoinnin laitos"),
    # words that fill a page
    in_body("fm-draft", ERROR, 6, "Lorem ipsum dolor sit amet.", "Loremin ipsum."),
]  # fmt: skip
