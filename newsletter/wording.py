"""English words that know how they were made, so that a catalog can say them in another language.

What the program finds in an issue is English in the code, on the command line and in JSON; the
preview says it in the newsletter's language. `say` is to findings what `gettext` is to a page.
"""

from collections.abc import Mapping

# What may stand in a template; a Wording is said in the other language, too.
Value = str | int | float


class Wording(str):
    """A text in English, with the template and the values that it was made of."""

    template: str
    plural: str = ""  # template for any number but 1; empty where nothing is counted
    number: int = 1  # that decides between the two
    values: Mapping[str, Value]


def say(template: str, /, **values: Value) -> Wording:
    """Return a text made of a template and its values, such as `say("no day {day}", day=day)`.

    The template must be a literal, since catalogs hold it. Without values, braces mean themselves.
    """
    wording = Wording(template.format(**values) if values else template)
    wording.template, wording.values = template, values
    return wording


def say_many(one: str, many: str, /, n: int, **values: Value) -> Wording:
    """Return a text that counts: `one` for a single thing, else `many`; both may name `{n}`."""
    values["n"] = n
    wording = Wording((one if n == 1 else many).format(**values))
    wording.template, wording.plural, wording.number, wording.values = one, many, n, values
    return wording
