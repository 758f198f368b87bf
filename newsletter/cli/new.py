"""`newsletter new`: a draft from the house pattern, or from an older issue."""

import datetime as dt
import re
from pathlib import Path

import click

from newsletter.cli.common import say, settings_of
from newsletter.content import find_issues, variants_of
from newsletter.errors import UsageError
from newsletter.render.words import month_and_year

_PATTERNS = {
    "fi": """\
---
subject: "{month}: kirjoita tähän, mistä tämä kirje kertoo"
preheader: "Yksi virke, joka näkyy saapuneissa otsikon vieressä ja houkuttelee lukemaan."
date: {date}
number: {number}
---
Hei {{{{ name|"hyvä lukija" }}}}!

Kirjoita tähän, mitä tässä kirjeessä on.

## Ensimmäinen aihe

Kirjoita tähän.

::: button https://www.example.org/
Lue lisää aiheesta
:::

## Toinen aihe

Kirjoita tähän.
""",
    "sv": """\
---
subject: "{month}: skriv här vad brevet handlar om"
preheader: "En mening som syns i inkorgen bredvid ämnet och lockar till läsning."
date: {date}
number: {number}
---
Hej {{{{ name|"bästa läsare" }}}}!

Skriv här vad det här brevet innehåller.

## Första ämnet

Skriv här.

::: button https://www.example.org/
Läs mer om ämnet
:::

## Andra ämnet

Skriv här.
""",
    "en": """\
---
subject: "{month}: say here what this letter is about"
preheader: "One sentence that stands beside the subject in the inbox and invites to read."
date: {date}
number: {number}
---
Hello {{{{ name|"dear reader" }}}}!

Say here what this letter holds.

## First topic

Write here.

::: button https://www.example.org/
Read more about the topic
:::

## Second topic

Write here.
""",
}


@click.command()
@click.argument("issue_id", metavar="ID")
@click.option("--from", "older", metavar="ID", help="Start from this older issue.")
@click.pass_context
def command(ctx: click.Context, issue_id: str, older: str | None) -> None:
    """Begin a new issue.

    \b
    Example:
      newsletter new 2026-12
      newsletter new 2027-01 --from 2026-12
    """
    settings = settings_of(ctx)
    folder = settings.root / "issues"
    if not re.fullmatch(r"[\w-]+", issue_id):
        raise UsageError(f"“{issue_id}” cannot name an issue; use letters, digits and dashes")
    path = folder / f"{issue_id}.md"
    if path.exists():
        raise UsageError(f"{path} exists already; nothing was changed")
    date, language = _date_of(issue_id), settings.newsletter.language
    number = _next_number(folder)
    if older:
        files = variants_of(folder, older, language)
        text = _renew(files.get(language, next(iter(files.values()))), date, number)
    else:
        pattern = _PATTERNS.get(language, _PATTERNS["en"])
        month = month_and_year(date, language).capitalize()
        text = pattern.format(month=month, date=date.isoformat(), number=number)
    folder.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    say(f"Wrote {path}.")
    say(f"When it is written: newsletter check {issue_id}")


def _date_of(issue_id: str) -> dt.date:
    """Return the 15th of the month an id names, else today."""
    match = re.match(r"(\d{4})-(\d{2})\b", issue_id)
    try:
        return dt.date(int(match[1]), int(match[2]), 15) if match else dt.date.today()  # noqa: DTZ011
    except ValueError:
        return dt.date.today()  # noqa: DTZ011 - the editor's own day


def _next_number(folder: Path) -> int:
    numbers = [0]
    for issue_id in find_issues(folder):
        for path in variants_of(folder, issue_id, "").values():
            head = path.read_text(encoding="utf-8", errors="replace").partition("\n---")[0]
            if match := re.search(r"^number:\s*(\d+)\s*$", head, re.MULTILINE):
                numbers.append(int(match[1]))
    return max(numbers) + 1


def _renew(path: Path, date: dt.date, number: int) -> str:
    text = path.read_text(encoding="utf-8-sig")
    head, dashes, body = text.partition("\n---")
    head = re.sub(r"(?m)^date:.*$", f"date: {date.isoformat()}", head, count=1)
    head = re.sub(r"(?m)^number:.*$", f"number: {number}", head, count=1)
    return head + dashes + body
