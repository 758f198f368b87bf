"""What is said to people: texts that catalogs can translate, and the catalogs."""

from newsletter.language.catalogs import (
    SPOKEN,
    find_translation,
    is_said_in,
    say_in,
    spoken_language,
)
from newsletter.language.codes import by_code, choose_language, language_of, spellings_of, tag_of
from newsletter.language.country_regions import (
    CountryRegion,
    find_country_region,
    regions_of_finland,
)
from newsletter.language.lookalikes import closest, lookalike, nearest
from newsletter.language.nameless import without_addresses
from newsletter.language.reasons import (
    reason_in_words,
    reason_of,
    reason_of_disk,
    reason_of_network,
)
from newsletter.language.stored import as_stored, from_stored
from newsletter.language.unwritten import LEFTOVERS, MARKS, is_unwritten, marks_for
from newsletter.language.wording import (
    Value,
    Wording,
    say,
    say_again,
    say_all,
    say_list,
    say_many,
    say_with,
)

__all__ = [
    "LEFTOVERS",
    "MARKS",
    "SPOKEN",
    "CountryRegion",
    "Value",
    "Wording",
    "as_stored",
    "by_code",
    "choose_language",
    "closest",
    "find_country_region",
    "find_translation",
    "from_stored",
    "is_said_in",
    "is_unwritten",
    "language_of",
    "lookalike",
    "marks_for",
    "nearest",
    "reason_in_words",
    "reason_of",
    "reason_of_disk",
    "reason_of_network",
    "regions_of_finland",
    "say",
    "say_again",
    "say_all",
    "say_in",
    "say_list",
    "say_many",
    "say_with",
    "spellings_of",
    "spoken_language",
    "tag_of",
    "without_addresses",
]
