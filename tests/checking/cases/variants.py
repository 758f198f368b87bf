"""Cases of an issue beside another: the one before, and the same in Swedish."""

from tests.checking.desk import (
    NOTE,
    PREHEADER,
    WARNING,
    Prepare,
    beside,
    in_body,
    in_subject,
    letter,
)

LONG = " ".join(f"sana{n}" for n in range(40))
OTHER = "Marraskuussa puhuttiin ihan muusta kuin nyt."
BUTTON = "## {heading}\n\n::: button {url}\n{words}\n:::"
STAYED = "Ohjelma on jo sivuillamme, ja voit ilmoittautua mukaan."
NAMES = "Aino Virtanen ja Bo Åberg, Työ ja hyvinvointi"  # not Swedish, but too short to tell
COURSE = "https://www.example.org/kurssi"


def before(body: str, *, preheader: str = OTHER) -> Prepare:
    """Lay down the issue of November."""
    text = letter(body, subject="Marraskuu", preheader=preheader, date="2026-11-16")
    return beside("2026-11.md", text)


def swedish(body: str, *, subject: str = "December", more: str = "") -> Prepare:
    """Lay down the same issue in Swedish; its body begins on line 6."""
    preheader = "Det här brevet berättar vad som händer i höst."
    return beside("2026-12.sv.md", letter(body, subject=subject, preheader=preheader, more=more))


CASES = [
    # --- what is left of the issue before
    # its preheader
    in_body("issue-copy-paste", WARNING, 3,
            "Hei.",
            prepare=before("Moi.", preheader=PREHEADER), fine_prepare=before("Moi.")),
    # a paragraph of forty words
    in_body("issue-copy-paste", WARNING, 8,
            f"Hei.\n\n{LONG}", f"Hei.\n\n{LONG.removesuffix(' sana39')}",
            prepare=before(LONG), fine_prepare=before(LONG.removesuffix(" sana39"))),
    # in a box it may be meant
    in_body("issue-copy-paste", NOTE, 7,
            f"::: box\n{LONG}\n:::", f"::: box\n{LONG} ja muuta\n:::",
            prepare=before(f"::: box\n{LONG}\n:::")),
    # a day that is over
    in_body("issue-copy-paste", WARNING, 7,
            "Hei.\nKe 9.12.2026 klo 9", "Pidimme ke 9.12.2026 juhlat.",
            prepare=before("Hei.\nKe 9.12.2026 klo 9")),
    # a day that is still to come may be told twice
    in_body("issue-copy-paste", WARNING, 6,
            "Ma 14.12.2026 klo 9", "Ti 15.12.2026 klo 9",
            prepare=before("Ma 14.12.2026 klo 9\n\nTi 15.12.2026 klo 9")),
    # its month
    in_subject("issue-copy-paste", WARNING,
               "Marraskuun uutiskirje", "Marraskuun teemapäivän satoa",
               prepare=before("Moi.")),
    in_body("issue-copy-paste", WARNING, 8,
            "Hei.\n\n## November newsletter", "Hei.\n\n## December newsletter",
            prepare=before("Moi.")),
    # a button with other words under another heading
    in_body("issue-copy-paste", WARNING, 8,
            BUTTON.format(heading="Uusi", url=COURSE, words="Tule talvella"),
            BUTTON.format(heading="Kurssi", url=COURSE, words="Tule talvella"),
            prepare=before(BUTTON.format(heading="Kurssi", url=COURSE, words="Tule"))),
    # with the same words it may be meant
    in_body("issue-copy-paste", NOTE, 8,
            BUTTON.format(heading="Uusi", url=COURSE, words="Tule"),
            BUTTON.format(heading="Uusi", url="https://www.example.org/", words="Tule"),
            prepare=before(
                BUTTON.format(heading="Kurssi", url=COURSE, words="Tule")
                + "\n\n::: button https://www.example.org/\nTule\n:::"
            )),
    # the mark of its campaign
    in_body("issue-copy-paste", WARNING, 6,
            "[x](https://example.org/?utm_campaign=kirje-2026-11)",
            "[x](https://example.org/?utm_campaign=kirje)",
            prepare=before(
                "[x](https://example.org/?utm_campaign=kirje-2026-11)\n"
                "[y](https://example.org/?utm_campaign=kirje)"
            )),
    # --- what another language has
    # a heading
    in_body("parity-headings", WARNING, 1, "## A", "## A\n\n## B", prepare=swedish("## A\n\n## B")),
    # a heading of another level, said where the translation is
    in_body("parity-headings", WARNING, 8,
            "## A\n\n### B", "## A\n\n## B",
            file="2026-12.sv.md", prepare=swedish("## A\n\n## B")),
    # a link in the second section
    in_body("parity-links", WARNING, 8,
            "## A\n\n## B", "## A\n\n## B\n\n[x](https://example.org/fi)",
            prepare=swedish("## A\n\n## B\n\n[x](https://example.org/sv)")),
    # a picture
    in_body("parity-pictures", WARNING, 1,
            "Hei.", "![Talvi](p.png)",
            prepare=swedish("![Vinter](p.png)")),
    # a day
    in_body("parity-dates", WARNING, 8,
            "Hei.\n\n## A\n\nTi 19.1.2027", "Hei.\n\n## A\n\nKe 20.1.2027",
            prepare=swedish("Hej.\n\n## A\n\nOnsdag 20 januari 2027")),
    # a time
    in_body("parity-numbers", WARNING, 6,
            "Tule klo 9–15.", "Tule klo 9.00–16.",
            prepare=swedish("Kom kl. 9–16.")),
    # a time at the end of a sentence
    in_body("parity-numbers", WARNING, 6,
            "Tule kello 13.00–15.30.", "Tule kello 13.00–16.30.",
            prepare=swedish("Kom klockan 13.00–16.30.")),
    # the same without a word for it
    in_body("parity-numbers", WARNING, 6,
            "Aamukahvi 8.30 tai 9.45.", "Aamukahvi 8.30 tai 9.50.",
            prepare=swedish("Morgonkaffe 8.30 eller 9.50.")),
    # a figure
    in_body("parity-numbers", WARNING, 6,
            "Jäseniä on 1\u00a0360 ja 41,5 %.", "Jäseniä on 1\u00a0630 ja 41,5 %, kolme uutta.",
            prepare=swedish("Vi är 1 630 och 41.5 %, 3 nya. Ring 040 123 4567.")),
    # the same days with blanks and without, at the beginning of a line, with a year
    in_body("parity-dates", WARNING, 6,
            "- 24. 12. joulu\n- 25. 12. 2026 joulupäivä", "- 24. 12. joulu\n- 26. 12. 2026 tapani",
            prepare=swedish("24.12. jul\\\n26.12.2026 annandag")),
    # what is still to be translated is read as its original is
    in_body("parity-dates", WARNING, 6,
            "Ke 23/12\n\n- 24. joulukuuta", "Ke 23/12\n\n- 24. joulukuuta\n- 26. joulukuuta",
            prepare=swedish("(översätt) Ke 23/12\n\n(översätt) 24. joulukuuta\n26. joulukuuta")),
    # a day in a lead is compared with that of the lead
    in_body("parity-dates", WARNING, 5,
            "Hei.\n\nNähdään.",
            more="lead: Ti 19.1.2027\n", file="2026-12.sv.md",
            prepare=swedish("Hej.\n\nVi ses.", more="lead: Onsdag 20.1.2027\n"),
            fine_prepare=swedish("Hej.\n\nVi ses.", more="lead: Tisdag 19.1.2027\n")),
    # a subject that nobody translated
    in_subject("parity-subject", WARNING,
               "Kirje 12", "Kirje 11",
               file="2026-12.sv.md", prepare=swedish("Hej.", subject="Kirje 12")),
    # a lead that nobody translated
    in_body("parity-subject", WARNING, 5,
            "Hei.",
            more="lead: Kirje 12\n", file="2026-12.sv.md",
            prepare=swedish("Hej.", more="lead: Kirje 12\n"),
            fine_prepare=swedish("Hej.", more="lead: Brev 12\n")),
    # or that only one language has
    in_body("parity-subject", WARNING, 1,
            "Hei.",
            more="byline: Aino\n", file="2026-12.sv.md",
            prepare=swedish("Hej."),
            fine_prepare=swedish("Hej.", more="byline: Aino\n")),
    # paragraphs that nobody translated
    in_body("parity-text", WARNING, 8,
            f"Hei.\n\n{STAYED}",
            file="2026-12.sv.md", prepare=swedish(f"Hej.\n\n{STAYED}"),
            fine_prepare=swedish(f'Hej.\n\n<span lang="fi">{STAYED}</span>')),
    in_body("parity-text", WARNING, 8,
            f"{NAMES}\n\n{STAYED}",
            file="2026-12.sv.md", prepare=swedish(f"{NAMES}\n\n{STAYED}"),
            fine_prepare=swedish(
                f"{NAMES}\n\nProgrammet finns på vår sida och du kan anmäla dig.")),
]  # fmt: skip
