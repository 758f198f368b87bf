"""How a language writes days, numbers and lines, by Babel."""

from babel.core import Locale, UnknownLocaleError


def locale_of(language: str) -> Locale:
    """Return the locale of a language tag, English for an unknown one."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
