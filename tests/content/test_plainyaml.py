"""Front matter is read as a person reads it: what YAML would change is told with line and cure."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.content import issuefiles, list_heads
from newsletter.content.plainyaml import BrokenYamlError, read_yaml
from newsletter.errors import FindingsError
from newsletter.model import Occasion
from tests.content.conftest import FRONT, Read, Refuse, read_bytes

# What people put into a subject, and what YAML makes something else of.
_PIECES = st.sampled_from(
    [
        *("Kevät", "työpaja", "12", "010", "0x1F", "1_000", "12:30", "yes", "off", "no", "~"),
        *("null", "#", " #", "# ", "#12", "'", '"', "\\", "\\n", "\\u00e4", ": ", ":", " - ", "-"),
        *("&a ", "*a", "! ", "!x ", "!!str ", "[", "]", "{", "}", ",", "|", ">", "%", "@", "`"),
        *("?", "? ", "<<", "=", ".inf", ".nan", "2026-12-01", "1e3", "1.5", " ", "\t", "…", "🎄"),
        *("\u00a0", "\u2028", "\u0085", "\ufeff", "---", "...", "--- ", "{{ name }}", "''", '""'),
    ]
)
_ESCAPE = re.compile(r"\\(?:u(.{4})|U(.{8})|(.))")
_SUBJECTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=12),
    st.lists(_PIECES, min_size=1, max_size=6).map("".join),
    st.lists(_PIECES, max_size=4).map(lambda parts: f'"{"".join(parts)}"'),
    st.lists(_PIECES, max_size=4).map(lambda parts: f"'{''.join(parts)}'"),
)


def as_meant(written: str) -> set[str]:
    """Return what a person may have meant by what stands behind a key."""
    inner = written.strip()[1:-1]
    if len(written.strip()) > 1 and written.strip()[0] == written.strip()[-1]:
        match written.strip()[0]:
            case "'":
                return {written, inner.replace("''", "'")}
            case '"':
                return {written, _ESCAPE.sub(lambda m: m[3] or chr(int(m[1] or m[2], 16)), inner)}
    return {written}


def in_one_line(text: str) -> str:
    """Return a text as any header holds it: no controls, and a blank where there were several."""
    text = text.replace("\ufeff", "").translate(issuefiles._OF_WINDOWS)
    return " ".join(issuefiles._FORBIDDEN.sub(" ", text).split())


@given(_SUBJECTS)
@example("Joulukuun kuulumiset #työpaja ja muuta")
@example("Uutiskirje #12 joulukuu")
@example('"Kevät" #12')
@example(r'"C:\uusi\kansio"')
@example("*Uutta*: kevät")
def test_a_subject_is_mailed_as_it_stands_or_refused_on_its_line(
    tmp_path_factory: pytest.TempPathFactory, written: str
) -> None:
    folder = tmp_path_factory.mktemp("issues")
    text = f"---\ndate: 2026-12-15\nsubject: {written}\npreheader: b\nliteral: true\n---\nHei!"
    try:
        issue = read_bytes(folder, text.encode())
    except FindingsError as err:
        lines = {finding.line for finding in err.findings}
    else:
        lines = set()
    if lines:
        assert lines <= {3, 4}  # a value without an end is told where it is missed
        return

    shown = issue.subject
    for slot in issue.slots:
        shown = shown.replace(slot.marker, slot.source)
    assert shown in {in_one_line(meant) for meant in as_meant(written.replace("\ufeff", ""))}


@pytest.mark.parametrize(
    ("row", "line", "words", "cure"),
    [
        (0, "subject: Uutiskirje #12 joulukuu", "“#12 joulukuu” is left out", "between quotes"),
        (0, "subject: Kevät\t#12", "“#12” is left out", "between quotes"),
        (0, 'subject: "Kevät" #12', "“#12” is left out", "between quotes"),
        (0, "subject: #kevät", "“#kevät” is left out", "between quotes"),
        (0, "preheader: >- # tärkeää\n  Hei", "“#” is not a comment", "above the key"),
        (2, "preheader: >-\n  Hei\n  # muista\n  vaan", "“#” is not a comment", "above the key"),
        (1, "subject: Kevät ja\n  #työpaja", "“#työpaja” is left out", "between quotes"),
        (0, "number: 010", "reads “010” as another number", "write 10, or “010” between quotes"),
        (0, "number: 0x1F", "reads “0x1F” as another number", "between quotes"),
        (0, "number: 1_000", "reads “1_000” as another number", "write 1000"),
        (0, "number: 0b11", "reads “0b11” as another number", "between quotes"),
        (0, "number: 0o17", "“number”: expected a whole number", ""),
        (0, "number: 12:30", "“number”: expected a whole number", ""),
        (0, "number: yes", "“number”: expected a whole number", ""),
        (0, "number: .inf", "“number”: expected a whole number", ""),
        (0, "preheader: yes", "“preheader”: expected text", "between quotes"),
        (0, "preheader: Off", "“preheader”: expected text", "between quotes"),
        (0, "preheader: ~", "“preheader”: expected text", "between quotes"),
        (0, "preheader: null", "“preheader”: expected text", "between quotes"),
        (0, "preheader: .nan", "“preheader”: expected text", "between quotes"),
        (0, "preheader: 1.50", "“preheader”: expected text", "between quotes"),
        (0, "preheader: 2026-12-01", "“preheader”: expected text", "quotes"),
        (0, "preheader: 010", "reads “010” as another number", "“010” between quotes"),
        (1, "subject: a\nsubject: b", "“subject” is given twice", "keep one"),
        (1, '"subject": a\nsubject: b', "“subject” is given twice", "keep one"),
        (0, "preheader: !!str 5", "“!!str” would not be shown", "leave out the tag"),
        (0, "preheader: &Co on täällä", "“&Co” would not be shown", "between quotes"),
        (0, "preheader: *Uutta", "found undefined alias", ""),
        (0, "<<: {subject: a}", "“<<” is not a key", "write each key out"),
        (0, r'preheader: "C:\nurkka"', r"reads “\n” as another sign", "two backslashes"),
        (0, r'preheader: "\x41"', r"reads “\x” as another sign", "two backslashes"),
        (1, 'preheader: "a\nnumber: 7"', "opens above goes on to this line", "close it"),
        (0, "...", "begins or ends a document", "leave it out"),
        (0, "--- # loppu", "begins or ends a document", "leave it out"),
        (0, "a: {b: {c: {d: {e: {f: {g: h}}}}}}", "too deep", ""),
        (0, "? [a]\n: b", "found unhashable key", ""),
    ],
)
def test_what_yaml_would_change_is_told_on_its_line(
    row: int, line: str, words: str, cure: str, refuse: Refuse
) -> None:
    front = f"{FRONT}\n{line}" if "subject" not in line else f"date: 2026-12-15\n\n{line}"

    findings = refuse("Hei!", front=front)

    told = [f for f in findings if words in f.message]
    assert told, findings
    assert cure in told[0].hint
    assert told[0].line == 4 + row


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("Kevät ja C#", "Kevät ja C#"),  # no blank before it
        ("'Uutiskirje #12'", "Uutiskirje #12"),
        (r'"Sanoi: \"Ei\" #12"', "Sanoi: ”Ei” #12"),
        (r'"C:\\uusi"', r"C:\uusi"),
        ("12:30 alkaa", "12:30 alkaa"),
        ("12:30", "12:30"),  # 750 to YAML
        ("Kevät tulee\n  ja menee", "Kevät tulee ja menee"),  # an editor that wraps lines
        ('"Kevät tulee\n  ja menee"', "Kevät tulee ja menee"),
        (">-\n  Kevät #1\n  tulee", "Kevät #1 tulee"),
        ("Kevät\u2028tulee", "Kevät tulee"),  # of a layout program
    ],
)
def test_what_yaml_does_not_change_is_taken(written: str, subject: str, read: Read) -> None:
    issue = read("Hei!", front=f"date: 2026-12-15\nsubject: {written}")

    assert issue.subject == subject


def test_comments_on_lines_of_their_own_and_behind_days_and_numbers_take_nothing_away(
    read: Read,
) -> None:
    issue = read(
        "::: event paiva\n:::",
        front="# kuva\nsubject: Kevät\n# vielä\ndate: 2026-12-15 # tiistai\nnumber: 6 # 7?\n"
        "events: # joulukuun\n  # ensimmäinen\n  paiva: # se iso\n    title: Päivä\n"
        "    # alkaa\n    start: 2026-12-16 09:00 # tai 9:30\n    end: 15:00\n",
    )

    assert (issue.subject, issue.number) == ("Kevät", 6)
    [event] = issue.blocks
    assert isinstance(event, Occasion)
    assert (event.title, str(event.end)) == ("Päivä", "2026-12-16 15:00:00")


@pytest.mark.parametrize("key", ["title", "place", "url"])
def test_events_lose_no_words_either(key: str, refuse: Refuse) -> None:
    facts = {"title": "Päivä", "start": "2026-12-16 09:00", "place": "Oulu", "url": "https://a.fi/"}
    facts[key] += " #12"
    lines = [f"    {name}: {value}" for name, value in facts.items()]

    [finding] = refuse("::: event a\n:::", front="\n".join([FRONT, "events:", "  a:", *lines]))

    assert "“#12” is left out" in finding.message
    assert finding.line == 6 + list(facts).index(key)


def test_a_key_given_twice_is_told_at_any_depth(refuse: Refuse) -> None:
    event = "    title: a\n    start: 2026-12-16 09:00\n"
    findings = refuse(
        "Hei!", front=f"{FRONT}\nevents:\n  a:\n{event}    title: b\n  a:\n{event}events:\n  b: c"
    )

    assert [(f.line, f.message.split(" ")[0]) for f in findings if (f.line or 0) > 5] == [
        (8, "“title”"),
        (9, "“a”"),
        (12, "“events”"),
    ]


def test_names_of_events_are_what_their_author_wrote(read: Read) -> None:
    facts = "\n    title: a\n    start: 2026-12-16 09:00"
    names = ("yes", "010", "2026-12-16", "12:30")
    front = "\n".join([FRONT, "events:", *(f"  {name}:{facts}" for name in names)])

    issue = read("\n\n".join(f"::: event {name}\n:::" for name in names), front=front)

    assert [block.name for block in issue.blocks if isinstance(block, Occasion)] == list(names)


def nested_aliases(size: int) -> str:
    """Return front matter in which each key holds the one above it nine times."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, size)]
    return "\n".join(rows)


def test_aliases_are_never_followed(refuse: Refuse, read: Read) -> None:
    findings = refuse("Hei!", front=f"{FRONT}\n{nested_aliases(9)}\npreheader: *a8")

    assert [f.line for f in findings] == list(range(4, 14))
    reading = read_yaml(nested_aliases(9), first=1)
    assert len(repr(reading.values)) < 1000


def test_a_list_of_issues_does_not_follow_aliases(tmp_path: pytest.TempPathFactory) -> None:
    folder = tmp_path / "issues"  # type: ignore[operator]
    folder.mkdir()
    text = f"---\n{nested_aliases(9)}\nsubject: *a8\n---\n"
    (folder / "2026-12.md").write_text(text)

    [head] = list_heads(folder.parent, language="fi")

    assert len(head.subject) < 100


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000, "? " * 5000])
def test_depth_ends_in_an_error_and_not_in_a_crash(text: str) -> None:
    with pytest.raises(BrokenYamlError):
        read_yaml(text, first=1)
