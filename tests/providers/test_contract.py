"""What every provider behind an HTTP API promises, whatever it calls things."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from newsletter.errors import ConfigError, ProviderError, Verdict
from newsletter.model import Departure, Figures, Standing, State
from newsletter.providers import PROVIDERS
from newsletter.providers.base import Provider
from newsletter.providers.http import HttpProvider
from tests.providers.answers import ERRORS, IN_DOUBT, OF_ONE, Case
from tests.providers.forms import (
    BATCH_TAG,
    HOSTILE_PEOPLE,
    ISSUE_TAG,
    KEY,
    PEOPLE,
    a_call,
    as_read,
    call_for,
    connect,
    hostile_letter,
    letter,
    play,
    values,
    written_for,
)
from tests.providers.kinds import ADDRESSES, IDS, KINDS, adapter

A, R, U, Q = State.ACCEPTED, State.REJECTED, State.UNKNOWN, State.QUEUED
TODAY = dt.datetime.now(dt.UTC).date()
DAY = dt.date(2026, 6, 15)
WITH_FIGURES = [name for name in KINDS if KINDS[name].counts]
# Answers that tell nothing of an issue so far.
TELLING_NOTHING: Mapping[str, list[Any]] = {
    "mailgun": [{"items": [], "aggregates": {"metrics": {}}}],
    "mailjet": [{"Data": []}],
    "sendgrid": [[], [{"date": "2026-06-15", "stats": []}]],
}
# Answers with the shape of figures, and none of them in it.
_NO_COUNT, _MAINTENANCE = {"delivered": float("nan"), "opens": -5}, {"message": "under maintenance"}
MEANINGLESS: Mapping[str, Any] = {
    "brevo": _NO_COUNT,
    "mailgun": {"items": [], "aggregates": {"metrics": {"delivered_count": "x"}}},
    "mailjet": {"Data": [{"MessageSentCount": -5}]},
    "postmark": {"Sent": -5, "Bounced": 0},
    "sendgrid": [{"stats": [{"name": ISSUE_TAG, "metrics": _NO_COUNT}]}],
}
LOOKING_UP = [name for name in KINDS if PROVIDERS[name].capabilities.look_up]


@pytest.fixture(params=KINDS)
def provider(request: pytest.FixtureRequest) -> HttpProvider:
    """Return an adapter of each in turn."""
    return adapter(request.param)


def error_of(provider: HttpProvider) -> ProviderError:
    """Return the error that a call ends in."""
    with pytest.raises(ProviderError) as caught:
        provider.send(a_call(provider))
    return caught.value


def states(outcomes: Any) -> list[State]:
    return [outcome.state for outcome in outcomes]


def test_no_provider_is_left_out() -> None:
    assert KINDS.keys() == {n for n, each in PROVIDERS.items() if issubclass(each, HttpProvider)}
    assert KINDS.keys() == ERRORS.keys()


@pytest.mark.parametrize("name", PROVIDERS)
def test_what_a_provider_declares_is_what_it_can_be_asked(name: str) -> None:
    """Whoever asks looks there first, so nobody meets a call that an adapter lacks."""
    kind = PROVIDERS[name]
    can = kind.capabilities

    declared = {
        "look_up": can.look_up,
        "cancel": bool(can.schedule),
        "figures": can.statistics,
        "visits": bool(can.lists),
        "departures": can.departures,
        "suppressed": can.suppressions,
        "unsuppress": can.suppressions,
        "suppress": bool(can.is_told),
    }
    assert {call: getattr(kind, call) != getattr(Provider, call) for call in declared} == declared


# --- what is asked ------------------------------------------------------------------------


def test_everybody_gets_a_message_of_their_own(provider: HttpProvider) -> None:
    """And the provider's server has nothing to object to, nor has its published format."""
    kind, account = KINDS[provider.name], connect(provider)

    outcomes = provider.send(a_call(provider))

    got = account.messages()
    assert account.violations() == []
    assert states(outcomes) == [A] * 3
    assert [outcome.delivery for outcome in outcomes] == [1, 2, 3]
    assert [each["email"] for each in got] == ADDRESSES
    plain = letter()
    for at, (person, each) in enumerate(zip(PEOPLE, got, strict=True), start=1):
        for part in ("subject", "html", "text"):
            read = kind.seen(each[part]).partition("unsubscribe.postmark.example")[0]
            whole = as_read(getattr(plain, part), person, at)
            assert read.startswith(whole), (part, read)
        assert each["sender"] == kind.sender
        assert each["tags"][: len(kind.tags)] == list(kind.tags)
        assert each["metadata"] == kind.metadata(values(person, at)["@reference"])


def test_everybody_has_a_way_out_of_their_own(provider: HttpProvider) -> None:
    account = connect(provider)

    provider.send(a_call(provider))

    for at, got in enumerate(account.messages(), start=1):
        headers = got["headers"]
        if provider.capabilities.own_unsubscribe:
            ours = f"<https://kirje.example.org/leave/{at}>, <mailto:kirje@example.org"
            assert headers["List-Unsubscribe"].startswith(ours)
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        named = headers.get("List-Id", headers.get("List-ID"))
        assert named == ("<kirje.example.org>" if KINDS[provider.name].list_id else None)
        told = headers.get("Reply-To") or got.get("replyTo")
        assert told in ("toimitus@example.org", {"email": "toimitus@example.org"})


def test_what_looks_like_a_template_arrives_as_text(provider: HttpProvider) -> None:
    account, plain = connect(provider), hostile_letter()

    provider.send(call_for(provider, written_for(provider, plain), HOSTILE_PEOPLE))

    assert account.violations() == []
    for at, (person, got) in enumerate(
        zip(HOSTILE_PEOPLE, account.messages(), strict=True), start=1
    ):
        assert got["email"] == person[1]
        assert got["subject"] == as_read(plain.subject, person, at)
        for part in ("html", "text"):
            seen = KINDS[provider.name].seen(got[part])
            assert seen.startswith(as_read(getattr(plain, part), person, at))


def test_nobody_sees_another_even_if_nothing_differs(provider: HttpProvider) -> None:
    account = connect(provider)

    provider.send(call_for(provider, letter(subject="x", html="x", text="x", own_headers={})))

    assert account.violations() == []
    assert [got["email"] for got in account.messages()] == ADDRESSES


@pytest.mark.parametrize(
    "name",
    ["", "Säätiö", "Säätiö, kirje", 'A "B" \\ C', "Säätiö, “työn” ja ystävien hyvin pitkä kirje"],
)
def test_the_senders_name_is_read_as_it_was_written(provider: HttpProvider, name: str) -> None:
    account = connect(provider)

    provider.send(a_call(provider, sender=(name, "a@example.org")))

    told = account.messages()[0]["sender"]
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    assert account.violations() == []
    assert told in ([f"{each} <a@example.org>" for each in (name, quoted)] if name else told[-13:])


def test_nobody_is_tracked_who_is_not_to_be(provider: HttpProvider) -> None:
    if not provider.capabilities.tracking_switch:
        pytest.skip("it is switched for the whole account")
    careful = adapter(provider.name, track_opens=False)
    accounts = [connect(provider), connect(careful)]

    for each in (provider, careful):
        each.send(a_call(each))

    tracked = [{got["tracked"] for got in account.messages()} for account in accounts]
    assert tracked == [{True}, {False}]


def test_the_key_is_sent_to_the_providers_own_address(provider: HttpProvider) -> None:
    kind, heard = KINDS[provider.name], play(provider, KINDS[provider.name].taken)

    outcomes = provider.send(a_call(provider))

    [asked] = heard.asked
    assert asked.url == kind.url
    assert asked.headers[kind.key[0]].startswith(kind.key[1])
    assert asked.headers["Accept"] == "application/json"
    assert [(o.delivery, o.state, o.message_id) for o in outcomes] == [
        (at, A, message_id) for at, message_id in enumerate(kind.ids, start=1)
    ]


def test_a_wrong_key_stops_and_names_the_variable(provider: HttpProvider) -> None:
    wrong = adapter(provider.name, api_key="test-key:wrong")
    connect(wrong)

    error = error_of(wrong)

    assert error.verdict is Verdict.STOP
    assert "NEWSLETTER_API_KEY" in str(error)


@pytest.mark.parametrize(
    ("name", "region", "host"),
    [(name, *each) for name, kind in KINDS.items() for each in kind.regions.items()],
)
def test_the_region_chooses_the_host(name: str, region: str, host: str) -> None:
    provider = adapter(name, region=region)
    heard = play(provider, KINDS[name].taken)

    provider.send(a_call(provider))

    assert urlsplit(heard.asked[0].url).netloc == host


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        *((name, {"region": "europe"}, "eu") for name in ("mailgun", "sendgrid", "ses")),
        ("ses", {"region": "evil.example/"}, "region"),
        *(("ses", {"api_key": key}, "ID:SECRET") for key in ("s3cret", ":s3cret")),
        *(
            ("mailjet", {"api_key": key}, "must be KEY:SECRET")
            for key in ("s3cret", "s3cret:", ":s3cret", "")
        ),
    ],
)
def test_settings_that_cannot_be_right_send_nothing_anywhere(
    name: str, changes: dict[str, str], told: str
) -> None:
    with pytest.raises((ConfigError, ProviderError), match=told) as caught:
        adapter(name, **changes)

    assert "s3cret" not in str(caught.value)
    assert getattr(caught.value, "verdict", Verdict.STOP) is Verdict.STOP


# --- what an answer means -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name, cases in ERRORS.items() for case in cases]
)
def test_an_answer_has_one_meaning(name: str, case: Case) -> None:
    provider = adapter(name)
    heard = play(provider, (case.status, case.body, case.headers or {}))

    error = error_of(provider)

    assert error.verdict is case.verdict
    assert case.words in str(error)
    assert error.retry_after == case.wait
    assert len(heard.asked) == 1  # nothing is asked twice by itself


@pytest.mark.parametrize(("name", "status", "body", "state"), OF_ONE)
def test_some_may_be_taken_whatever_the_answer(
    name: str, status: int, body: Any, state: State
) -> None:
    provider = adapter(name)
    play(provider, (status, body))

    first, second, third = provider.send(a_call(provider))

    assert states((first, second, third)) == [A, state, A]
    assert [first.message_id, third.message_id] in ([IDS[0], IDS[2]], ["id-0", "id-2"])
    assert (second.message_id, second.transient) == ("", False)
    assert second.reason
    assert second.reason.isprintable()


@pytest.mark.parametrize("name", IN_DOUBT)
def test_what_may_have_been_taken_is_never_queued_again(name: str) -> None:
    provider = adapter(name)
    play(provider, IN_DOUBT[name])

    assert states(provider.send(a_call(provider))) == [Q, U, Q]


def test_one_bad_address_is_told_from_the_others_or_the_call_is_refused(
    provider: HttpProvider,
) -> None:
    kind = KINDS[provider.name]
    faults = () if kind.options else ("1:400-invalid",)
    account = connect(provider, options=kind.options, faults=faults)

    if kind.options:
        outcomes = provider.send(a_call(provider))
        assert states(outcomes) == [A, R, A]
        assert kind.refused in outcomes[1].reason
    else:
        assert error_of(provider).verdict is Verdict.REJECT
    assert account.violations() == []


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        ("429:7", Verdict.RETRY),
        ("401", Verdict.STOP),
        ("402", Verdict.STOP),
        ("403", Verdict.STOP),
        ("413", Verdict.REJECT),
        ("redirect", Verdict.STOP),
        ("html", Verdict.UNKNOWN),
        ("500-after", Verdict.UNKNOWN),
        ("reset-after", Verdict.UNKNOWN),
    ],
)
def test_a_fault_has_one_meaning_whoever_has_it(
    provider: HttpProvider, fault: str, verdict: Verdict
) -> None:
    account = connect(provider, faults=[f"1:{fault}"])

    error = error_of(provider)

    assert error.verdict is verdict
    assert error.retry_after == (7 if fault == "429:7" else None)
    assert len(account.messages()) == (3 if fault.endswith("after") else 0)


def test_a_doubt_is_settled_by_a_repeat_or_a_look_up_where_there_is_one(
    provider: HttpProvider,
) -> None:
    account, call = connect(provider, faults=["1:500-after"]), a_call(provider)
    with pytest.raises(ProviderError):
        provider.send(call)

    if provider.capabilities.idempotency_window:
        assert states(provider.send(call)) == [A] * 3
        assert account.repeats() == [KEY]
    if provider.capabilities.look_up:
        found = provider.look_up(call, TODAY - dt.timedelta(days=1), TODAY)
        assert found == {got["email"]: got["messageId"].strip("<>") for got in account.messages()}
    assert len(account.messages()) == 3  # sent once, although it was asked for twice
    assert account.violations() == []


# --- afterwards ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOOKING_UP)
@pytest.mark.parametrize("answer", [{}, [], {"messages": [{"to_email": "a@b.fi"}]}, b"<html>"])
def test_a_look_up_that_cannot_be_read_settles_nothing(name: str, answer: Any) -> None:
    provider = adapter(name)
    play(provider, (200, answer))

    with pytest.raises(ProviderError) as caught:
        provider.look_up(a_call(provider), DAY, DAY)

    assert caught.value.verdict is Verdict.RETRY


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_figures_are_those_of_the_messages_with_its_tag(name: str) -> None:
    provider = adapter(name)
    account, tag = connect(provider), provider.counts_by(ISSUE_TAG, KEY[:8])
    provider.send(a_call(provider))

    figures = provider.figures(tag, TODAY - dt.timedelta(days=30), TODAY)
    others = provider.figures("never-sent", TODAY, TODAY)

    assert (figures.delivered, figures.opens_unique) == (3, 1)
    assert others.delivered in (0, None)
    assert account.violations() == []


@pytest.mark.parametrize("name", WITH_FIGURES)
@pytest.mark.parametrize(
    "answer", [{"items": []}, {"errors": []}, {}, b"<html>", _MAINTENANCE, None]
)
def test_figures_of_which_none_can_be_read_are_an_error_and_not_unknown_or_zeros(
    name: str, answer: Any
) -> None:
    provider = adapter(name)
    play(provider, *[(200, MEANINGLESS[name] if answer is None else answer)] * 2)

    with pytest.raises(ProviderError) as caught:
        provider.figures(ISSUE_TAG, DAY, DAY)

    assert caught.value.verdict is Verdict.RETRY


@pytest.mark.parametrize(
    ("name", "answer"), [(name, each) for name, said in TELLING_NOTHING.items() for each in said]
)
def test_a_provider_that_has_counted_nothing_yet_tells_nothing(name: str, answer: Any) -> None:
    provider = adapter(name)
    play(provider, *[(200, answer)] * 2)

    assert provider.figures(ISSUE_TAG, DAY, DAY) == Figures()


def test_who_is_gone_is_told_with_the_way_they_went(provider: HttpProvider) -> None:
    words = {"bounces": "bounced", "complains": "complained", "leaves": "unsubscribed"}
    people = [(word, f"{word}@example.org") for word in (*words, "stays")]
    account, tag = connect(provider), provider.counts_by(ISSUE_TAG, KEY[:8])
    provider.send(a_call(provider, people))

    told = list(provider.departures(tag, TODAY - dt.timedelta(days=1), TODAY))

    known = {word: way for word, way in words.items() if (provider.name, word) != ("ses", "leaves")}
    assert {Departure(d.address, d.kind, "") for d in told} == {
        Departure(f"{word}@example.org", Standing(way), "") for word, way in known.items()
    }
    assert account.violations() == []


def test_a_tag_is_only_what_tags_may_be() -> None:
    for name, key, told in (("resend", "issue", "2026_06__"), ("ses", "nl-tag", "2026_06__")):
        provider = adapter(name)
        account = connect(provider)

        provider.send(a_call(provider, tag="2026.06 é"))

        assert account.violations() == []
        assert {got["metadata"][key] for got in account.messages()} == {told}
        assert all(BATCH_TAG in got["tags"] for got in account.messages())
