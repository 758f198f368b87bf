"""Newer rules are taken once, for all that use the ledger; older and broken ones are refused."""

import datetime as dt

import pytest

from newsletter.errors import RuleFileError
from newsletter.feedback import take_rules
from newsletter.judging import rulebook_in_force, shipped
from newsletter.ledger import Ledger, rulebooks

DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 12, 24, 12, tzinfo=dt.UTC)
RULES = '[[rules]]\nreason = "x"\nvisitor = "machine"\nnetworks = ["apple"]\n'
APPLES = '[networks]\napple = ["192.0.2.0/24"]\n'
LIST = b"192.0.2.0/27,GB,GB-EN,London,\n192.0.2.32/27,GB,GB-EN,London,\n"


def rules(version: str) -> bytes:
    return f'version = "{version}"\n{APPLES}{RULES}'.encode()


def kept(ledger: Ledger) -> dict[str, str]:
    with ledger.read() as connection:
        return dict(rulebooks.find_rulebooks(connection, frozenset()) or {})


def in_force(ledger: Ledger) -> str:
    return rulebook_in_force(kept(ledger).values()).version


def refusal(ledger: Ledger, data: bytes) -> str:
    before = kept(ledger)
    with pytest.raises(RuleFileError) as caught:
        take_rules(ledger, data, "rules.toml", NOW)
    assert kept(ledger) == before
    return str(caught.value)


def test_newer_rules_take_the_place_of_those_before(ledger: Ledger) -> None:
    taken = take_rules(ledger, rules("2026-12-01"), "rules.toml", NOW)
    assert (taken.label, taken.rules, taken.networks) == ("2026-12-01", 1, 1)
    assert in_force(ledger) == "2026-12-01"

    take_rules(ledger, rules("2026-12-01.2"), "rules.toml", NOW)

    assert set(kept(ledger)) == {"2026-12-01.2"}
    assert in_force(ledger) == "2026-12-01.2"


def test_rules_that_are_no_newer_are_refused(ledger: Ledger) -> None:
    version = shipped().version
    assert f"rules.toml:1: version {version} is in use, which is no older" in refusal(
        ledger, rules(version)
    )
    take_rules(ledger, rules("2026-12-02"), "rules.toml", NOW)

    for older in ("2026-12-02", "2026-12-01.9", "2020-01-01"):
        assert "version 2026-12-02 is in use" in refusal(ledger, rules(older))


def test_rules_of_a_day_to_come_are_refused_as_they_would_keep_all_others_out(
    ledger: Ledger,
) -> None:
    assert "version 2026-12-26 is a day to come" in refusal(ledger, rules("2026-12-26"))
    take_rules(ledger, rules("2026-12-25"), "rules.toml", NOW)  # it is that day already elsewhere


def test_apples_list_is_taken_as_it_is_published(ledger: Ledger) -> None:
    taken = take_rules(ledger, LIST, "egress-ip-ranges.csv", NOW)

    assert (taken.label, taken.rules, taken.networks) == ("apple 2026-12-24", 0, 1)
    assert in_force(ledger) == f"{shipped().version} + apple 2026-12-24"


def test_the_same_list_again_is_nothing_new_and_another_one_is(ledger: Ledger) -> None:
    take_rules(ledger, LIST, "list.csv", NOW)

    again = take_rules(ledger, b"\xef\xbb\xbf" + LIST, "list.csv", NOW + dt.timedelta(days=9))
    assert again.is_known
    assert set(kept(ledger)) == {"apple 2026-12-24"}

    take_rules(ledger, LIST + b"203.0.113.0/24,FI,,,\n", "list.csv", NOW)
    assert set(kept(ledger)) == {"apple 2026-12-24.2"}
    take_rules(ledger, LIST, "list.csv", NOW + dt.timedelta(days=1))
    assert set(kept(ledger)) == {"apple 2026-12-25"}


def test_a_list_with_less_than_half_of_the_networks_is_taken_only_if_it_may_shrink(
    ledger: Ledger,
) -> None:
    long = b"".join(b"192.0.2.%d/32,GB,,,\n" % (2 * n) for n in range(100))
    take_rules(ledger, long, "list.csv", NOW)

    doubtful = take_rules(ledger, LIST, "list.csv", NOW + DAY)

    assert (doubtful.is_doubtful, doubtful.networks, doubtful.before) == (True, 1, 100)
    assert set(kept(ledger)) == {"apple 2026-12-24"}
    assert not take_rules(ledger, LIST, "list.csv", NOW + DAY, may_shrink=True).is_doubtful
    assert set(kept(ledger)) == {"apple 2026-12-25"}


def test_rules_and_a_list_stand_beside_each_other(ledger: Ledger) -> None:
    take_rules(ledger, LIST, "list.csv", NOW)
    take_rules(ledger, rules("2026-12-03"), "rules.toml", NOW)

    assert set(kept(ledger)) == {"apple 2026-12-24", "2026-12-03"}
    assert in_force(ledger) == "2026-12-03 + apple 2026-12-24"


def test_networks_that_no_rule_asks_for_are_refused(ledger: Ledger) -> None:
    said = refusal(ledger, b'version = "2026-12-01"\n[networks]\nnobody = ["192.0.2.0/24"]\n')

    assert "rules.toml:2: no rule asks for networks called nobody; known here: apple" in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'version = "2026-12-01"\n\xff\xfe', "rules.toml:2: not UTF-8 text; save the file as UTF"),
        (b"", "rules.toml: key “version” is missing"),
        (b"<!DOCTYPE html>\n<html>", "rules.toml:1: not valid TOML"),
        (LIST + b"1,2,3\n", "rules.toml:3: “1” is no network"),
    ],
)
def test_what_is_no_such_file_is_refused(ledger: Ledger, data: bytes, said: str) -> None:
    assert said in refusal(ledger, data)
