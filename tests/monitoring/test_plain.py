"""People are told of the work in words: what libraries log is for machines alone."""

import logging
from contextlib import closing

import click
import pytest

from newsletter.cli.watched import Watching, watched
from newsletter.ledgers import ledger_of
from newsletter.settings import load_settings
from tests.conftest import Site

AS_SET = Watching(log=None, log_level=None, metrics=None)


def test_what_libraries_log_is_not_written_between_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, theirs = load_settings(site.root), logging.getLogger("psycopg.pool")
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as the program finds it

    with closing(ledger_of(settings)) as ledger, click.Context(click.Command("worker")):
        with watched(settings, ledger, AS_SET):
            theirs.error("error connecting to %s", "person@example.org")
        assert capsys.readouterr().err == ""

        theirs.error("heard again")
        assert "heard again" in capsys.readouterr().err
