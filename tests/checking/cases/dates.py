"""Cases of dates, days of the week and times; the issue is of Tuesday 15 December 2026."""

from tests.checking.desk import ERROR, NOTE, TABLE, WARNING, Case, letter

EVENT = "events:\n  paiva:\n    title: Päivä\n    start: {start}\n"
SECTION = "## Teemapäivä\n\n{event}\n\n{deadline}"

CASES = [
    # --- days of the week
    # a date with its year
    Case(
        id="date-weekday", severity=ERROR, line=7,
        faulty=letter("Hei.\nKe 22.9.2026 klo 9–15"), fine=letter("Hei.\nTi 22.9.2026 klo 9–15"),
    ),
    # without a year it is the next one
    Case(
        id="date-weekday", severity=ERROR, line=6,
        faulty=letter("Nähdään keskiviikkona 19.1."), fine=letter("Nähdään tiistaina 19.1."),
    ),
    # which the one before does not excuse
    Case(
        id="date-weekday", severity=WARNING, line=6,
        faulty=letter("Nähdään maanantaina 19.1."), fine=letter("Nähdään maanantaina 19.1.2026."),
    ),
    # what was a week ago is not a year ahead
    Case(
        id="date-weekday", severity=ERROR, line=6,
        faulty=letter("Kokoonnuimme perjantaina 9.12."),
        fine=letter("Kokoonnuimme keskiviikkona 9.12."),
    ),
    # in the subject
    Case(
        id="date-weekday", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Tule to 21.1.2026"),
        fine=letter("Hei.", subject="Tule ke 21.1.2026"),
    ),
    # in a text that stands for a picture
    Case(
        id="date-weekday", severity=ERROR, line=6,
        faulty=letter("![Kutsu, ti 20.1.2027](p.png)"),
        fine=letter("![Kutsu, ke 20.1.2027](p.png)"),
    ),
    # in two cells of a row
    Case(
        id="date-weekday", severity=ERROR, line=9,
        faulty=letter(f"{TABLE}| x | y |\n| Ma | 20.1.2027 |"),
        fine=letter(f"{TABLE}| x | y |\n| Ke | 20.1.2027 |"),
    ),
    # the second of two days
    Case(
        id="date-weekday", severity=ERROR, line=6,
        faulty=letter("Tapaamiset: ke–pe 20.–21.1.2027"),
        fine=letter("Tapaamiset: ke–to 20.–21.1.2027"),
    ),
    # a month by its name
    Case(
        id="date-weekday", severity=ERROR, line=6,
        faulty=letter("Keskiviikkona 24. marraskuuta 2026"),
        fine=letter("Tiistaina 24. marraskuuta 2026"),
    ),
    # a day of the week behind the date
    Case(
        id="date-weekday", severity=ERROR, line=6,
        faulty=letter("20.1.2027 (to)"), fine=letter("20.1.2027 (ke), ke (20) ja on 21.1.2027"),
    ),
    # the English language
    Case(
        id="date-weekday", severity=ERROR, line=7,
        faulty=letter("Come on Wednesday, December 9, 2025", more="lang: en\n"),
        fine=letter("Come on Tuesday, December 9, 2025 or Thu 5/6", more="lang: en\n"),
    ),
    # the Swedish one with a stroke, at the end of a sentence
    Case(
        id="date-weekday", severity=ERROR, line=7,
        faulty=letter("Vi ses fredag 24/12.", more="lang: sv\n"),
        fine=letter("Vi ses torsdag 24/12 eller fredag 25/12 2026.", more="lang: sv\n"),
    ),
    Case(
        id="date-weekday", severity=ERROR, line=7,
        faulty=letter("Fredagen den 24:e december 2026", more="lang: sv\n"),
        fine=letter("Torsdagen den 24:e december 2026", more="lang: sv\n"),
    ),
    Case(
        id="date-impossible", severity=ERROR, line=7,
        faulty=letter("Svara senast den 31/2.", more="lang: sv\n"),
        fine=letter("Häll i 3/4 eller 31/2 dl av det, öppet 24/7.", more="lang: sv\n"),
    ),
    Case(
        id="time-impossible", severity=ERROR, line=7,
        faulty=letter("Kl. 9–25", more="lang: sv\n"),
        fine=letter("Kl. 9–15", more="lang: sv\n"),
    ),
    Case(
        id="date-past", severity=WARNING, line=7,
        faulty=letter("Anmäl dig senast 14/12 2026.", more="lang: sv\n"),
        fine=letter("Anmäl dig senast 16/12 2026.", more="lang: sv\n"),
    ),
    # the Swedish one
    Case(
        id="date-weekday", severity=ERROR, line=7,
        faulty=letter("Tisdagen den 20 januari 2027", more="lang: sv\n"),
        fine=letter("Onsdagen den 20 januari 2027, ons 20/1", more="lang: sv\n"),
    ),
    # --- dates and times there are
    # a month of thirty days
    Case(
        id="date-impossible", severity=ERROR, line=6,
        faulty=letter("Kysely on auki 31.6. asti."), fine=letter("Versio 31.13. ja 30.6. asti."),
    ),
    # a year that is no leap year
    Case(
        id="date-impossible", severity=ERROR, line=6,
        faulty=letter("Tule 29.2.2027."), fine=letter("Tule 29.2.2028."),
    ),
    # beside a day of the week anything is a date
    Case(
        id="date-impossible", severity=ERROR, line=6,
        faulty=letter("Tule ke 32.1."), fine=letter("Luku 32.1. on pitkä."),
    ),
    # no such hour
    Case(
        id="time-impossible", severity=ERROR, line=7,
        faulty=letter("Hei.\nTule klo 25."), fine=letter("Hei.\nTule klo 24 tai klo 9.30–10.15."),
    ),
    # no such minute
    Case(
        id="time-impossible", severity=ERROR, line=6,
        faulty=letter("Tule klo 9–15.75"), fine=letter("Tule klo 9–15.45, at 30 euroa"),
    ),
    # an English word that stands before much else: only with minutes, or am and pm, is it a time
    Case(
        id="time-impossible", severity=ERROR, line=6,
        faulty=letter("Come at 25:30."), fine=letter("Come at 12:30, at 25 euros."),
    ),
    # a day that moves
    Case(
        id="date-relative", severity=NOTE, line=7,
        faulty=letter("Hei.\nNähdään huomenna!"), fine=letter("Hei.\nNähdään huomennakin!"),
    ),
    # --- the order of days
    # nobody can register any more
    Case(
        id="date-past", severity=WARNING, line=6,
        faulty=letter("Ilmoittaudu viimeistään 8.12.2026."),
        fine=letter("Ilmoittaudu viimeistään 15.12.2026. Ilmoittautuminen päättyi 8.12.2026."),
    ),
    # something that could be done until then
    Case(
        id="date-past", severity=WARNING, line=6,
        faulty=letter("Kyselyyn ehtii vastata 31.10.2026 asti."),
        fine=letter("Kyselyyn ehtii vastata 31.1.2027 asti. Hanke jatkui 31.10.2026 asti."),
    ),
    # a last day without a year
    Case(
        id="date-past", severity=WARNING, line=6,
        faulty=letter("Vastausaikaa on 31.10. saakka."),
        fine=letter("Vastausaikaa on 30.9. saakka. Vastausaikaa oli 31.10. asti."),
    ),
    # with its day of the week
    Case(
        id="date-past", severity=WARNING, line=6,
        faulty=letter("Kysely on auki perjantaihin 30.10.2026 asti."),
        fine=letter("Kysely on auki torstaihin 31.12.2026 asti."),
    ),
    # in Swedish
    Case(
        id="date-past", severity=WARNING, line=6,
        faulty=letter("Enkäten är öppen till 30.10.2026."),
        fine=letter("Den var öppen till 30.10.2026. Du kan läsa det som gavs till oss 1.10.2026."),
    ),
    # in English
    Case(
        id="date-past", severity=WARNING, line=6,
        faulty=letter("You can still answer by 30 October 2026."),
        fine=letter("You can read the report published by THL on 30 October 2026."),
    ),
    # a button of last month
    Case(
        id="date-past", severity=WARNING, line=7,
        faulty=letter("::: button https://www.example.org/a\nTeemapäivä 1.12.\n:::"),
        fine=letter("::: button https://www.example.org/a\nTeemapäivä 1.1.\n:::"),
    ),
    # an event of the front matter
    Case(
        id="date-past", severity=WARNING, line=8,
        faulty=letter("::: event paiva\n:::", more=EVENT.format(start="2026-12-14 09:00")),
        fine=letter("::: event paiva\n:::", more=EVENT.format(start="2026-12-15 09:00")),
    ),
    # registration ends when all is over
    Case(
        id="date-deadline-after-event", severity=WARNING, line=10,
        faulty=letter(
            SECTION.format(event="Ke 20.1.2027 klo 9", deadline="Ilmoittaudu 21.1.2027 mennessä.")
        ),
        fine=letter(
            SECTION.format(event="Ke 20.1.2027 klo 9", deadline="Ilmoittaudu 20.1.2027 mennessä.")
        ),
    ),
    # of another section
    Case(
        id="date-deadline-after-event", severity=WARNING, line=10,
        faulty=letter("### A\n\nKe 20.1.2027\n\nIlmoittaudu 1.2.2027 mennessä."),
        fine=letter("## A\n\nKe 20.1.2027\n\n## B\n\nIlmoittaudu 1.2.2027 mennessä."),
    ),
    # of another item, of another paragraph, and of a line that says when all of it is
    Case(
        id="date-deadline-after-event", severity=WARNING, line=9,
        faulty=letter("## A\n\n- Ke 20.1.2027 klo 9\n- Ilmoittaudu 1.2.2027 mennessä."),
        fine=letter("## A\n\n- Verkostopäivä ke 20.1.2027\n- Hae 1.2.2027 mennessä."),
    ),
    Case(
        id="date-deadline-after-event", severity=WARNING, line=8,
        faulty=letter("## A\n\nRetki on ke 20.1.2027. Ilmoittaudu 1.2.2027 mennessä."),
        fine=letter("## A\n\nRetki on ke 20.1.2027.\n\nHae opintoihin 1.2.2027 mennessä."),
    ),
    Case(
        id="date-deadline-after-event", severity=WARNING, line=10,
        faulty=letter("## A\n\nTid: kl. 9 20.1.2027\n\nAnmäl dig senast 1.2.2027."),
        fine=letter("## A\n\nTid: kl. 9 20.1.2027\n\nAnmäl dig senast 19.1.2027."),
    ),
]  # fmt: skip
