"""What libraries say about a front matter is told in texts of ours, which catalogs hold.

That all findings are made of such texts is looked at wherever these tests read an issue.
"""

from pathlib import Path

import pytest
import yaml

from newsletter.content.slots import MARKER
from newsletter.errors import FindingsError
from newsletter.language import Wording, say
from newsletter.model import Finding, Severity
from newsletter.press import read_manuscript, render_manuscript
from newsletter.settings import load_settings
from tests.content.conftest import FRONT, Refuse, english_alone, read_bytes

libyaml_only = pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML has words of its own")


def _is_foreign(text: str) -> bool:
    """Return whether a text, or one within it, is what a library said and no catalog knows."""
    if not isinstance(text, Wording):
        return False
    inner = (value for value in text.values.values() if isinstance(value, str))
    return text.template == "{english}" or any(_is_foreign(value) for value in inner)


@libyaml_only
@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("subject: Kysely: tulokset", "mapping values are not allowed in this context"),
        ('subject: "Kysely" 2021', "did not find expected key"),
        ('subject: "Kysely', "found unexpected end of stream"),
        ("subject: *Uutta* nyt", "did not find expected alphabetic or numeric character"),
        ("subject: *Uutta", "found undefined alias"),
        ("subject: %", "found character that cannot start any token"),
        ("subject: > Kysely", "did not find expected comment or line break"),
        (r'subject: "Kysely\d"', "found unknown escape character"),
        ("subject: a\n\tpreheader: b", "found a tab character that violates indentation"),
        ("subject: a\nHei vain!", "could not find expected ':'"),
        ("subject: [a", "did not find expected ',' or ']'"),
        ("subject: {a: b", "did not find expected ',' or '}'"),
        ("subject: {[a]: b}", "found unhashable key"),
        ("subject: - a", "block sequence entries are not allowed in this context"),
        ("subject: ? a", "mapping keys are not allowed in this context"),
        ("subject: ]", "did not find expected node content"),
        ("subject: !Uutta a", "could not determine a constructor for the tag '!Uutta'"),
        ("subject: !Tärkeää a", "did not find expected whitespace or line break"),
        ("date: 2026-13-01", "month must be in 1..12"),
        ("date: 2026-02-30", "day is out of range for month"),
        ("date: 0000-01-01", "year 0 is out of range"),
        ("date: !!timestamp noon", "the value is not what its tag says"),
        ("subject: !!int Kysely", "the value is not what its tag says"),
        ("subject: !!bool Kysely", "the value is not what its tag says"),
        ("subject: !!float ''", "the value is not what its tag says"),
    ],
)
def test_broken_yaml_is_told_in_texts_that_catalogs_hold(
    line: str, problem: str, refuse: Refuse
) -> None:
    [finding] = refuse("a", front=line)

    assert finding.message == f"broken YAML: {problem}"
    assert not _is_foreign(finding.message)


@pytest.mark.parametrize(
    "value", ["2026-13-01", "!!timestamp noon", "[a, !!bool b]", "{a: {}, b: 2026-02-30}"]
)
def test_a_value_that_yaml_cannot_make_is_found_on_its_line(value: str, refuse: Refuse) -> None:
    [finding] = refuse("a", front=f"{FRONT}\n# here\nsender: {{b: c}}\nnumber: {value}")

    assert finding.line == 6


def test_a_value_that_holds_itself_is_told_on_its_line(refuse: Refuse) -> None:
    [finding] = refuse("a", front=f"{FRONT}\nloop: &a {{b: *a}}")

    assert (finding.message, finding.line) == (
        "“&a” would not be shown: YAML takes it for a mark",
        4,
    )


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("aino", "An email address must have an @-sign."),
        ('"@example.org"', "There must be something before the @-sign."),
        ("aino@", "There must be something after the @-sign."),
        (".aino@example.org", "An email address cannot start with a period."),
        (
            "aino.@example.org",
            "An email address cannot have a period immediately before the @-sign.",
        ),
        (
            "aino@.example.org",
            "An email address cannot have a period immediately after the @-sign.",
        ),
        ("aino@example.org.", "An email address cannot end with a period."),
        ("aino@example..org", "An email address cannot have two periods in a row."),
        ("aino@example", "The part after the @-sign is not valid. It should have a period."),
        (
            "aino@example.1",
            "The part after the @-sign is not valid. It is not within a valid top-level domain.",
        ),
        (
            "aino@example.local",
            "The part after the @-sign is a special-use or reserved name that cannot be used "
            "with email.",
        ),
        (
            "päivi@example.org",
            "Internationalized characters before the @-sign are not supported: 'ä'.",
        ),
        (
            "Aino <a,b@example.org>",
            "The email address contains invalid characters before the @-sign: ','.",
        ),
        ("aino@a@example.org", "The part after the @-sign contains invalid characters: '@'."),
    ],
)
def test_a_faulty_address_is_told_in_texts_that_catalogs_hold(
    address: str, reason: str, refuse: Refuse
) -> None:
    [finding] = refuse("a", front=f"{FRONT}\nreply_to: {address}")

    assert finding.message == f'“reply_to”: expected "Name <name@example.org>"; {reason}'
    assert not _is_foreign(finding.message)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"reply_to: {'a' * 65}@example.org", "too long before the @-sign"),
        ("reply_to: !!binary x", "failed to decode base64 data"),
    ],
)
def test_what_is_rare_stays_english_within(line: str, words: str, refuse: Refuse) -> None:
    [finding] = refuse("a", front=f"{FRONT}\n{line}")

    assert words in finding.message
    assert _is_foreign(finding.message)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("title: 7\n    start: 2026-12-09 09:00", "expected text"),
        ("title: a\n    start: 2026-13-09 09:00", "month must be in 1..12"),
        ("title: a\n    start: 2026-02-30 09:00", "day is out of range for month"),
        ("title: a\n    start: 2026-12-09 25:00", "hour must be in 0..23"),
        ("title: a\n    start: 2026-12-09 09:60", "minute must be in 0..59"),
        ("title: ''\n    start: 2026-12-09 09:00", "it is empty"),
        ("title: a\n    start: 2026-12-09 09:00\n    end: '25:00'", "hour must be in 0..23"),
    ],
)
def test_a_faulty_event_is_told_in_texts_that_catalogs_hold(
    lines: str, reason: str, refuse: Refuse
) -> None:
    [finding] = refuse("::: event a\n:::", front=f"{FRONT}\nevents:\n  a:\n    {lines}")

    assert finding.message.endswith(f": {reason}")
    assert not _is_foreign(finding.message)


@pytest.mark.parametrize(
    ("front", "body", "id"),
    [
        (f"{FRONT}\ntemplate: juhla", "a", "template-missing"),
        (FRONT, "![a](2026-12.md)", "image-format"),  # a file, but no picture
    ],
)
def test_what_building_finds_is_told_in_texts_that_catalogs_hold(
    front: str, body: str, id: str, issues: Path
) -> None:
    read_bytes(issues, f"---\n{front}\n---\n{body}".encode())
    (issues.parent / "newsletter.toml").write_text(
        '[newsletter]\ntitle = "a"\nlanguage = "fi"\nfrom = "a@example.org"\nsender = "a"\n'
    )
    settings = load_settings(issues.parent)
    manuscript = read_manuscript(settings, "2026-12")

    with pytest.raises(FindingsError) as caught:
        render_manuscript(settings, manuscript, manuscript.variants())

    assert [finding.id for finding in caught.value.findings] == [id]
    assert english_alone(caught.value.findings) == []


@pytest.mark.parametrize(
    ("front", "body"),
    [
        ("", '::: luku url="https://x.fi/{{ email }}"\nA'),
        ("", "::: box {{ email }}\nA\n:::"),
        ("", "::: {{ email }}\nA\n:::"),
        ("", '::: figure a.png size={{ email }} alt="a"\nA\n:::'),
        ("", "![Talo]({{ email }}.png)"),
        ("\nlang: '{{ email }}'", "A"),
        ("\n'{{ email }}': a", "A"),
    ],
)
def test_a_fault_quotes_slots_as_they_are_written(front: str, body: str, refuse: Refuse) -> None:
    for finding in refuse(body, front=FRONT + front):
        said = f"{finding.message} {finding.hint} {getattr(finding.message, 'values', '')}"
        assert MARKER.search(said) is None
        assert "::: luku" not in said or "{{ email }}" in said


def test_a_text_that_no_catalog_can_hold_would_be_noticed() -> None:
    finding = Finding(
        id="a", severity=Severity.NOTE, path="a.md", message=say("said"), hint="put together"
    )

    assert english_alone([finding]) == ["put together"]
