"""`newsletter collect`: news from feeds as material for an issue."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import click
from babel.dates import format_date

from newsletter.cli.common import (
    ConfigError,
    NewsletterError,
    Ruled,
    UsageError,
    json_option,
    settings_of,
    tell,
    write_json,
)
from newsletter.cli.issue_days import date_of, today
from newsletter.cli.issue_in_work import list_sent, newest_unsent
from newsletter.collecting import (
    FEEDS,
    Cache,
    Harvest,
    Item,
    Material,
    Source,
    Window,
    gather,
    presets,
    sift,
    weigh,
)
from newsletter.content import check_id, divide, find_issues, list_heads, text_of, variants_of
from newsletter.language import Wording, say, say_list, say_many
from newsletter.language.locales import locale_of
from newsletter.model import Head
from newsletter.settings import FILE, FeedTable, Settings

_LOOK_BACK = dt.timedelta(days=31)  # if there was no earlier issue
_REMEMBERED = 12  # issues whose words tell what is near


@click.command(cls=Ruled)
@click.argument("issue_id", metavar="[ID]", required=False)
@click.option("--month", metavar="MONTH", help="Only news of this month, such as 2026-12.")
@click.option("--presets", "lists", is_flag=True, help="List the sources that ship by name.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, issue_id: str | None, month: str | None, *, lists: bool, as_json: bool
) -> None:
    """Collect news for an issue from the feeds of newsletter.toml.

    They are written to material/ID.md, for you to prune: news since the issue before this one,
    each once, and first what is nearest to the words of past issues. Collecting again adds what is
    new at the end and leaves all else alone.

    \b
    Example:
      newsletter collect 2026-12
      newsletter collect 2026-12 --month 2026-11
      newsletter collect --presets
    """
    if lists:
        _list_presets(as_json=as_json)
        return
    settings = settings_of(ctx)
    sources = _sources(settings)
    issue_id, window = _what_and_when(settings, issue_id, month)
    cache = Cache(settings.root / FEEDS)
    harvests = _gather(settings, sources, cache, issue_id, window)
    material = Material(
        path=settings.root / "material" / f"{issue_id}.md",
        issue_id=issue_id,
        cache=cache,
        language=settings.newsletter.language,
        write_date=lambda day: format_date(day, "medium", locale_of(settings.newsletter.language)),
    )
    wanted, new = material.choose((i for h in harvests for i in h.items), window)
    material.add(new, today(settings))
    if as_json:
        write_json(_report(material, window, harvests, wanted, new))
    _show_result(material, window, harvests, new)
    if any(harvest.error for harvest in harvests):
        ctx.exit(1)


def _gather(
    settings: Settings, sources: list[Source], cache: Cache, issue_id: str, window: Window
) -> list[Harvest]:
    harvests = gather(
        sources,
        cache,
        window.first,
        allow_internal=settings.collect.allow_internal,
        zone=settings.zone,
    )
    cache.note_failing((h.source.url for h in harvests if h.error), today(settings))
    language = settings.newsletter.language
    sifted = [sift(harvest, language) for harvest in harvests]
    return weigh(sifted, _past(settings, issue_id), language)


def _list_presets(*, as_json: bool) -> None:
    if as_json:
        write_json([{"preset": word, **asdict(one)} for word, one in presets().items()])
        return
    for word, one in presets().items():
        click.echo(f"{word:<22}{one.name}\n{'':22}{one.url}")


def _sources(settings: Settings) -> list[Source]:
    table = settings.collect
    if table.feeds:
        return [_source(feed, table.words) for feed in table.feeds]
    raise ConfigError(
        say(
            "{file}: no feeds to collect from; write for each a table such as\n"
            "  [[collect.feeds]]\n"
            '  name = "Example Foundation"\n'
            '  url = "https://www.example.org/feed.xml"',
            file=str(settings.root / FILE),
        )
    )


def _source(feed: FeedTable, words: Sequence[str]) -> Source:
    preset = presets().get(feed.preset or "")
    if feed.preset and preset is None:
        message = say(
            "there is no preset “{name}” for [[collect.feeds]]; “newsletter collect --presets” "
            "lists them",
            name=feed.preset,
        )
        raise ConfigError(message)
    return Source(
        url=feed.url or (preset.url if preset else ""),
        name=feed.name or (preset.name if preset else ""),
        kind=preset.kind if preset else "feed",
        language=preset.language if preset else "",
        words=tuple(words if feed.words is None else feed.words),
    )


def _past(settings: Settings, issue_id: str) -> list[str]:
    """Return the texts of the last dozen issues before one, in the newsletter's language."""
    folder, language = settings.root / "issues", settings.newsletter.language
    before = [one for one in find_issues(folder) if one < issue_id][-_REMEMBERED:]
    texts = []
    for one in before:
        with suppress(NewsletterError, OSError):  # what is wrong with it, `check` tells
            path = variants_of(folder, one, language).get(language)
            texts += ["\n".join(divide(text_of(path, UsageError))[1])] if path else []
    return texts


# --- which issue, which days --------------------------------------------------------------


def _what_and_when(
    settings: Settings, issue_id: str | None, month: str | None
) -> tuple[str, Window]:
    heads = list_heads(settings.root, language=settings.newsletter.language)
    sent = list_sent(settings)
    issue_id = issue_id or newest_unsent((head.id for head in heads), sent, today(settings))
    check_id(issue_id)
    if month is None:
        return issue_id, Window(first=_day_before(heads, sent, issue_id, today(settings)))
    try:
        return issue_id, Window.of_month(month)
    except ValueError as err:
        raise UsageError(say("“{month}” is not a month such as 2026-12", month=month)) from err


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
                "found": list(item.found),
                "nearness": round(item.near, 3),
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
