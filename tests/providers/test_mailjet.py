"""Mailjet: finished messages in a list, each with a fate of its own, whatever the status."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Figures, State
from newsletter.providers.mailjet import Mailjet
from tests.providers.forms import (
    BATCH_TAG,
    HOSTILE_PEOPLE,
    ISSUE_TAG,
    PEOPLE,
    as_read,
    call_for,
    hostile_letter,
    letter,
    options,
    play,
)
from tests.providers.forms import KEY as KEY_OF_CALL
from tests.servers.house import ProviderServer

DAY = dt.date(2026, 6, 15)
KEY = "test-key:test-secret"
IDS = (1152921504606846977, 1152921504606846979, 1152921504606846981)  # no float holds them


def success(message_id: int, address: str = "x@example.org") -> dict[str, Any]:
    """Return the answer for a message that was taken."""
    told = {"Email": address, "MessageUUID": "5d4710f5-9aff-4ff8", "MessageID": message_id}
    return {"Status": "success", "CustomID": BATCH_TAG, "To": [told], "Cc": [], "Bcc": []}


def failure(code: str, status: int = 400, *fields: str) -> dict[str, Any]:
    """Return the answer for a message that was not taken."""
    error = {
        "ErrorIdentifier": "f987008f-251a-4dff-8ffc-40f1583ad7bc",
        "ErrorCode": code,
        "StatusCode": status,
        "ErrorMessage": "No.",
        "ErrorRelatedTo": list(fields),
    }
    return {"Status": "error", "Errors": [error]}


TAKEN = [success(message_id) for message_id in IDS]
BAD_ADDRESS = failure("mj-0013", 400, "To[0].Email")
NO_SENDER = failure("send-0008", 403, "From")


@pytest.fixture
def mailjet() -> Iterator[Mailjet]:
    """An adapter that points at the real address; recorded answers keep it from there."""
    provider = Mailjet(options(api_key=KEY))
    yield provider
    provider.close()


def messages_of(provider: Mailjet, **changes: Any) -> list[dict[str, Any]]:
    """Return the messages of a call, read back."""
    read: list[dict[str, Any]] = json.loads(call_for(provider, letter(**changes)).body)["Messages"]
    return read


def unshielded(text: str) -> str:
    """Return a text as it is seen: with brackets for their names, without joiners of words."""
    return text.replace("&#91;", "[").replace("\u2060", "")


# --- what is asked ------------------------------------------------------------------------


def test_every_reader_gets_a_message_of_their_own(mailjet: Mailjet) -> None:
    messages = messages_of(mailjet)

    assert [message["To"] for message in messages] == [[{"Email": a}] for _, a in PEOPLE]
    assert messages[0]["From"] == {"Email": "kirje@example.org", "Name": "Säätiö, “Kirje”"}
    assert messages[1]["TextPart"].startswith('Hei Bo "the \\ man" <b>!\n100 % kesää')
    assert messages[2]["Subject"] == "Kesäkuun kirje, Cæsar %s {{ x }}"
    assert messages[2]["CustomID"] == BATCH_TAG
    assert messages[2]["EventPayload"] == "6f1c2b9e-3"


def test_nothing_in_texts_or_names_breaks_a_message(mailjet: Mailjet) -> None:
    written = hostile_letter()

    messages = json.loads(call_for(mailjet, written, HOSTILE_PEOPLE).body)["Messages"]

    for at, (message, person) in enumerate(zip(messages, HOSTILE_PEOPLE, strict=True), start=1):
        seen = [unshielded(message["HTMLPart"]), unshielded(message["TextPart"])]
        assert seen == [as_read(text, person, at) for text in (written.html, written.text)]


def test_the_one_header_it_forbids_is_left_out(mailjet: Mailjet) -> None:
    headers = messages_of(mailjet)[1]["Headers"]

    assert headers == {
        "List-Unsubscribe": "<https://kirje.example.org/leave/2>, "
        "<mailto:kirje@example.org?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_what_its_template_language_would_replace_is_shielded(mailjet: Mailjet) -> None:
    text = "[[var:name]] [[[data:x]]] [one] {{var:y}}"
    message = messages_of(mailjet, html=f"<p>{text}</p>", text=text)[0]

    assert message["TemplateLanguage"] is False
    assert "[[" not in message["HTMLPart"] + message["TextPart"]
    assert unshielded(message["HTMLPart"]) == f"<p>{text}</p>"
    assert unshielded(message["TextPart"]) == text


@pytest.mark.parametrize(("may_track", "word"), [(True, "enabled"), (False, "disabled")])
def test_each_message_says_whether_it_is_tracked(may_track: bool, word: str) -> None:
    message = messages_of(Mailjet(options(api_key=KEY, track_opens=may_track)))[0]

    assert (message["TrackOpens"], message["TrackClicks"]) == (word, word)


@pytest.mark.parametrize("send", ["6f1c2b9e", "00c0ffee"])
def test_a_contact_is_reached_once_by_a_send_and_again_by_another_of_the_same_tag(
    mailjet: Mailjet, send: str
) -> None:
    message = messages_of(mailjet, tag="kirje", send=send)[0]

    assert (message["CustomCampaign"], message["DeduplicateCampaign"]) == (f"kirje-{send}", True)


def test_figures_of_a_send_of_old_are_asked_by_its_tag(mailjet: Mailjet) -> None:
    none: dict[str, Any] = {"Data": []}
    old = {"Data": [{"ID": 7}]}
    recorded = play(mailjet, (200, none), (200, old), (200, {"Data": [{"MessageSentCount": 2}]}))

    figures = mailjet.figures(Mailjet.counts_by("2026-06", "6f1c2b9e"), DAY, DAY)

    asked = [parse_qs(urlsplit(str(each.url)).query) for each in recorded.asked]
    assert [query["CustomCampaign"] for query in asked[:2]] == [["2026-06-6f1c2b9e"], ["2026-06"]]
    assert (asked[2]["SourceID"], figures.delivered) == (["7"], 2)


@pytest.mark.parametrize("key", ["only-a-key", "key:", ":secret", ""])
def test_a_key_without_its_secret_is_refused_at_once(key: str) -> None:
    with pytest.raises(ProviderError, match="must be KEY:SECRET") as caught:
        Mailjet(options(api_key=key))

    assert caught.value.verdict is Verdict.STOP


# --- what each message became -------------------------------------------------------------


def test_messages_are_taken_in_the_order_of_the_call(mailjet: Mailjet) -> None:
    recorded = play(mailjet, (200, {"Messages": TAKEN}))

    outcomes = mailjet.send(call_for(mailjet, letter()))

    assert [(o.delivery, o.state, o.message_id) for o in outcomes] == [
        (at, State.ACCEPTED, str(message_id)) for at, message_id in enumerate(IDS, start=1)
    ]
    asked = recorded.asked[0]
    assert asked.url == "https://api.mailjet.com/v3.1/send"
    assert asked.headers["Authorization"] == f"Basic {base64.b64encode(KEY.encode()).decode()}"


@pytest.mark.parametrize("status", [200, 400, 401, 403])
@pytest.mark.parametrize(
    ("item", "state"),
    [
        (BAD_ADDRESS, State.REJECTED),
        (failure("mj-0006", 400, "Subject"), State.REJECTED),
        (failure("mj-9999"), State.REJECTED),
        (failure("mj-9999", 429), State.QUEUED),
        # About us, but not about these three alone: the next call stops the run.
        (NO_SENDER, State.QUEUED),
        (failure("mj-0001", 401), State.QUEUED),
        (failure("mj-0013", 400, "From.Email"), State.QUEUED),
        # Neither yes nor no.
        (failure("mj-0000", 500), State.UNKNOWN),
        ({"Status": "error", "Errors": []}, State.UNKNOWN),
        (None, State.UNKNOWN),
    ],
)
def test_some_may_be_taken_whatever_the_status(
    mailjet: Mailjet, status: int, item: Any, state: State
) -> None:
    play(mailjet, (status, {"Messages": [TAKEN[0], item, TAKEN[2]]}))

    first, second, third = mailjet.send(call_for(mailjet, letter()))

    assert (first.state, second.state, third.state) == (State.ACCEPTED, state, State.ACCEPTED)
    assert second.reason


@pytest.mark.parametrize(
    ("item", "cure"),
    [
        (NO_SENDER, "validate the address"),
        (failure("send-0006", 403, "SenderID"), "validate the address"),
        (failure("mj-0013", 400, "From.Email"), "validate the address"),
        (failure("mj-0001", 401), "ask Mailjet why"),
        (failure("mj-0015", 401), "KEY:SECRET"),
    ],
)
def test_a_fault_of_ours_stops_the_run_and_names_the_cure(
    mailjet: Mailjet, item: Any, cure: str
) -> None:
    play(mailjet, (403, {"Messages": [BAD_ADDRESS, item, item]}))

    with pytest.raises(ProviderError, match=cure) as caught:
        mailjet.send(call_for(mailjet, letter()))

    assert caught.value.verdict is Verdict.STOP


def test_what_may_have_been_taken_is_never_queued_again(mailjet: Mailjet) -> None:
    play(mailjet, (403, {"Messages": [NO_SENDER, {}, NO_SENDER]}))

    outcomes = mailjet.send(call_for(mailjet, letter()))

    assert [o.state for o in outcomes] == [State.QUEUED, State.UNKNOWN, State.QUEUED]


# --- what became of the whole call --------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, {"Messages": TAKEN[:2]}, Verdict.UNKNOWN),
        (200, b"<html>", Verdict.UNKNOWN),
        (401, {"ErrorCode": "mj-0015", "ErrorMessage": "No."}, Verdict.STOP),
        (403, {"ErrorCode": "send-0008", "ErrorMessage": "No."}, Verdict.STOP),
        (400, {"ErrorCode": "mj-0002", "ErrorMessage": "Malformed JSON"}, Verdict.STOP),
        (400, {"ErrorCode": "mj-0008", "ErrorMessage": "Too many"}, Verdict.REJECT),
        (400, {"ErrorCode": "mj-0011", "ErrorMessage": "Too large"}, Verdict.REJECT),
        (429, b"", Verdict.RETRY),
        (500, {"ErrorIdentifier": "f987008f"}, Verdict.UNKNOWN),
        (500, {"Messages": [BAD_ADDRESS] * 3}, Verdict.UNKNOWN),
    ],
)
def test_an_error_of_the_call_tells_what_is_true(
    mailjet: Mailjet, status: int, body: Any, verdict: Verdict
) -> None:
    recorded = play(mailjet, (status, body))

    with pytest.raises(ProviderError) as caught:
        mailjet.send(call_for(mailjet, letter()))

    assert caught.value.verdict is verdict
    assert len(recorded.asked) == 1  # there is no idempotency: nothing is sent twice


# --- afterwards ---------------------------------------------------------------------------


def test_it_looks_up_a_batch_by_its_own_tag(mailjet: Mailjet) -> None:
    data = [
        {"ID": IDS[0], "ContactAlt": "aija@example.org", "Status": "sent"},
        {"ID": IDS[1], "ContactAlt": "bo@example.org", "Status": "sent"},
        {"ID": IDS[2], "ContactAlt": "bo@example.org", "Status": "blocked"},
        {"ID": 4, "ContactAlt": ""},
    ]
    recorded = play(mailjet, (200, {"Count": 4, "Data": data, "Total": 4}))

    found = mailjet.look_up(call_for(mailjet, letter()), DAY, DAY)

    assert found == {"aija@example.org": str(IDS[0]), "bo@example.org": str(IDS[1])}
    query = parse_qs(urlsplit(str(recorded.asked[0].url)).query)
    assert query == {"CustomID": [BATCH_TAG], "ShowContactAlt": ["true"], "Limit": ["1000"]}


def test_nothing_is_known_of_a_campaign_that_was_not_made(mailjet: Mailjet) -> None:
    play(mailjet, (200, {"Count": 0, "Data": [], "Total": 0}))

    assert mailjet.figures(ISSUE_TAG, DAY, DAY) == Figures()


def test_a_server_that_speaks_mailjet_finds_no_fault(tmp_path: Path) -> None:
    with ProviderServer(
        name="mailjet",
        journal_file=tmp_path / "journal.jsonl",
        options={"fail": "bo@example.org"},
    ) as server:
        provider = Mailjet(options(base_url=server.url, api_key=KEY))
        call = call_for(provider, letter(text="[[var:x]] zq7z"))

        states = [outcome.state for outcome in provider.send(call)]
        found = provider.look_up(call, DAY, DAY)
        figures = provider.figures(Mailjet.counts_by(ISSUE_TAG, KEY_OF_CALL[:8]), DAY, DAY)

        assert states == [State.ACCEPTED, State.REJECTED, State.ACCEPTED]
        assert set(found) == {"aija@example.org", "caesar@example.org"}
        assert (figures.delivered, figures.opens_unique) == (2, 0)
        assert server.violations() == []
