"""Which issues the archive has, newest first, kept until another one goes out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from newsletter.archive.impersonal import (
    PublicEdition,
    RegionalPart,
    as_anybody_reads,
    part_of,
)
from newsletter.archive.searching import Hit, SearchIndex
from newsletter.archive.visibility import Access, Visibility
from newsletter.language import Wording, choose_language, say, say_list
from newsletter.ledger import (
    Ledger,
    Published,
    RegionalEdition,
    list_public_editions,
    list_published,
    list_regional_editions,
    sends,
)

_KEPT = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedIssue:
    """An issue that went out."""

    id: str
    date: dt.date
    at: dt.datetime  # when it went out
    access: Access
    editions: Mapping[str, PublicEdition]  # by language, in the order of the newsletter
    # By language: what it says to readers of some regions alone.
    regional: Mapping[str, Sequence[RegionalPart]] = field(default_factory=dict, repr=False)

    def edition_for(self, language: str, *, otherwise: str) -> PublicEdition:
        """Return the edition that somebody reads who wants a language."""
        last = otherwise if otherwise in self.editions else next(iter(self.editions))
        return self.editions[choose_language(language, self.editions, otherwise=last)]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All issues that anybody may see, newest first."""

    issues: tuple[ArchivedIssue, ...]
    index: SearchIndex = field(repr=False)

    @property
    def listed(self) -> list[ArchivedIssue]:
        """Return the issues that a list, a search and a feed may name."""
        return [one for one in self.issues if one.access is not Access.UNLISTED]

    def find(self, issue_id: str) -> ArchivedIssue | None:
        """Return an issue; None for one that nobody may see."""
        return next((one for one in self.issues if one.id == issue_id), None)

    def beside(self, issue: ArchivedIssue) -> tuple[ArchivedIssue | None, ArchivedIssue | None]:
        """Return the issue before one in time, and the one after it."""
        listed = self.listed
        if issue not in listed:
            return None, None
        at = listed.index(issue)
        earlier = listed[at + 1] if at + 1 < len(listed) else None
        return earlier, listed[at - 1] if at else None

    def search(self, query: str, language: str) -> list[tuple[ArchivedIssue, Hit]]:
        """Return the issues with all words of a query, the best first."""
        named = {one.id: one for one in self.listed}
        return [(named[hit.issue], hit) for hit in self.index.find(query, language)]


class Archive:
    """The catalogue of a ledger, made anew when another issue has gone out, and once a day.

    What was frozen stays as it is, but for those who are erased.
    """

    def __init__(self, ledger: Ledger, visibility: Visibility) -> None:
        self._ledger, self.visibility = ledger, visibility
        self._known: dict[int, ArchivedIssue] = {}  # by send
        self._known_since = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._made: tuple[list[int], Catalogue] = ([], _catalogue([]))
        self._lock = Lock()

    def catalogue(self, now: dt.datetime) -> Catalogue:
        """Return the catalogue as it is by now; raise LedgerError if the ledger does not answer."""
        if not self.visibility.is_public:
            return _catalogue([])
        with self._ledger.read() as connection:
            found = list_published(connection, now)
        ids = [one.send.id for one in found]
        with self._lock:
            if now - self._known_since > _KEPT:
                self._known, self._known_since, self._made = {}, now, ([], _catalogue([]))
            if self._made[0] != ids:
                read = (self._read(one) for one in reversed(found))
                self._made = ids, _catalogue([issue for issue in read if issue])
            return self._made[1]

    def why_empty(self, now: dt.datetime) -> Wording | None:
        """Return why there is no issue for anybody to see; None if there is one."""
        if not self.visibility.is_public:
            return say("“public = false” stands under [archive]")
        with self._ledger.read() as connection:
            out = [one.send.issue_id for one in list_published(connection, now)]
            begun = sends.list_attempts(connection)
        if any(self.visibility.access_to(id, is_for_some=False) is not Access.HIDDEN for id in out):
            return None
        if out:
            return say("all that was sent is hidden under [archive]")
        rehearsed = [send.issue_id for send in begun if send.is_rehearsal]
        if rehearsed:
            return say(
                "it shows what readers got, and these were only rehearsed: {issues}; “newsletter "
                "send ID” through a provider brings an issue here",
                issues=say_list(rehearsed),
            )
        return say("it shows what readers got, and nothing was mailed to them yet")

    def _read(self, published: Published) -> ArchivedIssue | None:
        """Return an issue as anybody may read it; None for one that nobody may."""
        send = published.send
        access = self.visibility.access_to(send.issue_id, is_for_some=published.is_for_some)
        if access is Access.HIDDEN:
            return None
        if send.id not in self._known:
            with self._ledger.read() as connection:
                editions = list_public_editions(connection, send.id)
                beside = list_regional_editions(connection, send)
            if not editions:
                return None
            self._known[send.id] = ArchivedIssue(
                id=send.issue_id,
                date=send.issue_date,
                at=published.at,
                access=access,
                editions={
                    one.language: as_anybody_reads(
                        one, public_url=send.public_url, media_url=send.media_url
                    )
                    for one in editions
                },
                regional=_regional(beside),
            )
        return self._known[send.id]


def _regional(beside: Sequence[RegionalEdition]) -> Mapping[str, Sequence[RegionalPart]]:
    """Return what blocks for regions say, by language."""
    found: dict[str, list[RegionalPart]] = {}
    for one in beside:
        # Where pictures lie is of no account: only words are compared.
        plain, whole = (as_anybody_reads(e, public_url="") for e in (one.without, one.with_it))
        if part := part_of(one.segment, plain, whole):
            found.setdefault(one.with_it.language, []).append(part)
    return found


def _catalogue(issues: list[ArchivedIssue]) -> Catalogue:
    listed = [one for one in issues if one.access is not Access.UNLISTED]
    texts = (
        (one.id, language, edition.subject, edition.gist.headings, edition.gist.words)
        for one in listed
        for language, edition in one.editions.items()
    )
    return Catalogue(tuple(issues), SearchIndex(texts))
