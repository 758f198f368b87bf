"""Cases of whom the issue reaches, in whose name, and of what must reach nobody."""

from dataclasses import replace
from pathlib import Path

from newsletter.model import Condition, Variant
from tests.checking.desk import ERROR, PEOPLE, WARNING, Case, letter

SWEDISH = letter("Hej.")
FINNISH_READERS = replace(PEOPLE, strangers=4)
IN_FINNISH = Variant(language="fi")
LAPPI_IN_FINNISH = Variant(language="fi", met=frozenset({Condition("region", "Lappi")}))
IN_LAPPI = replace(PEOPLE, segment="region=Lappi")
FOR_LAPPI = letter("Hei.", more="segment: region=Lappi\n")
OWN = {
    "provider": "smtp",
    "sender": "Valmentajat ry, Katu 2, 33100 Tampere",
    "from_": "Kirje <kirje@valmentajat.fi>",
    "reply_to": "toimitus@valmentajat.fi",
}
IDENTITY = "131052-308T"  # of nobody: the authorities' own example


def in_swedish_alone(folder: Path) -> None:
    """Leave the issue without a file in the newsletter's language."""
    (folder / "2026-12.md").rename(folder / "2026-12.sv.md")


def in_both(folder: Path) -> None:
    """Lay down the same issue in Swedish."""
    (folder / "2026-12.sv.md").write_text(SWEDISH, encoding="utf-8")


CASES = [
    # --- languages
    # the file in the newsletter's language is missing, and nobody was imported yet
    Case(
        id="language-missing", severity=WARNING, line=1, file="2026-12.sv.md",
        faulty=SWEDISH, fine=letter("Hei."), prepare=in_swedish_alone, fine_prepare=in_both,
    ),
    # some would get what is not in their language
    Case(
        id="language-missing", severity=WARNING, line=1, file="2026-12.sv.md",
        faulty=SWEDISH, fine=SWEDISH, prepare=in_swedish_alone,
        audience=FINNISH_READERS, fine_audience=PEOPLE,
    ),
    # it is for those who read it
    Case(
        id="language-missing", severity=WARNING, line=1, file="2026-12.sv.md",
        faulty=letter("Hej.", more="segment: region=Lappi\n"),
        fine=letter("Hej.", more="segment: language=sv\n"), prepare=in_swedish_alone,
    ),
    # some want a language that no file has
    Case(
        id="language-unserved", severity=WARNING, line=1, faulty=letter("Hei."),
        fine=letter("Hei."), audience=replace(PEOPLE, unserved={"sv": 4}, stand_in="fi"),
        fine_audience=replace(PEOPLE, stand_in="fi"),
    ),
    # --- text
    # every block is for others, and nobody was imported yet
    Case(
        id="variant-empty", severity=ERROR, line=6,
        faulty=letter("::: only region=Lappi\nHei.\n:::\n\n::: divider"),
        fine=letter("::: only region=Lappi\nHei.\n:::\n\nMoi."),
    ),
    # some on the list would get nothing
    Case(
        id="variant-empty", severity=ERROR, line=6,
        faulty=letter("::: only region=Lappi\nHei.\n:::"),
        fine=letter("::: only region=Lappi\nHei.\n:::"),
        audience=replace(PEOPLE, variants={IN_FINNISH: 4}),
        fine_audience=replace(PEOPLE, variants={LAPPI_IN_FINNISH: 4}),
    ),
    # they are left out
    Case(
        id="variant-empty", severity=ERROR, line=6,
        faulty=letter("::: only region=Lappi\nHei.\n:::"),
        fine=letter("::: only region=Lappi\nHei.\n:::", more="skip_empty: true\n"),
    ),
    # --- segment
    # nobody is in it
    Case(
        id="segment-nobody", severity=ERROR, line=5, faulty=FOR_LAPPI, fine=FOR_LAPPI,
        audience=replace(IN_LAPPI, recipients=0), fine_audience=replace(IN_LAPPI, recipients=1),
    ),
    # nobody is in another, for which the editor asked this once
    Case(
        id="segment-nobody", severity=ERROR, line=5, faulty=FOR_LAPPI, fine=FOR_LAPPI,
        audience=replace(IN_LAPPI, recipients=0),
        fine_audience=replace(PEOPLE, recipients=0, segment="region=Uusimaa"),
    ),
    # --- settings
    # the sender of `newsletter init`, with a provider that sends
    Case(
        id="settings-unfilled", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={**OWN, "sender": "Example Foundation, Street 1, 00100 Helsinki"},
        fine_settings=OWN,
    ),
    # its address
    Case(
        id="settings-unfilled", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={**OWN, "from_": "Kirje <kirje@news.example.org>"},
        fine_settings={"from_": "Kirje <kirje@example.fi>"},
    ),
    # that for answers
    Case(
        id="settings-unfilled", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={**OWN, "reply_to": "toimitus@kirje.invalid"},
        fine_settings={"provider": "outbox"},
    ),
    # that of one issue
    Case(
        id="settings-unfilled", severity=WARNING, line=5,
        faulty=letter("Hei.", more='from: "Aino <aino@example.org>"\n'), fine=letter("Hei."),
        settings={**OWN, "from_": "Aino <aino@example.org>"}, fine_settings=OWN,
    ),
    # --- personal data
    # a Finnish personal identity code
    Case(
        id="personal-id", severity=ERROR, line=7,
        faulty=letter(f"Hei.\nHän on {IDENTITY}."),
        fine=letter("Hei.\n131052-308S, 131052-3081, 050123-4567 ja 2026-12-15."),
    ),
    # in the subject
    Case(
        id="personal-id", severity=ERROR, line=2,
        faulty=letter("Hei.", subject=f"Asia {IDENTITY.lower()}"),
        fine=letter("Hei.", subject=f"Asia 9{IDENTITY}"),
    ),
]  # fmt: skip
