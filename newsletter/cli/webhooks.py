"""`newsletter webhooks`: what the provider posts of mails, and where it is told to."""

import datetime as dt
from typing import Any

import click

from newsletter.cli.common import (
    Ruled,
    RuledGroup,
    Settings,
    indented,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
)
from newsletter.feedback import address_of, hooked_provider, install, lacking, steps_of
from newsletter.language import say, say_list, say_many
from newsletter.ledger import Ledger, webhooks
from newsletter.ledgers import existing_ledger, ledger_of

_MOST = 10  # unread requests that are listed


@click.group(cls=RuledGroup, name="webhooks")
def command() -> None:
    """Show what the provider posts, or have it post here.

    \b
    Example:
      newsletter webhooks list
      newsletter webhooks install
    """


@command.command(name="list", cls=Ruled)
@json_option
@click.pass_context
def list_webhooks(ctx: click.Context, *, as_json: bool) -> None:
    """Show where the provider posts, when it last did, and what could not be read.

    The address is a secret: whoever knows it can write to the list of those who get no more mail.

    \b
    Example:
      newsletter webhooks list
      newsletter webhooks list --json
    """
    settings = settings_of(ctx)
    provider = hooked_provider(settings)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    address, found = address_of(settings, provider), _found(ledger)
    if as_json:
        write_json({"provider": provider, "address": address or None, **found})
        return
    _show(settings, provider, address, found)


@command.command(name="install", cls=Ruled)
@click.pass_context
def install_webhooks(ctx: click.Context) -> None:
    """Have the provider post what happens to mails: bounces, complaints, who left.

    Done again it changes nothing that is as it should be; a new public_url or secret is passed on.
    The key by which the provider signs is written into .env, SendGrid's into newsletter.toml.

    \b
    Example:
      newsletter webhooks install
    """
    made = install(settings_of(ctx))
    if made.done is None:
        tell(say("{provider} has to be told by hand:", provider=made.provider))
        for step in steps_of(made.provider):
            tell(indented(step))
        tell(indented(made.address))
        return
    tell(say("{provider}: {done}.", provider=made.provider, done=made.done.words))
    tell(indented(made.address))
    if made.noted:
        tell(say("The key that it signs with is in {file} now.", file=made.noted))
        tell(say("Restart “newsletter serve”, so that it knows the key."))
    if made.left_out:
        kinds = say_list(made.left_out)
        tell(say("Not registered, as another program has them: {kinds}.", kinds=kinds))


@command.command(name="retry", cls=Ruled)
@click.pass_context
def retry_webhooks(ctx: click.Context) -> None:
    """Have read again what could not be read, as after an update.

    \b
    Example:
      newsletter webhooks retry
    """
    ledger = ledger_of(settings_of(ctx))
    ctx.call_on_close(ledger.close)
    with ledger.write() as connection:
        count = webhooks.retry_failed(connection)
    told = say_many("{n:,} request is read again.", "{n:,} requests are read again.", n=count)
    tell(told if count else say("Everything that was posted could be read."))


def _found(ledger: Ledger | None) -> dict[str, Any]:
    """Return what the ledger knows of what was posted."""
    if ledger is None:
        return {"last": {}, "waiting": 0, "unread": []}
    with ledger.read() as connection:
        last = webhooks.newest_by_provider(connection)
        lag = webhooks.find_lag(connection)
        unread = webhooks.list_unread(connection, most=_MOST)
    return {
        "last": {name: at.isoformat() for name, at in last.items()},
        "waiting": lag.waiting,
        "unread": [
            {"provider": one.provider, "at": one.received_at.isoformat(), "reason": one.reason}
            for one in unread
        ],
    }


def _show(settings: Settings, provider: str, address: str, found: dict[str, Any]) -> None:
    if settings.newsletter.is_here_alone:
        url = settings.newsletter.public_url or ""
        show(
            say(
                "{provider} cannot post to {url}: it is on this machine alone.",
                provider=provider,
                url=url,
            )
        )
    elif address:
        show(say("{provider} posts to:", provider=provider))
        show(indented(address))
        if lack := lacking(settings, provider):
            show(say("Nothing of it is taken until {setting} is set.", setting=lack))
    else:
        show(say("{provider} cannot post here: public_url is not set.", provider=provider))
    for name, at in found["last"].items():
        moment = settings.local_time(dt.datetime.fromisoformat(at))
        show(say("{provider} last posted: {moment}", provider=name, moment=moment))
    if not address or settings.newsletter.is_here_alone:
        show(
            say(
                "First write an address that {provider} can reach as public_url, and keep "
                "“newsletter serve” running behind it; then run “newsletter webhooks install”. "
                "Until then, “newsletter sync” asks what came back.",
                provider=provider,
            )
        )
    elif not found["last"]:
        show(say("Nothing was posted yet; “newsletter webhooks install” has it done."))
    if found["waiting"]:
        waiting = found["waiting"]
        show(
            say_many(
                "{n:,} request is not read yet.", "{n:,} requests are not read yet.", n=waiting
            )
        )
    for one in found["unread"]:
        moment = settings.local_time(dt.datetime.fromisoformat(one["at"]))
        show(say("Not read: {moment}, {reason}", moment=moment, reason=one["reason"]))
