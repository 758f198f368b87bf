"""`newsletter sync`: what came back about mails, shown, agreed to, and taken in."""

import datetime as dt
from contextlib import closing

import click

from newsletter import mailing
from newsletter.cli.common import (
    Ruled,
    Rules,
    UsageError,
    insist,
    json_option,
    settings_of,
    write_json,
    yes_option,
)
from newsletter.cli.found_back import found_as_json, show_found
from newsletter.cli.mail_sign_in import sign_in_to_mailbox
from newsletter.feedback.syncing import foresee_sync, look, take
from newsletter.language import say
from newsletter.ledgers import ledger_of

_RULES = Rules(
    one_of=(("--imap", "--no-imap"), ("--yes", "--dry-run")),
    only_with={"--sign-in": ()},
)


@click.command(cls=Ruled, rules=_RULES)
@click.option("--imap", is_flag=True, help="Read the mailbox; the default where one is set.")
@click.option("--no-imap", is_flag=True, help="Leave the mailbox alone.")
@click.option("--sign-in", "signs_in", is_flag=True, help="Sign in to the mailbox in the browser.")
@click.option("--dry-run", is_flag=True, help="Show what would change and end.")
@yes_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, **options: bool) -> None:
    """Learn who bounced, complained or left since.

    The provider is asked, and the mailbox is read. What would change is shown first, and only the
    word “yes” (or --yes) changes it. The mailbox is only looked at: nothing in it is deleted,
    marked as read or answered.

    \b
    Example:
      newsletter sync
      newsletter sync --imap --yes
      newsletter sync --sign-in
    """
    settings, now = settings_of(ctx), dt.datetime.now(dt.UTC)
    if options["signs_in"]:
        sign_in_to_mailbox(settings, now)
        return
    imap = options["imap"] or (settings.mailbox.is_read and not options["no_imap"])
    if not imap and not mailing.can_sync(settings):
        raise UsageError(
            say(
                "there is nobody to ask: “{provider}” keeps no lists, and no mailbox is set; write "
                "host and username under [mailbox]",
                provider=settings.provider.name,
            )
        )
    ledger = ctx.with_resource(closing(ledger_of(settings)))
    found = look(settings, ledger, now, imap=imap, is_shown=True)
    taken = foresee_sync(settings, ledger, found, now)
    if not options["as_json"]:
        show_found(found, taken)
    if taken.changes and not (options["yes"] or options["dry_run"]):
        insist(say("Take them off the list?"), otherwise=say("Nothing was changed."))
    if not options["dry_run"]:
        taken = take(settings, ledger, found, now)
    if options["as_json"]:
        write_json(found_as_json(found, taken))
    ctx.exit(1 if found.faults else 0)
