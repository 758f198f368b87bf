"""A segment: a rule that chooses people by what is known of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.segments.trees import Asked, Equal, Tree, Values, asked_in


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A rule that somebody meets or not; two that are written alike are the same."""

    text: str  # in its stored form: English words, brackets where they are needed
    tree: Tree = field(compare=False, repr=False)
    # Whether “and” and “or” stood side by side without brackets, so that it may be misread.
    is_mixed: bool = field(default=False, compare=False, repr=False)

    @classmethod
    def of(cls, name: str, value: str) -> "Segment":
        """Return the rule that a value of this name equals another, in the form name=value."""
        return cls(f"{name}={value}", Equal(name, (value,)))

    def __str__(self) -> str:
        return self.text

    def holds(self, values: Values) -> bool:
        """Return whether somebody of whom this is known is in the segment.

        Names are in lower case; days are in the form 2026-03-01.
        """
        return self.tree.holds(values)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of what it asks for, each once, in order."""
        return tuple(dict.fromkeys(test.name for test in self.asked()))

    def asked(self) -> Iterator[Asked]:
        """Yield what is asked of single values, in order."""
        return asked_in(self.tree)

    def values_of(self, name: str) -> tuple[str, ...]:
        """Return the values that are asked for by a name, each once, in order."""
        asked = (t.values for t in self.asked() if isinstance(t, Equal) and t.name == name)
        return tuple(dict.fromkeys(value for values in asked for value in values))
