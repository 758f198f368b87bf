"""`newsletter serve`: the public service, to which mails link."""

import ipaddress

import click

from newsletter.cli.common import Ruled, settings_of, tell
from newsletter.language import say
from newsletter.ledgers import ledger_of
from newsletter.public import PublicServer, build_app
from newsletter.sockets import listen_at


def _as_networks(
    _ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> list[str]:
    """Return addresses and networks; raise BadParameter for what is neither."""
    try:
        return [str(ipaddress.ip_network(one, strict=False)) for one in given]
    except ValueError as err:
        raise click.BadParameter(
            say("expected an address such as 10.0.0.5, or a network such as 10.0.0.0/8")
        ) from err


@click.command(cls=Ruled)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="HOST",
    help="Address to listen at; the proxy that encrypts asks there.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    metavar="N",
    help="Port to listen at.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    default=("127.0.0.1", "::1"),
    show_default=True,
    metavar="ADDRESS",
    callback=_as_networks,
    help="Address or network whose word is taken for who asks; repeatable.",
)
@click.pass_context
def command(ctx: click.Context, host: str, port: int, proxies: list[str]) -> None:
    """Answer what mails link to below public_url, until asked to stop.

    So far that is pictures. A proxy in front of it encrypts. /health/live says that it answers,
    /health/ready that the ledger does, too. Ctrl-C and SIGTERM end it after the answers under way.

    \b
    Example:
      newsletter serve
      newsletter serve --host 0.0.0.0 --proxy 10.0.0.0/8
    """
    settings = settings_of(ctx)
    own = settings.newsletter
    bound = listen_at(host, [port])
    ctx.call_on_close(bound.close)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    app = build_app(
        ledger,
        language=own.language,
        title=own.title_in(own.language),
        public_url=own.public_url or "",
    )
    server = PublicServer(app, bound, proxies=proxies)

    def ready() -> None:
        tell(say("Serving {ledger} at {url}. Ctrl-C ends it.", ledger=ledger.place, url=server.url))
        if not own.public_url:
            tell(say("No mail links here: public_url is not set in newsletter.toml."))

    server.run(ready)
    tell(say("Ended; nothing was under way."))
