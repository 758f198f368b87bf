"""Tells whether a person belongs to a segment."""

from newsletter.model import Condition, Subscriber


def holds(condition: Condition, person: Subscriber) -> bool:
    """Tell whether a subscriber meets a condition."""
    own = {"email": person.address, "name": person.name, "language": person.language}
    return own.get(condition.key, person.attributes.get(condition.key, "")) == condition.value
