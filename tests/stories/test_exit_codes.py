"""Exit codes mean the same in every command: a table of what happened, and of the code for it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Site

DONE, UNDONE, USAGE, SETTINGS = 0, 1, 2, 3
GUIDE = Path(__file__).parents[2] / "docs" / "guide.md"
SEND = ("send", "2026-06")
TEST = (*SEND, "--test", "me@example.org")
LIST = "email,name\na@example.org,A\n"

Prepare = Callable[[Site], object]


def nothing(_site: Site) -> None:
    """Leave the site as it is: an issue, and two people on the list."""


def rehearsed(site: Site) -> None:
    site.run(*SEND, "--yes")


def broken(site: Site) -> None:
    site.write("issues/2026-06.md", "---\nsubject: Kirje\n---\n\n::: nonsense\n")


def emptied(site: Site) -> None:
    for number in (0, 1):
        site.run("subscribers", "remove", f"person{number}@example.org")


def imported(site: Site) -> None:
    site.write("list.csv", LIST)
    site.run("subscribers", "import", "list.csv", "--yes")


def listed(site: Site) -> None:
    site.write("list.csv", LIST)


def refused(site: Site) -> None:
    site.write("list.csv", LIST + "no address,B\n")


def unreadable(site: Site) -> None:
    site.write("newsletter.toml", "[newsletter\n")


def unlinked(site: Site) -> None:
    site.write("newsletter.toml", '[newsletter]\ntitle = "K"\nlooks = "x"\n')


# What was asked, of which site, with which answer; the code, and why.
TABLE: dict[str, tuple[Prepare, tuple[str, ...], str, int]] = {
    "a word to add is no address": (nothing, ("subscribers", "add", "foo"), "", USAGE),
    "a word to show is no address": (nothing, ("subscribers", "show", "foo"), "", USAGE),
    "a word to rename is no address": (nothing, ("subscribers", "rename", "a", "b"), "", USAGE),
    "a word for a language is none": (
        nothing,
        ("subscribers", "add", "a@b.fi", "--language", "klingon"),
        "",
        USAGE,
    ),
    "a test is to be in no language": (nothing, (*TEST, "--lang", ""), "", USAGE),
    "a plan is shown": (nothing, (*SEND, "--dry-run"), "", DONE),
    "a yes sends": (nothing, SEND, "yes\n", DONE),
    "a no to a send": (nothing, SEND, "no\n", UNDONE),
    "no answer at all": (nothing, SEND, "", UNDONE),
    "a no to a test": (nothing, TEST, "no\n", UNDONE),
    "a test": (nothing, TEST, "ja\n", DONE),
    "a no to an import": (listed, ("subscribers", "import", "list.csv"), "no\n", UNDONE),
    "a yes to an import": (listed, ("subscribers", "import", "list.csv"), "kyllä\n", DONE),
    "an import with refused rows": (
        refused,
        ("subscribers", "import", "list.csv", "--yes"),
        "",
        UNDONE,
    ),
    "a no to an undo": (imported, ("subscribers", "undo"), "no\n", UNDONE),
    "an undo": (imported, ("subscribers", "undo"), "yes\n", DONE),
    "a check without errors": (nothing, ("check", "2026-06"), "", DONE),
    "a check with errors": (broken, ("check", "2026-06"), "", UNDONE),
    "a plan with errors": (broken, (*SEND, "--dry-run"), "", UNDONE),
    "a send with errors": (broken, (*SEND, "--yes"), "", UNDONE),
    "a send to nobody": (emptied, (*SEND, "--yes"), "", USAGE),
    "an order about what was not sent": (nothing, (*SEND, "--pause"), "", USAGE),
    "an issue that does not exist": (nothing, ("check", "1999-01"), "", USAGE),
    "an option that does not exist": (nothing, ("check", "2026-06", "--loud"), "", USAGE),
    "settings that cannot be read": (unreadable, ("check", "2026-06"), "", SETTINGS),
    "settings nobody knows": (unlinked, (*SEND, "--yes"), "", SETTINGS),
    "a rehearsal is over, and the next is declined": (rehearsed, SEND, "no\n", UNDONE),
}


@pytest.mark.parametrize("case", TABLE)
def test_an_exit_code_says_what_became_of_a_command(site: Site, case: str) -> None:
    prepare, command, answer, code = TABLE[case]
    site.people(2)
    prepare(site)

    done = site.run(*command, answer=answer, code=None)

    assert done.returncode == code, done.stdout + done.stderr


# Orders to a send, one after the other, and their codes.
ORDERS: list[tuple[tuple[str, ...], str, int]] = [
    (("--cancel",), "no\n", UNDONE),
    ((), "no\n", UNDONE),
    (("--pause",), "", DONE),
    ((), "", USAGE),  # it is paused; --resume goes on
    (("--dry-run",), "", USAGE),
    (("--cancel", "--json"), "nej\n", UNDONE),
    (("--cancel",), "kyllä\n", DONE),
    (("--yes",), "", UNDONE),  # it was cancelled for good
    (("--dry-run",), "", UNDONE),
    (("--json",), "", UNDONE),
    (("--retry-failed", "--yes"), "", UNDONE),
    (("--cancel",), "", USAGE),
    (("--resume",), "", USAGE),
]


def test_orders_to_a_send_tell_by_their_codes_what_they_did(
    site: Site, start_brevo: Callable[..., object]
) -> None:
    server = start_brevo(site)
    site.people(2)
    server.stop()  # type: ignore[attr-defined]
    site.run(*SEND, "--yes", code=None)  # is frozen, and nobody takes it

    for options, answer, code in ORDERS:
        done = site.run(*SEND, *options, answer=answer, code=None)
        assert done.returncode == code, f"{options}: {done.stdout}{done.stderr}"
        if "--json" in options:
            assert '"state":' in done.stdout


def test_what_is_done_already_is_done(site: Site, start_brevo: Callable[..., object]) -> None:
    start_brevo(site)
    site.people(2)

    assert [site.run(*SEND, "--yes").returncode for _ in range(2)] == [DONE, DONE]


def test_a_cancelled_send_says_so_once_and_what_can_be_done(
    site: Site, start_brevo: Callable[..., object]
) -> None:
    server = start_brevo(site)
    site.people(2)
    server.stop()  # type: ignore[attr-defined]
    site.run(*SEND, "--yes", code=None)
    site.run(*SEND, "--cancel", "--yes")

    said = site.run(*SEND, "--yes", code=UNDONE).stderr

    assert said.lower().count("cancelled") == 1
    assert "a copy of it under another id can be sent" in said


def test_the_guide_has_every_code() -> None:
    table = re.findall(r"^\| (\d+) \|", GUIDE.read_text(encoding="utf-8"), re.M)

    assert table == ["0", "1", "2", "3", "4", "130"]
