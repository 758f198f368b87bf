"""A file of rules says what is wrong with it, and none can cost the service its health."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import RuleFileError
from newsletter.judging import Asked, read_rules, rulebook_of, shipped_file
from newsletter.model import HitKind

GOOD = """\
version = "2026-12-01"

[networks]
ours = ["192.0.2.0/24", "2001:db8::/32"]

[[rules]]
reason = "ours"
visitor = "machine"
networks = ["ours"]
"""
RULE = '\n[[rules]]\nreason = "x"\nvisitor = "machine"\n'


def refusal(text: str) -> str:
    with pytest.raises(RuleFileError) as caught:
        read_rules(text, "rules.toml")
    return str(caught.value)


def test_a_file_of_rules_is_read() -> None:
    book = rulebook_of(read_rules(GOOD))

    judged = book.judge(Asked(kind=HitKind.CLICKED, network="2001:db8::7"))

    assert (judged.visitor, judged.reason, judged.rules) == ("machine", "ours", "2026-12-01")
    assert book.judge(Asked(kind=HitKind.CLICKED, network="198.51.100.1")).reason == "no-rule"


def test_the_rules_that_come_with_the_program_are_such_a_file() -> None:
    rules = shipped_file().rules

    assert len(rules) > 15
    assert len({rule.reason for rule in rules}) == len(rules)
    assert {rule.reason for rule in rules if rule.hides} == {
        *("apple-proxy", "apple-network", "gmail-prefetch", "provider-says-proxy"),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('version = "2026-12-01"', ""), "rules.toml: key “version” is missing"),
        (('"2026-12-01"', '"1.2"'), "rules.toml:1: “version”: expected a day such as"),
        (('"2026-12-01"', '"2026-02-31"'), "rules.toml:1: “version”: expected a day such as"),
        (('"2026-12-01"', '"2026-12-01.1٢"'), "rules.toml:1: “version”: expected a day such as"),
        (('"2026-12-01"', '"2026-13-01"'), "rules.toml:1: “version”: expected a day such as"),
        (('"2026-12-01"', "2026-12-01"), "rules.toml:1: “version”: expected text"),
        (
            ("reason =", "reasn ="),
            "rules.toml:7: unknown key “rules.0.reasn”; did you mean",
        ),
        (('"ours"\nvisitor', '"No Rule"\nvisitor'), "rules.toml:7: “rules.0.reason”: expected a n"),
        (('"ours"\nvisitor', '"no-rule"\nvisitor'), "that means that no rule fits: choose another"),
        (
            ('"machine"', '"robot"'),
            "rules.toml:8: “rules.0.visitor”: expected 'human', 'unknown' o",
        ),
        (('"192.0.2.0/24"', '"192.0.2.1/24"'), "“192.0.2.1/24” is no network such as 192.0.2.0/24"),
        (
            ('"192.0.2.0/24"', '"0.0.0.0/0"'),
            "rules.toml:4: “networks.ours”: “0.0.0.0/0” is too wid",
        ),
        (('"2001:db8::/32"', '"::/0"'), "“::/0” is too wide to be somebody's own"),
        (
            ('networks = ["ours"]', 'networks = ["hers"]'),
            "rules.toml:9: there is no list “hers” un",
        ),
        (
            ('networks = ["ours"]', ""),
            "rules.toml:6: “rules.0”: it fits everything: give it a condi",
        ),
        (
            ('networks = ["ours"]', 'words = ["a"]'),
            "expected a part of a program's name, 3 letters",
        ),
        (
            ('networks = ["ours"]', "within = 0"),
            "rules.toml:9: “rules.0.within”: expected a number",
        ),
        (('networks = ["ours"]', "within = inf"), "“rules.0.within”: expected a finite number"),
        (('networks = ["ours"]', "within = nan"), "“rules.0.within”: expected"),
        (
            ('networks = ["ours"]', 'is = "a"\nwords = ["abc"]'),
            "“is” is the whole name: leave it o",
        ),
        (
            ('networks = ["ours"]', "burst = true\nhides = true"),
            "only a machine that loads picture",
        ),
        (
            ('networks = ["ours"]', "prefetch = 1"),
            "“rules.0.prefetch”: expected true or false, wit",
        ),
        (("[networks]", "[burst]\nlinks = 1\n[networks]"), "“burst.links”: expected at least 2"),
        (("[networks]", "[burst]\nseconds = 1e9\n[networks]"), "“burst.seconds”: expected at most"),
        (("[networks]", "[[networks]]"), "rules.toml:3: “networks”: expected a table of names"),
        (("[[rules]]", "[[rules"), "rules.toml:6: not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line_and_cure(
    change: tuple[str, str], said: str
) -> None:
    broken = GOOD.replace(*change, 1)
    assert broken != GOOD

    assert said in refusal(broken)


def test_a_file_with_nothing_in_it_says_what_it_lacks() -> None:
    assert refusal('version = "2026-12-01"') == (
        "rules.toml:1: it has neither rules nor networks; "
        "write [[rules]], or lists under [networks]"
    )


def test_at_most_ten_faults_are_told_at_once() -> None:
    text = 'version = "2026-12-01"\n' + "\n[[rules]]\nwrong = 1\n" * 100

    assert refusal(text).count("\n") == 9


@pytest.mark.parametrize(
    "text",
    [
        'version = "2026-12-01"\n' + (RULE + 'words = ["abc"]\n') * 201,
        'version = "2026-12-01"\n' + RULE + "words = [" + '"abc",' * 101 + "]",
        'version = "2026-12-01"\n[networks]\nn = [' + '"192.0.2.0/24",' * 30_001 + "]",
        'version = "2026-12-01"\n' + RULE + f'words = ["{"a" * 101}"]',
    ],
    ids=["rules", "words", "networks", "letters"],
)
def test_nothing_of_it_is_without_end(text: str) -> None:
    assert "rules.toml" in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 400_000 + " = 1",
        "a = " + "[" * 400_000,
        "a = " + "{a = " * 100_000,
        "[a" + ".a" * 400_000 + "]",
        "a = " + "9" * 900_000,
        'a = "' + "\\" * 900_000,
        "\n" * 900_000,
        "[[rules]]\n" * 90_000,
        "a" * 5_000_000,
        "\0",
    ],
    ids=lambda text: f"{text[:8]!r}",
)
def test_a_hostile_file_is_refused(text: str) -> None:
    """It would take minutes, if anything of it were a square."""
    assert "rules.toml" in refusal(text)


VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("machine"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                *("reason", "visitor", "hides", "kind", "words", "begins", "is", "networks"),
                *("within", "flagged", "prefetch", "navigation", "burst", "method"),
            ]
        ),
        VALUES,
    ),
    st.text(max_size=50),
)
def test_whatever_is_read_judges_and_whatever_is_not_says_why(
    rule: dict[str, object], agent: str
) -> None:
    text = 'version = "2026-12-01"\n[networks]\nours = ["192.0.2.0/24"]\n[[rules]]\n'
    text += "".join(f"{key} = {_toml(value)}\n" for key, value in rule.items())

    with suppress(RuleFileError):
        book = rulebook_of(read_rules(text, "rules.toml"))
        for kind in HitKind:
            assert book.judge(Asked(kind=kind, agent=agent, network=agent)).rules == "2026-12-01"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items())
        return f"{{{inside}}}"
    return repr(value) if not isinstance(value, str) else f"'{value}'"
