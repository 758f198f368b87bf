"""What may stand in the front matter of a survey, and what is wrong with what does."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from newsletter.content.clock_times import read_deadline
from newsletter.content.headed_files import HeadedFile
from newsletter.language import Wording, nearest, reason_of, say
from newsletter.model import Finding, SurveyKind, rules

OPEN_TO_ALL = "open to all"
EXAMPLE = say(
    "begin with a line of three dashes, “title: ...”, “kind: anonymous” and three dashes again"
)
# Keys whose values are not text, so that a comment after one loses nothing.
WORDLESS = frozenset({"kind", "closes", "compare", OPEN_TO_ALL})
_KINDS = tuple(kind.value for kind in SurveyKind)
_HINTS: Mapping[str, Wording] = {
    "title": say("say in a few words what is asked"),
    "kind": say("write anonymous, named or poll; it is fixed when the survey is opened"),
    "closes": say("write a day such as 2027-05-31; it ends at 23.59"),
    "compare": say("write the name of another survey’s file without .md, such as 2021"),
    OPEN_TO_ALL: say("write yes, or leave the line out"),
}


def _on_one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _as_name(value: Any) -> Any:
    """Let a name be a number, such as the year 2021."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


_Line = Annotated[str, BeforeValidator(_on_one_line)]


class OtherHead(BaseModel):
    """What a survey's file may say in another language than the newsletter's own."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Annotated[_Line, Field(min_length=1, max_length=300)]
    thanks: Annotated[str, Field(max_length=5_000)] = ""


class Head(OtherHead):
    """What a survey's file may say between its dashes."""

    kind: Literal["anonymous", "named", "poll"]
    closes: Annotated[dt.datetime | None, BeforeValidator(read_deadline)] = None
    compare: Annotated[str, BeforeValidator(_as_name)] = ""
    segment: _Line = ""
    open_to_all: Annotated[bool, Field(alias=OPEN_TO_ALL)] = False


H = TypeVar("H", bound=OtherHead)


def read_head(file: HeadedFile, kind: type[H]) -> tuple[H | None, list[Finding]]:
    """Return what a file says, or None and what is wrong with it, each with its line."""
    if file.findings:  # what was misread is not judged as well
        return None, list(file.findings)
    try:
        return kind.model_validate(dict(file.values)), []
    except ValidationError as err:
        return None, [_explain(e, file, kind).in_file(file.name) for e in err.errors()]


def _explain(error: Any, file: HeadedFile, kind: type[OtherHead]) -> Finding:
    key = str(error["loc"][0]) if error["loc"] else ""
    line = file.line_of(key)
    known = [field.alias or name for name, field in Head.model_fields.items()]
    error_of = rules.SURVEY_FILE.error
    if error["type"] == "missing":
        hint: Wording | str = _HINTS.get(key, "")
        return error_of(say("“{key}” is missing", key=key), hint, line=line)
    if error["type"] == "extra_forbidden":
        hint = nearest(key, known)
        if key in known and kind is not Head:
            hint = say("say it once, in the file of the newsletter’s own language")
        return error_of(say("unknown key “{key}”", key=key), hint, line=line)
    hint = _HINTS.get(key, "")
    if error["type"] == "string_type":
        hint = say("put the value between quotes")
    if error["type"] == "literal_error":
        message = say("“{key}” is one of {names}", key=key, names=", ".join(_KINDS))
    else:
        message = say("“{key}”: {reason}", key=key, reason=reason_of(error))
    return error_of(message, hint, line=line)
