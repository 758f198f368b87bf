"""Reads the events of an issue's front matter, each mistake with its line."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from newsletter.content.clock_times import read_moment, read_moment_or_time
from newsletter.content.directives import Directive
from newsletter.content.typesetting import set_title, set_words
from newsletter.language import nearest, reason_of, say
from newsletter.model import Finding, Occasion, rules

NEVER = dt.datetime(1, 1, 1)  # noqa: DTZ001 - of an event that could not be read
_STREET = re.compile(r"(?<=[^\W\d_]{3}) (?=\d{1,4}[a-zA-Z]?(?:,|$))")  # before its number
_ADDRESS = r"^$|^(?:https?://|mailto:)\S+$"
_EXAMPLE = {
    "title": say("say in a few words what it is"),
    "events": say("teemapaiva: with title, start, place and url below it, indented by two spaces"),
    "start": say("write a day and a time such as 2026-12-09 09:00"),
    "end": say("write a time such as 15:00, or a day and a time"),
    "deadline": say("write a day such as 2026-12-02"),
    "url": say("write the whole address, https://..."),
    "online": say("write the whole address, https://..."),
}


def read_occasions(
    value: Any, lines: Mapping[str, int], type_: str = ""
) -> tuple[dict[str, Occasion], list[Finding]]:
    """Return the events by name, and what is wrong with them.

    `lines` has the line of each key of the front matter, such as "events.teemapaiva.start", `type_`
    is the language in whose type titles and places are set.
    """
    occasions: dict[str, Occasion] = {}
    findings: list[Finding] = []
    if value is not None and not isinstance(value, dict):
        nameless = rules.FRONT_MATTER.error(
            "“events”: expected a name for each event, and its facts below it", _EXAMPLE["events"]
        )
        findings.append(nameless.at(lines.get("events", 1)))
        value = None
    for name, table in (value or {}).items():
        line = lines.get(f"events.{name}", 1)
        try:
            facts = _Facts.model_validate(table)
        except ValidationError as err:
            findings += [_explain(e, str(name), lines) for e in err.errors()]
            # A stand-in, so that the directive that shows it is not reported as well.
            occasions[str(name)] = Occasion(line=line, name=str(name), title="", start=NEVER)
        else:
            occasion = Occasion(line=line, name=str(name), **facts.model_dump())
            occasions[str(name)] = set_occasion(occasion, type_) if type_ else occasion
    return occasions, findings


def set_occasion(occasion: Occasion, language: str) -> Occasion:
    """Return an event whose title and place are in fine type."""
    title, place = (
        _STREET.sub("\N{NO-BREAK SPACE}", set_title(text, language))
        for text in (occasion.title, occasion.place)
    )
    return replace(
        occasion,
        title=set_words(occasion.title, language),
        place=set_words(occasion.place, language),
        title_html=title,
        place_html=place,
    )


def find_unshown(occasions: Iterable[Occasion], directives: Iterable[Directive]) -> list[Finding]:
    """Return a warning for each event that no directive shows."""
    shown = {directive.arguments for directive in directives if directive.name == "event"}
    return [
        rules.EVENT_UNSHOWN.warning(
            "the event “{event}” is shown nowhere",
            "write “::: event {event}” and “:::” where it belongs",
            line=occasion.line,
            event=occasion.name,
        )
        for occasion in occasions
        if occasion.name not in shown
    ]


def _day(value: Any) -> Any:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ValueError(say("expected a day, without quotes or a time"))
    return value


def _line_of_text(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


_Text = Annotated[str, BeforeValidator(_line_of_text)]
_Address = Annotated[str, Field(pattern=_ADDRESS)]


class _Facts(BaseModel):
    """What is allowed below the name of an event."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Annotated[_Text, Field(min_length=1)]
    start: Annotated[dt.datetime, BeforeValidator(read_moment)]
    end: Annotated[dt.datetime | dt.time | None, BeforeValidator(read_moment_or_time)] = None
    place: _Text = ""
    online: _Address = ""
    url: _Address = ""
    deadline: Annotated[dt.date | None, BeforeValidator(_day)] = None

    @model_validator(mode="after")
    def _in_order(self) -> "_Facts":
        if isinstance(self.end, dt.time):
            self.end = dt.datetime.combine(self.start.date(), self.end)
        if self.end is not None and self.end <= self.start:
            raise ValueError(say("it ends before it begins"))
        if self.deadline is not None and self.deadline > self.start.date():
            raise ValueError(say("the deadline is after the event"))
        return self


def _explain(error: Any, occasion: str, lines: Mapping[str, int]) -> Finding:
    key = str(error["loc"][0]) if error["loc"] else ""
    place = f"events.{occasion}.{key}" if key else f"events.{occasion}"
    hint = _EXAMPLE.get(key, "")
    if error["type"] == "missing":
        message = say("the event “{event}” has no “{key}”", event=occasion, key=key)
        hint = hint or say("add a line “{key}: ...” below its name", key=key)
    elif error["type"] == "extra_forbidden":
        message = say("the event “{event}” has an unknown key “{key}”", event=occasion, key=key)
        hint = nearest(key, _Facts.model_fields)
    elif not key and error["type"].startswith("model"):
        message, hint = say("the event “{event}” has no facts", event=occasion), _EXAMPLE["events"]
    else:
        reason = reason_of(error)
        message = (
            say("the event “{event}”, “{key}”: {reason}", event=occasion, key=key, reason=reason)
            if key
            else say("the event “{event}”: {reason}", event=occasion, reason=reason)
        )
        hint = say("put the value between quotes") if error["type"] == "string_type" else hint
    line = lines.get(place) or lines.get(f"events.{occasion}", 1)
    return rules.FRONT_MATTER.error(message, hint, line=line)
