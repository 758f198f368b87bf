"""How issues, languages, times, durations and shares are typed, for options and arguments.

Each is read as people write it in the program's languages: what it writes itself, it reads.
"""

import datetime as dt
import re
from contextlib import suppress
from pathlib import Path

import click

from newsletter.language import say, tag_of

# The names of months in Finnish, Swedish and English, as patterns.
_MONTHS = (
    "tammi|jan(?:uari|uary)?",
    "helmi|feb(?:ruari|ruary)?",
    "maalis|mar(?:s|ch)?",
    "huhti|apr(?:il)?",
    "touko|maj|may",
    "kesä|jun[ie]?",
    "heinä|jul[iy]?",
    "elo|aug(?:usti|ust)?",
    "syys|sept?(?:ember)?",
    "loka|o[kc]t(?:ober)?",
    "marras|nov(?:ember)?",
    "joulu|dec(?:ember)?",
)
# Those of the days of the week, from Monday on, and their short forms.
_WEEKDAYS = (
    "ma(?:anantai(?:na)?)?|må(?:n(?:dag(?:en)?)?)?|mon(?:day)?",
    "ti(?:istai(?:na)?|s(?:dag(?:en)?)?)?|tue(?:s(?:day)?)?",
    "ke(?:skiviikko(?:na)?)?|ons(?:dag(?:en)?)?|wed(?:nesday)?",
    "to(?:rstai(?:na)?|r(?:s(?:dag(?:en)?)?)?)?|thu(?:r(?:s(?:day)?)?)?",
    "pe(?:rjantai(?:na)?)?|fre?(?:dag(?:en)?)?|fri(?:day)?",
    "la(?:uantai(?:na)?)?|lö(?:r(?:dag(?:en)?)?)?|sat(?:urday)?",
    "su(?:nnuntai(?:na)?)?|sö(?:n(?:dag(?:en)?)?)?|sun(?:day)?",
)
_WEEKDAY = rf"(?: (?P<weekday>{'|'.join(_WEEKDAYS)}) \.? ,? \s+ )? (?: den \s+ )?"
_DAY = r"""
    (?P<iso_year>\d{4}) - (?P<iso_month>\d{1,2}) - (?P<iso_day>\d{1,2})
    | (?P<day>\d{1,2}) \. \s? (?P<month>\d{1,2}) \. \s? (?P<year>\d{4})?
    | (?P<named_day>\d{1,2}) \.? \s+ (?P<name>[a-zä]+) \.? \s* (?P<named_year>\d{4})?
"""
# A time after a day; an hour alone only where a word says that it is one.
_TIME = r"""
    (?: (?: \s* (?:T|,|klo\.?|kello|kl\.?|at) \s* | \s+ ) (?P<hour>\d{1,2}) [.:] (?P<minute>\d\d)
        (?: [.:] (?P<second>\d\d) )?
    | \s* (?:klo\.?|kello|kl\.?) \s* (?P<only_hour>\d{1,2}) )
"""
_MOMENT = re.compile(f"{_WEEKDAY}(?:{_DAY}){_TIME}", re.VERBOSE | re.IGNORECASE)
_DURATION = re.compile(r"(\d{1,6}(?:[.,]\d)?)\s*([a-z]+)\.?", re.IGNORECASE)
# Unit -> its seconds: the first words of each are English, then Finnish and Swedish.
_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds", "sek", "sekuntia", "sekunder"), 1.0),
    **dict.fromkeys(("m", "min", "minute", "minutes", "minuuttia", "minuutti", "minuter"), 60.0),
    **dict.fromkeys(
        ("h", "hour", "hours", "t", "tunti", "tuntia", "tim", "timme", "timmar"), 3600.0
    ),
}


def as_issue_id(name: str) -> str:
    """Convert "2026-12", or the name of its file, "issues/2026-12.sv.md"."""
    return Path(name).name.partition(".")[0] if name.endswith(".md") else name


def as_language(typed: str) -> str:
    """Convert “sv”, “sv_FI” or “ruotsi” to the code that names of files have."""
    if code := tag_of(typed):
        return code
    raise click.BadParameter(
        say("“{language}” is not a language such as fi, sv or en", language=typed)
    )


def as_local_time(typed: str) -> dt.datetime:
    """Convert "2026-11-30 09:00" or “30.11.2026 klo 9.00”; the time zone is added later."""
    match, moment = _MOMENT.fullmatch(" ".join(typed.split())), None
    with suppress(ValueError):  # there is no such day, or no such hour
        moment = _moment(match) if match else None
    if match is None or moment is None:
        raise click.BadParameter(
            say("“{typed}” is not a time such as “2026-11-30 09:00”", typed=typed)
        )
    if not _is_on(moment, match["weekday"]):
        raise click.BadParameter(
            say(
                "“{typed}”: {day:%Y-%m-%d} is another day of the week",
                typed=typed,
                day=moment.date(),
            )
        )
    return moment


def as_seconds(typed: str) -> float:
    """Convert "30m", "2 h" or “30 min” to seconds."""
    match = _DURATION.fullmatch(typed.strip())
    if match is None or match[2].lower() not in _UNITS:
        raise click.BadParameter(say("“{typed}” is not a duration such as 30m or 2h", typed=typed))
    return float(match[1].replace(",", ".")) * _UNITS[match[2].lower()]


def as_share(typed: str) -> float:
    """Convert "5%" or “5,5 %” to a share from 0 to 1."""
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d+)?)\s*%", typed.strip())
    if match and (share := float(match[1].replace(",", ".")) / 100) <= 1:
        return share
    raise click.BadParameter(say("“{typed}” is not a share such as 5%", typed=typed))


def _moment(match: re.Match[str]) -> dt.datetime:
    """Return the moment that was typed; raise ValueError if there is none."""
    found = match.groupdict()
    year = found["iso_year"] or found["year"] or found["named_year"]
    month = found["iso_month"] or found["month"] or _number_of(found["name"])
    day = found["iso_day"] or found["day"] or found["named_day"]
    clock = dt.time(
        int(found["hour"] or found["only_hour"]),
        int(found["minute"] or 0),
        int(found["second"] or 0),
    )
    date = dt.date(int(year), int(month), int(day)) if year else _nearest(int(month), int(day))
    return dt.datetime.combine(date, clock)


def _is_on(moment: dt.datetime, weekday: str | None) -> bool:
    """Return whether a day is the day of the week that was typed with it, if one was."""
    pattern = _WEEKDAYS[moment.weekday()]
    return weekday is None or bool(re.fullmatch(pattern, weekday, re.IGNORECASE))


def _number_of(name: str) -> int:
    """Return the number of a month; raise ValueError for another word."""
    for number, month in enumerate(_MONTHS, start=1):
        if re.fullmatch(f"(?:{month})(?:kuu(?:ta|n)?)?", name.lower()):
            return number
    raise ValueError(name)


def _nearest(month: int, day: int) -> dt.date:
    """Return the day of that name which is nearest to today, so that a slip is told as past."""
    today = dt.datetime.now().astimezone().date()
    days = []
    for year in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):  # 29 February
            days.append(dt.date(year, month, day))
    return min(days, key=lambda date: abs(date - today))
