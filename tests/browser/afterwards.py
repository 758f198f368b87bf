"""An issue that went out, and what its readers did, for pages that tell of it."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, insert

from newsletter.ledger import open_ledger
from newsletter.ledger.figure_tables import readers
from newsletter.ledger.issue_links import find_links, keep_links
from newsletter.ledger.sends import find_send
from newsletter.model import AuthoredLink, HitKind
from newsletter.model.figures import Source
from tests.conftest import LEDGER, Site, make_site
from tests.servers.brevo import BrevoServer
from tests.servers.house import specification
from tests.stats.sent import HIDDEN, HUMAN, UNKNOWN, copies_of, is_counted, is_seen

MAILED = "2026-11"
PROGRAMME, COURSES, GUIDES = (
    f"https://www.example.org/{name}" for name in ("teemapaivat", "koulutukset", "oppaat")
)
ISSUE = f"""\
---
subject: "Marraskuun kirje: teemapäivä, koulutukset ja uudet oppaat"
preheader: "Vuoden viimeinen teemapäivä on 18. joulukuuta, ja ilmoittautuminen on auki."
date: 2026-11-16
number: 11
---
Hei {{{{ name|"hyvä lukija" }}}}!

Vuoden viimeinen teemapäivä lähestyy, ja [ohjelma on julkaistu]({PROGRAMME}).

## Teemapäivä

Teemapäivässä kuullaan kolme puheenvuoroa asiakkaan äänestä työhönvalmennuksessa. Paikalle mahtuu
60 ihmistä, ja muut voivat seurata etänä.

::: button {PROGRAMME}
Ilmoittaudu teemapäivään
:::

## Koulutukset

Kevään koulutuskalenteri on valmis: katso [peruskurssit aloittaville valmentajille]({COURSES}) ja
verkossa koko vuoden auki olevat
[itseopiskelun aineistot ja tallenteet kaikista tämän vuoden teemapäivistä]({GUIDES}).
"""
FOLLOWED = {PROGRAMME: 9, COURSES: 3, GUIDES: 0}  # by how many readers


@contextmanager
def mailed_site(root: Path) -> Iterator[Site]:
    """Give a newsletter whose issue went to 60 readers."""
    site = make_site(root)
    site.write(f"issues/{MAILED}.md", ISSUE)
    site.people(60)
    journal = root.parent / f"{root.name}.jsonl"
    server = BrevoServer(name="brevo", journal_file=journal, spec=specification("brevo"))
    server.start()
    try:
        site.environment["NEWSLETTER_API_KEY"] = server.api_key
        site.settings(name=f'name = "brevo"\nbase_url = "{server.url}"\n')
        site.run("send", MAILED, "--yes", "--not-sent-before")
        yield site
    finally:
        server.stop()


def issue_is_read(site: Site) -> None:
    """Let a third of the readers of the issue open it, and some follow its links."""
    ledger = open_ledger(site.root / LEDGER)
    with closing(ledger), ledger.write() as connection:
        send = find_send(connection, MAILED)
        assert send
        copies = copies_of(connection, send.id)
        ranks = dict(zip(copies, [HUMAN] * 10 + [UNKNOWN] * 4 + [HIDDEN] * 6, strict=False))
        is_seen(connection, send.id, ranks)
        is_counted(connection, send.id, send.planned_at, "human", 14)
        keep_links(connection, send.id, map(_link, FOLLOWED), "fi")
        numbers = find_links(connection, send.id)
        for url, count in FOLLOWED.items():
            _are_followed(connection, send.id, numbers[url], copies[:count])
        _are_followed(connection, send.id, 0, copies[: max(FOLLOWED.values())])


def _link(url: str) -> AuthoredLink:
    return AuthoredLink(url=url)


def _are_followed(connection: Connection, send: int, link: int, copies: Sequence[int]) -> None:
    """Let people have followed a link; 0: any of them."""
    values = {"send_id": send, "source": Source.WEBHOOKS, "kind": HitKind.CLICKED, "link": link}
    rows = [{**values, "delivery_id": copy, "rank": HUMAN, "early": HUMAN} for copy in copies]
    if rows:
        connection.execute(insert(readers), rows)
