"""How issues, times, durations and shares are typed, for options and arguments."""

import datetime as dt
import re
from contextlib import suppress
from pathlib import Path

import click

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}  # seconds


def as_issue_id(name: str) -> str:
    """Convert "2026-12", or the name of its file, "issues/2026-12.sv.md"."""
    return Path(name).name.partition(".")[0] if name.endswith(".md") else name


def as_local_time(typed: str) -> dt.datetime:
    """Convert "2026-11-30 09:00", with or without seconds; the time zone is added later."""
    text = typed.strip().replace("T", " ")
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", text):
        with suppress(ValueError):
            return dt.datetime.fromisoformat(text)
    raise click.BadParameter(f'“{typed}” is not a time such as "2026-11-30 09:00"')


def as_seconds(typed: str) -> float:
    """Convert "30m", "2h" or "90s" to seconds."""
    match = re.fullmatch(r"(\d{1,6})([smh])", typed.strip())
    if match is None:
        raise click.BadParameter(f"“{typed}” is not a duration such as 30m or 2h")
    return int(match[1]) * _UNITS[match[2]]


def as_share(typed: str) -> float:
    """Convert "5%" to a share from 0 to 1."""
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d+)?)\s*%", typed.strip())
    if match and (share := float(match[1].replace(",", ".")) / 100) <= 1:
        return share
    raise click.BadParameter(f"“{typed}” is not a share such as 5%")
