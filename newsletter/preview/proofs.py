"""Keeps proofs of issues: read, rendered and filled once for each state of their files."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import RLock

from newsletter.content import find_issues
from newsletter.errors import NewsletterError, UsageError
from newsletter.language import say
from newsletter.model import Edition, Persona, Picture, Specimen, Variant
from newsletter.personas import take_specimens
from newsletter.press import (
    Manuscript,
    picture_files,
    read_manuscript,
    render_manuscript,
    stationery_for,
)
from newsletter.preview.recent import Recent
from newsletter.render import candidates_for
from newsletter.reviewing import verify_settings
from newsletter.settings import FILE, Settings, load_settings

_PICTURES = 500  # pictures that the pages may ask for
_ISSUES = 100  # issues kept read and rendered
_READERS = 200  # readers of one issue, whose copies are kept
_CHANGES = 10_000  # issues whose last change is known


def _ignore(_: Edition) -> None:
    """Do nothing about an edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An issue as its files are at one moment; each result is computed once."""

    number: int  # of this state of the files; later states have greater ones
    settings: Settings
    manuscript: Manuscript
    on_rendered: Callable[[Edition], None] = field(default=_ignore, repr=False)  # of each edition
    lock: RLock = field(default_factory=RLock, repr=False)
    editions: dict[Variant, Edition] = field(default_factory=dict, repr=False)
    specimens: dict[str, Specimen] = field(  # by reader
        default_factory=lambda: Recent(_READERS), repr=False
    )

    def variants(self) -> list[Variant]:
        """Return, for each language, the fullest variant, and one for each condition alone."""
        found = self.manuscript.variants()
        for language, issue in self.manuscript.issues.items():
            if issue.conditions:
                found.append(Variant(language=language))
                found += [
                    Variant(language=language, met=frozenset([condition]))
                    for condition in issue.conditions
                ]
        return list(dict.fromkeys(found))

    def edition(self, variant: Variant) -> Edition:
        """Return the edition of a variant."""
        with self.lock:
            if variant not in self.editions:
                made = render_manuscript(self.settings, self.manuscript, [variant])
                self.editions.update(made)
                self.on_rendered(made[variant])
            return self.editions[variant]

    def specimen(self, persona: Persona) -> Specimen:
        """Return what a reader gets."""
        key = reader_of(persona)
        with self.lock:
            if key not in self.specimens:
                editions = {persona.variant: self.edition(persona.variant)}
                now = dt.datetime.now(dt.UTC)
                (self.specimens[key],) = take_specimens(
                    self.settings,
                    stationery_for(self.settings, self.manuscript, editions.values()),
                    editions,
                    [persona],
                    now=now,
                )
            return self.specimens[key]


def reader_of(persona: Persona) -> str:
    """Return the name of a reader in URLs of the preview."""
    is_known = persona.id.startswith("subscriber:")
    return persona.id if is_known else f"{persona.variant}:{persona.id}"


class Proofs:
    """The proofs of a newsletter; takes new ones when notified of changes."""

    def __init__(self, settings: Settings) -> None:
        self.root = settings.root
        self.settings = settings  # the newest that could be read
        self._number = 1  # of the newest state of the files
        self._settings_error: NewsletterError | None = None
        self._changed = Recent[str, int](_CHANGES)  # issue -> number of its last change
        self._changed_all = 1
        self._taken = Recent[str, Proof](_ISSUES)
        self._good = Recent[str, Proof](_ISSUES)
        self._pictures = Recent[str, Picture](_PICTURES)
        self._files = Recent[Path, None](_PICTURES)  # that these are made from
        self._lock = RLock()
        self._verify()

    def note_changes(self, paths: Iterable[Path]) -> None:
        """Take note that files changed."""
        with self._lock:
            self._number += 1
            for path in paths:
                self._note_change(path)

    def _note_change(self, path: Path) -> None:
        issues = self.root / "issues"
        if path.suffix == ".md" and path.parent == issues:
            self._changed[path.name.partition(".")[0]] = self._number
            return
        self._changed_all = self._number
        if path.name == FILE:
            try:
                self.settings = load_settings(self.root)
            except NewsletterError as err:
                self._settings_error = err
            else:
                self._verify()

    def _verify(self) -> None:
        try:
            verify_settings(self.settings)
            self._settings_error = None
        except NewsletterError as err:
            self._settings_error = err

    def number_of(self, issue_id: str) -> int:
        """Return the number of an issue's newest state."""
        return max(self._changed.get(issue_id, 1), self._changed_all)

    def has(self, issue_id: str) -> bool:
        """Return whether there is a file of this issue."""
        return issue_id in find_issues(self.root / "issues")

    def take(self, issue_id: str) -> Proof:
        """Return the proof of an issue as its files are now; raise NewsletterError if broken."""
        with self._lock:
            if self._settings_error:
                raise self._settings_error
            number = self.number_of(issue_id)
            kept = self._taken.get(issue_id)
            if kept and kept.number == number:
                return kept
            manuscript = read_manuscript(self.settings, issue_id)
            proof = Proof(
                number=number,
                settings=self.settings,
                manuscript=manuscript,
                on_rendered=partial(self._note_pictures, manuscript),
            )
            self._taken[issue_id] = proof
            return proof

    def _note_pictures(self, manuscript: Manuscript, edition: Edition) -> None:
        with self._lock:
            for picture in picture_files(edition).values():
                self._pictures[picture.digest] = picture
            for file in _files_behind(manuscript, edition):
                self._files[file] = None

    def files(self) -> set[Path]:
        """Return the files that pictures of the newest editions are made from."""
        with self._lock:
            return set(self._files)

    def note_good(self, issue_id: str, proof: Proof) -> None:
        """Record that a proof could also be rendered."""
        with self._lock:
            self._good[issue_id] = proof

    def last_good(self, issue_id: str) -> Proof | None:
        """Return the newest proof that could be rendered."""
        return self._good.get(issue_id)

    def picture(self, digest: str) -> Picture:
        """Return a picture from any proof; raise UsageError if there is none."""
        with self._lock:
            if digest not in self._pictures:
                raise UsageError(say("there is no picture “{digest}”", digest=digest))
            return self._pictures[digest]


def _files_behind(manuscript: Manuscript, edition: Edition) -> set[Path]:
    """Return the files that an edition's pictures are made from, or would be, were they there."""
    named = [picture.source for picture in edition.shown if picture.of_template]
    named += [unshown.source for unshown in edition.unshown]
    found = {picture.file for picture in edition.shown if picture.file}
    return found.union(*(candidates_for(source, manuscript.look) for source in named))
