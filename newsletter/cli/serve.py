"""`newsletter serve`: the public service, to which mails link."""

import datetime as dt
import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from threading import Event, Thread

import click

from newsletter.archive import Archive, visibility_of
from newsletter.cli.common import Ruled, Settings, gathered, settings_of
from newsletter.cli.sign_up_form import contribution_form_of, form_of
from newsletter.cli.watched import Watching, watch_options, watched
from newsletter.cli.worker import greeting_of, work
from newsletter.face import face_of
from newsletter.feedback import trusted
from newsletter.language import Wording, say
from newsletter.ledger import Ledger
from newsletter.ledgers import ledger_of
from newsletter.press import reply_to_of
from newsletter.public import KeptMeetings, KeptRegions, PublicServer, PublicSite, build_app
from newsletter.settings import find_secret
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
@click.option(
    "--worker", "is_working", is_flag=True, help="Do the work of “newsletter worker”, too."
)
@watch_options
@click.pass_context
@gathered(Watching)
def command(
    ctx: click.Context,
    host: str,
    port: int,
    proxies: list[str],
    *,
    is_working: bool,
    options: Watching,
) -> None:
    """Answer what mails link to, until asked to stop.

    Below public_url that is signing up, leaving and preferences, the archive, pictures, and what
    the provider posts by webhook. A proxy in front of it encrypts. /health/live says that it
    answers, /health/ready that the ledger does, too. Ctrl-C and SIGTERM end it after the answers
    under way. With --worker a single process is enough for a newsletter: it also mails people
    what they ask for.

    \b
    Example:
      newsletter serve
      newsletter serve --worker
      newsletter serve --host 0.0.0.0 --proxy 10.0.0.0/8
    """
    settings = settings_of(ctx)
    bound = listen_at(host, [port])
    ctx.call_on_close(bound.close)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    site = _site_of(settings, ledger)
    server = PublicServer(build_app(site), bound, proxies=proxies)
    with watched(settings, ledger, options) as tell:
        with _working(settings, ledger, server, tell) if is_working else nullcontext():
            server.run(partial(_tell_place, settings, site, server, tell))
        tell(say("Ended; nothing was under way."))


def _site_of(settings: Settings, ledger: Ledger) -> PublicSite:
    own, secret = settings.newsletter, find_secret(settings.root, "NEWSLETTER_SECRET")
    meetings = KeptMeetings(settings.root / "meetings", language=own.language, zone=settings.zone)
    return PublicSite(
        ledger=ledger,
        face=face_of(settings),
        archive=Archive(ledger, visibility_of(settings)),
        public_url=own.public_url or "",
        contact=own.security_contact or f"mailto:{reply_to_of(settings)}",
        now=lambda: dt.datetime.now(dt.UTC),
        zone=settings.zone,
        trusted=trusted(settings),
        secret=secret.reveal() if secret else "",
        sender=own.from_,
        outbox=settings.outbox,
        sign_up=form_of(settings),
        meetings=meetings,
        is_withheld=meetings.is_withheld,
        contributing=contribution_form_of(settings),
        regions=KeptRegions(settings.root, language=own.language),
    )


def _tell_place(
    settings: Settings, site: PublicSite, server: PublicServer, tell: Callable[[Wording], None]
) -> None:
    place = site.ledger.place
    tell(say("Serving {ledger} at {url}. Ctrl-C ends it.", ledger=place, url=server.url))
    if not site.public_url:
        tell(say("No mail links here: public_url is not set in newsletter.toml."))
    elif not site.secret:
        tell(say("No link of a reader is answered: NEWSLETTER_SECRET is not set."))
    if settings.newsletter.is_here_alone and settings.provider.name != "outbox":
        url = site.public_url
        tell(say("No reader gets here: public_url, {url}, is on this machine alone.", url=url))
    elif reason := site.archive.why_empty(site.now()):
        tell(say("The archive is empty: {reason}.", reason=reason))
    if fault := site.face.fault:
        tell(say("Pages have the default look until this is mended: {fault}", fault=fault.words))


@contextmanager
def _working(
    settings: Settings, ledger: Ledger, server: PublicServer, tell: Callable[[Wording], None]
) -> Iterator[None]:
    """Do background work beside the block; what ends the one ends the other.

    Raise ConfigError for a provider that it cannot use, and what ends the work.
    """
    tell(greeting_of(settings, ledger))
    stop, faults = Event(), list[BaseException]()

    def do_work() -> None:
        try:
            work(settings, ledger, tell, stop=stop)
        except BaseException as err:
            faults.append(err)
            server.end()

    thread = Thread(target=do_work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if faults:
        raise faults[0]
