"""What is decided about a call that did not succeed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.retry import ATTEMPTS, Action, decide, is_hopeless
from newsletter.errors import ProviderError, Verdict
from newsletter.language import say


def _error(verdict: Verdict, retry_after: float | None = None) -> ProviderError:
    return ProviderError(say("no"), provider="brevo", verdict=verdict, retry_after=retry_after)


@pytest.mark.parametrize(
    ("verdict", "attempt", "recipients", "repeatable", "action"),
    [
        # refused before acceptance: again, a few times, then the run ends and loses nothing
        (Verdict.RETRY, 1, 10, False, Action.RETRY),
        (Verdict.RETRY, ATTEMPTS, 10, False, Action.STOP),
        # refused for good: find the one who spoils it
        (Verdict.REJECT, 1, 10, True, Action.SPLIT),
        (Verdict.REJECT, 1, 1, True, Action.REJECT),
        # nobody knows: repeat only where the provider recognises it
        (Verdict.UNKNOWN, 1, 10, True, Action.REPEAT),
        (Verdict.UNKNOWN, ATTEMPTS, 10, True, Action.DOUBT),
        (Verdict.UNKNOWN, 1, 10, False, Action.DOUBT),
        # nothing can succeed any more
        (Verdict.STOP, 1, 10, True, Action.STOP),
    ],
)
def test_each_verdict_has_its_action(
    verdict: Verdict, attempt: int, recipients: int, repeatable: bool, action: Action
) -> None:
    decision = decide(
        _error(verdict),
        attempt=attempt,
        recipients=recipients,
        repeatable=repeatable,
        random_source=random.Random(1),
    )

    assert decision.action is action


@given(attempt=st.integers(1, ATTEMPTS - 1), seed=st.integers())
def test_waiting_grows_and_is_spread(attempt: int, seed: int) -> None:
    decision = decide(
        _error(Verdict.RETRY),
        attempt=attempt,
        recipients=1,
        repeatable=False,
        random_source=random.Random(seed),
    )

    longest = 0.5 * 2 ** (attempt - 1)
    assert longest / 2 <= decision.wait <= longest


def test_what_the_provider_asks_for_is_waited() -> None:
    decision = decide(
        _error(Verdict.RETRY, retry_after=30),
        attempt=1,
        recipients=1,
        repeatable=False,
        random_source=random.Random(1),
    )

    assert 30 <= decision.wait < 31


def test_a_provider_that_asks_for_an_hour_stops_the_run_instead() -> None:
    decision = decide(
        _error(Verdict.RETRY, retry_after=3600),
        attempt=1,
        recipients=1,
        repeatable=False,
        random_source=random.Random(1),
    )

    assert decision.action is Action.STOP


@pytest.mark.parametrize(
    ("rejected", "accepted", "hopeless"),
    [
        (1, 0, False),  # one bad address at the very beginning
        (19, 0, False),  # a handful
        (20, 0, True),  # nobody gets through
        (20, 1000, False),  # a list with some bad addresses
        (400, 1000, True),  # a list that nobody should mail
    ],
)
def test_a_run_stops_when_the_fault_cannot_be_the_recipients(
    rejected: int, accepted: int, hopeless: bool
) -> None:
    assert is_hopeless(rejected, accepted) == hopeless
