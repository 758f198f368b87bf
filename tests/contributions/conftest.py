"""A ledger for what people send in: what SQL there is of it, `tests/ledger` tries on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.ledger import Ledger
from tests.ledger.blank import open_blank, put_blank


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger in a file, open for all tests of a process."""
    opened = open_blank(tmp_path_factory.mktemp("contributions") / "newsletter.db")
    yield opened
    opened.close()


@pytest.fixture
def ledger(book: Ledger) -> Ledger:
    """An empty ledger."""
    book.close()
    put_blank(Path(book.place))
    return book
