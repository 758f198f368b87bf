"""Gives out everything that is held on a person: GDPR, articles 15 and 20."""

import base64
import csv
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.ledger import Ledger, erasing

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def gather(ledger: Ledger, address: str) -> Mapping[str, list[dict[str, Any]]]:
    """Return every row that is held on whoever has an address, or had it, by table.

    With them goes what that person agreed to, word for word.
    """
    with ledger.read() as connection:
        return erasing.list_known(connection, address)


def as_json(held: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Write it for programs."""
    text = json.dumps(held, ensure_ascii=False, indent=2, default=_in_words)
    return f"{text}\n".encode()


def as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write the rows of one table for spreadsheets, in which no cell is a formula."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(rows[0])
    for row in rows:
        table.writerow(_cell(value) for value in row.values())
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False, default=_in_words)
    else:
        text = "" if value is None else value if isinstance(value, str) else _in_words(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _in_words(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return _bytes_in_words(value)
    return str(value)


def _bytes_in_words(value: bytes) -> str:
    """Return what a provider posted as it reads; a picture in base 64, so that it is whole."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()
