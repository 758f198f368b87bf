"""What a tired editor brings: real-life messes, what each is told, and the quiet once it is mended.

All of them lie in one newsletter and are checked by one run of the real command line; their mended
forms lie in a second one.
"""

import datetime as dt
import json
import shutil
from dataclasses import KW_ONLY, dataclass
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


@dataclass(frozen=True, slots=True)
class Mess:
    """Something that goes wrong, as it is told, and as it should be."""

    name: str
    told: str  # rule:line of the one error or warning; "" where it is read as it was meant
    body: str  # begins on line 6
    mended: str  # body
    _: KW_ONLY
    subject: str = ""  # the whole line; "" for one in good order
    mended_subject: str = ""
    before: str = ""  # body of the issue before
    encoding: str = "utf-8"


MESSES = [
    Mess(
        "quotes-and-dashes-of-word",
        "",
        "Hän sanoi: ”Kyllä” – ja ”ei” — mutta ’ehkä’… “Ja” niin.",
        "Hän sanoi: ”Kyllä”.",
    ),
    Mess("control-character-of-windows", "", "Hei.\n\nIt\x92s here.", "Hei.\n\nIt’s here."),
    Mess(
        "photograph-of-nine-megabytes",
        "image-weight:8",
        f"{TEXT}\n\n![Lunta sataa](sotkut/kuva.jpg)",
        f"{TEXT}\n\n![Lunta sataa](sotkut/kuva.jpg)",
    ),
    Mess(
        "scheme-with-a-letter-missing",
        "link-scheme:6",
        "Lue [koko raportti](htp://www.example.org/raportti).",
        "Lue [koko raportti](https://www.example.org/raportti).",
    ),
    Mess(
        "table-of-twelve-columns",
        "table-width:8",
        f"Luvut:\n\n{COLUMNS}",
        "Luvut:\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    ),
    Mess("emoji-in-the-subject", "", "Hei.", "Hei.", subject='subject: "Kevät on täällä 🌷"'),
    Mess(
        "weekday-that-does-not-fit",
        "date-weekday:10",
        "Hei.\n\n## Teemapäivä\n\nTo 22.9.2021 klo 9–15, Oulu",
        "Hei.\n\n## Teemapäivä\n\nKe 22.9.2021 klo 9–15, Oulu",
    ),
    Mess(
        "link-of-last-month",
        "issue-copy-paste:8",
        BUTTON.format(heading="Kumppanuuspäivä", page="menetelmat", words="Tule mukaan"),
        BUTTON.format(heading="Kumppanuuspäivä", page="kumppanit", words="Tule mukaan"),
        before=BUTTON.format(heading="Menetelmäpäivä", page="menetelmat", words="Tule päivään"),
    ),
    Mess("mojibake", "charset-utf8:6", "TyÃ¶hÃ¶nvalmentaja auttaa.", "Työhönvalmentaja auttaa."),
    Mess("html-of-word", "html-removed:8", f"Hei.\n\n{WORD}", "Hei.\n\nHei"),
    Mess(
        "link-copied-from-outlook",
        "link-tracking-params:7",
        f"Hei.\nLue [raportti]({SAFE_LINK}).",
        "Hei.\nLue [raportti](https://www.example.org/raportti).",
    ),
    Mess(
        "picture-without-words",
        "image-alt:8",
        f"{TEXT}\n\n![](sotkut/pieni.png)",
        f"{TEXT}\n\n![Logo: kaksi ympyrää](sotkut/pieni.png)",
    ),
    Mess(
        "picture-with-the-name-of-its-file",
        "image-alt:8",
        f"{TEXT}\n\n![DSC_0123](sotkut/pieni.png)",
        f"{TEXT}\n\n![Kaksi ympyrää](sotkut/pieni.png)",
    ),
    Mess(
        "click-here",
        "a11y-link-name:7",
        "Ilmoittaudu:\n[klikkaa tästä](https://www.example.org/paiva).",
        "[Ilmoittaudu päivään](https://www.example.org/paiva).",
    ),
    Mess(
        "spaces-of-all-kinds", "", "Hei  vaan.\u00a0 Tule   mukaan\u00a0!", "Hei vaan. Tule mukaan!"
    ),
    Mess(
        "footnote-that-nothing-refers-to",
        "footnote-unused:8",
        "Hei.\n\n[^1]: Lähde: kysely.",
        "Hei.[^1]\n\n[^1]: Lähde: kysely.",
    ),
    Mess(
        "fence-that-does-not-end",
        "directive-unclosed:8",
        "Hei.\n\n::: box\nTule mukaan.",
        "Hei.\n\n::: box\nTule mukaan.\n:::",
    ),
    Mess(
        "colon-in-the-subject",
        "front-matter:2",
        "Hei.",
        "Hei.",
        subject="subject: Kysely: kevään tulokset",
        mended_subject='subject: "Kysely: kevään tulokset"',
    ),
    Mess(
        "tab-in-the-front-matter",
        "front-matter:3",
        "Hei.",
        "Hei.",
        subject="subject:\tKevään\n\ttulokset",
        mended_subject="subject: Kevään tulokset",
    ),
    Mess("file-of-notepad", "encoding:1", "Työtä riittää.", "Työtä riittää.", encoding="utf-16"),
    Mess(
        "heading-without-words",
        "a11y-headings:8",
        "Hei.\n\n##\n\nMoi.",
        "Hei.\n\n## Kuulumisia\n\nMoi.",
    ),
    Mess(
        "draft-that-was-not-written",
        "fm-draft:8",
        "Hei.\n\n(kirjoita tähän, mitä alueilla on tehty)",
        "Hei.\n\nAlueilla on tehty paljon.",
    ),
    Mess(
        "subject-of-an-answer",
        "subject-fake-thread:2",
        "Hei.",
        "Hei.",
        subject='subject: "Re: Maaliskuun asiat"',
        mended_subject='subject: "Maaliskuun asiat"',
    ),
    Mess(
        "heading-without-its-space",
        "markdown-left:8",
        "Hei.\n\n##Kuulumisia Lapista\n\nMoi.",
        "Hei.\n\n## Kuulumisia Lapista\n\nMoi.",
    ),
    Mess(
        "bold-that-does-not-end",
        "markdown-left:7",
        "Hei.\nTule **mukaan huomenna.",
        "Hei.\nTule **mukaan** huomenna.",
    ),
    Mess(
        "space-within-a-link",
        "markdown-left:6",
        "Lue [koko raportti] (https://www.example.org/kevaan-luvut).",
        "Lue [koko raportti](https://www.example.org/kevaan-luvut).",
    ),
    Mess(
        "table-without-its-dashes",
        "markdown-left:8",
        "Luvut alueittain:\n\n| Alue | Määrä |\n| Lappi | 46 |",
        "Luvut alueittain:\n\n| Alue | Määrä |\n|---|---|\n| Lappi | 46 |",
    ),
    Mess(
        "field-of-another-service", "slot-lookalike:6", "Hei *|FNAME|*!", 'Hei {{ name|"sinä" }}!'
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

    assert {f"{f['id']}:{f['line']}" for f in findings} == {mess.told} - {""}
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
