"""The rules in force: the newest of those that come with the program and those that were taken."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from operator import attrgetter

from newsletter.errors import LedgerError, RuleFileError
from newsletter.judging.rule_files import RuleFile, read_rules, shipped_file
from newsletter.judging.rulebook import Rulebook, rulebook_of, shipped

_LOOKED = 60.0  # seconds between two looks for newer ones
# Which rules were taken, given the versions that are known: None if there are no others.
Find = Callable[[frozenset[str]], Mapping[str, str] | None]


class RulesInForce:
    """The rules in force, looked for once a minute at most: what is taken anywhere is soon used."""

    def __init__(self, find: Find, clock: Callable[[], float] = time.monotonic) -> None:
        self._find = find
        self._clock = clock
        self._versions: frozenset[str] = frozenset()
        self._looked: float | None = None
        self.rules: Rulebook = shipped()

    @property
    def is_old(self) -> bool:
        """Return whether it is time to look."""
        return self._looked is None or self._clock() - self._looked >= _LOOKED

    def look(self) -> Rulebook:
        """Return the rules, after a look for newer ones if it is time; without a ledger the same.

        A process that asks of many threads at once may look twice, which changes nothing.
        """
        if not self.is_old:
            return self.rules
        self._looked = self._clock()
        with suppress(LedgerError):  # it is away: as before
            found = self._find(self._versions)
            if found is not None:
                self.rules = rulebook_in_force(found.values())
                self._versions = frozenset(found)
        return self.rules


def rulebook_in_force(texts: Iterable[str]) -> Rulebook:
    """Return the newest rules among the shipped ones and these, with the newest networks.

    What this version of the program cannot read, as a newer one wrote it, is left out.
    """
    files = list(_read(texts))
    base = max((shipped_file(), *(one for one in files if one.rules)), key=attrgetter("age"))
    lists = sorted((one for one in files if not one.rules), key=attrgetter("age"))
    return rulebook_of(base, *lists)


def _read(texts: Iterable[str]) -> Iterator[RuleFile]:
    for text in texts:
        with suppress(RuleFileError):
            yield read_rules(text)
