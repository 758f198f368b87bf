"""The privacy notices that editors copy tell how long things are kept unless settings differ."""

import pytest

from newsletter.settings.schema import RetentionTable, WebhooksTable
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(
    ("page", "months", "days"),
    [
        ("consent.md", "{} months", "{}\n> days|{} days"),
        ("fi/tietosuojaseloste.md", "{} kuukautta", "{} päivää"),
        ("sv/dataskydd.md", "{} månader", "{} dagar"),
    ],
)
def test_a_privacy_notice_names_the_periods_that_are_the_defaults(
    page: str, months: str, days: str
) -> None:
    words = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    notice = "\n".join(line for line in words.splitlines() if line.startswith(">"))
    kept = RetentionTable()

    assert months.format(kept.departed_months) in notice
    for number in (kept.wish_days, kept.return_days, WebhooksTable().kept_days):
        assert any(form.format(number) in notice for form in days.split("|"))
