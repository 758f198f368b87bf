"""What stands in a block of the newsletter's own is checked like all else."""

from pathlib import Path

import pytest

from newsletter.checking import check_draft
from tests.checking.conftest import Maker
from tests.checking.desk import Prepare, letter
from tests.render.own import TIP, TIP_MJML, declare

_CARD = """\
[arguments.name]
[arguments.face]
kind = "picture"
alt = "name"
"""
_CARD_MJML = """\
<mj-text><img src="{{ block.arguments.face.source }}" alt="{{ block.arguments.face.alt }}">
{{ block.arguments.name }}</mj-text>
"""


def _blocks(folder: Path) -> None:
    declare(folder.parent, "tip", TIP, TIP_MJML)
    declare(folder.parent, "card", f'holds = "nothing"\n{_CARD}', _CARD_MJML)


def _with_swedish(body: str) -> Prepare:
    def prepare(folder: Path) -> None:
        _blocks(folder)
        (folder / "2026-12.sv.md").write_text(letter(body, subject="December"), encoding="utf-8")

    return prepare


def found(draft_of: Maker, body: str, *, swedish: str = "") -> dict[str, int | None]:
    """Return the ids of findings about an issue, or its translation, each with its line."""
    prepare = _with_swedish(swedish) if swedish else _blocks
    file = "2026-12.sv.md" if swedish else "2026-12.md"
    report = check_draft(draft_of(letter(body), prepare=prepare, file=file), silence={})
    return {finding.id: finding.line for finding in report.findings}


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("date-weekday", "::: tip Maanantaina 15.12.2026\nHei.\n:::"),
        ("link-host", "::: tip A link=https://intranet/\nHei.\n:::"),
        ("image-alt", "::: card face=p.png name=p.png\n:::"),
        ("a11y-headings", "::: tip\n###### Liian syvä\n\nHei.\n:::"),
        ("a11y-link-name", "::: tip\n[tästä](https://www.example.org/)\n:::"),
    ],
)
def test_a_fault_within_is_told_with_its_line(rule: str, body: str, draft_of: Maker) -> None:
    told = found(draft_of, f"Hei kaikille.\n\n{body}")

    assert rule in told, sorted(told)
    assert told[rule] in (8, 9)


@pytest.mark.parametrize(
    ("rule", "here", "there"),
    [
        ("parity-numbers", "Se on 4711", "Det är så"),
        ("parity-dates", "15.12.2026", "nästa vecka"),
        ("parity-links", "A link=https://www.example.org/", "A"),
    ],
)
def test_what_a_translation_lacks_in_an_argument_is_told(
    rule: str, here: str, there: str, draft_of: Maker
) -> None:
    body = "Hei kaikille.\n\n::: tip {}\nHei.\n:::"

    assert rule in found(draft_of, body.format(here), swedish=body.format(there))
    assert rule not in found(draft_of, body.format(here), swedish=body.format(here))
