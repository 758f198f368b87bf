"""Cases of dates, days of the week and times; the issue is of Tuesday 15 December 2026."""

from tests.checking.desk import ERROR, NOTE, TABLE, WARNING, Case, in_body, in_subject, letter

EVENT = "events:\n  paiva:\n    title: Päivä\n    start: {start}\n"
SECTION = "## Teemapäivä\n\n{event}\n\n{deadline}"

CASES = [
    # --- days of the week
    # a date with its year
    in_body("date-weekday", ERROR, 7, "Hei.\nKe 22.9.2026 klo 9–15", "Hei.\nTi 22.9.2026 klo 9–15"),
    # without a year it is the next one
    in_body("date-weekday", ERROR, 6, "Nähdään keskiviikkona 19.1.", "Nähdään tiistaina 19.1."),
    # which the one before does not excuse
    in_body("date-weekday", WARNING, 6,
            "Nähdään maanantaina 19.1.", "Nähdään maanantaina 19.1.2026."),
    # what was a week ago is not a year ahead
    in_body("date-weekday", ERROR, 6,
            "Kokoonnuimme perjantaina 9.12.", "Kokoonnuimme keskiviikkona 9.12."),
    # in the subject
    in_subject("date-weekday", ERROR, "Tule to 21.1.2026", "Tule ke 21.1.2026"),
    # in a text that stands for a picture
    in_body("date-weekday", ERROR, 6,
            "![Kutsu, ti 20.1.2027](p.png)", "![Kutsu, ke 20.1.2027](p.png)"),
    # in two cells of a row
    in_body("date-weekday", ERROR, 9,
            f"{TABLE}| x | y |\n| Ma | 20.1.2027 |", f"{TABLE}| x | y |\n| Ke | 20.1.2027 |"),
    # the second of two days
    in_body("date-weekday", ERROR, 6,
            "Tapaamiset: ke–pe 20.–21.1.2027", "Tapaamiset: ke–to 20.–21.1.2027"),
    # a month by its name
    in_body("date-weekday", ERROR, 6,
            "Keskiviikkona 24. marraskuuta 2026", "Tiistaina 24. marraskuuta 2026"),
    # a day of the week behind the date
    in_body("date-weekday", ERROR, 6, "20.1.2027 (to)", "20.1.2027 (ke), ke (20) ja on 21.1.2027"),
    # the English language
    in_body("date-weekday", ERROR, 7,
            "Come on Wednesday, December 9, 2025", "Come on Tuesday, December 9, 2025 or Thu 5/6",
            more="lang: en\n"),
    # the Swedish one with a stroke, at the end of a sentence
    in_body("date-weekday", ERROR, 7,
            "Vi ses fredag 24/12.", "Vi ses torsdag 24/12 eller fredag 25/12 2026.",
            more="lang: sv\n"),
    in_body("date-weekday", ERROR, 7,
            "Fredagen den 24:e december 2026", "Torsdagen den 24:e december 2026",
            more="lang: sv\n"),
    in_body("date-impossible", ERROR, 7,
            "Svara senast den 31/2.", "Häll i 3/4 eller 31/2 dl av det, öppet 24/7.",
            more="lang: sv\n"),
    in_body("time-impossible", ERROR, 7, "Kl. 9–25", "Kl. 9–15", more="lang: sv\n"),
    in_body("date-past", WARNING, 7,
            "Anmäl dig senast 14/12 2026.", "Anmäl dig senast 16/12 2026.",
            more="lang: sv\n"),
    # the Swedish one
    in_body("date-weekday", ERROR, 7,
            "Tisdagen den 20 januari 2027", "Onsdagen den 20 januari 2027, ons 20/1",
            more="lang: sv\n"),
    # --- dates and times there are
    # a month of thirty days
    in_body("date-impossible", ERROR, 6,
            "Kysely on auki 31.6. asti.", "Versio 31.13. ja 30.6. asti."),
    # a year that is no leap year
    in_body("date-impossible", ERROR, 6, "Tule 29.2.2027.", "Tule 29.2.2028."),
    # beside a day of the week anything is a date
    in_body("date-impossible", ERROR, 6, "Tule ke 32.1.", "Luku 32.1. on pitkä."),
    # no such hour
    in_body("time-impossible", ERROR, 7,
            "Hei.\nTule klo 25.", "Hei.\nTule klo 24 tai klo 9.30–10.15."),
    # no such minute
    in_body("time-impossible", ERROR, 6, "Tule klo 9–15.75", "Tule klo 9–15.45, at 30 euroa"),
    # an English word that stands before much else: only with minutes, or am and pm, is it a time
    in_body("time-impossible", ERROR, 6, "Come at 25:30.", "Come at 12:30, at 25 euros."),
    # a day that moves
    in_body("date-relative", NOTE, 7, "Hei.\nNähdään huomenna!", "Hei.\nNähdään huomennakin!"),
    # --- the order of days
    # nobody can register any more
    in_body("date-past", WARNING, 6,
            "Ilmoittaudu viimeistään 8.12.2026.",
            "Ilmoittaudu viimeistään 15.12.2026. Ilmoittautuminen päättyi 8.12.2026."),
    # something that could be done until then
    in_body("date-past", WARNING, 6,
            "Kyselyyn ehtii vastata 31.10.2026 asti.",
            "Kyselyyn ehtii vastata 31.1.2027 asti. Hanke jatkui 31.10.2026 asti."),
    # a last day without a year
    in_body("date-past", WARNING, 6,
            "Vastausaikaa on 31.10. saakka.",
            "Vastausaikaa on 30.9. saakka. Vastausaikaa oli 31.10. asti."),
    # with its day of the week
    in_body("date-past", WARNING, 6,
            "Kysely on auki perjantaihin 30.10.2026 asti.",
            "Kysely on auki torstaihin 31.12.2026 asti."),
    # in Swedish
    in_body("date-past", WARNING, 6,
            "Enkäten är öppen till 30.10.2026.",
            "Den var öppen till 30.10.2026. Du kan läsa det som gavs till oss 1.10.2026."),
    # in English
    in_body("date-past", WARNING, 6,
            "You can still answer by 30 October 2026.",
            "You can read the report published by THL on 30 October 2026."),
    # a button of last month
    in_body("date-past", WARNING, 7,
            "::: button https://www.example.org/a\nTeemapäivä 1.12.\n:::",
            "::: button https://www.example.org/a\nTeemapäivä 1.1.\n:::"),
    # an event of the front matter
    Case("date-past", WARNING, 8,
         letter("::: event paiva\n:::", more=EVENT.format(start="2026-12-14 09:00")),
         letter("::: event paiva\n:::", more=EVENT.format(start="2026-12-15 09:00"))),
    # registration ends when all is over
    in_body("date-deadline-after-event", WARNING, 10,
            SECTION.format(event="Ke 20.1.2027 klo 9", deadline="Ilmoittaudu 21.1.2027 mennessä."),
            SECTION.format(event="Ke 20.1.2027 klo 9", deadline="Ilmoittaudu 20.1.2027 mennessä.")),
    # of another section
    in_body("date-deadline-after-event", WARNING, 10,
            "### A\n\nKe 20.1.2027\n\nIlmoittaudu 1.2.2027 mennessä.",
            "## A\n\nKe 20.1.2027\n\n## B\n\nIlmoittaudu 1.2.2027 mennessä."),
    # of another item, of another paragraph, and of a line that says when all of it is
    in_body("date-deadline-after-event", WARNING, 9,
            "## A\n\n- Ke 20.1.2027 klo 9\n- Ilmoittaudu 1.2.2027 mennessä.",
            "## A\n\n- Verkostopäivä ke 20.1.2027\n- Hae 1.2.2027 mennessä."),
    in_body("date-deadline-after-event", WARNING, 8,
            "## A\n\nRetki on ke 20.1.2027. Ilmoittaudu 1.2.2027 mennessä.",
            "## A\n\nRetki on ke 20.1.2027.\n\nHae opintoihin 1.2.2027 mennessä."),
    in_body("date-deadline-after-event", WARNING, 10,
            "## A\n\nTid: kl. 9 20.1.2027\n\nAnmäl dig senast 1.2.2027.",
            "## A\n\nTid: kl. 9 20.1.2027\n\nAnmäl dig senast 19.1.2027."),
]  # fmt: skip
