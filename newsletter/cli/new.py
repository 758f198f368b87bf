"""`newsletter new`: a draft from the house pattern, an older issue, or another language."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from newsletter.cli.common import (
    Ruled,
    Settings,
    UsageError,
    settings_of,
    tell,
)
from newsletter.cli.issue_days import date_of, today
from newsletter.content import (
    check_id,
    divide,
    draft_translation,
    fill_pattern,
    find_pattern,
    has_key,
    list_heads,
    pattern_values,
    read_regions,
    renew_issue,
    text_of,
    variants_of,
)
from newsletter.language import Wording, marks_for, say, say_list
from newsletter.model import Head, Region
from newsletter.press import look_of, own_blocks_of
from newsletter.upgrades import MARKS_OF_CONFLICTS, first_mark


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A file to be written."""

    path: Path
    text: str
    notes: tuple[Wording, ...] = field(default=())  # notes for the editor


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What every new file depends on."""

    settings: Settings
    folder: Path  # of the issues
    heads: tuple[Head, ...]  # every existing issue, oldest first
    issue_id: str  # of the new one
    region: Region | None  # whose network it is an edition of, as its id tells
    date: dt.date
    number: int

    @property
    def own_language(self) -> str:
        """Return the newsletter's language."""
        return self.settings.newsletter.language

    def path_in(self, language: str) -> Path:
        """Return the file of the new issue in a language."""
        middle = "" if language == self.own_language else f".{language}"
        return self.folder / f"{self.issue_id}{middle}.md"


@click.command(cls=Ruled)
@click.argument("issue_id", metavar="ID")
@click.option("--from", "older", metavar="ID", help="Start from this older issue.")
@click.option("--lang", "language", metavar="LANG", help="Only this language, such as sv.")
@click.pass_context
def command(ctx: click.Context, issue_id: str, older: str | None, language: str | None) -> None:
    """Begin a new issue.

    It begins with the house pattern, templates/issue.fi.md. Where the issue is there in another
    language, that text is copied for translation.

    \b
    Example:
      newsletter new 2026-12
      newsletter new 2026-12 --lang sv
      newsletter new 2027-01 --from 2026-12
    """
    desk = _desk(settings_of(ctx), issue_id, language)
    is_known = any(head.id == issue_id for head in desk.heads)
    there = variants_of(desk.folder, issue_id, desk.own_language) if is_known else {}
    wanted = language or desk.own_language
    if older:
        drafts = _from_older(desk, older, only=language)
    elif wanted in there:
        raise UsageError(_is_there(there[wanted]))
    elif there:
        drafts = [_translation(desk, wanted, there)]
    else:
        drafts = [_from_pattern(desk, wanted)]
    _write(desk, drafts)


def _desk(settings: Settings, issue_id: str, language: str | None) -> _Desk:
    check_id(issue_id)
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        raise UsageError(
            say("“{language}” is not a language such as fi, sv or en", language=language)
        )
    folder = settings.root / "issues"
    heads = list_heads(settings.root, language=settings.newsletter.language)
    own = [head for head in heads if head.id == issue_id]
    numbers = [head.number or 0 for head in heads]
    region = _region_of(settings, issue_id)
    named = issue_id.removeprefix(f"{region.id}-") if region else issue_id
    return _Desk(
        settings=settings,
        folder=folder,
        heads=tuple(heads),
        issue_id=issue_id,
        region=region,
        date=next((head.date for head in own if head.date), date_of(named) or today(settings)),
        number=next((head.number for head in own if head.number), max(numbers, default=0) + 1),
    )


def _region_of(settings: Settings, issue_id: str) -> Region | None:
    """Return the regional network with whose id that of an issue begins, as “lappi-2026-12”."""
    regions, _ = read_regions(settings.root, language=settings.newsletter.language)
    named = (one for one in regions if issue_id.startswith(f"{one.id}-"))
    return max(named, key=lambda one: len(one.id), default=None)


# --- what a draft is made of --------------------------------------------------------------


def _from_pattern(desk: _Desk, language: str) -> _Draft:
    own = desk.settings.root / "templates"
    folders = [own, *look_of(desk.settings).shared]
    pattern = find_pattern(folders, language, default_language=desk.own_language)
    place = pattern.relative_to(desk.settings.root) if pattern.is_relative_to(own) else pattern
    if line := first_mark(pattern.name, text_of(pattern, UsageError).encode()):
        raise UsageError(
            say(
                "{file}:{line}: a conflict is left here; keep what is right of both versions, and "
                "take out the lines that begin with {marks}",
                file=str(place),
                line=line,
                marks=MARKS_OF_CONFLICTS,
            )
        )
    values = pattern_values(
        issue_id=desk.issue_id,
        title=desk.settings.newsletter.title_in(language),
        date=desk.date,
        number=desk.number,
        language=language,
    )
    text = fill_pattern(pattern, values)
    notes = [say("It follows the pattern in {file}.", file=str(place))]
    if desk.region and language == desk.own_language:
        text = _for_region(text, desk.region)
        notes.append(
            say(
                "It goes to the network “{name}” alone, as “region: {region}” is at its top.",
                name=desk.region.name_in(desk.own_language),
                region=desk.region.id,
            )
        )
    return _Draft(path=desk.path_in(language), text=text, notes=tuple(notes))


def _for_region(text: str, region: Region) -> str:
    """Return a draft as an edition of a network's own, if its pattern does not say whose it is."""
    head, body = divide(text)
    own = [] if has_key(head, "region") else [f"region: {region.id}"]
    return "\n".join([*head[:-1], *own, head[-1], *body])


def _from_older(desk: _Desk, older: str, *, only: str | None) -> list[_Draft]:
    files = variants_of(desk.folder, older, desk.own_language)
    if only and only not in files:
        raise UsageError(
            say(
                "“{issue}” is not there in “{language}”, only in {others}",
                issue=older,
                language=only,
                others=", ".join(files),
            )
        )
    chosen = {name: path for name, path in files.items() if only in (None, name)}
    return [_renewed(desk, older, language, path) for language, path in chosen.items()]


def _renewed(desk: _Desk, older: str, language: str, path: Path) -> _Draft:
    old = _read(path)
    head, body = divide(old)
    text = renew_issue(
        old,
        old_date=next((h.date for h in desk.heads if h.path.endswith(f"/{path.name}")), None),
        date=desk.date,
        number=desk.number,
        language=language,
    )
    notes = [say("New: the date, the number and the month in the subject. Kept: all the rest.")]
    if f"{older}/" in "\n".join(body):
        notes.append(say("Its pictures stay in {folder}.", folder=str(path.parent / older)))
    if has_key(head, "events"):
        notes.append(say("Its events came along: renew or remove them in the front matter."))
    if has_key(head, "provider_tag"):
        notes.append(say("Left out: provider_tag, as figures are counted by it."))
    mark = marks_for(language).renew
    notes.append(
        say("Subject and preheader are marked “{mark}”: renew them and remove the mark.", mark=mark)
    )
    return _Draft(
        path=desk.folder / f"{desk.issue_id}{path.name.removeprefix(older)}",
        text=text,
        notes=tuple(notes),
    )


def _translation(desk: _Desk, language: str, there: Mapping[str, Path]) -> _Draft:
    """Return a draft for translation; the pattern if nothing was written yet."""
    source_language = desk.own_language if desk.own_language in there else next(iter(there))
    source = there[source_language]
    text = _read(source)
    if text == _from_pattern(desk, source_language).text:
        return _from_pattern(desk, language)
    mark = marks_for(language).translate
    return _Draft(
        path=desk.path_in(language),
        text=draft_translation(text, language=language, kinds=own_blocks_of(desk.settings).kinds),
        notes=(
            say(
                "It holds the text of {file}; date, number, links and pictures are the same.",
                file=source.name,
            ),
            say("Translate what is marked “{mark}”, and remove the mark.", mark=mark),
        ),
    )


def _read(path: Path) -> str:
    text = text_of(path, UsageError)
    if not divide(text)[0]:
        raise UsageError(
            say("{file}:1: no front matter, so nothing can start from it", file=str(path))
        )
    return text


# --- writing ------------------------------------------------------------------------------


def _write(desk: _Desk, drafts: list[_Draft]) -> None:
    for draft in drafts:
        if draft.path.exists():
            raise UsageError(_is_there(draft.path))
    desk.folder.mkdir(exist_ok=True)
    for draft in drafts:
        with draft.path.open("x", encoding="utf-8") as file:
            file.write(draft.text)
        tell(say("Wrote {file}.", file=str(draft.path)))
        for note in draft.notes:
            tell(say_list(["  ", note], between=""))
    tell(say("To see it as you write: newsletter preview {issue}", issue=desk.issue_id))
    tell(say("When it is written: newsletter check {issue}", issue=desk.issue_id))


def _is_there(path: Path) -> Wording:
    return say("{file} exists already; nothing was changed", file=str(path))
