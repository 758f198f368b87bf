"""The log for machines: one JSON object a line, of what happens here and in libraries.

No line holds anything of a person's. Of a text that was filled with values it tells the template,
be it ours or a library's, and of an error its class and where it was. What a library filled by
itself is cut where its first value may begin.
"""

import datetime as dt
import json
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import StrEnum
from functools import partial
from math import isfinite
from pathlib import PurePath
from string import Formatter
from typing import Any, TextIO

from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from newsletter.language import SPOKEN, Wording, find_translation
from newsletter.masking import mask
from newsletter.observing import (
    LOGGER,
    Observation,
    ProcessFailed,
    keys_of,
    observe,
    passing_on,
    place,
)

LEVELS = ("debug", "info", "warning", "error")
OF_LIBRARIES = "library"  # the event of all that libraries log
_UNWRITTEN = "log_failed"
_WITHHELD = "…"
_WORD = re.compile(r"[\w.:+-]{1,64}", re.ASCII)  # an id or a name of the program's own
# What a library leaves to logging to fill, with the signs around it.
_PLACE = re.compile(r"""["'(\[<]*%(?:\(\w+\))?[-+ #0-9.]*[a-zA-Z]["')\]>]*""")
# Where a text that it filled by itself may have its first value.
_FIRST_VALUE = re.compile(r"""[\d"'`“”‘’«»(\[{<=@:/\\|].*""", re.DOTALL)
_ADDRESS = re.compile(r"[^\s@]{1,300}@[^\s@]{1,300}")
_LONGEST = 300  # characters of a text
_of_child = ExitStack()  # of a process that only makes calls, and ends with them
_FRAMES, _CAUSES = 12, 5  # of an error, the innermost


@contextmanager
def json_log(level: str, stream: TextIO) -> Iterator[None]:
    """Write what is logged inside the block to a stream.

    Libraries are heard from their warnings on; at "debug", whatever they do.
    """
    handler = _Handler(stream)
    handler.setLevel(level.upper())
    # A library's text is not filled with its values.
    chain: list[Processor] = [_line, JSONRenderer()]
    formatter = ProcessorFormatter(processors=chain, use_get_message=False, pass_foreign_args=True)
    handler.setFormatter(formatter)
    theirs, ours = logging.getLogger(), logging.getLogger(LOGGER)
    levels, hooks = (theirs.level, ours.level), (threading.excepthook, warnings.showwarning)
    theirs.addHandler(handler)
    theirs.setLevel(logging.INFO if level == "debug" else logging.WARNING)
    ours.setLevel(logging.DEBUG)
    threading.excepthook = _tell_fault
    warnings.showwarning = _tell_warning  # type: ignore[assignment]  # its place is passed over
    try:
        with passing_on(partial(_log_of_child, level)):
            yield
    finally:
        threading.excepthook, warnings.showwarning = hooks
        theirs.removeHandler(handler)
        theirs.setLevel(levels[0])
        ours.setLevel(levels[1])


def _log_of_child(level: str) -> None:
    """Write what a further process logs to its stderr, until it ends."""
    _of_child.enter_context(json_log(level, sys.stderr))


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines. Of one that cannot be written Python would show the values."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Write in place of a line that there was one."""
        fault = getattr(sys.exc_info()[0], "__name__", "")
        with suppress(OSError, ValueError):  # the stream itself may be closed or full
            told = {"level": "error", "event": _UNWRITTEN, "logger": _word(record.name)}
            self.stream.write(json.dumps({**told, "fault": fault}) + "\n")


def _tell_fault(fault: threading.ExceptHookArgs) -> None:
    observe(ProcessFailed(fault=fault.exc_type.__name__, reason=""), error=fault.exc_value)


def _tell_warning(_message: Warning | str, category: type[Warning], *_place: Any) -> None:
    """Log that Python warns of something; its words may hold a value."""
    logging.getLogger("py.warnings").warning(category.__name__)


def _line(_logger: Any, _method: str, given: EventDict) -> EventDict:
    """Return the keys of a line."""
    record: logging.LogRecord = given["_record"]
    observed: Observation | None = getattr(record, "observation", None)
    at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="microseconds")
    where = getattr(record, "place", None) or place()
    line = {
        "at": at,
        "level": record.levelname.lower(),
        "event": record.msg if observed else OF_LIBRARIES,
        **{key: getattr(where, key) for key in keys_of(type(where))},
    }
    if observed:
        line |= {key: _shown(getattr(observed, key)) for key in keys_of(type(observed))}
    else:
        text = _heard(record.msg, is_open=bool(given["positional_args"]))
        line |= {"logger": _word(record.name), "text": text}
    if error := (given.get("exc_info") or (None, None))[1]:
        line |= _of_error(error)
    return {key: value for key, value in line.items() if value not in (None, "")}


def _shown(value: Any) -> Any:
    """Return a value of an observation as the log tells it."""
    if isinstance(value, Wording):
        return _shortened(_template(value))
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return _word(value)
    if isinstance(value, float):
        return round(value, 6) if isfinite(value) else None
    return value if isinstance(value, int) else None


def _word(text: str) -> str:
    """Return an id or a name of the program's own; anything else is somebody's, and withheld."""
    return mask(text) if not text or _WORD.fullmatch(text) else _WITHHELD


def _template(words: str) -> str:
    """Return the template of a text with its numbers and moments; other values are withheld."""
    if not isinstance(words, Wording):
        return _WITHHELD
    if words.parts:
        return words.between.join(map(_template, words.parts))
    if not find_translation(SPOKEN[0], words.template):
        return _WITHHELD  # no text of the program's: a template may come out of a database, too
    is_many = bool(words.plural) and words.number != 1
    template = words.plural if is_many else words.template
    return _Bare().vformat(template, (), words.values) if words.values else template


class _Bare(Formatter):
    """Fills a template with what is nobody's."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return _template(value) if isinstance(value, str) else format(value, format_spec)


def _heard(text: Any, *, is_open: bool) -> str:
    """Return what a library says, without the values that were to be filled in, or are."""
    if not isinstance(text, str):
        return type(text).__name__
    left = _PLACE.sub(_WITHHELD, text) if is_open else text
    return _shortened(_FIRST_VALUE.sub(_WITHHELD, left))


def _shortened(text: str) -> str:
    return mask(_ADDRESS.sub(_WITHHELD, text))[:_LONGEST]


def _of_error(error: BaseException) -> dict[str, Any]:
    """Return what is told of an error: its class, those of its causes, and where it was."""
    causes, cause = list[str](), error.__cause__ or error.__context__
    while cause and len(causes) < _CAUSES:
        causes.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    trace = [
        "{}:{} {}".format("/".join(PurePath(f.filename).parts[-3:]), f.lineno, f.name)
        for f in frames
    ]
    return {"fault": type(error).__name__, "causes": causes or None, "trace": trace or None}
