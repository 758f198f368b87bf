"""[statistics] and [report]: over which days issues are compared, and who is told of them."""

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from newsletter.language import say
from newsletter.settings.values import Mailbox, OneLine, Table

_WORK = ("issues", "templates", "material")  # folders of what the editor writes
_PERSONAL = ("email", "name", "first_name", "last_name")


def _group(value: str) -> str:
    if value == "language":
        raise ValueError(
            say("languages are always told apart: write another attribute, or leave it out")
        )
    if value in _PERSONAL:
        raise ValueError(
            say("that is different for each reader: write an attribute such as “region”")
        )
    return value


def _log(value: str) -> str:
    if not value:
        return value
    path = PurePosixPath(value)
    outside = path.is_absolute() or ".." in path.parts or "\\" in value or ":" in value
    if outside or not value.isprintable() or path.suffix.lower() != ".csv":
        raise ValueError(
            say(
                'expected a file in the newsletter\'s folder, such as “statistics.csv”, or "" for '
                "none"
            )
        )
    if path.parts[0] in _WORK:
        raise ValueError(
            say("{folder}/ is for what you write: choose another place", folder=path.parts[0])
        )
    return str(path)


class StatisticsTable(Table):
    """[statistics]: how issues are counted, and where their figures are written down."""

    window_days: Annotated[int, Field(ge=1, le=28)] = 7  # after a send, by which issues compare
    # Attribute by whose values groups of readers are told of, from 10 readers on.
    group_by: Annotated[OneLine, AfterValidator(_group)] | None = None
    log: Annotated[str, AfterValidator(_log)] = "statistics.csv"  # empty: none is written
    headers: Literal["language", "en"] = "language"  # of the log: the newsletter's, or English


class ReportTable(Table):
    """[report]: to whom the report on an issue is mailed."""

    to: list[Mailbox] = Field(default=[])  # nobody: it is not mailed by itself
    days_after: Annotated[int, Field(ge=1, le=60)] = 8  # after an issue; not before it is final
