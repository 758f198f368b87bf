"""The settings of statistics say over which days, for whom and where, and what is wrong there."""

from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.settings import Settings, load_settings
from tests.test_config import GOOD


def load(folder: Path, text: str) -> Settings:
    """Return settings with some tables more."""
    (folder / "newsletter.toml").write_text(GOOD + text, encoding="utf-8")
    return load_settings(folder)


def test_without_a_word_a_week_is_counted_and_written_down_and_nobody_is_mailed(
    tmp_path: Path,
) -> None:
    settings = load(tmp_path, "")

    assert settings.statistics.window_days == 7
    assert settings.statistics.group_by is None
    assert settings.statistics.log == "statistics.csv"
    assert settings.statistics.headers == "language"
    assert (settings.report.to, settings.report.days_after) == ([], 8)


def test_all_of_it_can_be_chosen(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        '[statistics]\nwindow_days = 14\ngroup_by = "region"\nlog = "tilastot/luvut.csv"\n'
        'headers = "en"\n[report]\nto = ["Hallitus <hallitus@example.org>"]\ndays_after = 15\n',
    )

    assert settings.statistics.window_days == 14
    assert settings.statistics.group_by == "region"
    assert settings.statistics.log == "tilastot/luvut.csv"
    assert settings.report.to == ["Hallitus <hallitus@example.org>"]


def test_no_log_is_written_where_its_name_is_empty(tmp_path: Path) -> None:
    assert load(tmp_path, '[statistics]\nlog = ""\n').statistics.log == ""


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("[statistics]\nwindow_days = 0\n", "statistics.window_days", "1"),
        ("[statistics]\nwindow_days = 29\n", "statistics.window_days", "28"),
        ('[statistics]\ngroup_by = ""\n', "statistics.group_by", "expected words"),
        # languages are told apart anyway
        ('[statistics]\ngroup_by = "language"\n', "statistics.group_by", "another attribute"),
        # each reader would be a group of one
        ('[statistics]\ngroup_by = "email"\n', "statistics.group_by", "“region”"),
        ('[statistics]\nheaders = "fi"\n', "statistics.headers", "language"),
        # a log elsewhere, or among what the editor writes
        ('[statistics]\nlog = "/tmp/statistics.csv"\n', "statistics.log", "newsletter's folder"),
        ('[statistics]\nlog = "../statistics.csv"\n', "statistics.log", "newsletter's folder"),
        ('[statistics]\nlog = "statistics.xlsx"\n', "statistics.log", "“statistics.csv”"),
        ('[statistics]\nlog = "issues/2026-12.csv"\n', "statistics.log", "another place"),
        ('[report]\nto = ["hallitus"]\n', "report.to", "@-sign"),
        ('[report]\nto = "a@example.org"\n', "report.to", "list"),
        ("[report]\ndays_after = 0\n", "report.days_after", "1"),
        ("[report]\ndays_after = 61\n", "report.days_after", "60"),
    ],
)
def test_a_faulty_value_is_told_with_its_line_and_what_was_expected(
    tmp_path: Path, text: str, key: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)

    assert f"{tmp_path / 'newsletter.toml'}:7: “{key}" in str(caught.value)
    assert words in str(caught.value)
