"""The editor's desk: takes proofs when files change, notifies the open pages, then checks."""

import datetime as dt
import secrets
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from time import sleep
from typing import Any

from starlette.requests import Request

from newsletter import pipeline
from newsletter.checking import Report
from newsletter.errors import NewsletterError, UsageError
from newsletter.language import say, spoken_language
from newsletter.ledger import Ledger, find_picture
from newsletter.ledgers import existing_ledger
from newsletter.masking import show_fault
from newsletter.model import IssueFigures, Picture, Specimen
from newsletter.preview.hub import Hub, Stream
from newsletter.preview.payloads import describe_fault, describe_mail, describe_report
from newsletter.preview.proofs import Proof, Proofs
from newsletter.preview.readers import find_persona
from newsletter.preview.recent import Recent
from newsletter.preview.sent_mail import sent_specimen
from newsletter.preview.views import View
from newsletter.settings import Settings

# A program that saves a file may empty it first: a broken file is reported only if it stays so.
_GRACE = 0.08
_REPORTS = 1000  # issues kept: those of a newsletter's lifetime
_DRAWING_PAUSE = 0.03  # seconds for the page to draw what it was sent before checking begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The last report about an issue."""

    number: int  # of the proof it is about
    report: Report | None  # None: the issue could not be checked


class Desk:
    """Everything the preview holds open, until `close`."""

    def __init__(self, settings: Settings) -> None:
        self.proofs = Proofs(settings)
        self.hub = Hub(lambda: self.language)
        self.secret = secrets.token_urlsafe(24)  # carried by the forms of this process
        self.checked = Recent[str, Checked](_REPORTS)
        self._ledger: Ledger | None = None
        self._ledger_lock = Lock()
        self._changes: list[Path] = []
        self._changes_lock = Lock()
        self._is_dirty = Event()
        self._is_closed = False
        self._checker = ThreadPoolExecutor(1, "check")
        self._checking: set[str] = set()

    @property
    def settings(self) -> Settings:
        """Return the newest settings that could be read."""
        return self.proofs.settings

    @property
    def language(self) -> str:
        """Return the language the preview speaks."""
        return spoken_language(self.settings.newsletter.language)

    @property
    def ledger(self) -> Ledger | None:
        """Return the ledger, once there is one."""
        with self._ledger_lock:
            if self._ledger is None:
                self._ledger = existing_ledger(self.settings)
            return self._ledger

    def start(self) -> None:
        """Start waiting for changes."""
        Thread(target=self._work, name="proofs", daemon=True).start()

    def close(self) -> None:
        """Close all streams and stop working."""
        self._is_closed = True
        self._is_dirty.set()
        self.hub.end_all()
        self._checker.shutdown(wait=False, cancel_futures=True)
        if self._ledger:
            self._ledger.close()

    def note_changes(self, paths: Iterable[Path]) -> None:
        """Take note that files changed; the pages are updated."""
        with self._changes_lock:
            self._changes += paths
        self._is_dirty.set()

    # --- what pages ask for ---------------------------------------------------------------

    def specimen(self, view: View) -> tuple[Proof, Specimen]:
        """Return what a view shows; raise NewsletterError if the issue is broken."""
        proof = self.proofs.take(view.issue)
        shown = self._specimen_of(proof, view)
        self.proofs.note_good(view.issue, proof)
        return proof, shown

    def picture(self, digest: str) -> Picture:
        """Return a picture of a mail, by now or as it was sent; raise UsageError if unknown."""
        try:
            return self.proofs.picture(digest)
        except UsageError:
            if self.ledger:
                with self.ledger.read() as connection:
                    if found := find_picture(connection, digest):
                        return found
            raise

    def read_figures(self, issue_ids: Collection[str] = ()) -> list[IssueFigures]:
        """Return what is known of these issues, or of all, that readers were mailed."""
        if self.ledger is None:
            return []
        now = dt.datetime.now(dt.UTC)
        report = pipeline.report(self.settings, self.ledger, now=now, language=self.language)
        mailed = [issue for issue in report.issues if not issue.is_rehearsal]
        return [issue for issue in mailed if not issue_ids or issue.issue in issue_ids]

    def greet(self, stream: Stream) -> None:
        """Send a page that has just opened the current state, and check the issue if necessary."""
        if stream.view is None:
            stream.push("issues", {})  # a check may have ended since the list was made
            return
        if fault := self._try_to_push(stream, stream.view):
            self._push_fault(stream, fault)
            self._push_last_good(stream, stream.view)
        self._push_checked(stream)

    # --- when files change ----------------------------------------------------------------

    def _work(self) -> None:
        while not self._is_closed:
            self._is_dirty.wait()
            self._is_dirty.clear()
            with self._changes_lock:
                changes, self._changes = self._changes, []
            if changes and not self._is_closed:
                self.proofs.note_changes(changes)
                self._notify_all()

    def _notify_all(self) -> None:
        faults: list[tuple[Stream, NewsletterError]] = []
        for stream in self.hub.streams():
            if stream.view and (fault := self._try_to_push(stream, stream.view)):
                faults.append((stream, fault))
        self._notify_shelves()
        if faults and self._is_dirty.wait(_GRACE):
            return  # saved again meanwhile, so all of them are notified again
        for stream, fault in faults:
            self._push_fault(stream, fault)
        for issue in {s.issue for s in self.hub.streams()} - {""}:
            self._begin_check(issue)

    def _notify_shelves(self) -> None:
        self._push("", "issues", {})

    def _push_fault(self, stream: Stream, fault: NewsletterError) -> None:
        told = describe_fault(fault, self.proofs.root, self.language)
        has_mail = self.proofs.last_good(stream.issue) is not None
        stream.push("fault", {**told, "has_mail": has_mail})

    def _try_to_push(self, stream: Stream, view: View) -> NewsletterError | None:
        try:
            proof, specimen = self.specimen(view)
        except Exception as err:
            return _as_fault(err)
        stream.push("mail", describe_mail(proof, specimen, view))
        return None

    def _push_last_good(self, stream: Stream, view: View) -> None:
        proof = self.proofs.last_good(view.issue)
        if proof is None:
            return
        with suppress(NewsletterError):  # a reader who has left the list
            specimen = self._specimen_of(proof, view)
            stream.push("mail", {**describe_mail(proof, specimen, view), "stale": True})

    def _specimen_of(self, proof: Proof, view: View) -> Specimen:
        persona = find_persona(proof, view.reader, self.ledger)
        sent = sent_specimen(proof, persona, self.ledger) if view.as_sent else None
        return sent or proof.specimen(persona)

    # --- checking -------------------------------------------------------------------------

    def _push_checked(self, stream: Stream) -> None:
        issue = stream.issue
        known = self.checked.get(issue)
        if known and known.report:
            stream.push("report", describe_report(known.report, known.number, self.language))
        elif known:
            stream.push("unchecked", {})
        if known is None or known.number != self.proofs.number_of(issue):
            self._begin_check(issue)

    def _begin_check(self, issue: str) -> None:
        """Check an issue in the background; a check already waiting will see the newest files."""
        if issue in self._checking or self._is_closed:
            return
        self._checking.add(issue)
        self._push(issue, "checking", {})
        self._checker.submit(self._check, issue)

    def _check(self, issue: str) -> None:
        sleep(_DRAWING_PAUSE)
        self._checking.discard(issue)
        number = self.proofs.number_of(issue)
        try:
            proof = self.proofs.take(issue)
            now = dt.datetime.now(dt.UTC)
            report = pipeline.check(
                proof.settings, proof.manuscript, self.ledger, now=now, made=proof.editions
            )
        except Exception as err:
            _as_fault(err)
            if self.proofs.has(issue):  # anybody may ask for any name
                self.checked[issue] = Checked(number=number, report=None)
            self._push(issue, "unchecked", {})
        else:
            self.checked[issue] = Checked(number=number, report=report)
            if number == self.proofs.number_of(issue):
                self._push(issue, "report", describe_report(report, number, self.language))
        self._notify_shelves()

    def _push(self, issue: str, event: str, data: dict[str, Any]) -> None:
        for stream in self.hub.streams():
            if stream.issue == issue:
                stream.push(event, data)


def desk_of(request: Request) -> Desk:
    """Return the desk that a request of a page is answered at."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101 - put there when the application was built
    return desk


def _as_fault(err: Exception) -> NewsletterError:
    """Return an error for the pages; a bug in the program is shown in the terminal too."""
    if isinstance(err, NewsletterError):
        return err
    show_fault(err)
    return NewsletterError(say("{kind}: {reason}", kind=type(err).__name__, reason=str(err)))
