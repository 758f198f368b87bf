"""Resend: what is its own of a list that is taken once for each key."""

import random

import pytest

from newsletter.delivery.retry import Action, decide
from newsletter.errors import ProviderError
from newsletter.providers.resend import Resend
from tests.providers.forms import KEY, a_call, play
from tests.providers.kinds import KINDS, adapter


def test_a_repeat_is_the_same_to_the_byte_and_under_the_same_key() -> None:
    resend = adapter("resend")
    recorded = play(resend, (500, b""), KINDS["resend"].taken)
    call = a_call(resend)

    with pytest.raises(ProviderError):
        resend.send(call)
    resend.send(a_call(resend))

    first, second = recorded.asked
    assert first.url == second.url == "https://api.resend.com/emails/batch"
    assert first.body == second.body == call.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == KEY
    assert first.headers["x-batch-validation"] == "strict"
    assert first.headers["Authorization"] == "Bearer test-key"
    assert first.headers["User-Agent"].startswith("newsletter")


def test_it_asks_twice_a_second_at_most_by_default() -> None:
    assert Resend.capabilities.rate / Resend.capabilities.batch_size == 2
    assert Resend.capabilities.concurrency == 1


@pytest.mark.parametrize(
    ("name", "action"),
    [
        # Another body came under the key: what that did, no repeat can tell.
        ("invalid_idempotent_request", Action.DOUBT),
        # The first call is still under way: its answer comes to a repeat.
        ("concurrent_idempotent_requests", Action.REPEAT),
    ],
)
def test_a_key_that_is_known_is_never_a_refusal(name: str, action: Action) -> None:
    provider = adapter("resend")
    play(provider, (409, {"name": name, "message": "No."}))

    with pytest.raises(ProviderError) as caught:
        provider.send(a_call(provider))

    decision = decide(
        caught.value,
        attempt=1,
        recipients=3,
        repeatable=True,
        random_source=random.Random(1),
    )

    assert decision.action is action
