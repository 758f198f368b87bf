"""The survey by which a new one begins, in the newsletter's language."""

from newsletter.language import say, say_in
from newsletter.model import SurveyKind


def written_pattern(kind: str, language: str) -> str:
    """Return a survey with a question of each sort, in the newsletter's language."""
    pattern = _POLL if kind == SurveyKind.POLL else f"{_POLL}{_MORE}"
    return pattern.format(
        kind=kind,
        title=say_in(language, say("What do you need?")),
        workplace=say_in(language, say("workplace")),
        where=say_in(language, say("Where do you work?")),
        here=say_in(language, say("In a municipality")),
        there=say_in(language, say("In an association")),
        other=say_in(language, say("Elsewhere, where")),
        wishes=say_in(language, say("What should there be more of?")),
        methods=say_in(language, say("Methods from the field")),
        news=say_in(language, say("News of the law")),
        second=say_in(language, say("The newsletter")),
        useful=say_in(language, say("How useful is the newsletter?")),
        low=say_in(language, say("not at all")),
        high=say_in(language, say("very")),
        more=say_in(language, say("What else do you want to say?")),
        show_if=say_in(language, say("Show if")),
    )


_POLL = """\
---
title: {title}
kind: {kind}
---

## {where} * {{#{workplace}}}

- ( ) {here}
- ( ) {there}
- ( ) {other}: ____
"""
_MORE = """
## {wishes}

- [ ] {methods}
- [ ] {news}

# {second}

## {useful}

1 {low} ... 5 {high}

## {more}

{show_if} {workplace} = "{here}"

____
____
"""
