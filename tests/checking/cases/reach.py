"""Cases of whom the issue reaches, in whose name, and of what must reach nobody."""

from dataclasses import replace
from pathlib import Path

from newsletter.model import Segment, Variant
from tests.checking.desk import (
    ERROR,
    PEOPLE,
    WARNING,
    Case,
    beside,
    in_body,
    in_subject,
    letter,
)
from tests.questionnaires import POLL_FILE, POLL_ID

SWEDISH = letter("Hej.")
FINNISH_READERS = replace(PEOPLE, strangers=4)
IN_FINNISH = Variant(language="fi")
LAPPI_IN_FINNISH = Variant(language="fi", met=frozenset({Segment.of("region", "Lappi")}))
IN_LAPPI = replace(PEOPLE, segment="region=Lappi")
FOR_LAPPI = letter("Hei.", more="segment: region=Lappi\n")
OWN = {
    "provider": "smtp",
    "sender": "Valmentajat ry, Katu 2, 33100 Tampere",
    "from_": "Kirje <kirje@valmentajat.fi>",
    "reply_to": "toimitus@valmentajat.fi",
}
IDENTITY = "131052-308T"  # of nobody: the authorities' own example
IN_BOTH = beside("2026-12.sv.md", SWEDISH)


def in_swedish_alone(folder: Path) -> None:
    """Leave the issue without a file in the newsletter's language."""
    (folder / "2026-12.md").rename(folder / "2026-12.sv.md")


WITH_POLL = "Hei.\n\n::: poll seuraava-aihe\n:::"
SERVED = {"public_url": "https://www.example.org"}


def poll_beside(folder: Path) -> None:
    """Lay down the file of a poll."""
    surveys = folder.parent / "surveys"
    surveys.mkdir(exist_ok=True)
    (surveys / f"{POLL_ID}.md").write_text(POLL_FILE, encoding="utf-8")


CASES = [
    # --- polls
    # nothing of the newsletter is on the web
    in_body("poll-open", ERROR, 8, WITH_POLL, prepare=poll_beside, fine_settings=SERVED),
    # nobody opened it
    in_body("poll-open", ERROR, 8, WITH_POLL, prepare=poll_beside, settings=SERVED,
            audience=PEOPLE, fine_audience=replace(PEOPLE, surveys={POLL_ID: True})),
    # its time is over
    in_body("poll-open", ERROR, 8, WITH_POLL, prepare=poll_beside, settings=SERVED,
            audience=replace(PEOPLE, surveys={POLL_ID: False}),
            fine_audience=replace(PEOPLE, surveys={POLL_ID: True})),
    # --- languages
    # the file in the newsletter's language is missing, and nobody was imported yet
    Case("language-missing", WARNING, 1,
         SWEDISH, letter("Hei."),
         file="2026-12.sv.md", prepare=in_swedish_alone, fine_prepare=IN_BOTH),
    # some would get what is not in their language
    Case("language-missing", WARNING, 1,
         SWEDISH,
         file="2026-12.sv.md", prepare=in_swedish_alone, audience=FINNISH_READERS,
         fine_audience=PEOPLE),
    # it is for those who read it
    Case("language-missing", WARNING, 1,
         letter("Hej.", more="segment: region=Lappi\n"),
         letter("Hej.", more="segment: language=sv\n"),
         file="2026-12.sv.md", prepare=in_swedish_alone),
    # some want a language that no file has
    in_body("language-unserved", WARNING, 1,
            "Hei.",
            audience=replace(PEOPLE, unserved={"sv": 4}, stand_in="fi"),
            fine_audience=replace(PEOPLE, stand_in="fi")),
    # --- text
    # every block is for others, and nobody was imported yet
    in_body("variant-empty", ERROR, 6,
            "::: only region=Lappi\nHei.\n:::\n\n::: divider",
            "::: only region=Lappi\nHei.\n:::\n\nMoi."),
    # some on the list would get nothing
    in_body("variant-empty", ERROR, 6,
            "::: only region=Lappi\nHei.\n:::",
            audience=replace(PEOPLE, variants={IN_FINNISH: 4}),
            fine_audience=replace(PEOPLE, variants={LAPPI_IN_FINNISH: 4})),
    # they are left out
    Case("variant-empty", ERROR, 6,
         letter("::: only region=Lappi\nHei.\n:::"),
         letter("::: only region=Lappi\nHei.\n:::", more="skip_empty: true\n")),
    # --- segment
    # two words that bind differently, in the issue's own segment and in a block's
    Case("segment-mixed", WARNING, 5,
         letter("Hei.", more="segment: region=Lappi or region=Kainuu and name=Aino\n"),
         letter("Hei.", more="segment: region=Lappi or (region=Kainuu and name=Aino)\n")),
    in_body("segment-mixed", WARNING, 8,
            "Moi.\n\n::: only region=Lappi tai region=Kainuu ja name=Aino\nHei.\n:::",
            "Moi.\n\n::: only region=Lappi tai (region=Kainuu ja name=Aino)\nHei.\n:::"),
    # nobody is in it
    Case("segment-nobody", ERROR, 5,
         FOR_LAPPI,
         audience=replace(IN_LAPPI, recipients=0), fine_audience=replace(IN_LAPPI, recipients=1)),
    # nobody is in another, for which the editor asked this once
    Case("segment-nobody", ERROR, 5,
         FOR_LAPPI,
         audience=replace(IN_LAPPI, recipients=0),
         fine_audience=replace(PEOPLE, recipients=0, segment="region=Uusimaa")),
    # --- settings
    # the sender of `newsletter init`, with a provider that sends
    in_body("settings-unfilled", WARNING, None,
            "Hei.",
            settings={**OWN, "sender": "Example Foundation, Street 1, 00100 Helsinki"},
            fine_settings=OWN),
    # its address
    in_body("settings-unfilled", WARNING, None,
            "Hei.",
            settings={**OWN, "from_": "Kirje <kirje@news.example.org>"},
            fine_settings={"from_": "Kirje <kirje@example.fi>"}),
    # that for answers
    in_body("settings-unfilled", WARNING, None,
            "Hei.",
            settings={**OWN, "reply_to": "toimitus@kirje.invalid"},
            fine_settings={"provider": "outbox"}),
    # that of one issue
    Case("settings-unfilled", WARNING, 5,
         letter("Hei.", more='from: "Aino <aino@example.org>"\n'), letter("Hei."),
         settings={**OWN, "from_": "Aino <aino@example.org>"}, fine_settings=OWN),
    # --- personal data
    # a Finnish personal identity code
    in_body("personal-id", ERROR, 7,
            f"Hei.\nHän on {IDENTITY}.",
            "Hei.\n131052-308S, 131052-3081, 050123-4567 ja 2026-12-15."),
    # in the subject
    in_subject("personal-id", ERROR, f"Asia {IDENTITY.lower()}", f"Asia 9{IDENTITY}"),
]  # fmt: skip
