"""Reads lists that stand in a text, for tests."""

import io
from collections.abc import Mapping

import pytest

from newsletter.audience.entries import Entry, ImportOptions, Role
from newsletter.audience.reading import People, open_people
from newsletter.errors import AudienceError
from newsletter.model import Refusal


def people_in(text: str | bytes, name: str = "people.csv", **wishes: object) -> People:
    """Open a list that stands in a text."""
    data = text.encode() if isinstance(text, str) else text
    return open_people(io.BytesIO(data), name, wishes=ImportOptions(**wishes))  # type: ignore[arg-type]


def entries_in(text: str | bytes, name: str = "people.csv", **wishes: object) -> list[Entry]:
    """Return the people of a list; none of its rows may be refused."""
    rows = list(people_in(text, name, **wishes))
    assert not [row for row in rows if isinstance(row, Refusal)], rows
    return [row for row in rows if isinstance(row, Entry)]


def refusals_in(text: str | bytes, name: str = "people.csv", **wishes: object) -> list[Refusal]:
    """Return the rows of a list that are not taken."""
    return [row for row in people_in(text, name, **wishes) if isinstance(row, Refusal)]


def fault_of(text: str | bytes, name: str = "people.csv", **wishes: object) -> str:
    """Return why a list is refused whole."""
    with pytest.raises(AudienceError) as caught:
        people_in(text, name, **wishes)
    return str(caught.value)


def roles_in(text: str | bytes, name: str = "people.csv", **wishes: object) -> Mapping[str, Role]:
    """Return what becomes of each column, by its header."""
    return {column.header: column.role for column in people_in(text, name, **wishes).columns}


def asked(text: str | bytes, name: str = "people.csv", **wishes: object) -> list[str]:
    """Return the ids of what is asked about a list."""
    return [question.id for question in people_in(text, name, **wishes).questions]
