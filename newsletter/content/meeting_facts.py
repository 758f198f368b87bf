"""What may stand in the front matter of a meeting, and what is wrong with what does."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from newsletter.content.clock_times import read_deadline, read_moment, read_moment_or_time
from newsletter.content.headed_files import HeadedFile
from newsletter.language import Wording, nearest, reason_of, say
from newsletter.model import Finding, rules

_UNLIMITED = "unlimited"
_MOST_SEATS = 100_000
_MOST_QUESTIONS = 30
_MOST_DAYS = 3_650
_ID = re.compile(r"[^\W_][\w-]{0,39}")

_HINTS: Mapping[str, Wording] = {
    "title": say("say in a few words what it is"),
    "start": say("write a day and a time such as 2026-12-09 09:00"),
    "end": say("write a time such as 15:00, or a day and a time"),
    "deadline": say("write a day such as 2026-12-02"),
    "timezone": say("write a time zone such as Europe/Helsinki"),
    "remote": say("write the whole address, https://..."),
    "material": say("write the whole address, https://..."),
    "seats": say("write on-site: 30 or remote: unlimited below it, indented by two spaces"),
    "ask": say("write some of [organisation, region, needs]"),
    "questions": say("write a name for each, and label: ... below it, indented by two spaces"),
}


def _on_one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_words(value: Any) -> Any:
    """Let a choice be a number, such as the year 2026, and nothing else that is no text."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else _on_one_line(value)


def _as_seats(value: Any) -> Any:
    if value == _UNLIMITED:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(say("expected a number of seats, or “unlimited”"))
    return value


def _as_name(value: Any) -> Any:
    """Let the name of a file be a number, such as the year 2027."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Text = Annotated[str, BeforeValidator(_on_one_line)]
_Words = Annotated[str, BeforeValidator(_as_words), Field(min_length=1)]
_Names = Annotated[list[_Text], BeforeValidator(_as_list)]
_Address = Annotated[str, Field(pattern=r"^$|^https?://\S+$")]
_Seats = Annotated[Annotated[int, Field(ge=0, le=_MOST_SEATS)] | None, BeforeValidator(_as_seats)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class QuestionFacts(_Strict):
    """What is allowed below the name of a question."""

    label: Annotated[_Text, Field(min_length=1)]
    choices: list[_Words] = []
    required: bool = False
    kept_days: Annotated[int, Field(ge=0, le=_MOST_DAYS)] | None = None

    @field_validator("choices")
    @classmethod
    def _are_different(cls, value: list[str]) -> list[str]:
        if len(value) == 1:
            raise ValueError(say("one choice is none: name two, or leave them out"))
        if len(set(value)) < len(value):
            raise ValueError(say("two choices are the same"))
        return value


class OtherFacts(_Strict):
    """What a meeting says in another language than its first."""

    title: Annotated[_Text, Field(min_length=1)]
    place: _Text = ""
    address: _Text = ""
    questions: dict[str, QuestionFacts] = {}


class Facts(_Strict):
    """What is allowed in the front matter of a meeting."""

    title: Annotated[_Text, Field(min_length=1)]
    start: Annotated[dt.datetime, BeforeValidator(read_moment)]
    end: Annotated[dt.datetime | dt.time, BeforeValidator(read_moment_or_time)]
    timezone: str = ""
    place: _Text = ""
    address: _Text = ""
    remote: _Address = ""
    seats: dict[Literal["on-site", "remote"], _Seats] = {}  # None: as many as come
    deadline: Annotated[dt.datetime | None, BeforeValidator(read_deadline)] = None
    organisers: _Names = []
    partners: _Names = []
    region: _Text = ""
    ask: Annotated[list[Literal["organisation", "region", "needs"]], BeforeValidator(_as_list)] = []
    questions: Annotated[dict[str, QuestionFacts], Field(max_length=_MOST_QUESTIONS)] = {}
    survey: Annotated[_Text, BeforeValidator(_as_name)] = ""
    material: _Address = ""
    cancelled: bool = False

    @field_validator("timezone")
    @classmethod
    def _is_there(cls, value: str) -> str:
        try:
            ZoneInfo(value or "UTC")
        except (ValueError, OSError, KeyError) as err:  # an unknown one is a KeyError
            raise ValueError(say("there is no such time zone")) from err
        return value

    @field_validator("questions")
    @classmethod
    def _have_names(cls, value: dict[str, QuestionFacts]) -> dict[str, QuestionFacts]:
        for id in value:
            if not _ID.fullmatch(id):
                raise ValueError(
                    say("“{name}” cannot name a question; use letters, digits and dashes", name=id)
                )
        return value

    @model_validator(mode="after")
    def _in_order(self) -> "Facts":
        if isinstance(self.end, dt.time):
            self.end = dt.datetime.combine(self.start.date(), self.end)
        return self


# Keys whose values are not text, so that a comment after one loses nothing.
WORDLESS = frozenset(
    {"start", "end", "deadline", "on-site", "required", "kept_days", "cancelled", "ask"}
)
F = TypeVar("F", Facts, OtherFacts)


def read_facts(file: HeadedFile, kind: type[F]) -> tuple[F | None, list[Finding]]:
    """Return what a file says, or None and what is wrong with it, each with its line."""
    if file.findings:  # what was misread is not judged as well
        return None, list(file.findings)
    try:
        return kind.model_validate(dict(file.values)), []
    except ValidationError as err:
        found = {(f.line, f.message): f for f in (_explain(e, file, kind) for e in err.errors())}
        return None, [finding.in_file(file.name) for finding in found.values()]


def _explain(error: Any, file: HeadedFile, kind: type[BaseModel]) -> Finding:
    path = [str(part) for part in error["loc"] if isinstance(part, str)]
    # What pydantic adds, such as “[key]”, is no key of the file.
    path = [part for n, part in enumerate(path) if n < 1 or _is_written(path[: n + 1], file)]
    key = ".".join(path)
    line = file.line_of(*path)
    missing = str(error["loc"][-1]) if error["loc"] else ""
    hint: Wording | str = _HINTS.get(path[0], "") if path else ""
    error_of = rules.MEETING_FILE.error
    if error["type"] == "missing":
        cure = say("add a line “{key}: ...” between the dashes", key=missing)
        if len(path) > 1 or (path and missing != path[0]):
            cure = say("add a line “{key}: ...” below the name of the question", key=missing)
        return error_of(say("“{key}” is missing", key=missing), cure, line=line)
    if error["type"] == "extra_forbidden":
        unknown = str(error["loc"][-1])
        fields = QuestionFacts if path[0] == "questions" and len(path) > 1 else kind
        close: Wording | str = nearest(unknown, fields.model_fields)
        if kind is OtherFacts and unknown in Facts.model_fields:
            close = say("say it once, in the file of the newsletter’s own language")
        return error_of(say("unknown key “{key}”", key=unknown), close, line=line)
    if error["type"] == "string_type":
        hint = say("put the value between quotes")
    reason = reason_of(error)
    return error_of(say("“{key}”: {reason}", key=key, reason=reason), hint, line=line)


def _is_written(path: list[str], file: HeadedFile) -> bool:
    """Return whether a path of keys stands in the file."""
    here: Any = file.values
    for part in path:
        if not isinstance(here, dict | Mapping) or part not in here:
            return False
        here = here[part]
    return True
