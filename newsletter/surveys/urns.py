"""Puts anonymous answers into urns, and takes all of them out at once when the survey closes.

Each answer rewrites the urn it is put into, in random order and sealed anew, so that neither the
order of rows nor what a database knows of its transactions tells which answer came last; and a
backup of an open survey holds nothing that could be read without the secret. An urn never has fewer
than half of what it may have, but for the first, so nobody is alone in one for long.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy import Connection

from newsletter.ledger import ballots
from newsletter.surveys.sealing import open_urn, seal_urn

MOST = 500  # ballots in an urn; what an answer costs


def put_in(
    connection: Connection, survey_id: str, said: Mapping[str, Any], *, secret: str, chance: Random
) -> None:
    """Put an answer into an urn of a survey that this transaction has locked."""
    there = ballots.list_urns(connection, survey_id)
    number, inside = chance.choice(there) if there else (0, 0)
    lying: list[Mapping[str, Any]] = []
    if inside:
        sealed = ballots.read_urn(connection, survey_id, number)
        lying += open_urn(secret, survey_id, sealed)
    lying.append(said)
    chance.shuffle(lying)
    half = len(lying) // 2 if len(lying) > MOST else 0
    parts = {number: lying[half:]} | ({len(there): lying[:half]} if half else {})
    for place, part in parts.items():
        sealed = seal_urn(secret, survey_id, part)
        ballots.write_urn(connection, survey_id, place, count=len(part), sealed=sealed)


def take_out(
    connection: Connection, survey_id: str, *, secret: str, chance: Random
) -> list[Mapping[str, Any]]:
    """Return all answers to a survey in random order."""
    found: list[Mapping[str, Any]] = []
    for number, _ in ballots.list_urns(connection, survey_id):
        found += open_urn(secret, survey_id, ballots.read_urn(connection, survey_id, number))
    chance.shuffle(found)
    return found


def random_keys(count: int, chance: Random) -> list[str]:
    """Return keys of ballots, of 128 bits each."""
    return [f"{chance.getrandbits(128):032x}" for _ in range(count)]
