"""Decides whether a person belongs to a segment."""

from newsletter.language import language_of, tag_of
from newsletter.model import Condition, Subscriber


def holds(condition: Condition, person: Subscriber) -> bool:
    """Return whether a subscriber meets a condition."""
    if condition.key == "language" and (code := language_of(condition.value)):
        is_exact = tag_of(condition.value) != code
        same = (
            person.language.replace("_", "-").lower() == condition.value.replace("_", "-").lower()
        )
        return same if is_exact else language_of(person.language) == code
    own = {"email": person.address, "name": person.name, "language": person.language}
    return own.get(condition.key, person.attributes.get(condition.key, "")) == condition.value
