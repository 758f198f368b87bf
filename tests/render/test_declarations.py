"""Faulty declarations of blocks are told with file, line and cure, and so is what they lack."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import NO_KINDS, Severity
from newsletter.render import Look
from newsletter.render.chain import House
from newsletter.render.own_blocks import find_own_blocks
from tests.content.conftest import english_alone
from tests.render.own import PLAIN, TIP, TIP_MJML, declare, found

FILE = "templates/blocks/tip.toml"


def test_a_newsletter_without_blocks_of_its_own_declares_none(tmp_path: Path) -> None:
    own = find_own_blocks(Look(folder=tmp_path / "templates"))

    assert (own.kinds, own.findings) == (NO_KINDS, ())


def test_a_full_declaration_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    declare(tmp_path, "tip", TIP, TIP_MJML)

    own = find_own_blocks(Look(folder=tmp_path / "templates"))

    assert own.findings == ()
    [kind] = own.kinds.own
    assert (kind.name, kind.holds, kind.summary) == ("tip", "blocks", "Words to remember")
    assert kind.words_in("sv-FI") == {"label": "Tips"}
    assert own.kinds.variants_of("tip") == ("warning",)


@pytest.mark.parametrize(
    ("toml", "line", "message", "cure"),
    [
        pytest.param("holds = ", 1, "not valid TOML", "", id="no TOML"),
        pytest.param('\nholds = "block"', 2, "“holds”", "", id="holds what there is not"),
        pytest.param('\n\nhold = "text"', 3, "unknown key “hold”", "“holds”", id="slip in a key"),
        pytest.param("[arguments.title]\nkin = 'text'", 2, "unknown key “arguments.title.kin”",
                     "“kind”", id="slip in a key of an argument"),
        pytest.param("[arguments.title]\nkind = 'words'", 2, "“arguments.title.kind”", "",
                     id="unknown kind of argument"),
        pytest.param("[arguments.Title]", 1, "small letters", "", id="name of an argument"),
        pytest.param("[arguments.items]", 1, "another name", "", id="name of a method"),
        pytest.param("[arguments.size]\nkind = 'one of'", 2, "one of nothing", "choices = ",
                     id="no choices"),
        pytest.param("[arguments.size]\nchoices = ['a']", 2, "has choices", 'kind = "one of"',
                     id="choices of a text"),
        pytest.param("\n[arguments.face]\nkind = 'picture'", 2, "stand in its place", "alt = ",
                     id="picture without words"),
        pytest.param("[arguments.face]\nkind = 'picture'\nalt = 'nam'\n[arguments.name]", 3,
                     "stand in its place", "“name”", id="slip in the words of a picture"),
        pytest.param("[arguments.a]\nalt = 'a'", 2, "only a picture", 'kind = "picture"',
                     id="words of no picture"),
        pytest.param("[arguments.a]\nunnamed = true\n[arguments.b]\nunnamed = true", 4,
                     "“a” is already unnamed", "one argument", id="two without names"),
        pytest.param("[words.fi]\na = 'A'\n[words.sv]\nb = 'B'", 1, "“b” has no words in “fi”",
                     "every language", id="a word in one language alone"),
        pytest.param("[words.fi]\na = 'A'\n[arguments.a]", 3, "a word and an argument",
                     "another name", id="a word called like an argument"),
        pytest.param("[text]\nfirst = ['{titel}']\n[arguments.title]", 2, "names “titel”",
                     "“title”", id="slip in a line of text"),
        pytest.param("[text]\nlast = ['{a']", 2, "brace", "two braces", id="open brace"),
        pytest.param("[text]\nfirst = ['{a.b}', '{a!r}', '{}']\n[arguments.a]", 2,
                     "names “a.b”", "", id="more than a name in a line of text"),
        pytest.param("variants = ['Big']", 1, "small letters", "", id="name of a variant"),
        pytest.param("width = 9000", 1, "“width”", "", id="too wide"),
    ],
)  # fmt: skip
def test_a_fault_of_a_declaration_is_told_with_its_line(
    toml: str, line: int, message: str, cure: str, tmp_path: Path
) -> None:
    declare(tmp_path, "tip", toml)

    findings = found(tmp_path)

    first = findings[0]
    assert (first.path, first.line, first.severity) == (FILE, line, Severity.ERROR)
    assert message in first.message
    assert cure in first.hint
    assert english_alone(findings) == []


def test_a_declaration_without_a_template_is_told(tmp_path: Path) -> None:
    declare(tmp_path, "tip", TIP, None)

    [finding] = found(tmp_path)

    assert (finding.path, finding.line, finding.severity) == (FILE, 1, Severity.ERROR)
    assert "no template" in finding.message
    assert "blocks/tip.mjml" in finding.hint


def test_a_template_without_a_declaration_is_told_unless_another_one_includes_it(
    tmp_path: Path,
) -> None:
    declare(tmp_path, "tip", None)
    declare(tmp_path, "part", None)
    (tmp_path / "templates" / "default.mjml").write_text('{% include "blocks/part.mjml" %}')

    [finding] = found(tmp_path)

    assert (finding.path, finding.severity) == ("templates/blocks/tip.mjml", Severity.WARNING)
    assert "blocks/tip.toml" in finding.hint


@pytest.mark.parametrize("name", ["box", "columns", "only"])
def test_a_template_that_no_page_would_use_is_told(name: str, tmp_path: Path) -> None:
    declare(tmp_path, name, None)

    [finding] = found(tmp_path)

    assert finding.path == f"templates/blocks/{name}.mjml"
    assert "row.mjml" in finding.hint


@pytest.mark.parametrize("name", ["quote", "box", "prose", "literal", "flow"])
def test_a_block_of_the_package_cannot_be_declared_anew(name: str, tmp_path: Path) -> None:
    declare(tmp_path, name, "\nholds = 'text'", None)

    [finding] = found(tmp_path)

    assert (finding.path, finding.line) == (f"templates/blocks/{name}.toml", 2)
    assert "block of the package" in finding.message


@pytest.mark.parametrize("name", ["prose", "heading", "only", "literal"])
def test_what_no_author_writes_by_name_has_no_variants(name: str, tmp_path: Path) -> None:
    declare(tmp_path, name, "variants = ['a']", None)

    assert "no variants" in found(tmp_path)[0].message


def test_a_name_that_no_directive_can_have_is_refused(tmp_path: Path) -> None:
    declare(tmp_path, "Hyvä tietää", "holds = 'text'")

    assert "cannot be the name" in found(tmp_path)[0].message


def test_variants_that_change_nothing_are_told(tmp_path: Path) -> None:
    declare(tmp_path, "quote", "\nvariants = ['big']", '<mj-text>{{ "mine" }}</mj-text>')
    declare(tmp_path, "box", "variants = ['big']", None)  # the package's row.mjml looks at it

    [finding] = found(tmp_path)

    assert (finding.path, finding.line) == ("templates/blocks/quote.toml", 2)
    assert "{{ block.variant }}" in finding.hint


def test_the_nearest_declaration_counts_and_a_house_look_may_have_blocks(tmp_path: Path) -> None:
    declare(tmp_path / "a", "tip", "summary = 'own'", PLAIN)
    house = tmp_path / "house"
    (house / "blocks").mkdir(parents=True)
    for name in ("tip", "fact"):
        (house / "blocks" / f"{name}.toml").write_text("summary = 'house'")
        (house / "blocks" / f"{name}.mjml").write_text(PLAIN)
    look = Look(folder=tmp_path / "a" / "templates", houses=(House(folder=house, name="house"),))

    own = find_own_blocks(look)

    assert own.findings == ()
    assert {k.name: k.summary for k in own.kinds.own} == {"tip": "own", "fact": "house"}


def test_a_declaration_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("summary = 'secret'")
    declare(tmp_path / "a", "tip", None)
    (tmp_path / "a/templates/blocks/tip.toml").symlink_to(tmp_path / "secret.toml")

    [finding] = found(tmp_path / "a")

    assert "link to a file outside" in finding.message


_KEYS = (
    "summary", "holds", "level", "width", "variants", "arguments", "words", "text", "kind", "first",
    "alt", "a",
)  # fmt: skip
_VALUES = ("1", '"text"', '"one of"', "true", "[]", '["a", "{b}"]', "{}", '{a = "b"}', "nan", "''")
_TABLES = ("[arguments.a]", "[arguments.b]", "[words.fi]", "[words.sv]", "[text]", "[[text]]")
_LINES = st.one_of(
    st.sampled_from(_TABLES),
    st.builds("{} = {}".format, st.sampled_from(_KEYS), st.sampled_from(_VALUES)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)  # fmt: skip


@given(lines=st.lists(_LINES, max_size=8), name=st.sampled_from(["tip", "box", "flow"]))
def test_whatever_a_declaration_says_it_is_read_or_told_with_a_line(
    lines: list[str], name: str, tmp_path: Path
) -> None:
    for old in (tmp_path / "templates" / "blocks").glob("*"):
        old.unlink()
    declare(tmp_path, name, "\n".join(lines), PLAIN if name == "tip" else None)

    own = find_own_blocks(Look(folder=tmp_path / "templates"))

    assert {f.path for f in own.findings} <= {f"templates/blocks/{name}.toml"}
    assert all(f.line for f in own.findings)
    assert english_alone(own.findings) == []
    is_read = name not in own.kinds.unreadable
    assert is_read is not any(f.severity is Severity.ERROR for f in own.findings)


def test_a_folder_full_of_declarations_ends_in_a_word(tmp_path: Path) -> None:
    for number in range(250):
        declare(tmp_path, f"b{number:03}", "")
        declare(tmp_path, f"c{number:03}", None)

    own = find_own_blocks(Look(folder=tmp_path / "templates"))

    assert [f.path for f in own.findings if "at most 200" in f.message] == [
        "templates/blocks/b200.toml"
    ]
