"""Parameter types for issues, times, durations and shares."""

import datetime as dt
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}  # seconds


class _IssueId(click.ParamType[Any]):
    """The id of an issue, which the name of its file can stand for."""

    name = "issue"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert "2026-12" and "issues/2026-12.sv.md"."""
        del param, ctx  # every name is valid
        name = str(value)
        return Path(name).name.partition(".")[0] if name.endswith(".md") else name


class _LocalTime(click.ParamType[Any]):
    """A day and a time in the newsletter's time zone, which is added later."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert "2026-11-30 09:00", with or without seconds."""
        if isinstance(value, dt.datetime):
            return value
        text = str(value).strip().replace("T", " ")
        if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", text):
            with suppress(ValueError):
                return dt.datetime.fromisoformat(text)
        return self.fail(f'“{value}” is not a time such as "2026-11-30 09:00"', param, ctx)


class _Duration(click.ParamType[Any]):
    """Seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert "30m", "2h" or "90s"."""
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d{1,6})([smh])", str(value).strip())
        if match is None:
            self.fail(f"“{value}” is not a duration such as 30m or 2h", param, ctx)
        return int(match[1]) * _UNITS[match[2]]


class _Percent(click.ParamType[Any]):
    """A share from 0 to 1."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert "5%"."""
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d{1,3}(?:[.,]\d+)?)\s*%", str(value).strip())
        share = float(match[1].replace(",", ".")) / 100 if match else 2.0
        if share > 1:
            self.fail(f"“{value}” is not a share such as 5%", param, ctx)
        return share


ISSUE_ID = _IssueId()
LOCAL_TIME = _LocalTime()
DURATION = _Duration()
PERCENT = _Percent()
