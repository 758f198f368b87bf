"""What the editor decides about what people sent in.

    new --accept--> decided in the ledger --> picture and passage in material/ --> written, thanked

Killed anywhere in between, accepting again goes on: a passage is found by its marker, so nothing
stands there twice, and the picture stays in the ledger until it is a file.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from newsletter.consent import is_unwanted
from newsletter.contributions.write_ups import marker_of, write_passage
from newsletter.errors import UsageError
from newsletter.files import read_words, replace_file
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, contributions
from newsletter.model import (
    REQUEST_STATES,
    Contribution,
    ContributionKind,
    ContributionMail,
    ContributionState,
)

_OPEN = [state for state in ContributionState if not state.is_over]
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the editor wants, and by what they are known to whoever is mailed."""

    now: dt.datetime
    secret: str  # by which it is known who wants no such mail
    is_mailed: bool = True
    note: str = ""  # the editor's own; empty: the one there is stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where material of an issue is put."""

    folder: Path  # material/ of the newsletter
    issue: str  # id
    head: str  # what a new file begins with

    @property
    def path(self) -> Path:
        """Return the file of material."""
        return self.folder / f"{self.issue}.md"


def look_up(ledger: Ledger, id: int) -> Contribution:
    """Return what was sent in under a number; raise UsageError if there is none."""
    with ledger.read() as connection:
        found = contributions.find_contribution(connection, id)
    if found is None:
        raise UsageError(
            say("there is no contribution {id}; “newsletter contributions list” shows them", id=id)
        )
    return found


def list_for_editor(ledger: Ledger, *, with_decided: bool = False) -> list[Contribution]:
    """Return what waits for the editor, or all there is, in the order in which to read it."""
    with ledger.read() as connection:
        return contributions.list_contributions(connection, None if with_decided else _OPEN)


def picture_of(ledger: Ledger, id: int) -> bytes:
    """Return the picture of a contribution; empty where there is none."""
    with ledger.read() as connection:
        return contributions.load_contributed_picture(connection, id)


def accept(ledger: Ledger, id: int, shelf: Shelf, decision: Decision) -> Contribution:
    """Make news material of an issue, and have its sender thanked; twice is as good as once.

    Raise UsageError for a request, for what was declined, and for what is in another issue.
    """
    found = look_up(ledger, id)
    if found.kind is not ContributionKind.NEWS:
        raise _refuse(found, say("it is a request; say how far it is with “mark”"))
    with ledger.write() as connection:
        values = {"issue": shelf.issue, "decided_at": decision.now, **_note(decision)}
        new = [ContributionState.NEW]
        state = ContributionState.ACCEPTED
        contributions.change_contribution(connection, id, new, state=state, **values)
    found = look_up(ledger, id)
    if found.state is not ContributionState.ACCEPTED:
        raise _refuse(found, say("it was declined"))
    if found.issue != shelf.issue:
        raise _refuse(found, say("it was accepted for {issue} already", issue=found.issue))
    if found.written_at is None:
        _write(ledger, found, shelf)
        _note_written(ledger, found, decision)
    return look_up(ledger, id)


def decline(ledger: Ledger, ids: Sequence[int], decision: Decision) -> list[Contribution]:
    """Decline what people sent in, delete its pictures, and have their senders told, if wished."""
    return [_decline(ledger, look_up(ledger, id), decision) for id in ids]


def mark(ledger: Ledger, id: int, state: ContributionState, decision: Decision) -> Contribution:
    """Say how far a request is; raise UsageError for news, and for what a request cannot be."""
    found = look_up(ledger, id)
    if found.kind is not ContributionKind.REQUEST:
        raise _refuse(found, say("it is news; “accept” or “decline” it"))
    values = {"state": state, "decided_at": decision.now, **_note(decision)}
    with ledger.write() as connection:
        contributions.change_contribution(connection, id, [*REQUEST_STATES], **values)
    if look_up(ledger, id).state is not state:
        raise _refuse(found, say("it was declined"))
    return look_up(ledger, id)


def annotate(ledger: Ledger, id: int, note: str) -> Contribution:
    """Keep a note of the editor's beside what somebody sent in."""
    look_up(ledger, id)
    with ledger.write() as connection:
        contributions.change_contribution(connection, id, [*ContributionState], note=note)
    return look_up(ledger, id)


def _decline(ledger: Ledger, found: Contribution, decision: Decision) -> Contribution:
    if found.state is ContributionState.DECLINED:
        return found
    with ledger.write() as connection:
        mail = ContributionMail.REGRETS if decision.is_mailed else ContributionMail.NONE
        if is_unwanted(connection, found.address, decision.secret):
            mail = ContributionMail.NONE
        values = {"state": ContributionState.DECLINED, "decided_at": decision.now, "mail": mail}
        values |= _note(decision)
        if not contributions.change_contribution(connection, found.id, _OPEN, **values):
            raise _refuse(found, say("its state is “{state}”", state=found.state.words))
        contributions.drop_contributed_picture(connection, found.id)
    return look_up(ledger, found.id)


def _write(ledger: Ledger, found: Contribution, shelf: Shelf) -> None:
    """Write a contribution into the material of its issue, unless it is there."""
    shelf.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(shelf.folder / ".lock"):  # of two that are accepted at once none is lost
        before = read_words(shelf.path) if shelf.path.exists() else shelf.head
        if marker_of(found) in before.splitlines():
            return
        picture = _write_picture(ledger, found, shelf)
        whole = before.rstrip("\n") + "\n\n" + write_passage(found, picture)
        replace_file(shelf.path, whole.encode())


def _write_picture(ledger: Ledger, found: Contribution, shelf: Shelf) -> str:
    """Write the picture of a contribution; return its path as material and issues name it."""
    if not found.picture_bytes:
        return ""
    name = f"contribution-{found.mark}.{_ENDINGS[found.picture_type]}"
    folder = shelf.folder / shelf.issue
    folder.mkdir(exist_ok=True)
    with ledger.read() as connection:
        data = contributions.load_contributed_picture(connection, found.id)
    replace_file(folder / name, data)
    return f"../{shelf.folder.name}/{shelf.issue}/{name}"


def _note_written(ledger: Ledger, found: Contribution, decision: Decision) -> None:
    with ledger.write() as connection:
        mail = ContributionMail.THANKS if decision.is_mailed else ContributionMail.NONE
        if is_unwanted(connection, found.address, decision.secret):
            mail = ContributionMail.NONE
        accepted = [ContributionState.ACCEPTED]
        values = {"written_at": decision.now, "mail": mail}
        contributions.change_contribution(connection, found.id, accepted, **values)
        contributions.drop_contributed_picture(connection, found.id)


def _note(decision: Decision) -> dict[str, str]:
    return {"note": decision.note} if decision.note else {}


def _refuse(found: Contribution, reason: Wording) -> UsageError:
    return UsageError(say("contribution {id}: {reason}", id=found.id, reason=reason))
