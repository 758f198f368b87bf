"""Of all who write at one place, one does at a time, however the turns follow one another."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.ledger import connect_ledger
from newsletter.safekeeping.turns import alone_at, alone_on
from tests.servers.postgres import PostgresServer


@pytest.fixture
def turns() -> Iterator[ExitStack]:
    """All turns that are taken; they end with the test at the latest."""
    with ExitStack() as stack:
        yield stack


def test_who_comes_while_a_lock_is_deleted_does_not_share_the_turn_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: ExitStack
) -> None:
    file, unlink, inside = tmp_path / "newsletter.db", Path.unlink, list[str]()

    def come(who: str) -> None:
        with suppress(ConfigError):
            turns.enter_context(alone_at(file.name, file))
            inside.append(who)

    def unlink_late(path: Path, *, missing_ok: bool = False) -> None:
        monkeypatch.setattr(Path, "unlink", unlink)
        come("second")
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink_late)
        with alone_at(file.name, file):
            pass
        come("third")

    assert inside == ["third"]


def test_who_holds_a_lock_that_is_deleted_is_told_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: ExitStack
) -> None:
    file, is_locked = tmp_path / "newsletter.db", "newsletter.safekeeping.turns.FileLock.acquire"
    first = ExitStack()
    first.enter_context(alone_at(file.name, file))

    def end_first(*_: object, **__: object) -> None:
        first.close()

    with monkeypatch.context() as patched:
        patched.setattr(is_locked, end_first)
        with pytest.raises(ConfigError, match="wait for its end"):
            turns.enter_context(alone_at(file.name, file))

    turns.enter_context(alone_at(file.name, file))


def test_of_two_machines_that_move_a_servers_ledger_one_does(
    postgres: PostgresServer, turns: ExitStack
) -> None:
    url = postgres.create_database("turns")
    here, there = (turns.enter_context(closing(connect_ledger(url))) for _ in range(2))

    with alone_on("news", here), pytest.raises(ConfigError, match="news: wait for its end"):
        turns.enter_context(alone_on("news", there))

    turns.enter_context(alone_on("news", there))
