"""200 people race for 30 seats over 16 connections, and a process is killed in the middle of it."""

import signal
import subprocess
import sys
from itertools import pairwise

import pytest

from newsletter.ledger import Ledger, due_mails, registrations
from tests.conftest import REPOSITORY
from tests.meetings.hall import ON_SITE
from tests.meetings.racer import SEATS

_PEOPLE, _PROCESSES = 200, 4
_EACH = _PEOPLE // _PROCESSES
pytestmark = pytest.mark.long


def race(ledger: Ledger, share: int) -> "subprocess.Popen[str]":
    """Start a process for a share of the people."""
    place = ledger.engine.url.render_as_string(hide_password=False)
    place = place if ledger.is_shared else ledger.place
    numbers = str(share * _EACH), str((share + 1) * _EACH)
    command = [sys.executable, "-m", "tests.meetings.racer", place, *numbers]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)


def test_of_200_people_30_have_a_seat_nobody_twice_and_the_line_is_in_order(
    ledger: Ledger,
) -> None:
    ledger.close()
    racers = [race(ledger, share) for share in range(_PROCESSES)]
    first = racers[0]
    assert first.stdout
    for _ in range(5):
        assert first.stdout.readline()
    first.send_signal(signal.SIGKILL)
    first.communicate()
    again = race(ledger, 0)  # those who had no answer press once more
    for racer in [*racers[1:], again]:
        racer.communicate()
        assert racer.returncode == 0

    with ledger.read() as connection:
        people = registrations.list_registrations(connection, "teemapaiva")
        mails = due_mails.list_mails(connection, "teemapaiva")
    seats = [one.on_site_seat for one in people if one.state == "registered"]
    line = sorted((one for one in people if one.line is ON_SITE), key=lambda one: one.id)
    assert sorted(filter(None, seats)) == list(range(1, SEATS + 1))
    assert len({one.address for one in people}) == len(people) == _PEOPLE
    assert len(line) == _PEOPLE - SEATS
    assert all(a.line_at < b.line_at for a, b in pairwise(line) if a.line_at and b.line_at)
    assert max(one.id for one in people if one.state == "registered") < line[0].id
    assert sorted(mail.kind for mail in mails) == sorted(
        ["confirmed"] * SEATS + ["waiting"] * (_PEOPLE - SEATS)
    )
