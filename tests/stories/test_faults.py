"""What a provider may do to a call, and that nobody is lost or mailed twice for it."""

import json
from collections import Counter

import pytest

from tests.conftest import Site, StartBrevo


def _counts(site: Site) -> dict[str, int]:
    counts: dict[str, int] = json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]
    return counts


@pytest.mark.parametrize(
    "fault",
    [
        "1:429",  # refused for now, without saying for how long
        "1:429:1",  # refused for a second
        "1:500-before",  # an error page, nothing taken
        "1:500-after",  # taken, then an error page
        "1:reset-before",  # connection lost, nothing taken
        "1:reset-after",  # taken, then the connection is lost
        "1:truncated",  # taken, and half an answer
        "1:html",  # a page instead of an answer
        "2:500-after",  # the same in the second call
    ],
)
def test_a_passing_fault_costs_nobody_their_mail_and_mails_nobody_twice(
    site: Site, start_brevo: StartBrevo, fault: str
) -> None:
    server = start_brevo(site, faults=(fault,))
    site.settings(base_url=f'base_url = "{server.url}"\nbatch_size = 20')
    site.people(50)

    site.run("send", "2026-06", "--yes")

    mailed = Counter(message["email"] for message in server.messages())
    assert len(mailed) == 50
    assert set(mailed.values()) == {1}
    assert _counts(site)["accepted"] == 50


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
    start_brevo(site, faults=tuple(f"{n}:reset-before" for n in range(1, 6)))
    site.people(3)
    site.run("send", "2026-06", "--yes", code=1)

    site.run("send", "2026-06", "--unknown", "skip", "--dry-run")
    site.run("send", "2026-06", "--unknown", "resend", answer="no\n", code=1)

    assert _counts(site)["unknown"] == 3


def test_a_doubtful_test_gives_no_advice_that_would_mail_the_list(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site, faults=tuple(f"{n}:reset-before" for n in range(1, 6)))
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
    site.settings(base_url=f'base_url = "{server.url}"\nbatch_size = 20')
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


def test_what_cannot_be_known_is_left_to_the_editor(site: Site, start_brevo: StartBrevo) -> None:
    lost = tuple(f"{n}:reset-before" for n in range(1, 6))
    server = start_brevo(site, faults=lost)
    site.people(3)

    done = site.run("send", "2026-06", "--yes", code=1)
    assert "unknown" in done.stderr
    assert _counts(site)["unknown"] == 3
    listed = site.run("status", "2026-06", "--recipients", "--state", "unknown").stdout
    assert listed.count("@example.org") == 3
    site.run("send", "2026-06", "--unknown", "resend", "--yes")

    assert len(server.messages()) == 3
    assert _counts(site)["accepted"] == 3


def test_the_editor_may_let_unknown_ones_be(site: Site, start_brevo: StartBrevo) -> None:
    server = start_brevo(site, faults=tuple(f"{n}:reset-before" for n in range(1, 6)))
    site.people(3)
    site.run("send", "2026-06", "--yes", code=1)

    site.run("send", "2026-06", "--unknown", "skip", "--yes")

    assert server.messages() == []
    assert _counts(site)["skipped"] == 3


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
