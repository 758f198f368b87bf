"""Checks that nothing is left over from the previous issue, copied as a starting point."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

from newsletter.checking.instruments import (
    Draft,
    Passage,
    bare,
    calendar_words,
    checks,
    days_in,
    is_asked,
    line_in,
    links_of,
    passages_in,
    passages_of,
    split_address,
    visible,
)
from newsletter.language import say
from newsletter.model import (
    FRONT_TEXTS,
    Box,
    Button,
    Finding,
    Heading,
    Issue,
    Rule,
    Severity,
    Skipped,
    walk,
)

_LONG = 40  # words; shorter texts may well recur
_GREETINGS = 2  # paragraphs in which an issue introduces itself
# “marraskuun kirje”, “novemberbrevet”, “the November issue”
_NAMED = re.compile(
    rf"\b(?P<month>{calendar_words.MONTH})s?[ -]?(?:\w+ )?(?:kirje|uutis|kuulumi|numero|tiedot"
    r"|brev|nyhet|nytt|nummer|utskick|newsletter|news\b|issue|edition|update)",
    re.I,
)


ISSUE_COPY_PASTE = Rule(id="issue-copy-paste", summary="Nothing is left of the issue before")


@checks(ISSUE_COPY_PASTE)
def check_repeats(draft: Draft) -> Iterator[Finding | Skipped]:
    """Texts, dates, links and campaign parameters of the previous issue are not in this one."""
    before = draft.previous
    if before is None:
        yield ISSUE_COPY_PASTE.skipped(say("no earlier issue"))
        return
    now, then = passages_of(draft), passages_in(before)
    for found, there in (
        *_preheader(draft, before),
        *_paragraphs(draft, now, then),
        *_dates(draft, before, now, then),
        *_month(draft, before, now),
        *_buttons(draft, before),
        *_campaigns(draft, before),
    ):
        cure = say("{cure}; it is in {file}:{line}", cure=found.hint, file=before.path, line=there)
        yield replace(found, hint=cure)


Copied = Iterator[tuple[Finding, int]]  # what was left over, and its line in the previous issue


def _preheader(draft: Draft, before: Issue) -> Copied:
    if draft.issue.preheader and bare(draft.issue.preheader) == bare(before.preheader):
        yield (
            ISSUE_COPY_PASTE.warning(
                "the preheader is that of the previous issue",
                "say what is new this time",
                line=draft.line_of("preheader") or 1,
            ),
            before.lines.get("preheader", 1),
        )


def _paragraphs(draft: Draft, now: Sequence[Passage], then: Sequence[Passage]) -> Copied:
    old = {bare(text): p.line for p in then for text in p.text.split("\n")}
    standing = {
        inner.line
        for block in walk(draft.issue.blocks)
        if isinstance(block, Box)
        for inner in walk(block.blocks)
    }
    for passage in now:
        for text in passage.text.split("\n"):
            count = len(text.split())
            if count < _LONG or bare(text) not in old:
                continue
            is_standing = passage.line in standing
            found = ISSUE_COPY_PASTE.finding(
                Severity.NOTE if is_standing else Severity.WARNING,
                "{count} words were in the previous issue: “{beginning}”",
                "leave it if you mean it"
                if is_standing
                else "renew it; what always stays the same may stand in a box",
                line=line_in(draft, passage, _beginning(text).removesuffix("…")),
                count=count,
                beginning=_beginning(text),
            )
            yield found, old[bare(text)]


def _dates(draft: Draft, before: Issue, now: Sequence[Passage], then: Sequence[Passage]) -> Copied:
    """Yield days that are past by now, in sentences copied from the previous issue."""
    old = {bare(text): p.line for p in then for text in p.text.split("\n")}
    for passage in now:
        for text in passage.text.split("\n"):
            if bare(text) not in old or len(text.split()) >= _LONG or is_asked(text, passage.role):
                continue  # the first is new, the others are reported as repeated
            for day in days_in(draft, text):
                dates = day.dates(before.date)
                if dates and before.date <= dates[0] < draft.issue.date:
                    found = ISSUE_COPY_PASTE.warning(
                        "“{day}” was still to come when the previous issue was written",
                        "renew it",
                        line=line_in(draft, passage, day.text),
                        day=day.text,
                    )
                    yield found, old[bare(text)]


def _month(draft: Draft, before: Issue, now: Sequence[Passage]) -> Copied:
    greetings = [p for p in now if p.role == "prose"][:_GREETINGS]
    for passage in (*(p for p in now if p.role in (*FRONT_TEXTS, "heading")), *greetings):
        for match in _NAMED.finditer(passage.text):
            month = calendar_words.month_of(match["month"])
            if month == before.date.month != draft.issue.date.month:
                found = ISSUE_COPY_PASTE.warning(
                    "“{month}” is the month of the previous issue",
                    "name this month",
                    line=line_in(draft, passage, match["month"]),
                    month=match["month"],
                )
                yield found, before.lines.get("date", 1)


def _buttons(draft: Draft, before: Issue) -> Copied:
    """Yield buttons with the target of a previous one, though what is above them is new."""
    old = {url: (text, heading, line) for url, text, heading, line in _pressed(before)}
    headings = {bare(visible(b.html)) for b in walk(before.blocks) if isinstance(b, Heading)}
    for url, text, heading, line in _pressed(draft.issue):
        if url not in old or not split_address(url).path.strip("/") or heading in headings:
            continue
        old_text, _, there = old[url]
        found = ISSUE_COPY_PASTE.finding(
            Severity.NOTE if text == old_text else Severity.WARNING,
            "the button under a new heading leads where one led before: {url}",
            "mend the address, unless it is meant",
            line=draft.line_with(url, line),
            url=url,
        )
        yield found, there


def _pressed(issue: Issue) -> Iterator[tuple[str, str, str, int]]:
    """Yield target, words and heading of each button, and its line."""
    heading = ""
    for block in walk(issue.blocks):
        if isinstance(block, Heading):
            heading = bare(visible(block.html))
        if isinstance(block, Button):
            yield block.url, bare(visible(block.html)), heading, block.line


def _campaigns(draft: Draft, before: Issue) -> Copied:
    old = {campaign: line for campaign, line in _marks(before)}
    for campaign, line in _marks(draft.issue):
        if campaign in old and _names_issue(campaign, before):
            found = ISSUE_COPY_PASTE.warning(
                "utm_campaign “{campaign}” is that of the previous issue",
                "name this issue in it",
                line=draft.line_with(campaign, line),
                campaign=campaign,
            )
            yield found, old[campaign]


def _marks(issue: Issue) -> Iterator[tuple[str, int]]:
    for block in walk(issue.blocks):
        for url, _ in links_of(block):
            for key, value in parse_qsl(url.partition("?")[2].partition("#")[0]):
                if key == "utm_campaign":
                    yield value, block.line


def _names_issue(campaign: str, issue: Issue) -> bool:
    """Return whether a campaign parameter belongs to one issue alone."""
    words = campaign.lower()
    numbers = re.sub(r"\D", "", words)
    own = {f"{issue.date:%Y%m}", f"{issue.date:%m%Y}", re.sub(r"\D", "", issue.id) or "-"}
    months = re.findall(calendar_words.MONTH, words, re.I)
    return numbers in own or any(
        calendar_words.month_of(month) == issue.date.month for month in months
    )


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:6]) + ("…" if len(words) > 6 else "")
