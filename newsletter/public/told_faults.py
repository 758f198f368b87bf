"""Tells whoever runs the service of files that it cannot read: each fault once."""

from collections.abc import Iterable

from newsletter.model import Finding, Severity
from newsletter.observing import FileUnread, observe


class ToldFaults:
    """What is wrong with some files, as it was last told."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._told: frozenset[Finding] = frozenset()

    def tell(self, findings: Iterable[Finding]) -> None:
        """Tell of the errors that were not there when it was last asked."""
        errors = [one for one in findings if one.severity is Severity.ERROR]
        for one in errors:
            if one not in self._told:
                name = one.path.rpartition("/")[2]
                observe(FileUnread(file=name, line=one.line, reason=one.message))
        self._told = frozenset(errors)
