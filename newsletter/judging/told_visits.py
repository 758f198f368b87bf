"""Judges opens and clicks that a provider told of, by the rules of those that we saw ourselves."""

from newsletter.judging.asked_for import Asked, agent_of
from newsletter.judging.rulebook import Rulebook
from newsletter.model import HitKind, Judgement, Return


def judge_told(rules: Rulebook, told: Return) -> Judgement:
    """Return who it likely was, also for when it is known how soon after the mail it was.

    Marks of browsers no provider tells of. A name or a network that it does not tell is not known,
    which is another thing than a program without a name. Nor does it matter what else is told: a
    provider tells in any order and portions, again, and when it is asked, and all of it is to count
    the same. So bursts of clicks are the service's alone to notice.
    """
    return rules.judge(
        Asked(
            kind=HitKind(told.kind.value),
            agent=agent_of(told.agent) or None,
            network=told.network,
            is_flagged=told.is_machine,
        )
    )
