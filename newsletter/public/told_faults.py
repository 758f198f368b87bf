"""Tells whoever runs the service of files that it cannot read: each fault once."""

from collections.abc import Callable, Iterable

from newsletter.model import Finding, Severity
from newsletter.observing import FileUnread, observe


class ToldFaults:
    """What is wrong with some files, as it was last told."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._told: frozenset[Finding] = frozenset()
        self._missed: set[str] = set()

    def tell(self, findings: Iterable[Finding], is_kept: Callable[[str], bool]) -> None:
        """Tell of the errors that were not there when it was last asked.

        `is_kept` answers for the name of a file whether what it said before is shown.
        """
        errors = [one for one in findings if one.severity is Severity.ERROR]
        for one in errors:
            if one not in self._told:
                observe(_of_finding(one, is_kept))
        self._told = frozenset(errors)

    def tell_missed(self, folder: str, file: str) -> None:
        """Tell once of a file that somebody needs, and that is marked as still to be written."""
        if file not in self._missed:
            self._missed.add(file)
            reason = "its text is marked as still to be written"
            observe(FileUnread(folder=folder, file=file, line=None, reason=reason, is_kept=False))


def _of_finding(finding: Finding, is_kept: Callable[[str], bool]) -> FileUnread:
    folder, _, name = finding.path.rpartition("/")
    return FileUnread(
        folder=folder,
        file=name,
        line=finding.line,
        reason=finding.message,
        is_kept=is_kept(name),
    )
