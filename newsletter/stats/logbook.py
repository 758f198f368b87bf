"""The file in which the figures of all issues are written down, for git and for spreadsheets.

It is written anew out of the ledger, whole or not at all, and only if a figure changed. Rows of
issues that the ledger does not know stay. What somebody else wrote into it is never written over.
"""

import csv
import errno
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsletter.errors import ConfigError
from newsletter.files import read_file, replace_file
from newsletter.language import reason_of_disk, say, say_list
from newsletter.model.figures import StatsReport
from newsletter.stats.log_cells import ALL, OTHERS, Form, Row, form_in, forms, read_row, write_rows
from newsletter.stats.log_rows import rows_of

_BOM = "\ufeff"  # tells Excel that it is UTF-8
_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")  # of a merge
_NO_LOG = (errno.EINVAL, errno.EFBIG, errno.EISDIR)  # a pipe, too large, a folder
_ANEW = say("move it elsewhere, and “newsletter stats --pull” writes it anew")


def update_log(file: Path, report: StatsReport, language: str) -> bool:
    """Bring a log up to date, in the form of a language; return whether anything was to be written.

    Raise ConfigError, before anything is written, where it is not as it was written last.
    """
    rows = rows_of(report)
    try:
        before = _read_text(file)
        kept = _read_rows(file, before) if before else []
        known = {row["issue"] for row in rows}
        rows += [row for row in kept if row["issue"] not in known]
        text = write_rows(sorted(rows, key=_place), form_in(language))
        if text == before or not rows:
            return False
        _refuse_open(file)
        replace_file(file, f"{_BOM}{text}".encode())
    except PermissionError as err:
        cure = say("close it where it is open, and let its folder be written by you")
        raise _refusal(str(file), say_list((reason_of_disk(err), cure), "; ")) from err
    except OSError as err:
        raise _refusal(str(file), reason_of_disk(err)) from err
    return True


def _read_text(file: Path) -> str:
    """Return what a log holds, however its lines end; empty if there is none."""
    if not file.exists():
        return ""
    try:
        return read_file(file).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as err:
        reason = say("not UTF-8 text, as it was written; {cure}", cure=_ANEW)
        raise _refusal(str(file), reason) from err
    except OSError as err:
        if err.errno not in _NO_LOG:
            raise
        raise _refusal(str(file), say_list((reason_of_disk(err), _ANEW), "; ")) from err


def _read_rows(file: Path, text: str) -> list[Row]:
    """Return the rows of a log, each once; lines end as it writes them, and by nothing else."""
    heading, *lines = text.split("\n")
    for number, line in enumerate((heading, *lines), 1):
        if line.startswith(_MARKS):
            raise _refusal(
                f"{file}:{number}",
                say(
                    "a merge left its marks here: end it, keeping the rows of both; or {cure}",
                    cure=_ANEW,
                ),
            )
    form = next((f for f in forms() if write_rows([], f).strip() == heading.strip()), None)
    if form is None:
        raise _refusal(f"{file}:1", say("this is no log that newsletter wrote; {cure}", cure=_ANEW))
    found: dict[tuple[str, ...], Row] = {}
    for number, row in _numbered_rows(file, lines, form):
        if found.setdefault(_place(row), row) != row:
            issue = str(row["issue"])
            reason = say("{issue} stands here twice; keep one, or {cure}", issue=issue, cure=_ANEW)
            raise _refusal(f"{file}:{number}", reason)
    return list(found.values())


def _numbered_rows(file: Path, lines: Sequence[str], form: Form) -> Iterator[tuple[int, Row]]:
    """Yield the rows below the headings, each with the line that it ends in."""
    rows = csv.reader((f"{line}\n" for line in lines), delimiter=form.delimiter, strict=True)
    try:
        for cells in rows:
            if cells:
                yield rows.line_num + 1, read_row(cells, form)
    except (ValueError, KeyError, csv.Error) as err:
        reason = say("this row was changed by somebody else; undo that, or {cure}", cure=_ANEW)
        raise _refusal(f"{file}:{rows.line_num + 1}", reason) from err


def _place(row: Row) -> tuple[str, ...]:
    """Return what decides where a row stands: all of an issue before its languages."""
    language = str(row["language"])
    rank = {ALL: "0", OTHERS: "2"}.get(language, "1")
    return (str(row["date"]), str(row["issue"]), rank, language)


def _refuse_open(file: Path) -> None:
    """Raise ConfigError where a spreadsheet has a log open, and would write over it later."""
    for lock in (f".~lock.{file.name}#", f"~${file.name}"):  # LibreOffice's, and Excel's
        if file.with_name(lock).exists():
            reason = say(
                "it is open in a spreadsheet: close it there, or delete {lock} if it is not",
                lock=lock,
            )
            raise _refusal(str(file), reason)


def _refusal(place: str, reason: str) -> ConfigError:
    return ConfigError(say("{place}: {reason}", place=place, reason=reason))
