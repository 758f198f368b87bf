"""Decides what to do about a call that did not succeed."""

import random
from dataclasses import dataclass
from enum import Enum

from newsletter.errors import ProviderError, Verdict

ATTEMPTS = 5  # attempts for one batch before the run gives up
_FIRST_WAIT = 0.5  # seconds; doubled for each further attempt
_LONGEST_WAIT = 60.0  # seconds
_FIRST_PATIENCE = 60.0  # seconds; doubled as well
LONGEST_ASKED = 600.0  # a provider that asks for more stops the run instead
_REJECTED_LIMIT = 20  # rejections ...
_REJECTED_SHARE = 0.25  # ... and their share of all decided, above which a run stops


class Action(Enum):
    """What happens to the batch."""

    RETRY = "retry"  # back to the queue, to be retried after `wait`
    REPEAT = "repeat"  # the same call under the same key, after `wait`
    SPLIT = "split"  # split in half, to find the recipient that spoils it
    REJECT = "reject"  # its only recipient is rejected for good
    DOUBT = "doubt"  # the outcome is unknown; left for a look-up or the editor
    STOP = "stop"  # back to the queue, and the run ends


@dataclass(frozen=True, slots=True)
class Decision:
    """An action and how long to wait for it, in seconds."""

    action: Action
    wait: float = 0.0


def decide(
    error: ProviderError,
    *,
    attempt: int,
    recipients: int,
    repeatable: bool,
    in_doubt: bool = False,
    random_source: random.Random,
) -> Decision:
    """Decide about a failed call.

    `attempt` counts from 1; `repeatable` says whether the provider would recognise a repeat;
    `in_doubt` that an earlier call under the same key may have been accepted, so that no refusal
    settles it.
    """
    wait = _wait(error, attempt, random_source)
    if in_doubt or error.verdict in (Verdict.UNKNOWN, Verdict.LOOK_UP):
        passing = error.verdict in (Verdict.UNKNOWN, Verdict.RETRY)
        again = passing and repeatable and attempt < ATTEMPTS
        return Decision(Action.REPEAT, wait) if again else Decision(Action.DOUBT)
    if error.verdict is Verdict.STOP:
        return Decision(Action.STOP)
    if error.verdict is Verdict.REJECT:
        return Decision(Action.SPLIT if recipients > 1 else Action.REJECT)
    if attempt >= ATTEMPTS or wait > LONGEST_ASKED:
        return Decision(Action.STOP)
    return Decision(Action.RETRY, wait)


def deferral_wait(attempt: int, longest: float) -> float | None:
    """Return seconds until a recipient deferred by their server is retried; None: give up.

    Servers that defer unknown senders (greylisting) want minutes: one, two, four, and so on,
    `longest` seconds in total.
    """
    waited = _FIRST_PATIENCE * (2.0 ** (attempt - 1) - 1)
    left = longest - waited
    return min(left, waited + _FIRST_PATIENCE) if left > 0 else None


def is_hopeless(rejected: int, accepted: int) -> bool:
    """Return whether so many are refused that the recipients cannot be at fault."""
    return rejected >= _REJECTED_LIMIT and rejected > _REJECTED_SHARE * (rejected + accepted)


def _wait(error: ProviderError, attempt: int, random_source: random.Random) -> float:
    """Return the seconds to wait; what the provider asks comes first."""
    if error.retry_after is not None:
        return error.retry_after + random_source.uniform(0, 0.25)
    return backoff(attempt, random_source)


def backoff(attempt: int, random_source: random.Random) -> float:
    """Return seconds that double with each attempt, with jitter in their upper half."""
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1))
    return random_source.uniform(longest / 2, longest)
