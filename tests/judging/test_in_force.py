"""The newest rules are in force within a minute, and what is broken changes nothing."""

from collections.abc import Mapping

import pytest

from newsletter.errors import LedgerError
from newsletter.judging import RulesInForce, rulebook_in_force, shipped
from newsletter.language import say

OLD, NEW, NEWER = "2020-01-01", "2090-01-01", "2090-01-01.2"


def rules(version: str) -> str:
    rule = '[[rules]]\nreason = "x"\nvisitor = "machine"\nnetworks = ["apple"]'
    return f'version = "{version}"\n[networks]\napple = ["192.0.2.0/24"]\n{rule}\n'


def networks(version: str, name: str = "apple", network: str = "198.51.100.0/24") -> str:
    return f'version = "{version}"\n[networks]\n{name} = ["{network}"]\n'


@pytest.mark.parametrize(
    ("texts", "version"),
    [
        ([], shipped().version),
        ([rules(OLD)], shipped().version),
        ([rules(NEW), rules(OLD)], NEW),
        ([rules(NEWER), rules(NEW)], NEWER),
        (["version = 1", rules(NEW), "\0"], NEW),
        ([rules(NEW), networks(OLD)], f"{NEW} + apple {OLD}"),
        ([networks(NEW)], f"{shipped().version} + apple {NEW}"),
        ([networks(NEW), networks(OLD)], f"{shipped().version} + apple {NEW}"),
        ([rules(NEW), networks(NEW, "nobodys")], NEW),
    ],
)
def test_the_newest_rules_with_the_newest_networks_are_in_force(
    texts: list[str], version: str
) -> None:
    assert rulebook_in_force(texts).version == version


def test_a_list_that_was_taken_stands_in_the_place_of_the_rules_own() -> None:
    [rule] = rulebook_in_force([rules(NEW), networks(OLD)]).rules

    assert rule.networks
    assert "198.51.100.1" in rule.networks
    assert "192.0.2.1" not in rule.networks


class Kept:
    """A ledger as far as rules go, and how often it was asked."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.is_away = False
        self.asked: list[frozenset[str]] = []

    def find(self, known: frozenset[str]) -> Mapping[str, str] | None:
        self.asked.append(known)
        if self.is_away:
            raise LedgerError(say("it is away"))
        return None if frozenset(self.texts) == known else dict(self.texts)


def test_newer_rules_are_noticed_within_a_minute_and_looked_for_no_oftener() -> None:
    kept, now = Kept(), [100.0]
    in_force = RulesInForce(kept.find, clock=lambda: now[0])

    assert in_force.look() is shipped()
    kept.texts[NEW] = rules(NEW)
    now[0] += 59
    assert in_force.look() is shipped()
    now[0] += 1
    assert in_force.look().version == NEW
    assert in_force.look().version == NEW
    now[0] += 60
    assert in_force.look() is in_force.rules
    assert kept.asked == [frozenset(), frozenset(), frozenset({NEW})]


def test_rules_that_were_found_stay_while_the_ledger_is_away() -> None:
    kept, now = Kept(), [100.0]
    kept.texts[NEW] = rules(NEW)
    in_force = RulesInForce(kept.find, clock=lambda: now[0])
    in_force.look()

    kept.is_away = True
    now[0] += 1_000

    assert in_force.look().version == NEW
