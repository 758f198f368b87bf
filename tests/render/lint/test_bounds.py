"""A template that no person would write ends in one clear finding, and soon."""

import time
from pathlib import Path

import pytest

from newsletter.render.lint import linting
from tests.render.lint.corpus import ISSUE, ISSUE_ID, SETTINGS, write
from tests.render.lint.test_damage import checked

PAGE = '<mj-text padding="0 {{ inset }}px" css-class="prose">{{ block.html }}</mj-text>\n'
PROSE, STYLES = "templates/blocks/prose.mjml", "templates/extra.css"
SECONDS = 5  # of the processor; each of these took minutes or for ever


@pytest.fixture
def newsletter(tmp_path: Path) -> Path:
    write(tmp_path, "newsletter.toml", SETTINGS.format(look="default"))
    write(tmp_path, f"issues/{ISSUE_ID}.md", ISSUE)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            PROSE,
            "\n" + "{%if 1%}" * 3_000 + "\n" + PAGE.strip() + "{%endif%}" * 3_000,
            "more than 50 statements",
        ),
        (
            PROSE,
            "\n" + "{%if 1%}" * 1_000 + "\n" + PAGE.strip() + "{%endif%}" * 1_000,
            "more than 50 statements",
        ),
        (
            PROSE,
            "\n" + "{%with%}" * 3_000 + "\n" + PAGE.strip() + "{%endwith%}" * 3_000,
            "more than 50 statements",
        ),
        (PROSE, "\n" + "<div>" * 3_000 + PAGE, "more than 200 elements are open"),
        (PROSE, "\n" + "<a></b>" * 9_000 + PAGE, "more than 200 elements are open"),
        (PROSE, "\n" + "{{" * 20_000, "no counterpart"),
        (PROSE, "\n" + PAGE.strip() + "{#" * 50_000, "no counterpart"),
        (PROSE, "\n" + PAGE.strip() + "{%raw%}" * 20_000, "no counterpart"),
        (PROSE, "\n" + PAGE.strip() + "<" + "a" * 190_000, "does not end"),
        (PROSE, "\n" + PAGE.strip() + "<!" * 90_000, "stands in <mj-column>"),
        (PROSE, "\n" + PAGE.strip() + "<?" * 90_000, "stands in <mj-column>"),
        (PROSE, "\n" + PAGE.strip() + "<mj-style>" * 19_000, "never closed"),
        (STYLES, "\n" + "(" * 190_000, "more than 30 nested brackets"),
        (STYLES, "\n" + '"' + '\\"' * 90_000, "cannot be read as CSS"),
        (STYLES, "\n" + "a" * 190_000, "cannot be read as CSS"),
        (STYLES, "\n" + "a;" * 90_000, "more than 10,000 declarations"),
        (STYLES, "\n" + "p," * 60_000 + "p{color:red}", "more than 10,000 declarations"),
    ],
    ids=lambda value: value[:12].strip(),
)
def test_what_is_endless_ends_soon_and_names_file_and_line(
    newsletter: Path, name: str, text: str, said: str
) -> None:
    write(newsletter, name, text)

    begun = time.process_time()
    _, found = checked(newsletter)

    assert time.process_time() - begun < SECONDS
    told = [finding for finding in found if said in str(finding.message)]
    assert {(finding.path, finding.line) for finding in told} == {(name, 2)}, found


def test_what_nobody_thought_of_is_a_finding_and_no_traceback(
    newsletter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflow(_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(linting, "units_of", overflow)
    write(newsletter, PROSE, PAGE + "<!-- of one's own -->")

    _, found = checked(newsletter)

    told = [finding for finding in found if "too deeply nested" in str(finding.message)]
    assert [finding.path for finding in told] == [PROSE]


def test_other_files_are_judged_beside_one_that_is_too_much(newsletter: Path) -> None:
    write(newsletter, PROSE, "<div>" * 3_000 + PAGE)
    write(newsletter, STYLES, ".prose { colr: red }")

    _, found = checked(newsletter)

    assert (STYLES, 1) in {(finding.path, finding.line) for finding in found}


@pytest.mark.parametrize(("name", "text"), [(PROSE, PAGE), (STYLES, ".prose p { margin: 0 }\n")])
def test_the_mark_with_which_notepad_begins_a_file_changes_nothing(
    newsletter: Path, name: str, text: str
) -> None:
    write(newsletter, name, text)
    plain = checked(newsletter)
    write(newsletter, name, "\ufeff" + text)

    assert checked(newsletter) == plain


@pytest.mark.parametrize("name", [PROSE, STYLES])
@pytest.mark.parametrize("what", ["a folder", "a link to nothing"])
def test_what_is_no_file_where_one_is_read_is_told(newsletter: Path, name: str, what: str) -> None:
    path = newsletter / name
    if what == "a folder":
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(parents=True)
        path.symlink_to(path.with_name("nothing"))

    _, found = checked(newsletter)

    assert [(one.path, "folder, or a link" in str(one.message)) for one in found] == [(name, True)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("templates/style.jinja", "{% set light = 5 %}"),
        (PROSE, PAGE.replace("{{ block", "<?php echo 1 ?>{{ block")),
        (PROSE, "{{ 10**5000 }}" + PAGE),
    ],
)
def test_each_fault_names_a_file_of_the_newsletter(newsletter: Path, name: str, text: str) -> None:
    write(newsletter, name, text)

    _, found = checked(newsletter)

    assert found
    assert all((newsletter / finding.path).is_file() for finding in found if finding.path)
    assert all(finding.path for finding in found)
    assert "set_int_max_str_digits" not in " ".join(str(finding.message) for finding in found)
