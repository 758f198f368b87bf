"""A send through the local outbox is a rehearsal: the real send is one of its own."""

import json
import signal
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any

from tests.conftest import Site, StartProvider
from tests.servers.house import ProviderServer
from tests.waiting import wait_until

EDITED = """\
---
subject: "Uusi otsikko"
preheader: "Tässä kirjeessä kerrotaan kesäkuun kuulumiset ja syksyn suunnitelmat."
date: 2026-06-15
number: 6
---
Hei {{ name|"hyvä lukija" }}!

Kesäkuussa levätään.
"""
SLOWLY = "batch_size = 5\nconcurrency = 1"


def _report(site: Site, *arguments: str) -> Any:
    return json.loads(site.run(*arguments, "--json").stdout)


def _mailed(server: ProviderServer) -> Counter[str]:
    return Counter(message["email"] for message in server.messages())


def _everybody(count: int) -> Counter[str]:
    return Counter(f"person{n}@example.org" for n in range(count))


def test_who_rehearses_and_then_names_a_provider_mails_everybody(
    site: Site, start_provider: StartProvider
) -> None:
    site.people(12)
    rehearsed = site.run("send", "2026-06", "--yes")
    server = start_provider(site, "brevo")

    plan = site.run("send", "2026-06", "--dry-run")
    site.run("send", "2026-06", "--yes")

    assert "It was a rehearsal: no reader was mailed." in rehearsed.stderr
    assert "Rehearsed   20" in plan.stderr
    assert _mailed(server) == _everybody(12)
    assert "was sent already" in site.run("send", "2026-06", "--yes").stderr


def test_an_address_of_this_machine_keeps_nobody_from_rehearsing_only_from_sending(
    site: Site, start_provider: StartProvider
) -> None:
    site.people(2)
    site.environment["NEWSLETTER_SECRET"] = "so long that nobody guesses it"  # noqa: S105
    site.settings(language='language = "fi"\npublic_url = "http://127.0.0.1:8080"')

    rehearsed = site.run("send", "2026-06", "--yes").stderr
    server = start_provider(site, "brevo")
    refused = site.run("send", "2026-06", "--yes", code=1)

    assert "It was a rehearsal: no reader was mailed." in rehearsed
    assert (
        "error: the links of the newsletter's own lead to http://127.0.0.1:8080" in refused.stderr
    )
    assert server.messages() == []


def test_status_list_and_stats_tell_a_rehearsal_from_a_send(
    site: Site, start_provider: StartProvider
) -> None:
    site.people(3)
    site.run("send", "2026-06", "--yes")

    status = _report(site, "status", "2026-06")
    assert (status["rehearsal"], status["counts"]["accepted"]) == (True, 3)
    assert [report["rehearsal"] for report in _report(site, "status")] == [True]
    assert "rehearsal: no reader was mailed" in site.run("status").stdout
    assert _report(site, "list", "--year", "2026")["issues"][0]["state"] == "rehearsed"
    assert _report(site, "stats")[0]["rehearsal"] is True
    assert site.run("stats", "--csv").stdout.splitlines()[0].endswith(",rehearsal")

    start_provider(site, "brevo")
    site.run("send", "2026-06", "--yes")

    status = _report(site, "status", "2026-06")
    assert (status["rehearsal"], bool(status["rehearsed_at"])) == (False, True)
    assert [report["rehearsal"] for report in _report(site, "status")] == [False]
    assert _report(site, "list", "--year", "2026")["issues"][0]["state"] == "sent"
    assert "rehearsal" not in _report(site, "stats")[0]


def _subjects(site: Site) -> dict[str, str]:
    messages = {p.name: message_from_bytes(p.read_bytes()) for p in _outbox(site).glob("*.eml")}
    return {name: str(message["subject"]) for name, message in messages.items()}


def _outbox(site: Site) -> Path:
    return site.root / "outbox" / "2026-06"


def test_an_issue_that_was_edited_is_rehearsed_again_and_nothing_of_the_old_one_is_left(
    site: Site, start_provider: StartProvider
) -> None:
    site.people(4)
    site.run("send", "2026-06", "--yes")
    site.run("subscribers", "remove", "person3@example.org")
    site.write("issues/2026-06.md", EDITED)
    site.write("outbox/2026-06/notes.txt", "the editor's own")
    before = _subjects(site)

    declined = site.run("send", "2026-06", answer="no\n", code=1)
    assert _subjects(site) == before
    again = site.run("send", "2026-06", answer="yes\n")

    for said in (declined, again):
        assert "Rehearsed   20" in said.stderr
        assert "Rehearse 2026-06 with 3 people now" in said.stderr
    assert _subjects(site) == {f"person{n}@example.org.eml": "Uusi otsikko" for n in range(3)}
    pages = {path.stem for path in _outbox(site).glob("*.html")}
    assert pages == {"index", *(f"person{n}@example.org" for n in range(3))}
    assert (_outbox(site) / "notes.txt").exists()
    assert _report(site, "status", "2026-06")["counts"]["accepted"] == 3
    assert [report["rehearsal"] for report in _report(site, "status")] == [True]
    assert [report["subject"] for report in _report(site, "stats")] == ["Uusi otsikko"]
    [listed] = _report(site, "list", "--year", "2026")["issues"]
    assert (listed["state"], listed["accepted"]) == ("rehearsed", 3)

    server = start_provider(site, "brevo")
    site.run("send", "2026-06", "--yes")

    assert _mailed(server) == _everybody(3)
    assert [report["rehearsal"] for report in _report(site, "status")] == [False]


def test_each_rehearsal_is_for_whom_it_is_asked(site: Site) -> None:
    site.people(3)
    site.run("send", "2026-06", "--yes")
    site.run("subscribers", "add", "lappi@example.org", "--set", "region=Lappi")

    site.run("send", "2026-06", "--segment", "region=Lappi", "--yes")

    assert list(_subjects(site)) == ["lappi@example.org.eml"]


def test_an_unfinished_rehearsal_goes_on_and_says_how_a_new_one_begins(site: Site) -> None:
    site.people(3)
    site.run("send", "2026-06", "--canary", "1", answer="yes\nno\n", code=None)
    site.write("issues/2026-06.md", EDITED)

    told = site.run("send", "2026-06", "--dry-run")
    site.run("send", "2026-06", "--cancel", "--yes")
    site.run("send", "2026-06", "--yes")

    assert "1 accepted, 2 to go." in told.stderr
    assert "“newsletter send 2026-06 --cancel” ends it" in told.stderr
    assert set(_subjects(site).values()) == {"Uusi otsikko"}
    assert len(_subjects(site)) == 3


def test_news_is_collected_for_an_issue_that_was_only_rehearsed(site: Site) -> None:
    site.people(1)
    site.run("send", "2026-06", "--yes")

    checked = site.run("check", "2026-06", "--json", code=None)

    assert "was sent" not in checked.stdout


def _begin_and_cut_off(site: Site, server: ProviderServer) -> None:
    site.people(60)
    process = site.start("send", "2026-06", "--yes")
    wait_until(lambda: len(server.messages()) >= 10)
    process.send_signal(signal.SIGINT)
    process.communicate()


def test_an_account_that_changed_in_the_middle_is_asked_about(
    site: Site, start_provider: StartProvider
) -> None:
    first = start_provider(site, "brevo", delay=0.3, extra=SLOWLY)
    _begin_and_cut_off(site, first)
    already = len(first.messages())
    site.settings(base_url="", batch_size="", concurrency="")
    second = start_provider(site, "brevo")

    refused = site.run("send", "2026-06", "--yes", code=3)
    declined = site.run("send", "2026-06", answer="no\n", code=1)
    assert len(second.messages()) == 0
    site.run("send", "2026-06", answer="yes\nyes\n")

    for said in (refused, declined):
        assert f"from {first.url} to {second.url}" in said.stderr
    assert already < 60
    assert len(first.messages()) == already
    assert _mailed(first) + _mailed(second) == _everybody(60)


def test_a_key_that_changed_in_the_middle_is_noticed_by_a_resume_too(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo", delay=0.3, extra=SLOWLY)
    _begin_and_cut_off(site, server)
    site.run("send", "2026-06", "--pause")
    site.environment["NEWSLETTER_API_KEY"] = "xkeysib-another"

    refused = site.run("send", "2026-06", "--resume", "--yes", code=3)

    assert "its key or domain" in refused.stderr
    assert "xkeysib" not in refused.stderr
    assert _report(site, "status", "2026-06")["state"] == "paused"


def test_what_the_old_account_may_have_taken_is_settled_there_first(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo", delay=5, extra=SLOWLY)
    site.people(10)
    process = site.start("send", "2026-06", "--yes")
    wait_until(server.messages)  # in its first call, which is answered in five seconds
    process.kill()
    process.communicate()
    site.environment["NEWSLETTER_API_KEY"] = "xkeysib-another"

    refused = site.run("send", "2026-06", answer="yes\nyes\n", code=3)

    assert "5 deliveries may have been taken there" in refused.stderr
    assert len(server.messages()) <= 5


def _counts(site: Site) -> dict[str, int]:
    found = _report(site, "status")
    return found[0]["counts"] if found else {}
