"""Makes newsletters that have sent issues of all kinds, for tests of what anybody may read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw

from tests.conftest import SERVERS, Site, make_site
from tests.servers.forked import Forked
from tests.servers.house import specification
from tests.serving import Service
from tests.waiting import read_until

PUBLIC = "https://news.example.org/kirje"
READERS = ("aino", "bertta", "cecilia")  # of their addresses and names nothing may be told
_PEOPLE = """\
email,name,language,region
aino@readers.example.com,Aino Salainen,fi,Lappi
bertta@readers.example.com,Bertta Salainen,fi,
cecilia@readers.example.com,Cecilia Hemlig,sv,
"""
_SUMMER = """\
---
subject: "Avustushaku aukeaa, ja sää suosii"
preheader: "Työhönvalmentajien avustuksia haetaan syksyllä. Lue, miten."
date: 2026-06-15
number: 6
---
Hei {{ name|"hyvä lukija" }}, osoitteesi on {{ email|"salainen" }}!

![Järvi kesällä](jarvi.png)

## Avustushaku

Hakuaika alkaa maanantaina. Lue [ohjeet](https://www.example.org/ohjeet).

::: only region=Lappi
Tämä kappale on vain lappilaisille.
:::

::: button https://www.example.org/hae
Hae avustusta
:::
"""
_SUMMER_IN_SWEDISH = """\
---
subject: "Bidragsansökan öppnar"
preheader: "Så här söker du bidrag i höst."
date: 2026-06-15
number: 6
---
Hej {{ name|"bästa läsare" }}!

## Bidragsansökan

Ansökningstiden börjar på måndag.
"""
_AUTUMN = """\
---
subject: "Syksyn teemapäivät"
preheader: "Kaikki saavat tulla."
date: 2026-09-15
number: 7
---
Hei!

## Teemapäivät

Saa tulla, kunnat ja kaupungit. Kaupungissa on tilaa.
"""
_HOSTILE = """\
---
subject: "</title><script>alert(1)</script> & \\"'><img src=x onerror=alert(2)>"
preheader: "</meta><script>alert(3)</script>"
date: 2026-10-15
number: 8
---
Hei `<script>alert(4)</script>`!

## Otsikko "lainaus" ]]> &lt;b&gt;

[`<b onclick=alert(6)>`](https://www.example.org/?a=%22%3E%3Cscript%3E)

![Järvi <img onerror=alert(8)>](jarvi.png)
"""


@contextmanager
def archive_site(folder: Path) -> Iterator[Site]:
    """Make a newsletter in Finnish that sent three issues, one of them in Swedish as well."""
    made = make_written(folder / "site")
    server = SERVERS["brevo"](
        name="brevo", journal_file=folder / "journal.jsonl", spec=specification("brevo")
    )
    server.start()
    made.environment["NEWSLETTER_API_KEY"] = server.api_key
    made.settings(name=f'name = "brevo"\nbase_url = "{server.url}"')
    try:
        for issue in ("2026-06", "2026-09", "2026-10"):
            send(made, issue)
        yield made
    finally:
        server.stop()


@contextmanager
def served(site: Site) -> Iterator[Service]:
    """Run its public service for several tests; one that the site starts ends with the first."""
    process = Forked(
        ("-C", str(site.root), "serve", "--port", "0"), environment=site.full_environment
    )
    try:
        line = read_until(process.stderr, "Serving")
        yield Service(site, process, int(line.partition("http://127.0.0.1:")[2].split(".")[0]))
    finally:
        process.end()


def make_written(root: Path) -> Site:
    """Make the same before anything is sent."""
    made = make_site(root)
    text = (root / "newsletter.toml").read_text(encoding="utf-8")
    lines = f'[newsletter]\npublic_url = "{PUBLIC}"\n'
    made.write("newsletter.toml", text.replace("[newsletter]\n", lines, 1))
    made.settings(opens='opens = "aggregate"')  # of which the archive is to show nothing
    made.settings(language='language = "fi"', title='title = "Valmentajan kirje"')
    made.environment["NEWSLETTER_SECRET"] = "so long that nobody guesses it"  # noqa: S105
    picture = Image.linear_gradient("L").resize((1200, 600)).convert("RGB")
    ImageDraw.Draw(picture).ellipse((700, 80, 1000, 380), fill="#f2c14e")
    picture.save(root / "issues/jarvi.png")
    made.write("issues/2026-06.md", _SUMMER)
    made.write("issues/2026-06.sv.md", _SUMMER_IN_SWEDISH)
    made.write("issues/2026-09.md", _AUTUMN)
    made.write("issues/2026-10.md", _HOSTILE)
    people = made.write("subscribers/people.csv", _PEOPLE)
    made.run("subscribers", "import", str(people), "--yes")
    return made


def send(site: Site, issue: str, *arguments: str) -> None:
    """Send an issue, whatever the checks warn of."""
    site.run("send", issue, "--yes", *arguments)
