"""Finds the files of issues, and reads one as text whatever its content."""

import re
import stat
from pathlib import Path

from newsletter.content.issue_names import check_is_free
from newsletter.errors import FindingsError, UsageError
from newsletter.files import open_file, read_file
from newsletter.language import Wording, closest, say, say_list, tag_of
from newsletter.model import Rule, rules

MOST = 2_000_000  # bytes of an issue; a long book has as many
_NAME = re.compile(r"(?P<id>\w[\w-]*)(?:\.(?P<language>[^\W\d_]+(?:[-_][\w-]+)?))?\.md")
# Files beside the issues that describe the folder.
NO_ISSUES = frozenset({"readme", "changelog", "contributing", "license", "lueminut", "läsmig"})
# What Windows writes where Unicode has control characters, “’” at 0x92; browsers read it like that,
# too.
_OF_WINDOWS = {
    code: sign
    for code in range(0x80, 0xA0)
    if (sign := bytes([code]).decode("cp1252", "ignore")) and code != 0x85  # a line end elsewhere
}
# Control characters that copying leaves behind, and noncharacters: no mail may contain them.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def find_issues(folder: Path) -> list[str]:
    """Return the ids of the issues in a folder, oldest first."""
    return sorted({issue_id for issue_id, _, _ in list_files(folder)})


def list_files(folder: Path) -> list[tuple[str, str, Path]]:
    """Return (id, language in its name, path) of each issue file, oldest issue first."""
    named = ((path, name_parts(path)) for path in folder.glob("*.md"))
    return sorted((*parts, path) for path, parts in named if parts)


def variants_of(folder: Path, issue_id: str, language: str) -> dict[str, Path]:
    """Return the issue's files by language; raise UsageError with the nearest id if none exist."""
    check_is_free(issue_id)
    files: dict[str, Path] = {}
    for path in sorted(folder.glob(f"{_glob_safe(issue_id)}*.md")):
        parts = name_parts(path)
        if parts and parts[0] == issue_id:
            named = parts[1] or language
            if named in files:
                raise _twins(files[named], path, named)
            files[named] = path
    if files:
        return files
    known = find_issues(folder)
    close = closest(issue_id.removesuffix(".md"), known, likeness=0.4)
    hint: Wording | str = ""
    if close:
        hint = say("did you mean “{name}”?", name=close)
    elif re.fullmatch(r"\w[\w-]*", issue_id):  # no other can name one
        hint = say("“newsletter new {issue}” makes one", issue=issue_id)
    message = say("there is no issue “{issue}” in {folder}", issue=issue_id, folder=str(folder))
    raise _no_single_file(folder / f"{issue_id}.md", message, hint)


def name_parts(path: Path) -> tuple[str, str] | None:
    """Return id and language, "" if the name has none; None if the file is not an issue."""
    match = _NAME.fullmatch(path.name)
    if match is None or match["id"].lower() in NO_ISSUES:
        return None
    language = tag_of(match["language"] or "")
    return None if language is None else (match["id"], language)


def read_text(path: Path, name: str) -> str:
    """Return the text of an issue file with uniform line ends and without control characters.

    Raise FindingsError if it is not a text file, or longer than an issue can be.
    """
    if fault := fault_of_file(path):
        raise stop(rules.ISSUE_FILES, name, *fault)
    data = read_file(path, at_most=MOST)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = data[: err.start].count(b"\n") + 1
        message, hint = say("not UTF-8 text"), say("save the file as UTF-8")
        raise stop(rules.ENCODING, name, message, hint, line=line) from err
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_OF_WINDOWS)
    return _FORBIDDEN.sub(" ", text)


def fault_of_file(path: Path) -> tuple[Wording, Wording] | None:
    """Return why a path is not a readable file, and the cure; links are followed.

    A pipe, a device or a folder is never read, as that could wait for ever.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return say("the file is not there, or a link to one that is gone"), say("put it back")
    except OSError:
        return say("a link that leads only to itself"), say("put a file in its place")
    if not stat.S_ISREG(found.st_mode):
        return say("this is not a text file"), say("put a file in its place")
    if found.st_size > MOST:
        return (
            say("the file has {size:,} bytes", size=found.st_size),
            say("an issue has {most:,} at most", most=MOST),
        )
    try:
        with open_file(path):
            return None
    except OSError:
        return say("the file may not be read"), say("give yourself the right to read it")


def stop(
    rule: Rule, path: str, message: Wording, hint: Wording, *, line: int | None = None
) -> FindingsError:
    """Return the error for one mistake that keeps a file from being read further."""
    return FindingsError((rule.error(message, hint, line=line).in_file(path),))


def _twins(first: Path, second: Path, language: str) -> UsageError:
    message = say(
        "{first} and {second} are both in “{language}”",
        first=first.name,
        second=second.name,
        language=language,
    )
    return _no_single_file(second, message, say("keep one of them"))


def _no_single_file(path: Path, message: Wording, hint: Wording | str) -> UsageError:
    finding = rules.ISSUE_FILES.error(message, hint).in_file(f"{path.parent.name}/{path.name}")
    return UsageError(say_list(filter(None, (message, hint)), "; "), findings=(finding,))


def _glob_safe(issue_id: str) -> str:
    return re.sub(r"[^\w-]", "?", issue_id)
