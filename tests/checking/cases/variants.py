"""Cases of an issue beside another: the one before, and the same in Swedish."""

from pathlib import Path

from tests.checking.desk import NOTE, PREHEADER, WARNING, Case, Prepare, letter

LONG = " ".join(f"sana{n}" for n in range(40))
OTHER = "Marraskuussa puhuttiin ihan muusta kuin nyt."
BUTTON = "## {heading}\n\n::: button {url}\n{words}\n:::"
STAYED = "Ohjelma on jo sivuillamme, ja voit ilmoittautua mukaan."
NAMES = "Aino Virtanen ja Bo Åberg, Työ ja hyvinvointi"  # not Swedish, but too short to tell
COURSE = "https://www.example.org/kurssi"


def before(body: str, *, preheader: str = OTHER) -> Prepare:
    """Lay down the issue of November."""
    text = letter(body, subject="Marraskuu", preheader=preheader)

    def lay(folder: Path) -> None:
        text_then = text.replace("date: 2026-12-15", "date: 2026-11-16")
        (folder / "2026-11.md").write_text(text_then, encoding="utf-8")

    return lay


def swedish(body: str, *, subject: str = "December", more: str = "") -> Prepare:
    """Lay down the same issue in Swedish; its body begins on line 6."""
    preheader = "Det här brevet berättar vad som händer i höst."
    text = letter(body, subject=subject, preheader=preheader, more=more)

    def lay(folder: Path) -> None:
        (folder / "2026-12.sv.md").write_text(text, encoding="utf-8")

    return lay


CASES = [
    # --- what is left of the issue before
    # its preheader
    Case(
        id="issue-copy-paste", severity=WARNING, line=3,
        faulty=letter("Hei."), fine=letter("Hei."),
        prepare=before("Moi.", preheader=PREHEADER), fine_prepare=before("Moi."),
    ),
    # a paragraph of forty words
    Case(
        id="issue-copy-paste", severity=WARNING, line=8,
        faulty=letter(f"Hei.\n\n{LONG}"), fine=letter(f"Hei.\n\n{LONG.removesuffix(' sana39')}"),
        prepare=before(LONG), fine_prepare=before(LONG.removesuffix(" sana39")),
    ),
    # in a box it may be meant
    Case(
        id="issue-copy-paste", severity=NOTE, line=7,
        faulty=letter(f"::: box\n{LONG}\n:::"), fine=letter(f"::: box\n{LONG} ja muuta\n:::"),
        prepare=before(f"::: box\n{LONG}\n:::"),
    ),
    # a day that is over
    Case(
        id="issue-copy-paste", severity=WARNING, line=7,
        faulty=letter("Hei.\nKe 9.12.2026 klo 9"), fine=letter("Pidimme ke 9.12.2026 juhlat."),
        prepare=before("Hei.\nKe 9.12.2026 klo 9"),
    ),
    # a day that is still to come may be told twice
    Case(
        id="issue-copy-paste", severity=WARNING, line=6,
        faulty=letter("Ma 14.12.2026 klo 9"), fine=letter("Ti 15.12.2026 klo 9"),
        prepare=before("Ma 14.12.2026 klo 9\n\nTi 15.12.2026 klo 9"),
    ),
    # its month
    Case(
        id="issue-copy-paste", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="Marraskuun uutiskirje"),
        fine=letter("Hei.", subject="Marraskuun teemapäivän satoa"), prepare=before("Moi."),
    ),
    Case(
        id="issue-copy-paste", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n## November newsletter"),
        fine=letter("Hei.\n\n## December newsletter"), prepare=before("Moi."),
    ),
    # a button with other words under another heading
    Case(
        id="issue-copy-paste", severity=WARNING, line=8,
        faulty=letter(BUTTON.format(heading="Uusi", url=COURSE, words="Tule talvella")),
        fine=letter(BUTTON.format(heading="Kurssi", url=COURSE, words="Tule talvella")),
        prepare=before(BUTTON.format(heading="Kurssi", url=COURSE, words="Tule")),
    ),
    # with the same words it may be meant
    Case(
        id="issue-copy-paste", severity=NOTE, line=8,
        faulty=letter(BUTTON.format(heading="Uusi", url=COURSE, words="Tule")),
        fine=letter(BUTTON.format(heading="Uusi", url="https://www.example.org/", words="Tule")),
        prepare=before(
            BUTTON.format(heading="Kurssi", url=COURSE, words="Tule")
            + "\n\n::: button https://www.example.org/\nTule\n:::"
        ),
    ),
    # the mark of its campaign
    Case(
        id="issue-copy-paste", severity=WARNING, line=6,
        faulty=letter("[x](https://example.org/?utm_campaign=kirje-2026-11)"),
        fine=letter("[x](https://example.org/?utm_campaign=kirje)"),
        prepare=before(
            "[x](https://example.org/?utm_campaign=kirje-2026-11)\n"
            "[y](https://example.org/?utm_campaign=kirje)"
        ),
    ),
    # --- what another language has
    # a heading
    Case(
        id="parity-headings", severity=WARNING, line=1,
        faulty=letter("## A"), fine=letter("## A\n\n## B"), prepare=swedish("## A\n\n## B"),
    ),
    # a heading of another level, said where the translation is
    Case(
        id="parity-headings", severity=WARNING, line=8, file="2026-12.sv.md",
        faulty=letter("## A\n\n### B"), fine=letter("## A\n\n## B"),
        prepare=swedish("## A\n\n## B"),
    ),
    # a link in the second section
    Case(
        id="parity-links", severity=WARNING, line=8,
        faulty=letter("## A\n\n## B"), fine=letter("## A\n\n## B\n\n[x](https://example.org/fi)"),
        prepare=swedish("## A\n\n## B\n\n[x](https://example.org/sv)"),
    ),
    # a picture
    Case(
        id="parity-pictures", severity=WARNING, line=1,
        faulty=letter("Hei."), fine=letter("![Talvi](p.png)"), prepare=swedish("![Vinter](p.png)"),
    ),
    # a day
    Case(
        id="parity-dates", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n## A\n\nTi 19.1.2027"), fine=letter("Hei.\n\n## A\n\nKe 20.1.2027"),
        prepare=swedish("Hej.\n\n## A\n\nOnsdag 20 januari 2027"),
    ),
    # a time
    Case(
        id="parity-numbers", severity=WARNING, line=6,
        faulty=letter("Tule klo 9–15."), fine=letter("Tule klo 9.00–16."),
        prepare=swedish("Kom kl. 9–16."),
    ),
    # a time at the end of a sentence
    Case(
        id="parity-numbers", severity=WARNING, line=6,
        faulty=letter("Tule kello 13.00–15.30."), fine=letter("Tule kello 13.00–16.30."),
        prepare=swedish("Kom klockan 13.00–16.30."),
    ),
    # the same without a word for it
    Case(
        id="parity-numbers", severity=WARNING, line=6,
        faulty=letter("Aamukahvi 8.30 tai 9.45."), fine=letter("Aamukahvi 8.30 tai 9.50."),
        prepare=swedish("Morgonkaffe 8.30 eller 9.50."),
    ),
    # a figure
    Case(
        id="parity-numbers", severity=WARNING, line=6,
        faulty=letter("Jäseniä on 1\u00a0360 ja 41,5 %."),
        fine=letter("Jäseniä on 1\u00a0630 ja 41,5 %, kolme uutta."),
        prepare=swedish("Vi är 1 630 och 41.5 %, 3 nya. Ring 040 123 4567."),
    ),
    # the same days with blanks and without, at the beginning of a line, with a year
    Case(
        id="parity-dates", severity=WARNING, line=6,
        faulty=letter("- 24. 12. joulu\n- 25. 12. 2026 joulupäivä"),
        fine=letter("- 24. 12. joulu\n- 26. 12. 2026 tapani"),
        prepare=swedish("24.12. jul\\\n26.12.2026 annandag"),
    ),
    # what is still to be translated is read as its original is
    Case(
        id="parity-dates", severity=WARNING, line=6,
        faulty=letter("Ke 23/12\n\n- 24. joulukuuta"),
        fine=letter("Ke 23/12\n\n- 24. joulukuuta\n- 26. joulukuuta"),
        prepare=swedish("(översätt) Ke 23/12\n\n(översätt) 24. joulukuuta\n26. joulukuuta"),
    ),
    # a subject that nobody translated
    Case(
        id="parity-subject", severity=WARNING, line=2, file="2026-12.sv.md",
        faulty=letter("Hei.", subject="Kirje 12"), fine=letter("Hei.", subject="Kirje 11"),
        prepare=swedish("Hej.", subject="Kirje 12"),
    ),
    # paragraphs that nobody translated
    Case(
        id="parity-text", severity=WARNING, line=8, file="2026-12.sv.md",
        faulty=letter(f"Hei.\n\n{STAYED}"), fine=letter(f"Hei.\n\n{STAYED}"),
        prepare=swedish(f"Hej.\n\n{STAYED}"),
        fine_prepare=swedish(f'Hej.\n\n<span lang="fi">{STAYED}</span>'),
    ),
    Case(  # names and what is shared by both languages may be the same
        id="parity-text", severity=WARNING, line=8, file="2026-12.sv.md",
        faulty=letter(f"{NAMES}\n\n{STAYED}"), fine=letter(f"{NAMES}\n\n{STAYED}"),
        prepare=swedish(f"{NAMES}\n\n{STAYED}"),
        fine_prepare=swedish(f"{NAMES}\n\nProgrammet finns på vår sida och du kan anmäla dig."),
    ),
]  # fmt: skip
