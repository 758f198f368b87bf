"""All that is known of one issue, on a terminal of any width."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsletter.cli.figure_links import print_links, print_sections
from newsletter.cli.figure_signs import hours_line, number, people, percents, range_bar, times
from newsletter.cli.fitted_tables import Column, cut, fixed, print_fitted
from newsletter.cli.telling import in_words, wrap_words
from newsletter.language import Wording, say, say_list, say_many
from newsletter.model.figures import GroupFigures, IssueFigures, OpenRange, Revision, Share

_LEAST_BAR, _BAR, _WIDEST_BAR = 8, 24, 60
_MARKS = (1, 6, 24, 72)  # hours after which it is told how many opens were there


def print_issue(console: Console, issue: IssueFigures, zone: ZoneInfo) -> None:
    """Print a page about an issue: its mail, its readers, what they followed, and when."""
    _print_mail(console, issue, zone)
    _print_heading(console, say("Opened"))
    _print_opened(console, issue)
    _print_source(console, issue, zone)
    if issue.shown.links:
        _print_heading(console, say("Links"))
        print_links(console, issue.shown.links)
    if issue.sections:
        _print_heading(console, say("Sections"))
        print_sections(console, issue.sections)
    if any(issue.shown.curve):
        _print_hours(console, issue.shown.curve, issue.shown.half_after)
    for by, groups in issue.groups.items():
        _print_groups(console, by, groups)
    _print_whole(console, issue, zone)
    if issue.revisions:
        _print_heading(console, say("Changed after its days were over"))
        for revision in issue.revisions:
            _print(console, _changed(revision, zone))


# --- the mail -----------------------------------------------------------------------------


def _print_mail(console: Console, issue: IssueFigures, zone: ZoneInfo) -> None:
    name = say("{issue} (rehearsal)", issue=issue.issue) if issue.is_rehearsal else issue.issue
    console.print(escape(f"{in_words(name)}  {issue.subject}"), style="bold", highlight=False)
    mail = issue.delivered
    state = say("final") if issue.is_final else say("still being counted")
    hard, soft = _known(mail.bounced_hard), _known(mail.bounced_soft)
    delivered = _known(mail.delivered)
    rows: dict[Wording, str] = {
        say("Sent"): say("{at:%Y-%m-%d %H:%M}", at=issue.sent_at.astimezone(zone)),
        say("Counted for"): say_many(
            "{n} day, {state}", "{n} days, {state}", n=issue.window_days, state=state
        ),
        say("Delivered"): say("{delivered} of {sent:,}", delivered=delivered, sent=mail.sent),
        say("Bounced"): say("{hard} for good, {soft} for now", hard=hard, soft=soft),
        say("Left since"): _known(mail.unsubscribed),
        say("Complained"): _known(mail.complained),
        say("Replied"): _known(mail.replied),
    }
    _print_rows(console, rows)


# --- opens --------------------------------------------------------------------------------


def _print_opened(console: Console, issue: IssueFigures) -> None:
    if issue.hidden_because:
        _print(console, say("Not told: {why}.", why=issue.hidden_because))
    elif issue.open_range:
        _print_range(console, issue.open_range)
    else:
        _print(console, say("How many readers opened it is not known."))
    if not issue.open_range and (loaded := times(issue.shown.opens)):
        _print(
            console,
            say("Pictures were loaded {times}, but for those loaded by machines.", times=loaded),
        )


def _print_range(console: Console, told: OpenRange) -> None:
    low, high = told.bounds
    console.print(range_bar(told, min(console.width, _WIDEST_BAR)), highlight=False)
    _print(
        console,
        say(
            "Between {low:.0%} and {high:.0%} of {n:,} readers had it before their eyes.",
            low=low,
            high=high,
            n=told.outer.of,
        ),
    )
    bounds: dict[Wording, Share | None] = {
        say("opened by people, likely"): told.least,
        say("with those of whom it is not known"): told.most,
        say("with those whose mail program hides it"): told.outer,
    }
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, share in bounds.items():
        table.add_row(
            escape(in_words(name)),
            number(share.count) if share else in_words(_known(None)),
            in_words(say("{share:.0%}", share=share.value)) if share else "",
            f"({percents(share.low, share.high)})" if share else "",
        )
    console.print(table)
    _print(console, say("In brackets: 95% intervals. Who loads no pictures is never seen."))


def _print_source(console: Console, issue: IssueFigures, zone: ZoneInfo) -> None:
    shown = issue.shown
    if shown.source:
        _print(console, say("Source: {why}.", why=issue.why))
    if shown.as_of:
        rules = ", ".join(shown.rules) or say("not known")
        at = shown.as_of.astimezone(zone)
        _print(console, say("As of {at:%Y-%m-%d %H:%M}; rules: {rules}.", at=at, rules=rules))
    if issue.others:
        _print(
            console,
            say("Others counted, too: “newsletter stats {issue} --sources”.", issue=issue.issue),
        )


# --- when, by whom, until when ------------------------------------------------------------


def _print_hours(console: Console, curve: Sequence[int], half_after: int | None) -> None:
    _print_heading(console, say_many("The first hour", "The first {n} hours", n=len(curve)))
    console.print(hours_line(curve, console.width), highlight=False)
    shares = [
        say("{n} h: {share:.0%}", n=hours, share=sum(curve[:hours]) / sum(curve))
        for hours in _MARKS
        if hours <= len(curve)
    ]
    _print(console, say("Opens that were there after {shares}.", shares=say_list(shares)))
    if half_after is not None:
        _print(console, say("Half of all opens came within {hours} h.", hours=half_after))


def _print_groups(console: Console, by: str, groups: Sequence[GroupFigures]) -> None:
    _print_heading(console, say("By language") if by == "language" else say("By {name}", name=by))
    ranges = [group.open_range for group in groups]
    mails = [group.delivered for group in groups]

    def draw(width: int) -> list[str]:
        return ["", *(range_bar(told, width) if told else "" for told in ranges)]

    names = [group.name or in_words(say("all others")) for group in groups]
    readers = [mail.sent if mail.delivered is None else mail.delivered for mail in mails]
    columns = {
        "name": cut(in_words(say("Group")), names, 10, 40),
        "readers": fixed(in_words(say("Readers")), list(map(number, readers))),
        "opened": fixed(
            in_words(say("Opened")), [percents(*told.bounds) if told else "" for told in ranges]
        ),
        "bar": Column(draw=draw, least=_LEAST_BAR, most=_BAR),
        "clicked": fixed(in_words(say("Clicked")), [people(group.clickers) for group in groups]),
    }
    print_fitted(console, columns, ("name", "opened", "readers", "clicked", "bar"))


def _print_whole(console: Console, issue: IssueFigures, zone: ZoneInfo) -> None:
    whole = issue.whole
    told = {
        say("Opened"): people(whole.openers),
        say("Image loads"): times(whole.opens),
        say("Followed a link"): people(whole.clickers),
        say("Clicks"): times(whole.clicks),
    }
    rows: dict[Wording, str] = {name: value for name, value in told.items() if value}
    if rows and whole.as_of:
        at = whole.as_of.astimezone(zone)
        _print_heading(console, say("Until {at:%Y-%m-%d %H:%M}", at=at))
        _print_rows(console, rows)


def _changed(revision: Revision, zone: ZoneInfo) -> Wording:
    changes = [
        say("{name} {before} → {after}", name=name, before=_known(before), after=_known(after))
        for name, (before, after) in revision.changes.items()
    ]
    return say(
        "{at:%Y-%m-%d %H:%M}, by {source}: {changes}",
        at=revision.at.astimezone(zone),
        source=revision.source.words if revision.source else say("the newsletter's ledger"),
        changes=say_list(changes),
    )


# --- how it is printed --------------------------------------------------------------------


def _known(count: int | None) -> Wording:
    return say("not known") if count is None else say("{count:,}", count=count)


def _print(console: Console, words: str) -> None:
    for line in wrap_words(in_words(words), console.width):
        console.print(escape(line), highlight=False)


def _print_heading(console: Console, words: Wording) -> None:
    console.print()
    console.print(escape(in_words(words)), style="bold", highlight=False)


def _print_rows(console: Console, rows: Mapping[Wording, str]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in rows.items():
        table.add_row(escape(in_words(name)), escape(in_words(value)))
    console.print(table)
