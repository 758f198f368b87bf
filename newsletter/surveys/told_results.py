"""Writes results as JSON and reads them again: what was told once is told the same for ever."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter.intervals import share
from newsletter.model import (
    Change,
    Crossing,
    Group,
    GroupedResults,
    Line,
    QuestionKind,
    SurveyResults,
    Tally,
)


def results_as_json(results: SurveyResults) -> dict[str, Any]:
    """Return results without groups as JSON; a number that is withheld is null."""
    return {
        "survey": results.survey,
        "title": dict(results.titles),
        "kind": results.kind,
        "open_to_all": results.is_open_to_all,
        "closed": results.closed.isoformat() if results.closed else None,
        "answered": results.answered,
        "invited": results.invited,
        "notes": list(results.notes),
        "questions": [_tally_as_json(tally) for tally in results.tallies],
    }


def _tally_as_json(tally: Tally) -> dict[str, Any]:
    return {
        "question": tally.question,
        "row": tally.row or None,
        "kind": tally.kind.value,
        "words": dict(tally.words),
        "row_words": dict(tally.row_words),
        "ends": {language: list(ends) for language, ends in tally.ends.items()},
        "n": None if tally.is_withheld else tally.n,
        "asked": None if tally.is_withheld else tally.asked,
        "conditional": tally.is_conditional,
        "answers": [_line_as_json(line, tally.n) for line in tally.lines],
    }


def _line_as_json(line: Line, n: int) -> dict[str, Any]:
    told = share(line.count, n) if n and line.count is not None else None
    return {
        "id": line.id,
        "words": dict(line.words),
        "neutral": line.is_neutral,
        "count": line.count,
        "percent": round(100 * told.value) if told else None,
        "interval": [round(told.low, 4), round(told.high, 4)] if told else None,
    }


def results_from_json(told: Mapping[str, Any]) -> SurveyResults:
    """Return results as they were told; raise KeyError, TypeError or ValueError for others."""
    return SurveyResults(
        survey=told["survey"],
        titles=told["title"],
        kind=told["kind"],
        is_open_to_all=told["open_to_all"],
        closed=dt.date.fromisoformat(told["closed"]) if told["closed"] else None,
        answered=int(told["answered"]),
        invited=None if told["invited"] is None else int(told["invited"]),
        notes=tuple(told["notes"]),
        tallies=tuple(_tally_from_json(one) for one in told["questions"]),
    )


def read_told(data: bytes) -> SurveyResults:
    """Return results from JSON as it was written; raise ValueError for anything else."""
    try:
        return results_from_json(json.loads(data))
    except (AttributeError, KeyError, TypeError) as err:
        raise ValueError(str(err)) from err


def changes_as_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return how far answers are from those of another year as JSON."""
    return [
        {
            "question": change.question,
            "row": change.row or None,
            "id": change.line,
            "before": {"count": change.before[0], "n": change.before[1]},
            "now": {"count": change.now[0], "n": change.now[1]},
            "interval": [round(change.low, 4), round(change.high, 4)],
            "statement": change.is_sure,
        }
        for change in changes
    ]


def _tally_from_json(told: Mapping[str, Any]) -> Tally:
    return Tally(
        question=told["question"],
        row=told["row"] or "",
        kind=QuestionKind(told["kind"]),
        words=told["words"],
        row_words=told["row_words"],
        ends={language: (low, high) for language, (low, high) in told["ends"].items()},
        n=int(told["n"] or 0),
        asked=int(told["asked"] or 0),
        is_withheld=told["n"] is None,
        is_conditional=told["conditional"],
        lines=tuple(
            Line(
                id=one["id"],
                count=None if one["count"] is None else int(one["count"]),
                words=one["words"],
                is_neutral=one["neutral"],
            )
            for one in told["answers"]
        ),
    )


def grouped_as_json(grouped: GroupedResults) -> dict[str, Any]:
    """Return results by groups as JSON; a number that is hidden is null, and so is its share."""
    return {
        "by": grouped.by,
        "names": list(grouped.names),
        "groups": [
            {"id": group.id or None, "words": dict(group.words), "size": group.size}
            for group in grouped.groups
        ],
        "questions": [
            {
                "question": crossing.question,
                "row": crossing.row or None,
                "n": list(crossing.n),
                "answers": [
                    {"ids": list(ids), "counts": list(counts)}
                    for ids, counts in zip(crossing.lines, crossing.counts, strict=True)
                ],
            }
            for crossing in grouped.crossings
        ],
        "untold": [{"question": question, "row": row or None} for question, row in grouped.untold],
    }


def grouped_from_json(told: Mapping[str, Any]) -> GroupedResults:
    """Return results by groups as they were told."""
    return GroupedResults(
        by=told["by"],
        names=tuple(told["names"]),
        groups=tuple(
            Group(id=one["id"] or "", words=one["words"], size=one["size"])
            for one in told["groups"]
        ),
        crossings=tuple(
            Crossing(
                question=one["question"],
                row=one["row"] or "",
                n=tuple(one["n"]),
                lines=tuple(tuple(line["ids"]) for line in one["answers"]),
                counts=tuple(tuple(line["counts"]) for line in one["answers"]),
            )
            for one in told["questions"]
        ),
        untold=tuple((one["question"], one["row"] or "") for one in told["untold"]),
    )
