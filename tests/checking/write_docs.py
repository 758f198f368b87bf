"""Writes the table of all rules into docs/checking.md: python -m tests.checking.write_docs."""

from collections.abc import Iterable
from pathlib import Path

from newsletter.checking import OFFLINE_RULES, ONLINE_RULES, Rule
from tests.render.wire_faults import PROMISES

PAGE = Path(__file__).parents[2] / "docs" / "checking.md"
ONLINE = "Only with `--online`:\n"
HELD = """\
Held by the tests of the program (`tests/render`), for every provider and whatever the issue and its
readers: no issue, template or setting can break these, so no check asks about them.
"""
BEGIN, END = "<!-- rules: begin -->\n", "<!-- rules: end -->\n"


def tables() -> str:
    """Return the tables of rules as they stand in the page."""
    promises = [Rule(id=id, summary=what, source=where) for id, (what, where) in PROMISES.items()]
    return "\n".join(
        ("", _table(OFFLINE_RULES), ONLINE, _table(ONLINE_RULES), HELD, _table(promises), "")
    )


def written(page: str) -> str:
    """Return the page with its tables as the rules are now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{tables()}{END}{after}"


def _table(rules: Iterable[Rule]) -> str:
    rows = [
        f"| `{rule.id}` | {_cell(rule.summary)} | {_cell(rule.source)} |"
        for rule in sorted(rules, key=lambda rule: rule.id)
    ]
    return "\n".join(["| rule | what is right | where from |", "|---|---|---|", *rows]) + "\n"


def _cell(text: str) -> str:
    # A tag would be one in Markdown as well, and a bar would end the cell.
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
