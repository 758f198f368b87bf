"""`newsletter stats --update-rules`: newer rules that tell people from machines."""

import datetime as dt
from pathlib import Path

import click

from newsletter.cli.common import insist, readable, settings_of, tell
from newsletter.feedback import LARGEST_RULES, TakenRules, take_rules
from newsletter.files import read_file
from newsletter.language import Wording, say
from newsletter.ledgers import ledger_of


def update_rules(ctx: click.Context, file: Path, *, yes: bool) -> None:
    """Take newer rules from a file, and say what they are; ask where much less would be left."""
    data = read_file(file, at_most=LARGEST_RULES)
    ledger = ledger_of(settings_of(ctx))
    ctx.call_on_close(ledger.close)
    name, now = readable(file), dt.datetime.now(dt.UTC)
    taken = take_rules(ledger, data, name, now, may_shrink=yes)
    if taken.is_doubtful:
        tell(
            say(
                "{label} has {networks:,} networks, and those whose place they would take are "
                "{before:,}: it may be a part of a list.",
                label=taken.label,
                networks=taken.networks,
                before=taken.before,
            )
        )
        insist(say("Take it all the same?"))
        taken = take_rules(ledger, data, name, now, may_shrink=True)
    tell(_told(taken))


def _told(taken: TakenRules) -> Wording:
    if taken.is_known:
        return say("Nothing in it is new: its {count:,} networks are in use.", count=taken.networks)
    if not taken.rules:
        return say(
            "Taken: {label}, {networks:,} networks, where there were {before:,} taken before. The "
            "service and the workers use them within a minute; what was counted before stays as it "
            "was.",
            label=taken.label,
            networks=taken.networks,
            before=taken.before,
        )
    return say(
        "Taken: the rules of {label}, {rules} rules with {networks:,} networks. The service and "
        "the workers use them within a minute; what was counted before stays as it was.",
        label=taken.label,
        rules=taken.rules,
        networks=taken.networks,
    )
