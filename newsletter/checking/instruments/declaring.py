"""Declares above a check which rules it looks after."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.checking.instruments.draft import Draft
from newsletter.model import Finding, Rule, Skipped

CheckResult = Finding | Skipped


@dataclass(frozen=True, slots=True)
class Check:
    """A function that looks at a draft, and the rules it checks."""

    rules: tuple[Rule, ...]
    run: Callable[[Draft], Iterator[CheckResult]]

    def __call__(self, draft: Draft) -> Iterator[CheckResult]:
        return self.run(draft)


def checks(*rules: Rule) -> Callable[[Callable[[Draft], Iterator[CheckResult]]], Check]:
    """Decorate a function with the rules it checks."""
    return lambda run: Check(rules, run)
