"""Cases of meetings that an issue announces; the issue is of Tuesday 15 December 2026."""

from collections.abc import Callable
from pathlib import Path

from tests.checking.desk import ERROR, WARNING, Case, in_body

MEETING = """\
---
title: Teemapäivä työstä
start: 2027-01-20 09:00
end: 15:00
deadline: {deadline}
place: Kohtaamo
address: Katu 1, Helsinki
remote: https://meet.example.org/kohtaus-123
{more}
---
{text}
"""
URL = "https://news.example.org"
SITE = f'public_url = "{URL}"\n'
SHOWN = "::: event paiva\n{words}\n:::"


def file(
    *, deadline: str = "2027-01-12", more: str = "", text: str = "Tervetuloa.", swedish: str = ""
) -> Callable[[Path], None]:
    """Lay down the file of the meeting, and the Swedish one if it has a text."""

    def lay(issues: Path) -> None:
        folder = issues.parent / "meetings"
        folder.mkdir(exist_ok=True)
        own = MEETING.format(deadline=deadline, more=more, text=text)
        (folder / "paiva.md").write_text(own, encoding="utf-8")
        if swedish:
            (folder / "paiva.sv.md").write_text(swedish, encoding="utf-8")

    return lay


def agreeing(faulty: str, fine: str, *, line: int = 7, more: str = "") -> Case:
    """Return the case of two texts inside the block that shows the meeting."""
    return in_body(
        "meeting-agrees",
        WARNING,
        line,
        SHOWN.format(words=faulty),
        SHOWN.format(words=fine),
        more=more,
        toml=SITE,
        prepare=file(),
    )


CASES = [
    # --- what is told beside what the file says
    agreeing("Tervetuloa 21.1.2027!", "Tervetuloa 20.1.2027!"),
    # a weekday alone
    agreeing("Nähdään torstaina.", "Nähdään keskiviikkona."),
    # the deadline
    agreeing("Ilmoittaudu 13.1. mennessä.", "Ilmoittaudu 12.1. mennessä."),
    # the day itself is no deadline
    agreeing("Ilmoittaudu viimeistään 20.1.", "Ilmoittaudu viimeistään 12.1."),
    # a time outside it; a part of the programme is within
    agreeing("Kahvia on klo 8.30.", "Kahvia on klo 9.30 ja työpajoja klo 10–11."),
    # another time on its day
    agreeing("Tule ke 20.1. klo 9–16.", "Tule ke 20.1. klo 9–15."),
    # the place
    agreeing("Paikka: Kirjasto", "Paikka: Kohtaamo, Helsinki"),
    # the Swedish language
    agreeing(
        "Anmäl dig senast den 13 januari.",
        "Anmäl dig senast den 12 januari.",
        line=8,
        more="lang: sv\n",
    ),
    # the English one
    agreeing("Come on Thursday.", "Come on Wednesday.", line=8, more="lang: en\n"),
    # a paragraph that names it
    in_body(
        "meeting-agrees",
        WARNING,
        6,
        "Teemapäivä työstä on 21.1.2027.",
        "Kokous on 21.1.2027.",
        prepare=file(),
    ),
    # or that links to its page; what was is past
    in_body(
        "meeting-agrees",
        WARNING,
        6,
        f"[Tule mukaan]({URL}/meetings/paiva) 22.1.2027!",
        f"[Tule mukaan]({URL}/meetings/paiva)! Viimeksi näimme 22.9.2026.",
        toml=SITE,
        prepare=file(),
    ),
    # --- whether one can come
    in_body(
        "meeting-open",
        ERROR,
        6,
        SHOWN.format(words=""),
        toml=SITE,
        prepare=file(more="cancelled: true"),
        fine_prepare=file(),
    ),
    in_body(
        "meeting-open",
        WARNING,
        6,
        SHOWN.format(words=""),
        toml=SITE,
        prepare=file(deadline="2026-12-14"),
        fine_prepare=file(deadline="2026-12-15"),
    ),
    # a draft has no page
    in_body(
        "meeting-open",
        ERROR,
        6,
        SHOWN.format(words=""),
        toml=SITE,
        prepare=file(text="(kirjoita tähän, mistä on kyse)"),
        fine_prepare=file(),
    ),
    # a translation that was only begun
    in_body(
        "meeting-open",
        WARNING,
        7,
        SHOWN.format(words=""),
        more="lang: sv\n",
        toml=SITE,
        prepare=file(swedish="---\ntitle: Temadag\n---\n(översätt)\nVälkommen.\n"),
        fine_prepare=file(swedish="---\ntitle: Temadag\n---\nVälkommen.\n"),
    ),
    # none was begun
    in_body(
        "meeting-open",
        WARNING,
        7,
        SHOWN.format(words=""),
        more="lang: sv\n",
        toml=SITE,
        prepare=file(),
        fine_prepare=file(swedish="---\ntitle: Temadag\n---\nVälkommen.\n"),
    ),
    # no page to register on
    in_body("meeting-open", WARNING, 6, SHOWN.format(words=""), prepare=file(), fine_toml=SITE),
    # --- a link that somebody copied from their own mail
    in_body(
        "link-member",
        ERROR,
        6,
        f"[Tule]({URL}/meetings/paiva?me={'k' * 16}.{'s' * 27})!",
        f"[Tule]({URL}/meetings/paiva?me=1)!",
        toml=SITE,
        prepare=file(),
    ),
    # --- the link that only the registered have
    in_body(
        "meeting-link",
        ERROR,
        6,
        "Tule [etänä](https://meet.example.org/kohtaus-123)!",
        "Tule [etänä](https://meet.example.org/muu)!",
        prepare=file(),
    ),
]
