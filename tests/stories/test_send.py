"""Nothing but the confirmation sends; the plan says what would happen."""

import email
import json
from email import policy

import pytest

from tests.conftest import ISSUE, Site, StartBrevo

SWEDISH = ISSUE.replace("Kesäkuun kirje", "Junibrevet")
TEST_SV = ("send", "2026-06", "--test", "me@example.org", "--lang", "sv")


def _outbox(site: Site) -> list[str]:
    return sorted(path.name for path in (site.root / "outbox").glob("*/*.eml"))


def test_the_plan_shows_all_that_matters_before_asking(site: Site) -> None:
    site.people(5)
    site.run("subscribers", "remove", "person0@example.org")

    shown = site.run("send", "2026-06", answer="no\n", code=1).stderr

    for word in ("2026-06", "Kesäkuun kirje", "uutiskirje@example.org", "outbox", "4 people"):
        assert word in shown
    assert "1 unsubscribed" in shown


@pytest.mark.parametrize(
    "answer",
    [
        "no\n",
        "\n",
        "",  # no terminal at all
        "t\n",  # a slip of the finger
        "ok\n",  # may as well mean that something was read
        "kyllä ei\n",
        "kyl\n",
        "nej\n",
        "yesterday\n",
        "2026-06\n",
        "--yes\n",
    ],
)
def test_anything_but_the_confirmation_sends_nothing(site: Site, answer: str) -> None:
    site.people(2)

    done = site.run("send", "2026-06", answer=answer, code=1)

    assert "Nothing was sent" in done.stderr
    assert _outbox(site) == []
    assert json.loads(site.run("status", "--json").stdout) == []


@pytest.mark.parametrize("answer", ["yes\n", "kyllä\n", "Ja.\n"])
def test_the_confirmation_sends(site: Site, answer: str) -> None:
    """In any language, whatever the terminal speaks."""
    site.people(2)

    site.run("send", "2026-06", answer=answer)

    assert _outbox(site) == ["person0@example.org.eml", "person1@example.org.eml"]


def test_a_dry_run_sends_nothing_even_with_yes(site: Site) -> None:
    site.people(2)

    done = site.run("send", "2026-06", "--dry-run", "--yes")

    assert "Dry run" in done.stderr
    assert _outbox(site) == []
    assert json.loads(site.run("status", "--json").stdout) == []


def test_an_error_found_by_the_check_refuses_to_send(site: Site) -> None:
    site.people(2)
    site.write(
        "issues/2026-06.md",
        "---\nsubject: Kirje\ndate: 2026-06-15\n---\nKatso [sivu](www.example.org).\n",
    )

    done = site.run("send", "2026-06", "--yes", code=1)

    assert "issues/2026-06.md:5: error:" in done.stderr
    assert "link-scheme" in done.stderr
    assert _outbox(site) == []


def test_a_segment_limits_who_gets_it_and_says_who_is_left_out(sample: Site) -> None:
    sample.run("subscribers", "import", str(sample.root / "subscribers/example.csv"), "--yes")

    done = sample.run("send", "2021-06", "--segment", "region=Lappi", "--yes", "--json")

    status = json.loads(done.stdout)
    assert status["counts"]["accepted"] == 20
    assert status["left_out"] == {"not region=Lappi": 620}


def test_nobody_on_the_list_is_told_with_the_cure(site: Site) -> None:
    done = site.run("send", "2026-06", "--yes", code=2)

    assert "subscribers import" in done.stderr


def test_those_who_left_after_the_plan_are_skipped(site: Site) -> None:
    site.people(3)
    site.settings(name='name = "outbox"\npath = "newsletter.toml"')  # a file: cannot be written
    site.run("send", "2026-06", "--yes", code=4)
    site.run("subscribers", "remove", "person1@example.org")
    site.settings(path='path = "outbox"')

    site.run("send", "2026-06", "--yes")

    assert _outbox(site) == ["person0@example.org.eml", "person2@example.org.eml"]
    counts = json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]
    assert (counts["accepted"], counts["skipped"]) == (2, 1)


def test_those_who_joined_after_the_plan_are_named_not_mailed(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site)
    site.people(2)
    site.run("send", "2026-06", "--yes")
    site.run("subscribers", "add", "uusi@example.org")

    done = site.run("send", "2026-06", "--yes")

    assert "1 person joined" in done.stderr
    assert len(server.messages()) == 2


def test_an_issue_older_than_the_ledger_may_have_been_sent_from_another(site: Site) -> None:
    site.people(1)
    site.write("issues/2026-06.md", ISSUE.replace("2026-06-15", "2020-06-15"))

    told = site.run("send", "2026-06", answer="no\n", code=1).stderr

    assert "began on" in told
    assert "from another ledger, its readers would get it twice" in told


def test_a_tag_that_another_issue_has_is_told_where_figures_are_counted_by_it(
    site: Site, start_brevo: StartBrevo
) -> None:
    start_brevo(site)
    site.people(1)
    tagged = ISSUE.replace("number: 6", "number: 6\nprovider_tag: kirje")
    site.write("issues/2026-06.md", tagged)
    site.write("issues/2026-07.md", tagged.replace("2026-06", "2026-07"))

    first = site.run("send", "2026-06", "--yes").stderr
    told = site.run("send", "2026-07", "--dry-run").stderr
    site.settings(name='name = "mailjet"')  # which counts each send by itself
    elsewhere = site.run("send", "2026-07", "--dry-run").stderr

    assert "kirje, as 2026-06 has it: the provider counts them together" in told
    assert "2026-06 has it" not in first + elsewhere


def test_a_test_shows_any_language_the_issue_is_written_in(site: Site) -> None:
    site.write("issues/2026-06.sv.md", SWEDISH)
    site.people(1)

    site.run(*TEST_SV, "--yes")

    (sent,) = (site.root / "outbox").rglob("*.eml")
    message = email.message_from_bytes(sent.read_bytes(), policy=policy.default)
    assert "Junibrevet" in message["Subject"]


def test_a_test_shows_a_subscriber_another_language_than_their_own(site: Site) -> None:
    site.write("issues/2026-06.sv.md", SWEDISH)
    site.people(1)

    said = site.run(*TEST_SV[:-1], "sv-FI", "--test", "person0@example.org", "--yes").stderr

    assert "Test to     me@example.org, person0@example.org (sv)" in said
    assert "Subject     Junibrevet" in said
    sent = list((site.root / "outbox").rglob("*.eml"))
    assert len(sent) == 2
    assert all(b"Content-Language: sv" in path.read_bytes() for path in sent)


def test_a_language_the_issue_is_not_in_is_refused_with_those_it_is_in(site: Site) -> None:
    site.people(1)

    refused = site.run(*TEST_SV, "--yes", code=2)

    assert "2026-06 is not written in “sv”; it is in fi" in refused.stderr
    assert not (site.root / "outbox").exists()


def test_the_language_of_a_mail_is_of_tests_alone(site: Site) -> None:
    assert "--lang needs --test" in site.run("send", "2026-06", "--lang", "sv", code=2).stderr
