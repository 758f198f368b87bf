"""What a provider may do to a call, and that nobody is lost or mailed twice for it."""

import json
import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from tests.conftest import Site, StartBrevo
from tests.stories.accounts import opened
from tests.stories.rehearsal import NEEDS

LOST = tuple(f"{n}:reset-before" for n in range(1, 6))  # five calls in a row: all that are tried


def _counts(site: Site) -> dict[str, int]:
    counts: dict[str, int] = json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]
    return counts


@pytest.mark.parametrize(
    ("name", "fault", "codes"),
    [
        ("brevo", "1:429:1", (0, 0)),  # refused for a second
        ("brevo", "1:truncated", (0, 0)),  # taken, and half an answer: asked again under its key
        ("resend", "1:slow:1.6", (0, 0)),  # taken, but no answer in time: as well
        ("sendgrid", "1:500-after", (0, 0)),  # taken, then an error page: looked up
        ("mailgun", "1:500-before", (1, 0)),  # not taken, which is certain only after a while
        ("postmark", "1:401", (4, 0)),  # the key was wrong for a while
        ("mailjet", "1:reset-after", (0, 0)),  # taken, then the connection is lost: looked up
        ("ses", "1:reset-after", (1, 1)),  # the same where nobody can be asked
        ("smtp", "1:reset-after", (1, 1)),  # the same with one message
    ],
)
def test_whatever_happens_to_a_call_nobody_is_mailed_twice_and_the_exit_code_tells(
    site: Site, name: str, fault: str, codes: tuple[int, int]
) -> None:
    patience = 1 if "slow" in fault else 60
    extra = f"{NEEDS.get(name, '')}\nbatch_size = 10\nconcurrency = 1\ntimeout = {patience}"
    site.people(30)
    with opened(
        site, name, extra=f"{extra}\nsettles_after = 3600", checked=False, faults=(fault,)
    ) as account:
        first = site.run("send", "2026-06", "--yes", code=codes[0])
        _let_an_hour_pass(site)
        site.run("send", "2026-06", "--yes", code=codes[1])
        mailed = Counter(message["email"] for message in account.messages())

    counts = _counts(site)
    assert set(mailed.values()) == {1}
    assert len(mailed) == counts["accepted"] + counts["unknown"] == 30
    assert bool(counts["unknown"]) == (codes[1] == 1)
    assert (first.returncode == 0) == ("Done." in first.stderr)


def _let_an_hour_pass(site: Site) -> None:
    """Set the calls back in time, so that the provider's records are proof."""
    file = site.root / "subscribers" / "newsletter.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as ledger:
        ledger.execute("UPDATE batches SET called_at = called_at - 3601, not_before = 0")


@pytest.mark.parametrize(
    "faults",
    [
        ("1:500-after", "2:429"),  # taken; the repeat comes too soon
        ("1:500-after", "2:401"),  # taken; then the key is withdrawn
        ("1:reset-after", "2:400-invalid"),  # taken; the repeat is refused
        ("1:truncated", "2:402"),  # taken; then the account is empty
    ],
)
def test_a_refused_repeat_of_a_taken_call_mails_nobody_twice(
    site: Site, start_brevo: StartBrevo, faults: tuple[str, str]
) -> None:
    server = start_brevo(site, faults=faults)
    site.people(5)
    site.run("send", "2026-06", "--yes", code=None)

    site.run("send", "2026-06", "--yes", code=None)

    mailed = Counter(message["email"] for message in server.messages())
    assert (len(mailed), set(mailed.values())) == (5, {1})
    assert _counts(site)["rejected"] == 0


def test_a_decision_about_unknown_ones_waits_for_the_confirmation(
    site: Site, start_brevo: StartBrevo
) -> None:
    start_brevo(site, faults=LOST)
    site.people(3)
    site.run("send", "2026-06", "--yes", code=1)

    site.run("send", "2026-06", "--unknown", "skip", "--dry-run")
    site.run("send", "2026-06", "--unknown", "resend", answer="no\n", code=1)

    assert _counts(site)["unknown"] == 3


def test_a_doubtful_test_gives_no_advice_that_would_mail_the_list(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site, faults=LOST)
    site.people(3)

    done = site.run("send", "2026-06", "--test", "mina@example.org", "--yes", code=1)

    assert "newsletter send 2026-06" not in done.stderr + done.stdout
    site.run("send", "2026-06", "--unknown", "resend", "--yes", code=2)
    assert server.messages() == []


def test_a_key_with_a_stray_line_break_works_and_is_never_shown(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site)
    site.environment["NEWSLETTER_API_KEY"] = " test-key\n"
    site.people(2)

    done = site.run("send", "2026-06", "--yes")

    assert len(server.messages()) == 2
    assert "test-key" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("fault", "cure"),
    [
        ("2:401", "NEWSLETTER_API_KEY"),  # the key was withdrawn
        ("2:402", "credits"),  # the account is empty
    ],
)
def test_a_lasting_fault_stops_the_run_names_the_cure_and_loses_nothing(
    site: Site, start_brevo: StartBrevo, fault: str, cure: str
) -> None:
    server = start_brevo(site, faults=(fault,))
    site.settings(base_url=f'base_url = "{server.url}"\nbatch_size = 20\nconcurrency = 1')
    site.people(50)

    stopped = site.run("send", "2026-06", "--yes", code=4)
    assert cure in stopped.stderr
    assert _counts(site) == {
        "queued": 30, "sending": 0, "accepted": 20, "rejected": 0, "unknown": 0, "skipped": 0,
    }  # fmt: skip
    site.run("send", "2026-06", "--yes")

    mailed = Counter(message["email"] for message in server.messages())
    assert (len(mailed), set(mailed.values())) == (50, {1})


def test_one_bad_recipient_does_not_cost_the_others_their_mail(
    site: Site, start_brevo: StartBrevo
) -> None:
    refused = ("1:400-invalid", "2:400-invalid", "3:400-invalid", "4:400-invalid")
    server = start_brevo(site, faults=refused)  # 8, 4, 2, 1: down to the one that spoils it
    site.people(8)

    site.run("send", "2026-06", "--yes", code=1)

    assert (_counts(site)["accepted"], _counts(site)["rejected"]) == (7, 1)
    assert len(server.messages()) == 7
    shown = site.run("status", "2026-06", "--recipients", "--state", "rejected").stdout
    assert "person0@example.org" in shown
    assert "email is not valid" in shown


@pytest.mark.parametrize(
    ("decision", "mailed", "state"), [("resend", 3, "accepted"), ("skip", 0, "skipped")]
)
def test_what_cannot_be_known_is_left_to_the_editor(
    site: Site, start_brevo: StartBrevo, decision: str, mailed: int, state: str
) -> None:
    server = start_brevo(site, faults=LOST)
    site.people(3)

    done = site.run("send", "2026-06", "--yes", code=1)
    assert "unknown" in done.stderr
    assert _counts(site)["unknown"] == 3
    listed = site.run("status", "2026-06", "--recipients", "--state", "unknown").stdout
    assert listed.count("@example.org") == 3
    site.run("send", "2026-06", "--unknown", decision, "--yes")

    assert len(server.messages()) == mailed
    assert _counts(site)[state] == 3


def test_a_wrong_key_stops_before_anybody_is_mailed(site: Site, start_brevo: StartBrevo) -> None:
    server = start_brevo(site)
    site.environment["NEWSLETTER_API_KEY"] = "a-key-that-nobody-may-see"
    site.people(3)

    done = site.run("send", "2026-06", "--yes", code=4)

    assert "NEWSLETTER_API_KEY" in done.stderr
    assert "a-key-that-nobody-may-see" not in done.stdout + done.stderr
    assert server.messages() == []


def test_an_unreachable_provider_stops_with_its_address(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site)
    site.people(3)
    server.stop()

    done = site.run("send", "2026-06", "--yes", code=4)

    assert server.url in done.stderr
    assert _counts(site)["queued"] == 3
