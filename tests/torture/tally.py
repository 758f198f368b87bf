"""Sum up rounds in a table."""

from collections.abc import Sequence

from .rounds import Report

_HEAD = (
    *("kind", "provider", "rounds", "kills", "under way", "repeats"),
    *("looked up", "lost", "twice", "unknown", "s a round", "faulty"),
)


def table(reports: Sequence[Report]) -> str:
    """Return a line for each kind and provider, and their sum."""
    groups: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        groups.setdefault((report.kind, report.house), []).append(report)
    rows = [_HEAD, *(_row(*names, group) for names, group in groups.items())]
    rows.append(_row("all", "", reports))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _row(kind: str, house: str, group: Sequence[Report]) -> tuple[str, ...]:
    verdicts = [report.verdict for report in group]
    counts = (
        len(group),
        sum(report.kills for report in group),
        sum(report.calls for report in group),
        sum(verdict.repeats for verdict in verdicts),
        sum(verdict.asked for verdict in verdicts),
        sum(verdict.lost for verdict in verdicts),
        sum(verdict.twice for verdict in verdicts),
        sum(verdict.unknown for verdict in verdicts),
    )
    seconds = sum(report.seconds for report in group) / max(1, len(group))
    faulty = sum(1 for report in group if report.faults)
    return (kind, house, *(f"{n:,}" for n in counts), f"{seconds:.1f}", str(faulty))


def _line(row: tuple[str, ...], widths: Sequence[int]) -> str:
    names = (cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True))
    figures = (cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True))
    return "  ".join((*names, *figures))
