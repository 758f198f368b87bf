"""200 readers press for 30 seats over 16 connections to two servers, of which one is killed."""

import itertools
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import pairwise
from pathlib import Path

import pytest

from newsletter.ledger import Ledger, due_mails, people, registrations
from newsletter.links import MemberLinks
from newsletter.model import Subscriber
from tests.meetings.hall import NOW, ON_SITE
from tests.public.people import SECRET, House, make_house
from tests.servers.forked import Forked
from tests.waiting import read_until

pytestmark = pytest.mark.long
_PEOPLE, _SEATS, _CONNECTIONS, _BEFORE_IT_DIES = 200, 30, 16, 40
MEETING = f"""\
---
title: Teemapäivä
start: 2099-12-09 09:00
end: 15:00
place: Kohtaamo
seats:
  on-site: {_SEATS}
---
Tervetuloa!
"""
KEYS = [f"person{number:04}------" for number in range(_PEOPLE)]


@dataclass
class Crowd:
    """Readers who press the button of their mail until somebody answers."""

    houses: list[House]
    killed: Forked  # the server of the first house
    answered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def press(self, number: int) -> None:
        """Have one of them press, at one server and, if that is gone, at the next."""
        token = MemberLinks(SECRET).link_for(KEYS[number])
        for house in itertools.islice(itertools.cycle(self.houses), number % 2, number % 2 + 20):
            try:
                given = {"attending": "on-site", "name": f"Person {number}", "pressed": "yes"}
                answer = house.post(f"/kirje/meetings/teemapaiva?lang=fi&me={token}", given)
            except (OSError, HTTPException):
                continue
            assert answer.status in (200, 303), answer.body.decode()[:500]
            self._count()
            return
        raise AssertionError("nobody answered")

    def _count(self) -> None:
        with self.lock:
            self.answered += 1
            if self.answered == _BEFORE_IT_DIES:
                self.killed.kill()


def serve(root: Path, environment: dict[str, str]) -> tuple[Forked, int]:
    """Start a server of a newsletter; return it and its port."""
    arguments = ("-C", str(root), "serve", "--port", "0")
    process = Forked(arguments, environment=environment)
    line = read_until(process.stderr, "Serving")
    return process, int(line.partition("http://127.0.0.1:")[2].split(".")[0])


def test_two_servers_give_each_seat_once_though_one_is_killed(
    ledger: Ledger, tmp_path: Path
) -> None:
    site = make_house(tmp_path / "site")
    place = ledger.engine.url.render_as_string(hide_password=False)
    url = place if ledger.is_shared else f"sqlite:///{ledger.place}"
    text = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    site.write("newsletter.toml", re.sub(r'(?m)^url = ".*"$', f'url = "{url}"', text, count=1))
    site.write("meetings/teemapaiva.md", MEETING)
    with ledger.write() as connection:
        readers = [Subscriber(address=f"{key}@example.org", key=key) for key in KEYS]
        people.add_subscribers(connection, readers, NOW)
    servers = [serve(site.root, site.full_environment) for _ in range(2)]

    try:
        crowd = Crowd([House(site, port) for _, port in servers], servers[0][0])
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            list(pool.map(crowd.press, range(_PEOPLE)))
    finally:
        for process, _ in servers:
            process.end()

    with ledger.read() as connection:
        found = registrations.list_registrations(connection, "teemapaiva")
        mails = due_mails.list_mails(connection, "teemapaiva")
    seats = [one.on_site_seat for one in found if one.state == "registered"]
    line = sorted((one for one in found if one.line is ON_SITE), key=lambda one: one.id)
    assert sorted(filter(None, seats)) == list(range(1, _SEATS + 1))
    assert len({one.subscriber_key for one in found}) == len(found) == _PEOPLE
    assert len(line) == _PEOPLE - _SEATS
    assert all(a.line_at < b.line_at for a, b in pairwise(line) if a.line_at and b.line_at)
    assert max(one.id for one in found if one.state == "registered") < line[0].id
    assert sorted(mail.kind for mail in mails) == sorted(
        ["confirmed"] * _SEATS + ["waiting"] * (_PEOPLE - _SEATS)
    )
