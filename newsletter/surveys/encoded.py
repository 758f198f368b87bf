"""Surveys and answers as the ledger keeps them: plain JSON, and back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from newsletter.model import Answer, Answers, Survey


def survey_as_data(survey: Survey) -> dict[str, Any]:
    """Return a survey as it is frozen, without the lines of its files."""
    plain = replace(
        survey,
        lines={},
        pages=tuple(
            replace(p, questions=tuple(replace(q, line=1) for q in p.questions))
            for p in survey.pages
        ),
    )
    data: dict[str, Any] = _surveys().dump_python(plain, mode="json")
    return data


def survey_from_data(data: Mapping[str, Any]) -> Survey:
    """Return a survey that was frozen."""
    return _surveys().validate_python(data)


def digest_of(data: Mapping[str, Any]) -> str:
    """Return what tells whether two frozen surveys are the same."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def answers_as_data(answers: Answers) -> dict[str, Any]:
    """Return answers as they are kept: what is empty is left out."""
    return {id: _answer_as_data(answer) for id, answer in answers.items()}


def answers_from_data(data: Mapping[str, Any]) -> dict[str, Answer]:
    """Return answers that were kept."""
    return {
        id: Answer(
            chosen=tuple(said.get("chosen", ())),
            other=said.get("other", ""),
            number=said.get("number"),
            rows=dict(said.get("rows", {})),
            text=said.get("text", ""),
        )
        for id, said in data.items()
    }


def _answer_as_data(answer: Answer) -> dict[str, Any]:
    said = {
        "chosen": list(answer.chosen),
        "other": answer.other,
        "number": answer.number,
        "rows": dict(answer.rows),
        "text": answer.text,
    }
    return {name: value for name, value in said.items() if value or value == 0}


@cache
def _surveys() -> TypeAdapter[Survey]:
    return TypeAdapter(Survey)
