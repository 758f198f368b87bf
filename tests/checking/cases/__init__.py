"""For each rule a draft that breaks it, and one that just does not; a module for each theme."""

from tests.checking.cases import (
    access,
    basics,
    dark,
    dates,
    inbox,
    leftovers,
    links,
    mail,
    meetings,
    parts,
    pictures,
    reach,
    readers,
    styles,
    variants,
)

CASES = [
    *basics.CASES,
    *inbox.CASES,
    *mail.CASES,
    *readers.CASES,
    *reach.CASES,
    *dates.CASES,
    *meetings.CASES,
    *links.CASES,
    *pictures.CASES,
    *parts.CASES,
    *variants.CASES,
    *access.CASES,
    *dark.CASES,
    *styles.CASES,
    *leftovers.CASES,
]

__all__ = ["CASES"]
