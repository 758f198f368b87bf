"""How a command that works for hours lets itself be watched: its log, and the metrics' address."""

import datetime as dt
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version

import click

from newsletter.cli.common import NewsletterError, Settings, line_at_fault, tell
from newsletter.language import Wording, say, say_list
from newsletter.ledger import Ledger
from newsletter.observing import (
    LOGGER,
    FileUnread,
    ProcessBegun,
    ProcessEnded,
    ProcessFailed,
    RequestAnswered,
    observe,
)
from newsletter.settings.places import parse_listen


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What was asked for; where nothing was, newsletter.toml decides."""

    log: str | None
    log_level: str | None
    metrics: str | None


def _listen(_ctx: click.Context, _option: click.Parameter, typed: str | None) -> str | None:
    try:
        if typed is not None:
            parse_listen(typed)
    except ValueError as err:
        raise click.BadParameter(err.args[0]) from err
    return typed


_OPTIONS = (
    click.option(
        "--log",
        type=click.Choice(["plain", "json"]),
        envvar="NEWSLETTER_LOG",
        help="Tell of the work in words, or as JSON for machines; otherwise [logging] form.",
    ),
    click.option(
        "--log-level",
        type=click.Choice(["debug", "info", "warning", "error"]),
        metavar="LEVEL",
        envvar="NEWSLETTER_LOG_LEVEL",
        help="How much JSON tells: debug, info, warning or error; otherwise [logging] level.",
    ),
    click.option(
        "--metrics",
        metavar="ADDRESS",
        envvar="NEWSLETTER_METRICS",
        callback=_listen,
        help="Where Prometheus may ask, such as 127.0.0.1:9108; otherwise [metrics] listen.",
    ),
)


def watch_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `Watching`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def watched(
    settings: Settings, ledger: Ledger, asked: Watching
) -> Iterator[Callable[[Wording], None]]:
    """Let the block be watched; yield what tells of it in words, to nobody where JSON does.

    Then all that is written is JSON, the error that ends the block, too. What libraries log is told
    to machines alone.
    """
    is_plain = (asked.log or settings.logging.form) == "plain"
    listen = asked.metrics or settings.metrics.listen
    begun = time.monotonic()
    with ExitStack() as stack:
        if is_plain:
            stack.enter_context(_libraries_silent())
            stack.enter_context(_faults_told(settings.zone))
        else:
            stack.enter_context(_json_log(asked.log_level or settings.logging.level))
        if listen:
            # Imported only here: it takes a tenth of a second, and most workers go unwatched.
            from newsletter.monitoring.metrics import metrics_served  # noqa: PLC0415

            port = stack.enter_context(metrics_served(ledger, *parse_listen(listen)))
            if is_plain:
                address = f"{listen.rpartition(':')[0]}:{port}"  # port 0 is any that is free
                tell(say("Metrics are at http://{address}/metrics.", address=address))
        observe(
            ProcessBegun(
                command=click.get_current_context().info_name or "",
                version=version("newsletter"),
                provider=settings.provider.name,
                database="postgresql" if ledger.is_shared else "sqlite",
            )
        )
        yield tell if is_plain else _tell_nobody
        observe(ProcessEnded(seconds=time.monotonic() - begun))


@contextmanager
def _libraries_silent() -> Iterator[None]:
    """Let libraries log to nobody: else Python writes it, with tracebacks, between our words."""
    silent, root = logging.NullHandler(), logging.getLogger()
    root.addHandler(silent)
    try:
        yield
    finally:
        root.removeHandler(silent)


@contextmanager
def _faults_told(zone: dt.tzinfo) -> Iterator[None]:
    """Tell of requests and files at fault: else only who asked knows. Jobs tell of themselves."""
    handler, ours = _FaultsInWords(zone), logging.getLogger(LOGGER)
    ours.addHandler(handler)
    try:
        yield
    finally:
        ours.removeHandler(handler)


class _FaultsInWords(logging.Handler):
    """Tells of what failed in the public service, and where it went wrong."""

    def __init__(self, zone: dt.tzinfo) -> None:
        super().__init__(logging.WARNING)
        self._zone = zone

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, in which nothing is of whoever asked."""
        words = _words_of(getattr(record, "observation", None), record.exc_info)
        if words is None:
            return
        told = say_list([f"{dt.datetime.now(self._zone):%H:%M:%S}", words], " ")
        with suppress(OSError):  # whoever listened may be gone; the answer goes out all the same
            tell(told)


def _words_of(observed: object, fault: tuple[object, ...] | None) -> Wording | None:
    """Return what is told of an observation in words; None of most, which tell of themselves."""
    error = fault[1] if fault else None
    match observed:
        case RequestAnswered() if isinstance(error, BaseException):
            place = line_at_fault(error)
            if isinstance(error, NewsletterError) and not place:  # no line is at fault: the ledger
                return say(
                    "A request failed: {method} {route}: {reason}",
                    method=observed.method,
                    route=observed.route,
                    reason=error.words,
                )
            return say(
                "A request failed: {method} {route}: {kind} at {place}",
                method=observed.method,
                route=observed.route,
                kind=type(error).__name__,
                place=place or "?",
            )
        case FileUnread():
            return _words_of_file(observed)
    return None


def _words_of_file(unread: FileUnread) -> Wording:
    path = f"{unread.folder}/{unread.file}" if unread.folder else unread.file
    place = f"{path}:{unread.line}" if unread.line else path
    if unread.is_kept:
        return say(
            "{place} cannot be read: {reason}. What it said before is shown. “newsletter doctor” "
            "tells how to mend it.",
            place=place,
            reason=unread.reason,
        )
    return say(
        "{place} cannot be read: {reason}. Nothing of it is shown. “newsletter doctor” tells how "
        "to mend it.",
        place=place,
        reason=unread.reason,
    )


def _tell_nobody(_words: Wording) -> None: ...


@contextmanager
def _json_log(level: str) -> Iterator[None]:
    # Imported only here: it takes a fifth of a second, and most workers speak to people.
    from newsletter.monitoring.logs import json_log  # noqa: PLC0415

    with json_log(level, sys.stderr):
        try:
            yield
        except NewsletterError as err:
            observe(ProcessFailed(fault=type(err).__name__, reason=err.words))
            raise click.exceptions.Exit(err.exit_code) from err
        except Exception as err:
            observe(ProcessFailed(fault=type(err).__name__, reason=""), error=err)
            raise click.exceptions.Exit(3 if isinstance(err, OSError) else 1) from err
