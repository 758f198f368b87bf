"""The same opens and clicks come to the same figures: by webhook in any order, repeated, by list.

A real site mails two issues through servers that speak as providers; what readers do is drawn.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from newsletter import feedback, mailing
from newsletter.ledger import Ledger, figures, open_ledger, sends, summing, webhooks
from newsletter.ledger.tables import metadata
from newsletter.model import Counts, Source, Span
from newsletter.settings import Settings, load_settings
from newsletter.stats import update_figures
from tests.conftest import ISSUE, LEDGER, make_site
from tests.servers.dialect import bare
from tests.servers.hooks import posted
from tests.servers.house import ProviderServer, specification
from tests.servers.posting import event_of
from tests.servers.visits import Visit, note

READERS, DAYS = 12, 25
LINKS = (
    "https://www.example.org/",
    "https://www.example.org/uutiset?a=1&b=%C3%A4",
    "https://www.example.org/syksy",
    "https://news.example.org/u/MS5ub2JvZHk",  # to leave: none of the author's
)
AGENTS = (
    "",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/5.0",
    "python-requests/2.32",
)
BODY = f"{ISSUE}\n## Uutisia\n\n[Lue lisää]({LINKS[1]}) [syksyn]({LINKS[2]}) uutisista.\n"
EMPTIED = (
    *("webhooks", "returns", "hits", "visits", "readers", "marks", "news", "reports"),
    *("figures", "revisions", "events"),
)


class Deed(NamedTuple):
    """What a reader, or a machine, does with an issue."""

    second: int  # after both issues went out
    issue: int
    reader: int
    link: int | None  # that is followed; None: the mail is opened
    agent: int
    machine: str


deeds = st.builds(
    Deed,
    st.integers(60, DAYS * 86_400),
    st.integers(0, 1),
    st.integers(0, 4),  # few, so that they come back
    st.none() | st.integers(0, len(LINKS) - 1),
    st.integers(0, len(AGENTS) - 1),
    st.sampled_from(["", "", "apple"]),
)
some_deeds = st.lists(deeds, max_size=30, unique_by=lambda deed: deed.second)


@dataclass(frozen=True)
class World:
    """A newsletter that mailed two issues, its ledger, and the account at its provider."""

    settings: Settings
    ledger: Ledger
    server: ProviderServer
    begun: dt.datetime  # when the second issue went out
    ids: Sequence[int]  # of the sends

    @property
    def now(self) -> dt.datetime:
        """Return a moment when all was done."""
        return self.begun + dt.timedelta(days=DAYS + 1)

    def forget(self) -> None:
        """Begin anew: nothing was ever done with the mail, or told of it."""
        assert self.server.visits
        self.server.visits.write_text("", encoding="utf-8")
        with self.ledger.write() as connection:
            for name in EMPTIED:
                connection.execute(delete(metadata.tables[name]))

    def visits(self, done: Sequence[Deed], *, are_named: bool) -> list[tuple[Any, Visit]]:
        """Return what was done, each with the message that it was done with."""
        messages = self.server.messages()
        found = []
        for deed in done:
            line = messages[deed.issue * READERS + deed.reader]
            is_click = deed.link is not None
            visit = Visit(
                message_id=bare(line["messageId"]),
                email=line["email"],
                kind="clicked" if is_click else "opened",
                at=self.begun + dt.timedelta(seconds=deed.second),
                url=LINKS[deed.link or 0] if is_click else "",
                agent=AGENTS[deed.agent] if are_named else "",
                network="198.51.100.7",
                machine="" if is_click else deed.machine,
            )
            found.append((line, visit))
        return found

    def post(self, told: Sequence[tuple[Any, Visit]]) -> None:
        """Let the provider tell of visits by webhook, and take that in."""
        provider = self.settings.provider.name
        bodies = [
            posted(provider, event_of(provider, *each), self.now, token=f"t{n}").body
            if provider == "mailgun"
            else posted(provider, event_of(provider, *each), self.now).body
            for n, each in enumerate(told)
        ]
        with self.ledger.write() as connection:
            some = [webhooks.Posting(provider, body, self.now) for body in bodies]
            webhooks.add_postings(connection, some)
        rules = feedback.rules_of(self.settings)
        feedback.digest(self.ledger, rules, topics=(), now=lambda: self.now)
        summing.sum_up(self.ledger, self.now)

    def pull(self) -> None:
        """Ask the provider."""
        issues = ["2026-06", "2026-07"]
        pulled = mailing.pull_figures(self.settings, self.ledger, issues, self.now)
        assert (pulled.fault, list(pulled.told)) == (None, [])

    def counts(self) -> Mapping[tuple[int, str, Span], Counts]:
        """Return what each source says of each issue, whenever it said so."""
        update_figures(self.ledger, now=self.now)
        with self.ledger.read() as connection:
            kept = figures.find_rows(connection, self.ids)
        return {
            (row.send, row.source, row.span): replace(row.content.counts, source=None, as_of=None)
            for rows in kept.values()
            for row in rows
            if row.content.counts and not row.grouping
        }


def _world(root: Path, name: str) -> Iterator[World]:
    site = make_site(root / "site")
    visits = root / "visits.jsonl"
    with ProviderServer(
        name=name, journal_file=root / "j.jsonl", spec=specification(name), visits=visits
    ) as server:
        more = 'domain = "example.org"\n' if name == "mailgun" else ""
        site.settings(
            name=f'name = "{name}"\nbase_url = "{server.url}"\n{more}', opens='opens = "provider"'
        )
        site.write(".env", f"NEWSLETTER_API_KEY={server.api_key}\nNEWSLETTER_SECRET={'s' * 40}\n")
        site.write("issues/2026-06.md", BODY)
        site.write("issues/2026-07.md", BODY.replace("2026-06", "2026-07"))
        site.people(READERS)
        for issue in ("2026-06", "2026-07"):
            site.run("send", issue, "--yes")
        ledger = open_ledger(site.root / LEDGER)
        with ledger.read() as connection:
            sent = sends.list_sends(connection)
        yield World(
            load_settings(site.root),
            ledger,
            server,
            max(send.planned_at for send in sent).replace(microsecond=0),
            [send.id for send in sent],
        )
        ledger.close()


@pytest.fixture(scope="module", params=["brevo", "mailgun"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A newsletter with each provider that lists opens and clicks."""
    yield from _world(tmp_path_factory.mktemp(request.param), request.param)


@given(some_deeds, st.randoms(use_true_random=False))
@settings(max_examples=10, phases=[Phase.generate])  # each takes a second
def test_any_order_repeats_and_batches_come_to_what_is_listed(
    world: World, done: list[Deed], random: Random
) -> None:
    world.forget()
    # Brevo names the program that opened a mail by webhook alone.
    told = world.visits(done, are_named=world.settings.provider.name != "brevo")
    note(world.server.visits or Path(), *(visit for _, visit in told))
    retold = [*told, *(each for each in told if random.random() < 0.3)]
    random.shuffle(retold)

    while retold:
        size = random.randint(1, len(retold))
        world.post(retold[:size])
        retold = retold[size:]
    world.pull()

    found = world.counts()
    for send, source, span in [*found]:
        if source == Source.WEBHOOKS:
            assert found[send, Source.REPORT, span] == found[send, Source.WEBHOOKS, span]
    told_of = {world.ids[deed.issue] for deed in done}
    assert {send for send, source, _ in found if source == Source.WEBHOOKS} == told_of


def test_a_late_event_changes_its_own_issue_alone(world: World) -> None:
    world.forget()
    soon = [Deed(3600 + n, n % 2, n, n % 2 or None, 1, "") for n in range(READERS)]
    late = [Deed(20 * 86_400, 0, 3, 1, 1, ""), Deed(20 * 86_400 + 9, 0, 4, None, 1, "")]
    file = world.server.visits or Path()
    told = world.visits(soon, are_named=True)
    note(file, *(visit for _, visit in told))
    world.post(told)
    world.pull()
    before = world.counts()

    told = world.visits(late, are_named=True)
    note(file, *(visit for _, visit in told))
    world.post(told)
    world.pull()

    after = world.counts()
    changed = {key for key in after if after[key] != before[key]}
    assert {(send, span) for send, _, span in changed} == {(world.ids[0], Span.WHOLE)}
