"""Who joined after an issue went out gets it, too, as it was frozen, and nobody gets it twice."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.conftest import Site, StartProvider
from tests.servers.house import ProviderServer


def _mailed(server: ProviderServer) -> Counter[str]:
    return Counter(message["email"] for message in server.messages())


def _status(site: Site) -> Any:
    return json.loads(site.run("status", "2026-06", "--json").stdout)


def _join(site: Site, name: str, *more: str) -> str:
    site.run("subscribers", "add", f"{name}@example.org", *more)
    return f"{name}@example.org"


@pytest.fixture
def server(site: Site, start_provider: StartProvider) -> ProviderServer:
    """An issue that three people have."""
    server = start_provider(site, "brevo")
    site.people(3)
    site.run("send", "2026-06", "--yes")
    return server


def test_later_joiners_get_what_was_frozen_after_a_plan_and_a_question(
    site: Site, server: ProviderServer
) -> None:
    late = _join(site, "late")
    site.write("issues/2026-06.md", "gone")

    told = site.run("send", "2026-06", "--yes")
    dry = site.run("send", "2026-06", "--late", "--dry-run")
    declined = site.run("send", "2026-06", "--late", answer="no\n", code=1)
    assert late not in _mailed(server)
    site.run("send", "2026-06", "--late", answer="yes\n")

    assert "“newsletter send 2026-06 --late” is for them" in told.stderr
    for said in (dry, declined):
        assert "Recipients  1 who joined since" in said.stderr
    assert set(_mailed(server).values()) == {1}
    assert len({message["subject"] for message in server.messages()}) == 1


def test_nobody_gets_an_issue_twice_however_often_it_is_sent_to_later_joiners(
    site: Site, server: ProviderServer
) -> None:
    _join(site, "late")
    for _ in range(2):
        site.run("send", "2026-06", "--late", "--yes")
    _join(site, "later")

    site.run("send", "2026-06", "--late", "--yes")

    assert len(_mailed(server)) == 5
    assert set(_mailed(server).values()) == {1}
    report = _status(site)
    assert report["counts"]["accepted"] == 5
    assert [late["count"] for late in report["late"]] == [1, 1]
    assert report["state"] == "done"
    [listed] = json.loads(site.run("list", "--year", "2026", "--json").stdout)["issues"]
    assert (listed["recipients"], listed["accepted"]) == (5, 5)
    assert json.loads(site.run("stats", "--json").stdout)[0]["sent"] == 5


def test_who_left_or_only_changed_their_address_is_no_later_joiner(
    site: Site, server: ProviderServer
) -> None:
    site.run("subscribers", "rename", "person0@example.org", "new@example.org")
    gone = _join(site, "gone")
    site.run("subscribers", "remove", gone)
    site.run("subscribers", "remove", "person1@example.org")
    site.run("subscribers", "add", "PERSON1@example.org", "--again")

    said = site.run("send", "2026-06", "--late", "--yes")

    assert "Recipients  0 who joined since" in said.stderr
    assert len(server.messages()) == 3


def test_who_has_a_new_address_does_not_get_it_again_by_a_list_with_the_old_one(
    site: Site, server: ProviderServer
) -> None:
    site.run("subscribers", "rename", "person0@example.org", "new@example.org")
    old = site.write("late.csv", "email,name\nPERSON0@example.org,Nolla\nlate@example.org,Myöhä\n")

    taken = site.run("subscribers", "import", str(old), "--yes", code=1)
    site.run("send", "2026-06", "--late", "--yes")

    assert "is now new@example.org" in taken.stderr + taken.stdout
    assert _mailed(server) == Counter(
        [*(f"person{n}@example.org" for n in range(3)), "late@example.org"]
    )


def test_who_went_with_an_import_and_came_back_does_not_get_it_again_by_a_new_address(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    names = ("aino", "bo", "cecilia")
    people = site.write("people.csv", "email\n" + "".join(f"{n}@example.org\n" for n in names))
    site.run("subscribers", "import", str(people), "--yes")
    site.run("send", "2026-06", "--yes")
    site.run("subscribers", "undo", "--yes")
    site.run("subscribers", "import", str(people), "--yes")
    site.run("send", "2026-06", "--late", "--yes")

    site.run("subscribers", "rename", "aino@example.org", "new@example.org")
    site.run("send", "2026-06", "--late", "--yes")

    assert _mailed(server) == Counter(f"{name}@example.org" for name in names)


def test_later_joiners_outside_the_segment_do_not_get_it(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    _join(site, "first", "--set", "region=Lappi")
    site.run("send", "2026-06", "--segment", "region=Lappi", "--yes")
    _join(site, "outside", "--set", "region=Kainuu")
    inside = _join(site, "inside", "--set", "region=Lappi")

    plan = site.run("send", "2026-06", "--late", "--dry-run").stderr
    told = json.loads(site.run("send", "2026-06", "--late", "--yes", "--json").stdout)

    assert set(_mailed(server)) == {"first@example.org", inside}
    assert "Recipients  1 who joined since" in plan
    assert "Left out    1 not region=Lappi, of those who joined since" in plan
    assert told["left_out_since"] == {"not region=Lappi": 1}


def test_an_issue_that_was_sent_to_a_segment_says_who_was_left_out_and_what_reaches_them(
    site: Site, start_provider: StartProvider
) -> None:
    start_provider(site, "brevo")
    _join(site, "first", "--set", "region=Lappi")
    _join(site, "outside", "--set", "region=Kainuu")
    site.run("send", "2026-06", "--segment", "region=Lappi", "--yes")
    _join(site, "later")

    said = site.run("send", "2026-06", "--yes").stderr

    assert "1 accepted. Nothing was sent now." in said
    assert "Left out: 1 not region=Lappi." in said
    assert "Left out of these: 1 not region=Lappi." in said
    assert "a copy of it under an id of its own" in said
    assert "left out: 1 not region=Lappi" in site.run("status", "2026-06").stdout


ISSUE = """\
---
subject: "Kesäkuun kirje"
date: 2026-06-15
number: 6
---
Hei {{ name|"hyvä lukija" }}!

::: only region=Lappi
Terveisiä Lappiin!
:::
"""


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_version_nobody_had_is_made_of_the_file_only_while_it_is_as_it_was(
    site: Site, start_provider: StartProvider, is_changed: bool
) -> None:
    server = start_provider(site, "brevo")
    site.write("issues/2026-06.md", ISSUE)
    site.people(2)
    site.run("send", "2026-06", "--yes")
    late = _join(site, "late", "--set", "region=Lappi")
    if is_changed:
        site.write("issues/2026-06.md", ISSUE.replace("Hei", "Moi"))

    said = site.run("send", "2026-06", "--late", "--yes")

    assert (late in _mailed(server)) != is_changed
    assert ("Left out    1" in said.stderr) == is_changed


def test_a_version_nobody_had_is_checked_with_the_sender_it_goes_out_with(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.write("issues/2026-06.md", ISSUE)
    site.people(2)
    site.run("send", "2026-06", "--yes")
    late = _join(site, "late", "--set", "region=Lappi")
    site.settings(**{"from": 'from = "Kirje <kirje@gmail.com>"'})  # an error since

    said = site.run("send", "2026-06", "--late", "--yes")

    assert late in _mailed(server), said.stderr
    assert len({message["sender"] for message in server.messages()}) == 1


def test_regions_whose_names_begin_alike_are_told_apart(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    more = "\n::: only region=Lap\nToiseen paikkaan!\n:::\n"
    site.write("issues/2026-06.md", ISSUE + more)
    _join(site, "first", "--set", "region=Lappi")
    site.run("send", "2026-06", "--yes")
    late = _join(site, "late", "--set", "region=Lap")

    site.run("send", "2026-06", "--late", "--yes")

    assert set(_mailed(server)) == {"first@example.org", late}


def test_a_rehearsal_an_unsent_and_a_cancelled_issue_have_no_later_joiners(
    site: Site, start_provider: StartProvider
) -> None:
    unsent = site.run("send", "2026-06", "--late", "--yes", code=2)
    site.people(3)
    site.run("send", "2026-06", "--yes")
    rehearsed = site.run("send", "2026-06", "--late", "--yes", code=2)
    start_provider(site, "brevo")
    site.run("send", "2026-06", "--canary", "1", "--yes", code=1)
    undone = site.run("send", "2026-06", "--late", "--yes", code=2)
    site.run("send", "2026-06", "--cancel", "--yes")
    cancelled = site.run("send", "2026-06", "--late", "--yes", code=2)

    assert "was not sent" in unsent.stderr
    assert "was only rehearsed" in rehearsed.stderr
    assert "is not done yet" in undone.stderr
    assert "was cancelled" in cancelled.stderr


def test_later_joiners_of_a_language_that_nobody_had_are_told_of(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.write("issues/2026-06.sv.md", ISSUE.replace("Hei", "Hej").replace("Terveisiä", "Hälsning"))
    site.people(1)
    site.run("send", "2026-06", "--yes")
    _join(site, "late", "--language", "sv")

    said = site.run("send", "2026-06", "--late", "--yes").stderr

    assert "Left out    1 who would get sv: nobody had it in that language" in said
    assert "“segment: language=sv”" in said
    assert set(_mailed(server)) == {"person0@example.org"}


def test_later_joiners_whose_language_the_issue_was_not_in_are_told_of_and_get_it(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(1)
    site.run("send", "2026-06", "--yes")
    late = _join(site, "late", "--language", "sv")
    site.write("issues/2026-06.sv.md", ISSUE.replace("Hei", "Hej"))

    said = site.run("send", "2026-06", "--late", "--yes").stderr

    assert "1 reads sv, which the issue was not in when frozen" in said
    assert set(_mailed(server)) == {"person0@example.org", late}
