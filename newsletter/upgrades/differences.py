"""Shows what was changed in a template, by its owner and by the package."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from newsletter.language import Wording, say
from newsletter.upgrades.stock import Template, plain
from newsletter.upgrades.threeway import are_comparable


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one side changed in a template."""

    what: Wording  # such as "what you changed"
    lines: tuple[str, ...]  # as diff writes them; empty if there is nothing


def differences_of(template: Template) -> Iterator[Difference]:
    """Yield what its owner changed in a template, then what the package did."""
    if not template.is_own:
        return
    yours, today = plain(template.content.decode()), template.todays()
    if template.origin is not None:
        yield _difference(say("what you changed"), template.origin.text, yours)
    if today is not None:
        if template.origin is None:
            yield _difference(say("how yours differs from the package"), today, yours)
        else:
            yield _difference(say("what the package changed"), template.origin.text, today)


def _difference(what: Wording, before: str, after: str) -> Difference:
    old, new = before.splitlines(), after.splitlines()
    if not are_comparable(old, new):
        lines = (*(f"-{line}" for line in old), *(f"+{line}" for line in new))
        return Difference(what=what, lines=lines)
    # The first two lines would name files, and there is only one.
    return Difference(what=what, lines=tuple(unified_diff(old, new, lineterm="", n=2))[2:])
