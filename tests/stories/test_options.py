"""Options that mean nothing together are refused, whatever the command, before anything is done."""

import json
from collections.abc import Iterator
from itertools import combinations

import click
import pytest

from newsletter.cli.main import COMMANDS, cli
from tests.conftest import Site

# For each command: its options, but for those that may stand beside any other.
NEW = {"--not-sent-before", "--segment", "--at", "--canary", "--canary-wait", "--max-bounce"}
GOING_ON = {"--retry-failed", "--unknown"}
FORMS = ("--csv", "--json", "--sources")  # of figures
ORDERS = {"--late", "--pause", "--resume", "--cancel"}

# What a pair needs besides, so that it alone is judged.
NEEDS = {
    "--canary-wait": ["--canary"],
    "--max-bounce": ["--canary-wait", "--canary"],
    "--lang": ["--test"],
    "--yes": ["--mail"],
    "--public": ["--html"],
    "--remote": ["--person"],
    "--to": ["--file"],
    "--at-least": ["--file"],
    "--undo": ["--person"],
    "--out": ["--person"],
}

# What may stand in its place.
INSTEAD = {"--yes": {"--update-rules"}}

# The pairs that are refused, even when everything else that they need is there.
REFUSED: dict[str, set[frozenset[str]]] = {
    "send": {
        *(
            frozenset({one, other})
            for one in ("--test", "--lang")  # which is that of a test
            for other in NEW | GOING_ON | ORDERS
        ),
        *(frozenset({a, b}) for a in GOING_ON for b in NEW | ORDERS),
        *(
            frozenset({a, b})
            for a in ORDERS
            for b in NEW
            if (a, b) != ("--late", "--not-sent-before")  # of a ledger that was restored
        ),
        *(frozenset({order, "--dry-run"}) for order in ORDERS - {"--late"}),
        *(frozenset(pair) for pair in combinations(ORDERS, 2)),
        frozenset({"--at", "--canary-wait"}),
        frozenset({"--at", "--max-bounce"}),  # which needs --canary-wait
    },
    "stats": {
        *(frozenset(pair) for pair in combinations(FORMS, 2)),
        *(frozenset({report, form}) for report in ("--html", "--pdf") for form in FORMS),
        *(
            frozenset({mailed, other})
            for mailed in ("--mail", "--yes")  # which is that of a mail, or of rules
            for other in ("--html", "--pdf", *FORMS)
        ),
        *(
            frozenset({"--update-rules", other})
            for other in ("--pull", "--html", "--pdf", "--mail", *FORMS)
        ),
    },
    "doctor": {frozenset({"--online", "--offline"})},
    "returns": {frozenset(pair) for pair in combinations(("--gone", "--stay", "--json"), 2)},
    "status": {
        frozenset({one, other})
        for one in ("--notices", "--findings")
        for other in ("--findings", "--recipients", "--state")
        if one != other
    },
    "sync": {
        frozenset({"--imap", "--no-imap"}),
        frozenset({"--yes", "--dry-run"}),
        *(
            frozenset({"--sign-in", other})
            for other in ("--imap", "--no-imap", "--dry-run", "--yes", "--json")
        ),
    },
    "subscribers export": {
        frozenset({"--segment", one})
        for one in ("--person", "--out")  # which is that of a person
    },
    "subscribers undo": {frozenset({"--list", other}) for other in ("--keep-left", "--yes")},
    "meetings waiting": {frozenset({"--pause", "--go-on"})},
    "meetings message": {frozenset({"--changes", one}) for one in ("--file", "--to")},
    "meetings check-in": {
        *(
            frozenset(pair)
            for pair in combinations(("--file", "--person", "--walk-in", "--link"), 2)
        ),
        *(  # which are those of people
            frozenset({mark, other})
            for mark in ("--remote", "--undo")
            for other in ("--file", "--walk-in", "--link", "--at-least")
        ),
        *(frozenset({"--at-least", other}) for other in ("--person", "--walk-in", "--link")),
    },
}
VALUES = {
    "--agreed": "2026-02-01",
    "--at": "2027-11-30 09:00",
    "--start": "2027-11-30 09:00",
    "--lang": "sv",
    "--address": "aino@example.org",
    "--canary-wait": "30m",
    "--max-bounce": "5%",
    "--segment": "region=Lappi",
    "--concurrency": "4",
    "--proxy": "10.0.0.5",
    "--metrics": "127.0.0.1:9108",
}
ARGUMENTS = {
    "database move": ["sqlite:///a.db", "sqlite:///b.db"],
    "segments show": ["region=Lappi"],
    "contributions show": ["1"],
    "contributions mark": ["1", "agreed"],
}


def _commands(
    group: click.Group, ctx: click.Context, name: str = ""
) -> Iterator[tuple[str, click.Command]]:
    for word in group.list_commands(ctx):
        command = group.get_command(ctx, word)
        assert command
        if isinstance(command, click.Group):
            yield from _commands(command, ctx, f"{name}{word} ")
        yield f"{name}{word}", command


ALL = dict(_commands(cli, click.Context(cli)))


def _options(command: click.Command) -> dict[str, click.Option]:
    found = [p for p in command.params if isinstance(p, click.Option)]
    return {max(option.opts, key=len): option for option in found}


def _needed(name: str, option: str) -> list[str]:
    """Return what an option needs in a command; “new --lang” is another than that of a test."""
    return [needed for needed in NEEDS.get(option, []) if needed in _options(ALL[name])]


def _typed(option: click.Option, name: str) -> list[str]:
    if option.is_flag:
        return [name]
    kind = option.type
    if name in VALUES:
        return [name, VALUES[name]]
    if isinstance(kind, click.Choice):
        return [name, str(next(iter(kind.choices)))]
    if isinstance(kind, click.Path) and kind.exists:
        return [name, __file__]
    return [name, "2000" if isinstance(kind, click.IntRange) else "x.fi"]


def _arguments(name: str, command: click.Command) -> list[str]:
    return ARGUMENTS.get(name) or [
        str(next(iter(p.type.choices))) if isinstance(p.type, click.Choice) else __file__
        for p in command.params
        if isinstance(p, click.Argument) and p.required
    ]


def _trouble(name: str, *options: str) -> str:
    """Return what a command says of these options, before it does anything."""
    command = ALL[name]
    known = _options(command)
    required = [name for name, option in known.items() if option.required and name not in options]
    args = [word for option in (*options, *required) for word in _typed(known[option], option)]
    try:
        command.make_context(name, [*args, *_arguments(name, command)])
    except click.UsageError as err:
        return err.message
    return ""


@pytest.mark.parametrize("name", ALL)
def test_of_all_pairs_of_options_those_that_contradict_one_another_are_refused(name: str) -> None:
    for pair in combinations(_options(ALL[name]), 2):
        needed = [o for option in pair for o in _needed(name, option) if o not in pair]
        if any(set(pair) & INSTEAD.get(option, set()) for option in pair):
            needed = []

        trouble = _trouble(name, *pair, *dict.fromkeys(needed))

        is_refused = frozenset(pair) in REFUSED.get(name, set())
        assert bool(trouble) == is_refused, (pair, trouble)
        assert not trouble or trouble.count("--") >= 2, trouble


@pytest.mark.parametrize(("option", "needed"), [(o, n) for o, ns in NEEDS.items() for n in ns])
def test_an_option_that_makes_sense_with_another_only_is_refused_without_it(
    option: str, needed: str
) -> None:
    both = [name for name in ALL if {option, needed} <= _options(ALL[name]).keys()]
    commands = [name for name in both if not _options(ALL[name])[needed].required]
    assert commands

    for name in commands:
        for other in _options(ALL[name]).keys() - {option, needed} - INSTEAD.get(option, set()):
            assert _trouble(name, option, other), (name, other)


@pytest.mark.parametrize("name", ALL)
def test_an_option_with_one_value_is_not_given_two(name: str) -> None:
    for option, known in _options(ALL[name]).items():
        needed = _needed(name, option)

        trouble = _trouble(name, option, option, *needed)

        takes_two = known.multiple or (known.is_flag and not known.secondary_opts)
        assert bool(trouble) != takes_two, (option, trouble)


def test_every_command_holds_its_options_to_rules() -> None:
    assert {name for name, command in ALL.items() if not hasattr(command, "rules")} == set()
    assert set(COMMANDS) <= set(ALL)


def test_a_wait_for_a_canary_that_was_not_asked_for_mails_nobody(site: Site) -> None:
    site.people(5)

    refused = site.run("send", "2026-06", "--canary-wait", "30m", "--yes", code=2)

    assert "--canary-wait needs --canary" in refused.stderr
    assert not (site.root / "outbox").exists()


def test_a_cancel_is_no_dry_run(site: Site) -> None:
    site.people(5)

    assert "--dry-run" in site.run("send", "2026-06", "--cancel", "--dry-run", code=2).stderr


@pytest.mark.parametrize("options", [["--dry-run"], ["--pause"], ["--cancel", "--yes"]])
def test_json_is_written_whatever_else_is_asked(site: Site, options: list[str]) -> None:
    site.people(5)
    if "--dry-run" not in options:
        site.run("send", "2026-06", "--canary", "2", "--yes", code=1)

    report = json.loads(site.run("send", "2026-06", *options, "--json").stdout)

    assert report["issue"] == "2026-06"
    assert report["state"] in {"draft", "paused", "cancelled"}


def test_a_report_of_templates_and_a_change_of_them_are_two_commands(site: Site) -> None:
    refused = site.run("templates", "--json", "use", "magazine", code=2)

    assert "do not go together" in refused.stderr
