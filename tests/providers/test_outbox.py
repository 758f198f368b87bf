"""The local outbox: files that are whole, whatever the address."""

import re
from pathlib import Path

import pytest

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Call, Message, State
from newsletter.providers import Options
from newsletter.providers.outbox import Outbox


def _call(*addresses: str) -> Call:
    messages = tuple(
        Message(delivery=n, address=a, mime=b"Subject: x\r\n\r\nx") for n, a in enumerate(addresses)
    )
    return Call(
        key="k", tags=("t", "b"), folder="2026-12", sender=("", "a@example.org"),
        messages=messages,
    )  # fmt: skip


def test_its_page_speaks_the_language_of_the_newsletter(tmp_path: Path) -> None:
    outbox = Outbox(Options(folder=tmp_path, language="fi"))
    outbox.send(_call("aino@example.org"))
    outbox.close()

    (page,) = (path.read_text(encoding="utf-8") for path in tmp_path.rglob("index.html"))
    assert '<html lang="fi">' in page
    assert "1 kirje" in page
    assert "Kirje on tiedosto, eikä mitään lähetetty." in page
    assert not re.search(r"nothing|message|files", page)


def test_addresses_of_any_length_and_letters_have_files_of_their_own(tmp_path: Path) -> None:
    long = ["x" * 64 + "@" + ".".join(["y" * 60] * 3) + f".example{n}.org" for n in range(2)]
    odd = ["a/b@example.org", "../c@example.org", "d%2Fe@example.org", "'f g'@example.org"]

    outcomes = Outbox(Options(folder=tmp_path)).send(_call(*long, *odd))

    assert {outcome.state for outcome in outcomes} == {State.ACCEPTED}
    assert len(list((tmp_path / "2026-12").iterdir())) == 6
    assert list(tmp_path.iterdir()) == [tmp_path / "2026-12"]


def test_a_repeated_call_writes_the_same_files_again(tmp_path: Path) -> None:
    outbox = Outbox(Options(folder=tmp_path))

    first = outbox.send(_call("a@example.org"))
    again = outbox.send(_call("a@example.org"))

    assert first == again
    assert [path.name for path in (tmp_path / "2026-12").iterdir()] == ["a@example.org.eml"]


def test_a_folder_that_cannot_be_written_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(ProviderError) as caught:
        Outbox(Options(folder=tmp_path / "outbox")).send(_call("a@example.org"))

    assert caught.value.verdict is Verdict.STOP
    assert str(tmp_path / "outbox") in str(caught.value)
