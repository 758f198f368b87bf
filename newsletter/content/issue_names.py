"""Which texts may name an issue: what its file is called, and its page in the archive."""

import re

from newsletter.errors import UsageError
from newsletter.language import say

# Pages of the public service and of an archive of files that lie where those of issues do.
PAGES = frozenset(
    {"archive", "index", "links", "subscribe", "meetings", "contribute", "request"}
    | {"regions", "alueet", "regioner"}
)
# Windows has no files of these names, whatever their extension.
_PORTS = frozenset(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))
_DEVICES = frozenset({"aux", "con", "nul", "prn"}) | _PORTS


def check_id(issue_id: str) -> None:
    """Raise UsageError for a text that cannot be the id of an issue."""
    if not re.fullmatch(r"\w[\w-]*", issue_id):
        raise UsageError(
            say(
                "“{issue}” cannot name an issue; use letters, digits and dashes, no dash first",
                issue=issue_id,
            )
        )
    check_is_free(issue_id)
    if (month := re.fullmatch(r"(\d{4})-(\d{1,2})", issue_id)) and not _is_month(*month.groups()):
        year, number = month.groups()
        meant = f"{year}-{number:0>2}"
        meant_it = say("did you mean “{name}”?", name=meant)
        hint = meant_it if _is_month(year, meant[5:]) else say("months go to 12")
        raise UsageError(
            say("“{month}” is not a month such as 2026-12; {hint}", month=issue_id, hint=hint)
        )


def check_is_free(issue_id: str) -> None:
    """Raise UsageError for the id of an issue whose page or file would be another one."""
    if issue_id.lower() in PAGES | _DEVICES:
        raise UsageError(
            say(
                "“{issue}” cannot name an issue, as a page of the service or a device of Windows "
                "is called so; take another name",
                issue=issue_id,
            )
        )


def _is_month(year: str, month: str) -> bool:
    return int(year) > 0 and len(month) == 2 and 1 <= int(month) <= 12
