"""What a tired editor brings: real-life messes, what each is told, and the quiet once it is mended.

All of them lie in one newsletter and are checked by one run of the real command line; their mended
forms lie in a second one.
"""

import datetime as dt
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.conftest import REPOSITORY, Site

FIRST_DAY = dt.date(2021, 3, 1)
TEXT = (
    "Kevät etenee, ja verkostossa tapahtuu. Tässä kirjeessä kerromme, mitä alueilla on tehty ja "
    "mitä seuraavaksi on tulossa. Lue, mitä muut tekevät."
)
SAFE_LINK = (
    "https://eur01.safelinks.protection.outlook.com/"
    "?url=https%3A%2F%2Fwww.example.org%2Fraportti&data=05%7C01"
)
WORD = '<p class="MsoNormal"><o:p></o:p><span style="mso-fareast-language:FI">Hei</span></p>'
COLUMNS = "|" + "|".join("abcdefghijkl") + "|\n|" + "-|" * 12 + "\n|" + "1|" * 12
BUTTON = "## {heading}\n\n::: button https://www.example.org/{page}\n{words}\n:::"
Told = set[tuple[str, int]]  # rule and line


@dataclass(frozen=True, slots=True, kw_only=True)
class Mess:
    """Something that goes wrong, as it is told, and as it should be."""

    name: str
    body: str  # begins on line 6
    told: Told  # errors and warnings
    mended: str  # body
    subject: str = ""  # the whole line; "" for one in good order
    mended_subject: str = ""
    before: str = ""  # body of the issue before
    encoding: str = "utf-8"
    picture: bool = False  # a photograph of nine megabytes lies beside it
    mended_picture: bool = False  # one of the right size


MESSES = [
    Mess(
        name="quotes-and-dashes-of-word",
        body="Hän sanoi: ”Kyllä” – ja ”ei” — mutta ’ehkä’… “Ja” niin.",
        told=set(),
        mended="Hän sanoi: ”Kyllä”.",
    ),
    Mess(
        name="control-character-of-windows",
        body="Hei.\n\nIt\x92s here.",
        told=set(),  # it is read as Windows meant it
        mended="Hei.\n\nIt’s here.",
    ),
    Mess(
        name="photograph-of-nine-megabytes",
        body=f"{TEXT}\n\n![Lunta sataa](sotkut/kuva.jpg)",
        told={("image-weight", 8)},
        mended=f"{TEXT}\n\n![Lunta sataa](sotkut/kuva.jpg)",
        picture=True,
        mended_picture=True,
    ),
    Mess(
        name="scheme-with-a-letter-missing",
        body="Lue [koko raportti](htp://www.example.org/raportti).",
        told={("link-scheme", 6)},
        mended="Lue [koko raportti](https://www.example.org/raportti).",
    ),
    Mess(
        name="table-of-twelve-columns",
        body=f"Luvut:\n\n{COLUMNS}",
        told={("table-width", 8)},
        mended="Luvut:\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    ),
    Mess(
        name="emoji-in-the-subject",
        body="Hei.",
        subject='subject: "Kevät on täällä 🌷"',
        told=set(),
        mended="Hei.",
    ),
    Mess(
        name="weekday-that-does-not-fit",
        body="Hei.\n\n## Teemapäivä\n\nTo 22.9.2021 klo 9–15, Oulu",
        told={("date-weekday", 10)},
        mended="Hei.\n\n## Teemapäivä\n\nKe 22.9.2021 klo 9–15, Oulu",
    ),
    Mess(
        name="link-of-last-month",
        before=BUTTON.format(heading="Menetelmäpäivä", page="menetelmat", words="Tule päivään"),
        body=BUTTON.format(heading="Kumppanuuspäivä", page="menetelmat", words="Tule mukaan"),
        told={("issue-copy-paste", 8)},
        mended=BUTTON.format(heading="Kumppanuuspäivä", page="kumppanit", words="Tule mukaan"),
    ),
    Mess(
        name="mojibake",
        body="TyÃ¶hÃ¶nvalmentaja auttaa.",
        told={("charset-utf8", 6)},
        mended="Työhönvalmentaja auttaa.",
    ),
    Mess(
        name="html-of-word",
        body=f"Hei.\n\n{WORD}",
        told={("html-removed", 8)},
        mended="Hei.\n\nHei",
    ),
    Mess(
        name="link-copied-from-outlook",
        body=f"Hei.\nLue [raportti]({SAFE_LINK}).",
        told={("link-tracking-params", 7)},
        mended="Hei.\nLue [raportti](https://www.example.org/raportti).",
    ),
    Mess(
        name="picture-without-words",
        body=f"{TEXT}\n\n![](sotkut/pieni.png)",
        told={("image-alt", 8)},
        mended=f"{TEXT}\n\n![Logo: kaksi ympyrää](sotkut/pieni.png)",
    ),
    Mess(
        name="picture-with-the-name-of-its-file",
        body=f"{TEXT}\n\n![DSC_0123](sotkut/pieni.png)",
        told={("image-alt", 8)},
        mended=f"{TEXT}\n\n![Kaksi ympyrää](sotkut/pieni.png)",
    ),
    Mess(
        name="click-here",
        body="Ilmoittaudu:\n[klikkaa tästä](https://www.example.org/paiva).",
        told={("a11y-link-name", 7)},
        mended="[Ilmoittaudu päivään](https://www.example.org/paiva).",
    ),
    Mess(
        name="spaces-of-all-kinds",
        body="Hei  vaan.\u00a0 Tule   mukaan\u00a0!",
        told=set(),
        mended="Hei vaan. Tule mukaan!",
    ),
    Mess(
        name="footnote-that-nothing-refers-to",
        body="Hei.\n\n[^1]: Lähde: kysely.",
        told={("footnote-unused", 8)},
        mended="Hei.[^1]\n\n[^1]: Lähde: kysely.",
    ),
    Mess(
        name="fence-that-does-not-end",
        body="Hei.\n\n::: box\nTule mukaan.",
        told={("directive-unclosed", 8)},
        mended="Hei.\n\n::: box\nTule mukaan.\n:::",
    ),
    Mess(
        name="colon-in-the-subject",
        body="Hei.",
        subject="subject: Kysely: kevään tulokset",
        told={("front-matter", 2)},
        mended="Hei.",
        mended_subject='subject: "Kysely: kevään tulokset"',
    ),
    Mess(
        name="tab-in-the-front-matter",
        body="Hei.",
        subject="subject:\tKevään\n\ttulokset",
        told={("front-matter", 3)},
        mended="Hei.",
        mended_subject="subject: Kevään tulokset",
    ),
    Mess(
        name="file-of-notepad",
        body="Työtä riittää.",
        encoding="utf-16",
        told={("encoding", 1)},
        mended="Työtä riittää.",
    ),
    Mess(
        name="heading-without-words",
        body="Hei.\n\n##\n\nMoi.",
        told={("a11y-headings", 8)},
        mended="Hei.\n\n## Kuulumisia\n\nMoi.",
    ),
    Mess(
        name="draft-that-was-not-written",
        body="Hei.\n\n(kirjoita tähän, mitä alueilla on tehty)",
        told={("fm-draft", 8)},
        mended="Hei.\n\nAlueilla on tehty paljon.",
    ),
    Mess(
        name="subject-of-an-answer",
        body="Hei.",
        subject='subject: "Re: Maaliskuun asiat"',
        told={("subject-fake-thread", 2)},
        mended="Hei.",
        mended_subject='subject: "Maaliskuun asiat"',
    ),
    Mess(
        name="heading-without-its-space",
        body="Hei.\n\n##Kuulumisia Lapista\n\nMoi.",
        told={("markdown-left", 8)},
        mended="Hei.\n\n## Kuulumisia Lapista\n\nMoi.",
    ),
    Mess(
        name="bold-that-does-not-end",
        body="Hei.\nTule **mukaan huomenna.",
        told={("markdown-left", 7)},
        mended="Hei.\nTule **mukaan** huomenna.",
    ),
    Mess(
        name="space-within-a-link",
        body="Lue [koko raportti] (https://www.example.org/kevaan-luvut).",
        told={("markdown-left", 6)},
        mended="Lue [koko raportti](https://www.example.org/kevaan-luvut).",
    ),
    Mess(
        name="table-without-its-dashes",
        body="Luvut alueittain:\n\n| Alue | Määrä |\n| Lappi | 46 |",
        told={("markdown-left", 8)},
        mended="Luvut alueittain:\n\n| Alue | Määrä |\n|---|---|\n| Lappi | 46 |",
    ),
    Mess(
        name="field-of-another-service",
        body="Hei *|FNAME|*!",
        told={("slot-lookalike", 6)},
        mended='Hei {{ name|"sinä" }}!',
    ),
]
every_mess = pytest.mark.parametrize("mess", MESSES, ids=[mess.name for mess in MESSES])


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is told about every mess."""
    site = site_in(tmp_path_factory.mktemp("messes"))
    for n, mess in enumerate(MESSES):
        write(site, mess, n, body=mess.body, subject=mess.subject, encoding=mess.encoding)
    noise(site.root / "issues" / "sotkut" / "kuva.jpg", 3000, 2300, quality=98)
    return check_all(site, code=1)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is told about each once it is mended."""
    site = site_in(tmp_path_factory.mktemp("mended"))
    for n, mess in enumerate(MESSES):
        write(site, mess, n, body=mess.mended, subject=mess.mended_subject or mess.subject)
    noise(site.root / "issues" / "sotkut" / "kuva.jpg", 300, 200, quality=80)
    return check_all(site, code=0)


@every_mess
def test_a_mess_is_told_with_its_line(mess: Mess, reports: dict[str, Any]) -> None:
    findings = weighty(reports[mess.name])

    assert {(f["id"], f["line"]) for f in findings} == mess.told
    assert all(f["path"] == f"issues/{mess.name}.md" and f["hint"] for f in findings)


@every_mess
def test_once_mended_it_is_quiet(mess: Mess, mended: dict[str, Any]) -> None:
    assert weighty(mended[mess.name]) == []


def site_in(folder: Path) -> Site:
    """Lay down a newsletter with a small picture."""
    site = Site(folder)
    shutil.copy(REPOSITORY / "newsletter.toml", folder)
    (folder / "issues" / "sotkut").mkdir(parents=True)
    Image.new("RGB", (50, 50), "teal").save(folder / "issues" / "sotkut" / "pieni.png")
    return site


def write(
    site: Site, mess: Mess, n: int, *, body: str, subject: str, encoding: str = "utf-8"
) -> None:
    """Lay down an issue, and the one before it if there is one."""
    if mess.before:
        site.write(f"issues/{mess.name}-before.md", issue(f"Ennen {mess.name}", 2 * n, mess.before))
    text = issue(mess.name, 2 * n + 1, body, subject=subject)
    (site.root / "issues" / f"{mess.name}.md").write_bytes(text.encode(encoding))


def issue(name: str, day: int, body: str, *, subject: str = "") -> str:
    """Return an issue of which no line but those of the body is like another's."""
    subject = subject or f'subject: "{name.capitalize()}"'
    preheader = f"Kirjeen {name} sisältö: mitä alueilla tehdään ja kuka kertoo siitä."
    date = FIRST_DAY + dt.timedelta(days=day)
    return f'---\n{subject}\npreheader: "{preheader}"\ndate: {date}\n---\n{body}\n'


def noise(path: Path, width: int, height: int, *, quality: int) -> None:
    """Lay down a photograph that no encoder can make small."""
    bands = [Image.effect_noise((width, height), 90) for _ in range(3)]
    Image.merge("RGB", bands).save(path, quality=quality, subsampling=0)


def check_all(site: Site, *, code: int) -> dict[str, Any]:
    """Return what check says of every issue, by its id."""
    done = site.run("check", *[mess.name for mess in MESSES], "--json", code=code)
    return {report["issue"]: report["findings"] for report in json.loads(done.stdout)}


def weighty(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the findings that are more than good to know."""
    return [finding for finding in findings if finding["severity"] != "note"]
