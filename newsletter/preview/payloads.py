"""What pages are sent: mail, findings and faults as plain objects for JSON."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter.checking import Report
from newsletter.errors import NewsletterError
from newsletter.language import is_said_in, say_in
from newsletter.mailing import Outcome
from newsletter.masking import mask
from newsletter.model import Finding, Severity, Specimen
from newsletter.preview.proofs import Proof, reader_of
from newsletter.preview.sent_mail import is_changed
from newsletter.preview.views import View, as_shown, snippet_of

CLIP = 102_000  # bytes of HTML after which Gmail clips a mail

_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def describe_mail(proof: Proof, specimen: Specimen, view: View) -> dict[str, Any]:
    """Return a mail as a view shows it, with its row in an inbox."""
    persona = specimen.persona
    issue = proof.manuscript.issues[persona.variant.language]
    name, address = specimen.sender
    return {
        "number": proof.number,
        "reader": reader_of(persona),
        "path": issue.path,
        "language": issue.language,
        "html": shown_html(proof, specimen, view),
        "subject": specimen.subject,
        "sender": {"name": name, "address": address},
        "to": {"name": persona.values.get("name", ""), "address": persona.address},
        "preheader": len(issue.preheader),
        "snippet": snippet_of(specimen.html),
        "weight": weight_of(specimen),
        "changed": view.as_sent and is_changed(proof, specimen),
    }


def shown_html(proof: Proof, specimen: Specimen, view: View) -> str:
    """Return a mail's HTML, with the lines of the issue, as a view shows it."""
    pictures_url = proof.settings.newsletter.pictures_url
    return as_shown(specimen.lined_html, view, public_url=pictures_url)


def weight_of(specimen: Specimen) -> dict[str, int]:
    """Return the size of a mail in bytes, and where Gmail would clip it."""
    return {
        "html": len(specimen.html.encode()),
        "clip": CLIP,
        "pictures": sum(len(picture.data) for picture in specimen.edition.pictures),
        "total": len(specimen.raw),
    }


def describe_parts(specimen: Specimen) -> dict[str, Any]:
    """Return the text part, the source and the headers of a mail."""
    return {
        "language": specimen.edition.language,
        "text": specimen.text,
        "source": specimen.html,
        "headers": [
            {"name": name, "value": " ".join(value.split()), "decoded": _if_other(read, value)}
            for (name, value), (_, read) in zip(specimen.headers, specimen.fields, strict=True)
        ],
        "raw": specimen.raw[:_RAW].decode("ascii", "replace").replace("\r\n", "\n"),
        "cut": len(specimen.raw) > _RAW,
    }


def describe_report(report: Report, number: int, language: str) -> dict[str, Any]:
    """Return a report in the editor's language, the most serious findings first."""
    # Findings of one severity stay in order: file by file, each by line.
    findings = sorted(report.findings, key=lambda finding: _WEIGHT[finding.severity])
    return {
        "number": number,
        "findings": [_describe_finding(finding, language) for finding in findings],
        "skipped": [
            {"id": skipped.id, **_said({"reason": skipped.reason}, language)}
            for skipped in report.skipped
        ],
        "silenced": [
            {**_describe_finding(silenced.finding, language), "reason": silenced.reason}
            for silenced in report.silenced
        ],
        "passed": list(report.passed),
    }


def describe_fault(err: NewsletterError, root: Path, language: str) -> dict[str, Any]:
    """Return what keeps an issue from being shown, in the editor's language."""
    if found := err.findings:
        # What stops the issue, without the warnings found on the way.
        errors = [finding for finding in found if finding.severity is Severity.ERROR]
        return {"findings": [_describe_finding(finding, language) for finding in errors or found]}
    said = _said({"words": err.words}, language)
    lines = said["words"].splitlines()
    return {"findings": [_placed(line, root, said["lang"]) for line in lines]}


def describe_outcome(outcome: Outcome, language: str) -> dict[str, Any]:
    """Return what became of a test; each reason in the editor's language, and which one it is."""
    return {
        **_said({"reason": outcome.reason}, language),
        "state": outcome.state,
        "accepted": outcome.accepted,
        "refused": [_missed(address, why, language) for address, why in outcome.refused],
        "skipped": [_missed(address, why, language) for address, why in outcome.skipped],
    }


def _missed(address: str, why: str, language: str) -> dict[str, str]:
    return {"address": address, **_said({"reason": why}, language)}


def _placed(line: str, root: Path, language: str) -> dict[str, Any]:
    """Split the file and line from the text of an error, if it begins with them."""
    told = {"path": "", "line": None, "lang": language, "message": line, "hint": ""}
    match = re.match(r"(?P<file>[^\n]+?\.\w+):(?:(?P<line>\d+):)? (?P<message>.+)", line)
    if match and (path := Path(match["file"])).is_relative_to(root):
        number = int(match["line"]) if match["line"] else None
        name = path.relative_to(root).as_posix()
        return {**told, "path": name, "line": number, "message": match["message"]}
    return told


_RAW = 200_000  # bytes shown of a message; all of it can be downloaded


def _describe_finding(finding: Finding, language: str) -> dict[str, Any]:
    said = _said({"message": finding.message, "hint": finding.hint}, language)
    return {**finding.as_data(), **said}


def _said(texts: Mapping[str, str], language: str) -> dict[str, str]:
    """Return texts in one language, without secrets, and its code.

    English if one of them has no translation.
    """
    spoken = language if all(is_said_in(language, text) for text in texts.values()) else "en"
    return {"lang": spoken, **{key: mask(say_in(spoken, text)) for key, text in texts.items()}}


def _if_other(read: str, written: str) -> str:
    """Return a header's value as people read it; empty if it is written like that."""
    return read if read.split() != written.split() else ""
