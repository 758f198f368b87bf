"""The author's links of a send: each has a number that stays, and leads where it did."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from newsletter.ledger import issue_links, planning
from newsletter.ledger.sums import list_links
from newsletter.model import AuthoredLink, Counting
from tests.ledger.examples import FI, FINNISH, NEW, add, edition, person

URLS = ("https://www.example.org/", "https://www.example.net/")
LINKS = tuple(AuthoredLink(url=url, words="Lue", section="Koulutukset") for url in URLS)
MORE = AuthoredLink(url="https://www.example.com/", words="Läs", leads=False)


def test_links_keep_their_numbers_as_more_come(connection: Connection) -> None:
    add(connection, person("aino"))
    new = replace(NEW, counting=Counting.AGGREGATE)
    rendered = {FI: replace(edition(FI), links=LINKS)}
    send = planning.plan_send(connection, new, FINNISH, rendered, batch_sizes={FI: 1})

    issue_links.keep_links(connection, send, [MORE, replace(LINKS[0], leads=False)], "sv")

    found = issue_links.find_destinations(connection, send)
    assert found
    assert found.urls == {1: URLS[0], 2: URLS[1], 3: "https://www.example.com/"}
    assert found.is_counted
    assert issue_links.find_destinations(connection, send + 1) is None
    assert issue_links.find_leading(connection, send) == {URLS[1]: 2}
    told = [
        (link.number, link.words, link.section, link.language)
        for link in list_links(connection, send)
    ]
    assert told == [
        (1, "Lue", "Koulutukset", "fi"),
        (2, "Lue", "Koulutukset", "fi"),
        (3, "Läs", "", "sv"),
    ]


@pytest.mark.parametrize("counting", [Counting.AGGREGATE, Counting.CONSENTED])
@pytest.mark.parametrize("scope", ["rehearsal:2026-12:abc", "test:abc", "notice:report:x"])
def test_nothing_but_an_issue_or_its_newest_rehearsal_is_counted(
    connection: Connection, scope: str, counting: Counting
) -> None:
    send = planning.insert_send(connection, replace(NEW, scope=scope, counting=counting), {})

    found = issue_links.find_destinations(connection, send)

    assert found
    assert not found.is_counted


@pytest.mark.parametrize(
    ("counting", "is_counted"), [(Counting.AGGREGATE, True), (Counting.CONSENTED, False)]
)
def test_whoever_tries_a_copy_of_a_rehearsal_is_not_taken_for_its_reader(
    connection: Connection, counting: Counting, *, is_counted: bool
) -> None:
    new = replace(NEW, scope=f"rehearsal:{NEW.issue_id}", counting=counting)
    send = planning.insert_send(connection, new, {})

    found = issue_links.find_destinations(connection, send)

    assert found
    assert found.is_counted is is_counted
