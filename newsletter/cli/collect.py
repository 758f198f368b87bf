"""`newsletter collect`: news from feeds as material for an issue."""

import datetime as dt
from contextlib import closing
from typing import Any

import click
from babel.dates import format_date

from newsletter.cli.common import Ruled, json_option, settings_of, tell, write_json
from newsletter.cli.issue_days import date_of, today
from newsletter.collecting import Cache, Harvest, Item, Material, Source, Window, gather
from newsletter.content import check_id, list_heads
from newsletter.errors import ConfigError, UsageError
from newsletter.language import Wording, say, say_list, say_many
from newsletter.language.locales import locale_of
from newsletter.ledger import list_sends
from newsletter.ledgers import existing_ledger
from newsletter.model import Head
from newsletter.settings import FILE, Settings

_LOOK_BACK = dt.timedelta(days=31)  # if there was no earlier issue


@click.command(cls=Ruled)
@click.argument("issue_id", metavar="[ID]", required=False)
@click.option("--month", metavar="MONTH", help="Only news of this month, such as 2026-12.")
@json_option
@click.pass_context
def command(ctx: click.Context, issue_id: str | None, month: str | None, *, as_json: bool) -> None:
    """Collect news for an issue from the feeds of newsletter.toml.

    They are written to material/ID.md, for you to prune: news since the issue before this one,
    each once. Collecting again adds what is new at the end and leaves all else alone.

    \b
    Example:
      newsletter collect 2026-12
      newsletter collect 2026-12 --month 2026-11
    """
    settings = settings_of(ctx)
    sources = _sources(settings)
    issue_id, window = _what_and_when(settings, issue_id, month)
    cache = Cache(settings.root / ".newsletter" / "feeds")
    harvests = gather(
        sources,
        cache,
        allow_internal=settings.collect.allow_internal,
        zone=settings.zone,
    )
    material = Material(
        path=settings.root / "material" / f"{issue_id}.md",
        issue_id=issue_id,
        cache=cache,
        write_date=lambda day: format_date(day, "medium", locale_of(settings.newsletter.language)),
    )
    wanted, new = material.choose((i for h in harvests for i in h.items), window)
    material.add(new, today(settings))
    if as_json:
        write_json(_report(material, window, harvests, wanted, new))
    _show_result(material, window, harvests, new)
    if any(harvest.error for harvest in harvests):
        ctx.exit(1)


def _sources(settings: Settings) -> list[Source]:
    if settings.collect.feeds:
        return [Source(url=feed.url, name=feed.name or "") for feed in settings.collect.feeds]
    raise ConfigError(
        say(
            "{file}: no feeds to collect from; write for each a table such as\n"
            "  [[collect.feeds]]\n"
            '  name = "Example Foundation"\n'
            '  url = "https://www.example.org/feed.xml"',
            file=str(settings.root / FILE),
        )
    )


# --- which issue, which days --------------------------------------------------------------


def _what_and_when(
    settings: Settings, issue_id: str | None, month: str | None
) -> tuple[str, Window]:
    heads = list_heads(settings.root, language=settings.newsletter.language)
    sent = _sent(settings)
    issue_id = issue_id or _issue_in_work(heads, sent, today(settings))
    check_id(issue_id)
    if month is None:
        return issue_id, Window(first=_day_before(heads, sent, issue_id, today(settings)))
    try:
        return issue_id, Window.of_month(month)
    except ValueError as err:
        raise UsageError(say("“{month}” is not a month such as 2026-12", month=month)) from err


def _sent(settings: Settings) -> set[str]:
    ledger = existing_ledger(settings)
    if ledger is None:
        return set()
    with closing(ledger), ledger.read() as connection:
        return {send.issue_id for send in list_sends(connection)}


def _issue_in_work(heads: list[Head], sent: set[str], now: dt.date) -> str:
    """Return the newest issue that was not sent, or else this month's."""
    newest = max((head.id for head in heads), default="")
    return newest if newest and newest not in sent else f"{now:%Y-%m}"


def _day_before(heads: list[Head], sent: set[str], issue_id: str, now: dt.date) -> dt.date:
    """Return the day of the newest issue before this one, preferably one that was sent."""
    own = next((h.date for h in heads if h.id == issue_id and h.date), date_of(issue_id) or now)
    before = [h for h in heads if h.id != issue_id and h.date and h.date < own]
    chosen = [h for h in before if h.id in sent] or before
    return max((h.date for h in chosen if h.date), default=min(own, now) - _LOOK_BACK)


# --- what is reported ---------------------------------------------------------------------


def _report(
    material: Material, window: Window, harvests: list[Harvest], wanted: list[Item], new: list[Item]
) -> dict[str, Any]:
    added = {item.key for item in new}
    return {
        "issue": material.issue_id,
        "file": str(material.path),
        "since": window.first.isoformat(),
        "until": window.last.isoformat() if window.last else None,
        "added": len(new),
        "feeds": [
            {
                "name": harvest.name,
                "url": harvest.source.url,
                "state": _state(harvest),
                "items": len(harvest.items),
                "error": harvest.error or None,
                "notes": list(harvest.notes),
            }
            for harvest in harvests
        ],
        "items": [
            {
                "source": item.source,
                "title": item.title,
                "link": item.link or None,
                "date": item.date.isoformat() if item.date else None,
                "summary": item.summary,
                "new": item.key in added,
            }
            for item in wanted
        ],
    }


def _state(harvest: Harvest) -> str:
    if harvest.error:
        return "failed"
    return "unchanged" if harvest.is_unchanged else "read"


def _show_result(
    material: Material, window: Window, harvests: list[Harvest], new: list[Item]
) -> None:
    for harvest in harvests:
        if harvest.error:
            where = f" [{harvest.source.url}]"
            tell(say_list([harvest.name, ": ", harvest.error, where], between=""), fg="red")
        for note in harvest.notes:
            tell(say_list([harvest.name, note], between=": "))
    days = _days(window)
    if new:
        told = say_many(
            "{n:,} new piece of news {days}, in {file}.",
            "{n:,} new pieces of news {days}, in {file}.",
            n=len(new),
            days=days,
            file=str(material.path),
        )
    else:
        told = say("Nothing new {days}.", days=days)
    tell(told)
    if failed := sum(bool(harvest.error) for harvest in harvests):
        tell(
            say_many(
                "{failed:,} of {n:,} feed could not be read.",
                "{failed:,} of {n:,} feeds could not be read.",
                n=len(harvests),
                failed=failed,
            )
        )


def _days(window: Window) -> Wording:
    if window.last is None:
        return say("since {first:%Y-%m-%d}", first=window.first)
    first, last = window.first, window.last
    return say("from {first:%Y-%m-%d} to {last:%Y-%m-%d}", first=first, last=last)
