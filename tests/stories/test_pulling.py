"""`stats --pull` asks what can be asked, tells what fails, and keeps what was said before."""

import json

import pytest

from tests.conftest import Site, StartProvider
from tests.servers.answering import answering, said
from tests.stories.test_departures import NEXT


def _figures(site: Site, *arguments: str, code: int = 0) -> dict[str, int | None]:
    told = site.run("stats", *arguments, "--json", code=code).stdout
    return {row["issue"]: row["delivered"] for row in json.loads(told)}


def test_a_provider_that_fails_is_told_once_and_what_it_said_before_stays(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(3)
    site.write("issues/2026-07.md", NEXT)
    for issue in ("2026-06", "2026-07"):
        site.run("send", issue, "--yes")
    before = _figures(site, "--pull")
    server.stop()

    told = site.run("stats", "--pull", "--json", code=4)

    assert {row["issue"]: row["delivered"] for row in json.loads(told.stdout)} == before
    assert before == {"2026-06": 3, "2026-07": 3}
    assert told.stderr.count("no figures: brevo cannot reach") == 1


def test_an_issue_that_went_through_another_provider_keeps_no_other_from_being_asked(
    site: Site, start_provider: StartProvider
) -> None:
    """And its own is asked nothing with the key of another."""
    site.people(3)
    former = start_provider(site, "postmark")
    site.run("send", "2026-06", "--yes")
    site.settings(base_url="")
    start_provider(site, "brevo")
    site.write("issues/2026-07.md", NEXT)
    site.run("send", "2026-07", "--yes")

    told = site.run("stats", "--pull", "--json")

    assert {row["issue"]: row["delivered"] for row in json.loads(told.stdout)} == {
        "2026-06": None,
        "2026-07": 3,
    }
    assert "2026-06: postmark is not asked, as [provider] names another" in told.stderr
    assert former.asked() == []


def test_who_asks_again_and_again_hears_the_newest_and_fills_no_ledger(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(3)
    site.run("send", "2026-06", "--yes")

    told = [json.loads(site.run("stats", "--pull", "--json").stdout)[0] for _ in range(3)]

    times = [row["as_of"] for row in told]
    figures = [
        {name: row[name] for name in ("sent", "delivered", "opens", "clicks")} for row in told
    ]
    assert figures[0] == figures[1] == figures[2]
    assert times == sorted(times)
    assert len([each for each in server.asked() if "aggregatedReport" in each]) == 3


@pytest.mark.parametrize(
    ("name", "answer", "code", "words"),
    [
        ("brevo", b'{"message":"maintenance"}', 4, "no figures: brevo answered something unread"),
        ("brevo", b'{"delivered":NaN,"opens":1e400,"uniqueOpens":-5}', 4, "unreadable: 200"),
        ("sendgrid", b"[]", 0, "2026-06: sendgrid tells nothing of it"),
    ],
)
def test_an_answer_that_tells_nothing_wipes_out_nothing(
    site: Site, start_provider: StartProvider, name: str, answer: bytes, code: int, words: str
) -> None:
    start_provider(site, name)
    site.people(12)
    site.run("send", "2026-06", "--yes")
    site.run("stats", "--pull")
    [before] = json.loads(site.run("stats", "--json").stdout)

    with answering() as other:
        other.answer = lambda _: said(200, answer)
        site.settings(base_url=f'base_url = "{other.url}"')
        told = site.run("stats", "--pull", "--json", code=code)

    assert before["delivered"] == 12
    assert json.loads(told.stdout) == [before]
    assert words in told.stderr


@pytest.mark.parametrize(
    ("name", "answer", "code", "words"),
    [
        ("brevo", b'{"delivered":11,"opens":5}', 1, "brevo answered something unreadable"),
        (
            "postmark",  # for good, so there is nothing to try again
            b'{"Sent":12,"Bounced":1,"Opens":5,"TotalCount":10001,"Clicks":[]}',
            0,
            "postmark lists no more than 10,000",
        ),
    ],
)
def test_a_list_that_cannot_be_read_beside_sums_that_can_is_told_and_is_no_success(
    site: Site, start_provider: StartProvider, name: str, answer: bytes, code: int, words: str
) -> None:
    """Unless it is refused for good; what was told is kept and shown."""
    start_provider(site, name)
    site.settings(opens='opens = "provider"')
    site.people(12)
    site.run("send", "2026-06", "--yes")

    with answering() as other:
        other.answer = lambda _: said(200, answer)
        site.settings(base_url=f'base_url = "{other.url}"')
        told = site.run("stats", "--pull", "--json", code=code)

    assert f"2026-06: the list of opens and clicks: {words}" in told.stderr
    [row] = json.loads(told.stdout)
    assert (row["delivered"], row["opens"]["total"]) == (11, 5)
