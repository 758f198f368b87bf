"""`newsletter send`: the plan, the confirmation, the sending; running it again goes on."""

import datetime as dt
from contextlib import closing

import click

from newsletter import mailing
from newsletter.cli.begun import continue_send
from newsletter.cli.common import (
    Declined,
    Ruled,
    Rules,
    Settings,
    UsageError,
    as_issue_id,
    as_local_time,
    as_seconds,
    as_share,
    gathered,
    json_option,
    settings_of,
    write_json,
    yes_option,
)
from newsletter.cli.offers import SendOptions, begin
from newsletter.cli.progress import finish
from newsletter.cli.segment_typed import segment_option
from newsletter.cli.status import describe
from newsletter.language import say
from newsletter.ledger import Ledger, Send
from newsletter.ledgers import ledger_of
from newsletter.model import WhenUnknown

_ORDERS = ("--pause", "--resume", "--cancel")
_FOR_ALL = ("--yes", "--json", "--no-sync", "--despite-departures")
_RULES = Rules(
    needs={"--canary-wait": "--canary", "--max-bounce": "--canary-wait", "--lang": "--test"},
    # Nobody waits for a canary that is sent another day; the rest is held until `send`.
    one_of=(_ORDERS, ("--at", "--canary-wait")),
    only_with={
        "--test": ("--lang", "--dry-run", *_FOR_ALL),
        "--retry-failed": ("--unknown", "--dry-run", *_FOR_ALL),
        "--unknown": ("--retry-failed", "--dry-run", *_FOR_ALL),
        "--late": ("--dry-run", "--not-sent-before", *_FOR_ALL),
        **dict.fromkeys(_ORDERS, _FOR_ALL),
    },
)


@click.command(cls=Ruled, rules=_RULES)
@click.argument("issue_id", type=as_issue_id, metavar="ID")
@click.option(
    "--test", "tests", multiple=True, metavar="ADDR", help="Send to ADDR only; repeatable."
)
@click.option(
    "--lang",
    metavar="CODE",
    help="With --test: send the issue in this language, such as sv. "
    "(The language of the terminal is that of “newsletter --lang”.)",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and end.")
@segment_option
@click.option(
    "--at",
    type=as_local_time,
    metavar="TIME",
    help='Send at that time, such as "2026-11-30 09:00".',
)
@click.option(
    "--canary",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Send to N people chosen at random first, then ask.",
)
@click.option(
    "--canary-wait",
    type=as_seconds,
    metavar="TIME",
    help="With --canary: do not ask, go on after 30m or 2h.",
)
@click.option(
    "--max-bounce",
    type=as_share,
    metavar="SHARE",
    help="With --canary-wait: stop if more than 5% of the canary bounced.",
)
@click.option(
    "--retry-failed",
    is_flag=True,
    help="Send again to those refused for a temporary reason, or renamed since.",
)
@click.option(
    "--unknown",
    type=click.Choice([decision.value for decision in WhenUnknown]),
    help="Decide about deliveries nobody knows the outcome of.",
)
@click.option(
    "--not-sent-before",
    is_flag=True,
    help="The ledger that the list came from, or that was lost, did not send this issue.",
)
@click.option(
    "--despite-departures",
    is_flag=True,
    help="Send, though it is not known who left since the backup the ledger came back from.",
)
@click.option("--late", is_flag=True, help="Send it, as it was frozen, to those who joined since.")
@click.option("--pause", is_flag=True, help="Let nothing more go out for now.")
@click.option("--resume", is_flag=True, help="Go on after --pause.")
@click.option("--cancel", is_flag=True, help="End the send for good.")
@click.option("--no-sync", is_flag=True, help="Do not ask first who left or bounced since.")
@yes_option
@json_option
@click.pass_context
@gathered(SendOptions)
def command(ctx: click.Context, issue_id: str, options: SendOptions) -> None:
    """Send an issue, or go on with sending it.

    The plan is shown first, and only the word “yes” (or --yes) sends. The issue is frozen then:
    running the command again goes on with exactly that, and mails nobody twice.

    \b
    Example:
      newsletter send 2026-12 --test me@example.org
      newsletter send 2026-12 --test me@example.org --lang sv
      newsletter send 2026-12 --dry-run
      newsletter send 2026-12
      newsletter send 2026-12 --canary 20 --canary-wait 30m --max-bounce 5%
      newsletter send 2026-12 --at "2026-11-30 09:00"
    """
    settings, decided = settings_of(ctx), options.decisions
    ledger = ctx.with_resource(closing(ledger_of(settings)))
    begun = None if options.tests else _begun(settings, ledger, issue_id, decided)
    _catch_up(settings, ledger, options)
    if begun:
        send = _continued(settings, ledger, begun, options)
    elif decided.is_any:
        raise UsageError(
            say("“{issue}” was not sent; “newsletter send {issue}” sends it", issue=issue_id)
        )
    else:
        if options.syncs and mailing.can_sync(settings):
            # Most of what reads mail is not needed by a send without anybody to ask.
            from newsletter.cli.synced_first import sync_first  # noqa: PLC0415 - see above

            sync_first(settings, ledger, dt.datetime.now(dt.UTC))
        send = begin(settings, ledger, issue_id, options)
    if send is None:
        if begun and options.as_json:
            write_json(describe(mailing.look_at(ledger, begun)))
        ctx.exit(0)  # a plan was shown, or an order carried out
    ctx.exit(finish(settings, ledger, send, options))


def _catch_up(settings: Settings, ledger: Ledger, options: SendOptions) -> None:
    """Learn who left after a backup that the ledger came back from, before anybody is mailed."""
    mails_nobody = options.tests or options.dry_run or options.pause or options.cancel
    if not mails_nobody and (absence := mailing.find_unknown_since(ledger)):
        from newsletter.cli.synced_first import catch_up  # noqa: PLC0415 - as above

        catch_up(settings, ledger, options, absence)


def _continued(
    settings: Settings, ledger: Ledger, begun: Send, options: SendOptions
) -> Send | None:
    """Do what is asked of a send that has begun; who reads JSON is told of it after a no, too."""
    try:
        return continue_send(settings, ledger, begun, options, options.decisions)
    except Declined:
        if options.as_json:
            write_json(describe(mailing.look_at(ledger, begun)))
        raise


def _begun(
    settings: Settings, ledger: Ledger, issue_id: str, decided: mailing.Decisions
) -> Send | None:
    """Return the send that the command is about, unless a new one is to be planned."""
    begun = mailing.find_begun(settings, ledger, issue_id)
    is_over = begun and not decided.is_any and mailing.begins_anew(ledger, begun)
    return None if is_over else begun
