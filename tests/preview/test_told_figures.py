"""What pages are told of an issue that was sent: ranges in words, and nothing of too few."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.language import say
from newsletter.model.figures import (
    Delivered,
    IssueFigures,
    LinkCounts,
    Revision,
    Source,
    Split,
)
from newsletter.preview.told_figures import describe_figures, describe_row
from newsletter.stats import open_range
from newsletter.stats.sources import without_few
from tests.stats.specimens import issue


def told(figures: IssueFigures, language: str = "en") -> dict[str, Any]:
    """Return what the page is told, with its facts by name."""
    page = describe_figures(figures, language, "Europe/Helsinki")
    return {**page, "facts": {fact["name"]: fact for fact in page["facts"]}}


def link(
    number: int, people: int | None, times: int | None = None, *, of: int | None = 200
) -> LinkCounts:
    return LinkCounts(
        number=number,
        url=f"https://www.example.org/{number}" if number else "",
        words="Lue lisää",
        section="Ajankohtaista",
        language="fi",
        times=Split(human=times),
        people=Split(human=people),
        of=of,
    )


def with_range(seen: Split, *, of: int) -> IssueFigures:
    return replace(issue(20), open_range=open_range(seen, Split(), of))


def with_links(*links: LinkCounts, counted: int | None = 200) -> IssueFigures:
    made = issue(20)
    return replace(made, shown=replace(made.shown, links=links, counted=counted))


def test_a_range_is_told_short_in_words_and_by_what_it_is_made_of() -> None:
    seen = Split(human=60, unknown=20, machine=40, hidden=30)

    opened = told(with_range(seen, of=200))["range"]

    assert opened["short"] == "24–62%"
    assert opened["words"] == "Of 200 readers, 24–62% opened it."
    assert [(one["kind"], one["count"], one["words"]) for one in opened["bounds"]] == [
        ("least", 60, "30%"),
        ("most", 80, "40%"),
        ("outer", 110, "55%"),
    ]


@given(st.lists(st.integers(0, 2_500), min_size=3, max_size=3), st.booleans(), st.booleans())
def test_the_bounds_of_a_range_lie_in_it_each_beyond_the_one_before(
    counts: list[int],
    knows_people: bool,
    knows_machines: bool,
) -> None:
    human, unknown, hidden = counts
    seen = Split(
        human=human if knows_people else None,
        unknown=unknown,
        machine=hidden if knows_machines else None,
        hidden=hidden if knows_machines else None,
    )
    made = with_range(seen, of=10_000)

    opened = told(made)["range"]

    shares = [one["share"] for one in opened["bounds"]]
    assert shares == sorted(shares)
    assert 0 <= opened["low"] <= shares[0] <= shares[-1] <= opened["high"] <= 1


def test_what_too_few_readers_did_is_not_told_and_it_is_said_why() -> None:
    why = say("nothing was told yet")
    made = replace(without_few(issue(20)), hidden_because=why)

    page, row = told(made), describe_row(made, "en")

    assert page["hidden"] == why
    assert (page["range"], page["links"]) == (None, [])
    assert {name: fact["value"] for name, fact in page["facts"].items()} == {
        "Delivered": "614",
        "Opened": "not told",
        "Followed a link": "not told",
        "Bounced": "6",
        "Left since": "0",
        "Replied": "3",
    }
    assert [fact["value"] for fact in row["facts"]] == ["614", "not told"]
    assert row["bounds"] == []


def test_what_is_counted_of_all_together_is_told_though_there_is_no_range() -> None:
    made = with_links(link(1, None, 12), counted=None)
    shown = replace(made.shown, openers=Split(), clickers=Split())
    why = say("nobody knows of how many readers")
    made = replace(made, shown=shown, open_range=None, hidden_because=why)

    page = told(made)

    assert (page["hidden"], page["range"]) == (why, None)
    loads = made.shown.opens
    assert loads.human
    assert loads.unknown
    assert page["facts"]["Image loads"] == {
        "name": "Image loads",
        "value": f"{loads.human}–{loads.human + loads.unknown}",
        "remark": f"but for {loads.machine} by machines; nobody is told apart",
    }
    assert page["facts"]["Clicks"]["value"] == "102–117"
    assert [one["label"] for one in page["links"]] == ["12 clicks"]


def test_what_is_not_known_is_said_and_never_nought() -> None:
    facts = told(replace(issue(20), delivered=Delivered(sent=12)))["facts"]

    assert {facts[name]["value"] for name in ("Delivered", "Bounced", "Replied")} == {"not known"}


def test_links_stand_in_the_order_they_were_followed_in_and_all_others_last() -> None:
    made = with_links(link(0, 90), link(1, 5), link(2, 40), link(3, 0))

    links = told(made)["links"]

    assert [(one["url"][-1:], one["label"]) for one in links] == [
        ("2", "40 readers, 20%"),
        ("1", "5 readers, 2.5%"),
        ("3", "0 readers, 0%"),
        ("", "90 readers, 45%"),
    ]
    assert [one["heat"] for one in links] == [1, 5 / 40, 0, 0]


@pytest.mark.parametrize(
    ("people", "times", "label", "count"),
    [
        (Split(human=7), Split(human=9), "7 readers, 3.5%", 7),
        (Split(human=6, unknown=8), Split(human=9), "6–14 readers, 3.0–7.0%", 6),
        (Split(human=0, unknown=50, machine=3), Split(human=0), "at most 50 readers, 25%", 50),
        (Split(), Split(human=2, unknown=1), "2–3 clicks", 2),
        (Split(), Split(human=0, unknown=1, machine=8), "at most 1 click", 1),
        (Split(), Split(human=1, machine=8), "1 click", 1),  # nobody is told apart
        (Split(), Split(unknown=4), "4 clicks", 4),  # nor people from machines
        (Split(), Split(), "not known", None),
    ],
)
def test_a_link_is_counted_by_people_else_by_times(
    people: Split, times: Split, label: str, count: int | None
) -> None:
    made = with_links(replace(link(1, None), people=people, times=times))

    (one,) = told(made)["links"]

    assert (one["label"], one["count"]) == (label, count)


@pytest.mark.parametrize(
    ("is_final", "words"), [(True, "7 days, final"), (False, "7 days, still being counted")]
)
def test_it_is_said_whether_the_window_is_over(is_final: bool, words: str) -> None:
    made = replace(issue(20), is_final=is_final)

    assert told(made)["window"] == words
    assert told(replace(made, window_days=1))["window"] == words.replace("7 days", "1 day")


def test_what_changed_after_it_was_final_is_told_with_when_and_from_whom() -> None:
    at = dt.datetime(2026, 11, 30, 6, tzinfo=dt.UTC)
    changed = Revision(at=at, source=Source.WEBHOOKS, changes={"delivered": [613, 614]})

    (told_of,) = told(replace(issue(20), revisions=[changed]))["changes"]

    assert "2026-11-30, the provider, as it happened" in told_of
    assert "613 → 614" in told_of


@pytest.mark.parametrize("people", [Split(human=0, unknown=40), Split(human=40, unknown=0)])
def test_a_share_of_readers_is_at_most_all_of_them(people: Split) -> None:
    followed = replace(link(1, 0, of=12), people=people, times=people)

    [one] = told(with_links(followed, counted=12))["links"]

    assert "333" not in one["label"] + one["short"]
    assert "100%" in one["label"]


def test_no_address_in_the_words_of_a_link_is_told() -> None:
    made = replace(link(1, 3), words="Kysy: aino@example.org", section="aino@example.org")

    (one,) = told(with_links(made))["links"]

    assert "aino" not in one["words"] + one["section"] + one["place"]


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("counted", [None, 200])
def test_all_of_it_is_said_in_the_editors_language(language: str, counted: int | None) -> None:
    made = replace(
        with_links(link(1, 1, 3), counted=counted), why=say("not known"), hidden_because=None
    )

    page, row = told(made, language), describe_row(made, language)

    assert (page["lang"], row["lang"]) == (language, language)
    assert page["range"]["short"] == row["facts"][1]["value"] == "31–69 %"
