"""The list of issues: title, state, and open rate of each."""

from typing import Any

from newsletter.content import list_heads
from newsletter.ledger import Send
from newsletter.mailing import list_known
from newsletter.model import Figures, IssueState, SendState, Severity
from newsletter.preview.desk import Checked, Desk
from newsletter.stats import open_rate


def list_shelf(desk: Desk) -> list[dict[str, Any]]:
    """Return all issues for the page, the newest first."""
    settings = desk.settings
    heads = list_heads(settings.root, language=settings.newsletter.language)
    sent = {}
    if desk.ledger:
        sent = {k.send.issue_id: (k.send, k.figures) for k in list_known(desk.ledger)}
    issues: dict[str, dict[str, Any]] = {}
    for head in heads:
        known = issues.setdefault(head.id, {"id": head.id, "languages": []})
        known["languages"].append(head.language)
        if len(known["languages"]) == 1 or head.language == settings.newsletter.language:
            known |= {"subject": head.subject, "number": head.number, "date": head.date}
    for id, issue in issues.items():
        send, figures = sent.get(id, (None, None))
        issue["state"] = _state(send, desk.checked.get(id), desk.proofs.number_of(id))
        was_mailed = send and not send.is_rehearsal
        issue["figures"] = _figures(figures) if figures and was_mailed else {}
    return sorted(issues.values(), key=lambda i: (str(i["date"] or ""), i["id"]), reverse=True)


def _state(send: Send | None, checked: Checked | None, number: int) -> IssueState | SendState:
    if send and not send.is_rehearsal:
        return send.state
    if send and send.state is SendState.DONE:
        return IssueState.REHEARSED
    if checked is None or checked.number != number:
        return IssueState.DRAFT
    is_faulty = checked.report is None or checked.report.count(Severity.ERROR)
    return IssueState.ERRORS if is_faulty else IssueState.CHECKED


def _figures(figures: Figures) -> dict[str, Any]:
    rate = open_rate(figures)
    return {
        "recipients": figures.sent,
        "delivered": figures.delivered,
        "low": rate.low,
        "high": rate.high,
    }
