"""What importing a list would do, in numbers and line by line, as the editor is told."""

from collections.abc import Iterator

from newsletter.cli.common import indented
from newsletter.intake import Preview
from newsletter.language import Wording, say, say_list
from newsletter.ledger import Difference
from newsletter.model import Basis, Subscriber

_EMPTY = say("(empty)")
# What is no attribute of a person, in words.
_OWN = {"name": say("name"), "language": say("language"), "standing": say("standing")}


def sum_up(preview: Preview, basis: Basis) -> Iterator[Wording]:
    """Yield how many would join, change and be refused, and on what evidence they are mailed."""
    yield say(
        "{joined:,} join, {changed:,} change, {unchanged:,} unchanged, {refused:,} refused.",
        joined=preview.joined,
        changed=preview.changed + preview.left,
        unchanged=preview.unchanged,
        refused=preview.refused,
    )
    is_based = basis is not Basis.UNKNOWN
    otherwise = basis.words if is_based else say("nothing in the list speaks against it")
    for evidence, count in preview.mailed.items():
        yield indented(
            say(
                "{n:,} of those who join will be mailed: {why}",
                n=count,
                why=evidence or otherwise,
            )
        )
    for (standing, evidence), count in preview.kept_away.items():
        yield indented(
            say(
                "{n:,} of those who join will not be mailed, {standing}: {why}",
                n=count,
                standing=standing.words,
                why=evidence,
            )
        )
    yield from _proofs(preview, basis)
    if preview.left:
        yield indented(say("{n:,} of those who change will not be mailed any more", n=preview.left))


def _proofs(preview: Preview, basis: Basis) -> Iterator[Wording]:
    """Yield how many the list shows to have agreed, and how many not."""
    proven, mailed = preview.proven, sum(preview.mailed.values())
    if proven.joining:
        yield indented(say("with evidence of consent: {n:,}", n=proven.joining))
    if unproven := mailed - proven.joining:
        yield indented(
            say(
                "without evidence of consent: {n:,} (basis: {basis})", n=unproven, basis=basis.words
            )
        )
    if proven.known:
        yield indented(
            say("on the list already, with new evidence of consent: {n:,}", n=proven.known)
        )


def tell_difference(difference: Difference) -> Wording:
    """Return what a row would change about somebody."""
    old, new = _flat(difference.before), _flat(difference.after)
    parts = [
        say_list(
            [_OWN.get(key, key), ": ", old.get(key) or _EMPTY, " -> ", new.get(key) or _EMPTY],
            between="",
        )
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]
    if difference.proof:
        parts.append(say("evidence of consent: {evidence}", evidence=difference.proof))
    if difference.cause:
        parts.append(say("{standing}, too, as the list says", standing=difference.cause.words))
    return say(
        "line {line}: change {address}: {parts}",
        line=difference.line,
        address=difference.after.address,
        parts=say_list(parts, between="; "),
    )


def _flat(person: Subscriber) -> dict[str, str]:
    own = {"name": person.name, "language": person.language, "standing": person.standing.words}
    return {**person.attributes, **own}
