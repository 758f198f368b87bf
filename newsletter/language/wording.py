"""English texts that know how they were made, so that a catalog can translate them.

What the program says is in English in the code, in JSON and in SARIF; the terminal and the preview
say it in the editor's language. `say` is for such texts what `gettext` is for a page.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Formatter
from types import MappingProxyType

# The values a template can have. A Wording is translated, too; days and moments, which templates
# name with a pattern such as `{day:%Y-%m-%d}`, are written as each language does.
Value = str | int | float | dt.date


class Wording(str):
    """A text in English, with the template and the values that it was made from, or its parts."""

    template: str = ""
    plural: str = ""  # template for any number but 1; empty if nothing is counted
    number: int = 1  # the number that decides between the two
    values: Mapping[str, Value] = MappingProxyType({})
    parts: tuple[str, ...] = ()  # the parts of a list, which has no template
    between: str = ""


def say(template: str, /, **values: Value) -> Wording:
    """Return a text made of a template and its values, such as `say("no day {day}", day=day)`.

    The template must be a literal, since catalogs look it up. Without values, braces are only
    braces.
    """
    wording = Wording(template.format(**values) if values else template)
    wording.template, wording.values = template, values
    return wording


def say_with(template: str, values: Mapping[str, Value]) -> str:
    """Return a text made of a template and those of the values it names; a whole text as it is."""
    if isinstance(template, Wording):
        return template
    named = {name for _, name, _, _ in Formatter().parse(template)} if values else ()
    return say(template, **{name: value for name, value in values.items() if name in named})


def say_many(one: str, many: str, /, n: int, **values: Value) -> Wording:
    """Return a text that counts: `one` for a single thing, else `many`; both may contain `{n}`."""
    values["n"] = n
    wording = Wording((one if n == 1 else many).format(**values))
    wording.template, wording.plural, wording.number, wording.values = one, many, n, values
    return wording


def say_list(parts: Iterable[str], between: str = ", ") -> Wording:
    """Return texts one after the other, with separators that all languages share."""
    parts = tuple(parts)
    wording = Wording(between.join(parts))
    wording.parts, wording.between = parts, between
    return wording


def say_all(parts: Sequence[str]) -> str:
    """Return texts joined as in a sentence: “a, b and c”."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    return say("{names} and {last}", names=say_list(parts[:-1]), last=parts[-1])


def say_again(text: str, change: Callable[[str], str]) -> str:
    """Return a text with its values changed; its words stay, so that catalogs know it."""
    if not isinstance(text, Wording):
        return change(text)
    if text.parts:
        return say_list((say_again(part, change) for part in text.parts), text.between)
    wording = Wording(say_again(str(text), change))
    wording.template, wording.plural, wording.number = text.template, text.plural, text.number
    wording.values = {
        name: say_again(value, change) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return wording
