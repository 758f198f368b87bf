"""Declares above a check which rules it looks after, and what it cannot do without."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.checking.instruments.draft import Draft
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule, Skipped

CheckResult = Finding | Skipped
Lack = Callable[[Draft], Wording | None]  # why a draft cannot be looked at; None if it can


def nothing(_: Draft) -> None:
    """Lack nothing: any draft can be looked at."""


def no_list(draft: Draft) -> Wording | None:
    """Return that there is no list of readers, if nothing is known about any."""
    return say("nobody has been imported yet") if draft.audience is None else None


def no_issue_before(draft: Draft) -> Wording | None:
    """Return that there is no issue before to compare with, if so."""
    return None if draft.earlier else say("no earlier issue")


def no_translation(draft: Draft) -> Wording | None:
    """Return that there is no other language to compare with, if so."""
    return None if draft.siblings else say("only one language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A function that looks at a draft, and the rules it checks."""

    rules: tuple[Rule, ...]
    run: Callable[[Draft], Iterator[CheckResult]]
    lacks: Lack = nothing

    def __call__(self, draft: Draft) -> Iterator[CheckResult]:
        """Yield what is found; what names no other file is about the issue's."""
        if reason := self.lacks(draft):
            yield from (rule.skipped(reason) for rule in self.rules)
            return
        for said in self.run(draft):
            if isinstance(said, Finding) and not said.path:
                yield said.in_file(draft.path)
            else:
                yield said


def checks(
    *rules: Rule, unless: Lack = nothing
) -> Callable[[Callable[[Draft], Iterator[CheckResult]]], Check]:
    """Decorate a function with the rules it checks, and with what keeps it from checking them."""
    return lambda run: Check(rules=rules, run=run, lacks=unless)
