"""Asks for a notice in a process of its own, which a test may kill: FOLDER, LEDGER, ADDRESS ..."""

import datetime as dt
import sys
from pathlib import Path
from threading import Event

from newsletter import pipeline
from newsletter.ledger import open_ledger
from newsletter.mailing import Notice
from newsletter.model import NoticeKind
from newsletter.settings import load_settings

NOTICE = Notice(
    kind=NoticeKind.CONFIRMATION,
    key="2026-12-15",
    subject="Vahvista tilauksesi",
    html='<p>Hei! <a href="https://www.example.org/c">Vahvista</a> {{7*7}} {% x %} zq0z</p>',
    text="Hei! Vahvista: https://www.example.org/c {{7*7}} {% x %} zq0z\n",
    language="fi",
)


def main(folder: str, place: str, *addresses: str) -> None:
    """Ask for the notice, to these addresses."""
    ledger = open_ledger(place if "://" in place else Path(place))
    now = dt.datetime.now(dt.UTC)
    pipeline.notify(load_settings(Path(folder)), ledger, NOTICE, addresses, now=now, stop=Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
