"""What the preview reads of figures is what all others read, whoever looks first."""

import datetime as dt
from pathlib import Path

from newsletter import pipeline
from newsletter.ledgers import ledger_of
from newsletter.model import ReturnKind
from newsletter.preview.desk import Desk
from newsletter.settings import load_settings
from tests.mailing.test_alarms import settings_in
from tests.stats.sent import DAY, HOUR, copies_of, is_told, issue_goes_out, people_join

ISSUE = "2026-06"


def test_groups_are_told_of_though_the_preview_was_opened_first(tmp_path: Path) -> None:
    settings_in(tmp_path, None)
    file = tmp_path / "newsletter.toml"
    file.write_text(f'{file.read_text("utf-8")}\n[statistics]\ngroup_by = "region"\n', "utf-8")
    settings = load_settings(tmp_path)
    now = dt.datetime.now(dt.UTC)
    ledger = ledger_of(settings)
    with ledger.write() as connection:
        people_join(connection, 20, region="Lappi")
        people_join(connection, 20, region="Turku")
        send = issue_goes_out(connection, ISSUE, begun=now - 9 * DAY)
        told = [(copy, ReturnKind.DELIVERED) for copy in copies_of(connection, send)]
        is_told(connection, told, at=now - 9 * DAY + HOUR)

    desk = Desk(settings)
    [seen] = desk.read_figures([ISSUE])
    desk.close()
    [later] = pipeline.report(settings, ledger, now=now).issues
    ledger.close()

    assert {group.name for group in seen.groups["region"]} == {"Lappi", "Turku"}
    assert later.groups == seen.groups
