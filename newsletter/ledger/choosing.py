"""Who gets an issue, and in which language: a rule that the ledger stores and applies in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, literal, or_, select, true

from newsletter.language import by_code
from newsletter.ledger.members import language_is, language_tag_is, meets
from newsletter.ledger.people import may_be_mailed
from newsletter.ledger.tables import deliveries, subscribers
from newsletter.model import Variant
from newsletter.segments import Segment, parse_segment

_UTC = ZoneInfo("UTC")
NO_TEXT = "nothing is written for them"  # the reason why somebody is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who gets an issue: the languages it exists in and the segment it is for."""

    languages: tuple[str, ...]
    default_language: str
    segment: Segment | None = None
    conditions: tuple[Segment, ...] = ()  # of its `only` blocks
    # By language: a reader must meet all conditions of one of these to get any text. There is none
    # for a language whose issue leaves nobody out.
    needs: Mapping[str, tuple[frozenset[Segment], ...]] = field(default_factory=dict)
    zone: ZoneInfo = _UTC  # in which the days of segments begin
    # A send whose recipients are excluded, and the last of its deliveries that counts.
    beyond: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it in the form the ledger stores."""
        return {
            "languages": list(self.languages),
            "default_language": self.default_language,
            "segment": str(self.segment) if self.segment else None,
            "conditions": [str(condition) for condition in self.conditions],
            "needs": {
                language: [[str(c) for c in sorted(need)] for need in needs]
                for language, needs in self.needs.items()
            },
            "zone": self.zone.key,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choice":
        """Return a choice from the form the ledger stores."""
        return cls(
            languages=tuple(kept["languages"]),
            default_language=kept["default_language"],
            segment=_segment(kept["segment"]) if kept["segment"] else None,
            conditions=tuple(map(_segment, kept["conditions"])),
            needs={
                language: tuple(frozenset(map(_segment, need)) for need in needs)
                for language, needs in kept.get("needs", {}).items()
            },
            zone=ZoneInfo(kept.get("zone", _UTC.key)),
        )

    def variant_named(self, name: str, language: str) -> Variant:
        """Return the variant of a frozen edition, of which only the name is kept."""
        rest, met = name.removeprefix(language), set[Segment]()
        # The longest first: the name of one condition may begin with that of another.
        for condition in sorted(self.conditions, key=lambda c: len(str(c)), reverse=True):
            if f"+{condition}+" in f"{rest}+":
                met.add(condition)
                rest = f"{rest}+".replace(f"+{condition}+", "+", 1).removesuffix("+")
        return Variant(language=language, met=frozenset(met))

    def eligible(self) -> ColumnElement[bool]:
        """Return the SQL that chooses those who get the issue."""
        return self.asked() & self.has_text()

    def asked(self) -> ColumnElement[bool]:
        """Return the SQL that chooses those the issue is for."""
        chosen = may_be_mailed()
        if self.segment:
            chosen = chosen & self.meets(self.segment)
        return chosen & self.is_new()

    def meets(self, segment: Segment) -> ColumnElement[bool]:
        """Return the SQL for whether somebody is in a segment, the issue's or a block's."""
        return meets(segment, self.zone)

    def is_new(self) -> ColumnElement[bool]:
        """Return the SQL for whether somebody got nothing from the excluded send."""
        return _has_none(*self.beyond) if self.beyond else true()

    def has_text(self) -> ColumnElement[bool]:
        """Return the SQL for whether any text is for somebody."""
        told: ColumnElement[bool] = true()
        for language, needs in self.needs.items():
            met = or_(false(), *(and_(true(), *(self.meets(c) for c in sorted(n))) for n in needs))
            told = told & ((self.language() != language) | met)
        return told

    def language(self) -> ColumnElement[str]:
        """Return the SQL of the language in which a person gets the issue."""
        return case(*self._languages(), else_=literal(self.default_language))

    def has_language(self) -> ColumnElement[bool]:
        """Return the SQL for whether the issue exists in a person's language."""
        return or_(*(language_is for language_is, _ in self._languages()))

    def _languages(self) -> list[tuple[ColumnElement[bool], ColumnElement[str]]]:
        """Return who gets each language; those with a country before those without."""
        exact = [(language_tag_is(tag), literal(tag)) for tag in self.languages]
        spoken = [
            (language_is(code), literal(tag)) for code, tag in by_code(self.languages).items()
        ]
        return [*exact, *spoken]


def _segment(kept: str | Mapping[str, str]) -> Segment:
    """Return a segment as it was stored: written, or in old ledgers as a key and its value."""
    return parse_segment(kept) if isinstance(kept, str) else Segment.of(kept["key"], kept["value"])


def _has_none(send_id: int, last: int) -> ColumnElement[bool]:
    """Return the SQL that finds those without a delivery of a send, up to its last one."""
    theirs = (deliveries.c.send_id == send_id) & (deliveries.c.id <= last)
    by_address = select(true()).where(theirs, deliveries.c.address == subscribers.c.address)
    known = select(deliveries.c.subscriber_id).where(
        theirs, deliveries.c.subscriber_id.is_not(None)
    )
    return ~by_address.exists() & subscribers.c.id.not_in(known)
