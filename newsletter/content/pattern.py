"""The house pattern: the text a new issue begins with, with its placeholders filled in."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from babel.dates import format_date

from newsletter.content.escaping import escape_markdown
from newsletter.content.front_matter import text_of
from newsletter.errors import ConfigError
from newsletter.language import Wording, closest, say
from newsletter.language.locales import locale_of

# Neither Markdown, slots nor YAML use doubled angle brackets; a backslash keeps them.
_PLACEHOLDER = re.compile(r"(?<!\\)<<([^<>\n]*)>>")


def find_pattern(folders: Sequence[Path], language: str, *, default_language: str) -> Path:
    """Return the pattern of a language from the first folder that has one.

    `issue.md` is in the newsletter's language. The last folder is the package's, which has an
    English pattern for languages that no folder has.
    """
    names = [f"issue.{language}.md", f"issue.{language.partition('-')[0]}.md"]
    if language == default_language:
        names.append("issue.md")
    for folder in folders:
        for name in names:
            if (folder / name).is_file():
                return folder / name
    return folders[-1] / "issue.en.md"


def pattern_values(
    *, issue_id: str, title: str, date: dt.date, number: int, language: str
) -> dict[str, str]:
    """Return the value of each placeholder."""
    first = date.replace(day=1)
    after, before = first + dt.timedelta(days=31), first - dt.timedelta(days=1)
    return {
        "id": issue_id,
        "title": title,
        "number": str(number),
        "date": date.isoformat(),
        "long date": format_date(date, "long", locale=locale_of(language)),
        "year": str(date.year),
        "month": month_name(date, language),
        "month number": str(date.month),
        "next month": month_name(after, language),
        "previous month": month_name(before, language),
    }


def fill_pattern(path: Path, values: Mapping[str, str]) -> str:
    """Return the text of a new issue; raise ConfigError naming the line that cannot be filled.

    Everything above the first line of dashes is a note about the pattern and left out.
    """
    lines = text_of(path, ConfigError).split("\n")
    rules = [n for n, line in enumerate(lines) if line.rstrip() == "---"]
    if len(rules) < 2:
        raise ConfigError(
            say(
                "{file}:1: no front matter; a pattern needs a line of three dashes, "
                "“subject: ...”, “date: <<date>>” and three dashes again",
                file=str(path),
            )
        )
    filled = []
    for n, line in enumerate(lines[rules[0] :], rules[0]):
        is_front = n < rules[1]
        filled.append(_fill(line, values, place=f"{path}:{n + 1}", is_front=is_front))
    return "\n".join(filled).rstrip("\n") + "\n"


def month_name(date: dt.date, language: str) -> str:
    """Return "joulukuu", which Finnish endings can be attached to, or "December"."""
    return format_date(date, "LLLL", locale=locale_of(language))


def _fill(line: str, values: Mapping[str, str], *, place: str, is_front: bool) -> str:
    def fill(match: re.Match[str]) -> str:
        name = " ".join(match[1].split())
        value = values.get(name[:1].lower() + name[1:])
        if value is None:
            raise ConfigError(
                say(
                    "{place}: unknown placeholder “{name}”; {hint}",
                    place=place,
                    name=match[0],
                    hint=_nearest(name, values),
                )
            )
        if name[:1].isupper():
            value = value[:1].upper() + value[1:]
        return _quoted(value, line[: match.start()]) if is_front else escape_markdown(value)

    return _PLACEHOLDER.sub(fill, line)


def _quoted(value: str, before: str) -> str:
    """Escape a value for the YAML quotes around it, if any."""
    opening = re.match(r"[\w-]+:\s*([\"'])", before)
    if opening is None:
        return value
    if opening[1] == "'":
        return value.replace("'", "''")
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _nearest(name: str, values: Mapping[str, str]) -> Wording:
    close = closest(name, values)
    if close:
        return say("did you mean “{name}”?", name=f"<<{close}>>")
    return say("known: {names}", names=", ".join(f"<<{value}>>" for value in values))
