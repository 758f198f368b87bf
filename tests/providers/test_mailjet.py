"""Mailjet: what is its own of finished messages in a list, and of campaigns."""

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.model import Figures
from newsletter.providers.http import HttpProvider
from newsletter.providers.mailjet import Mailjet
from tests.providers.forms import BATCH_TAG, ISSUE_TAG, a_call, play
from tests.providers.kinds import IDS, KINDS, adapter

DAY = dt.date(2026, 6, 15)


@pytest.fixture
def mailjet() -> HttpProvider:
    return adapter("mailjet")


def first_of(provider: HttpProvider, **changes: Any) -> dict[str, Any]:
    """Return the first message of a call, read back."""
    message: dict[str, Any] = json.loads(a_call(provider, **changes).body)["Messages"][0]
    return message


def test_what_its_template_language_would_replace_is_shielded(mailjet: HttpProvider) -> None:
    text = "[[var:name]] [[[data:x]]] [one] {{var:y}}"
    message = first_of(mailjet, html=f"<p>{text}</p>", text=text)

    assert message["TemplateLanguage"] is False
    assert "[[" not in message["HTMLPart"] + message["TextPart"]
    assert KINDS["mailjet"].seen(message["HTMLPart"]) == f"<p>{text}</p>"
    assert KINDS["mailjet"].seen(message["TextPart"]) == text


@pytest.mark.parametrize(("may_track", "word"), [(True, "enabled"), (False, "disabled")])
def test_each_message_says_whether_it_is_tracked(may_track: bool, word: str) -> None:
    message = first_of(adapter("mailjet", track_opens=may_track))

    assert (message["TrackOpens"], message["TrackClicks"]) == (word, word)


@pytest.mark.parametrize("send", ["6f1c2b9e", "00c0ffee"])
def test_a_contact_is_reached_once_by_a_send_and_again_by_another_of_the_same_tag(
    mailjet: HttpProvider, send: str
) -> None:
    message = first_of(mailjet, tag="kirje", send=send)

    assert (message["CustomCampaign"], message["DeduplicateCampaign"]) == (f"kirje-{send}", True)


def test_figures_of_a_send_of_old_are_asked_by_its_tag(mailjet: HttpProvider) -> None:
    none: dict[str, Any] = {"Data": []}
    old = {"Data": [{"ID": 7}]}
    recorded = play(mailjet, (200, none), (200, old), (200, {"Data": [{"MessageSentCount": 2}]}))

    figures = mailjet.figures(Mailjet.counts_by("2026-06", "6f1c2b9e"), DAY, DAY)

    asked = [parse_qs(urlsplit(str(each.url)).query) for each in recorded.asked]
    assert [query["CustomCampaign"] for query in asked[:2]] == [["2026-06-6f1c2b9e"], ["2026-06"]]
    assert (asked[2]["SourceID"], figures.delivered) == (["7"], 2)


def test_it_looks_up_a_batch_by_its_own_tag(mailjet: HttpProvider) -> None:
    data = [
        {"ID": int(IDS[0]), "ContactAlt": "aija@example.org", "Status": "sent"},
        {"ID": int(IDS[1]), "ContactAlt": "bo@example.org", "Status": "sent"},
        {"ID": int(IDS[2]), "ContactAlt": "bo@example.org", "Status": "blocked"},
        {"ID": 4, "ContactAlt": ""},
    ]
    recorded = play(mailjet, (200, {"Count": 4, "Data": data, "Total": 4}))

    found = mailjet.look_up(a_call(mailjet), DAY, DAY)

    assert found == {"aija@example.org": IDS[0], "bo@example.org": IDS[1]}
    query = parse_qs(urlsplit(str(recorded.asked[0].url)).query)
    assert query == {"CustomID": [BATCH_TAG], "ShowContactAlt": ["true"], "Limit": ["1000"]}


def test_nothing_is_known_of_a_campaign_that_was_not_made(mailjet: HttpProvider) -> None:
    play(mailjet, (200, {"Count": 0, "Data": [], "Total": 0}))

    assert mailjet.figures(ISSUE_TAG, DAY, DAY) == Figures()
