"""The list of issues: title and state of each."""

from typing import Any

from newsletter.content import list_heads
from newsletter.language import say_in, say_many
from newsletter.ledger import Send, contributions, list_attempts
from newsletter.model import IssueState, SendState, Severity
from newsletter.preview.desk import Checked, Desk


def list_shelf(desk: Desk) -> list[dict[str, Any]]:
    """Return all issues for the page, the newest first."""
    settings = desk.settings
    heads = list_heads(settings.root, language=settings.newsletter.language)
    sent: dict[str, Send] = {}
    if desk.ledger:
        with desk.ledger.read() as connection:
            sent = {send.issue_id: send for send in list_attempts(connection)}
    issues: dict[str, dict[str, Any]] = {}
    for head in heads:
        known = issues.setdefault(head.id, {"id": head.id, "languages": []})
        known["languages"].append(head.language)
        if len(known["languages"]) == 1 or head.language == settings.newsletter.language:
            known |= {"subject": head.subject, "number": head.number, "date": head.date}
    for id, issue in issues.items():
        send = sent.get(id)
        issue["state"] = _state(send, desk.checked.get(id), desk.proofs.number_of(id))
        issue["was_mailed"] = send is not None and not send.is_rehearsal
    return sorted(issues.values(), key=lambda i: (str(i["date"] or ""), i["id"]), reverse=True)


def count_waiting(desk: Desk) -> tuple[int, str]:
    """Return how much that people sent in waits for the editor, as a number and in words."""
    if desk.ledger is None:
        return 0, ""
    with desk.ledger.read() as connection:
        waiting = contributions.count_waiting(connection)
    words = say_many(
        "{n:,} contribution or request waits for you: newsletter contributions list",
        "{n:,} contributions and requests wait for you: newsletter contributions list",
        n=waiting.count,
    )
    return waiting.count, say_in(desk.language, words)


def _state(send: Send | None, checked: Checked | None, number: int) -> IssueState | SendState:
    if send and not send.is_rehearsal:
        return send.state
    if send and send.state is SendState.DONE:
        return IssueState.REHEARSED
    if checked is None or checked.number != number:
        return IssueState.DRAFT
    is_faulty = checked.report is None or checked.report.count(Severity.ERROR)
    return IssueState.ERRORS if is_faulty else IssueState.CHECKED
