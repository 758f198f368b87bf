"""`newsletter templates diff` and `update`: what is new in the package, and yours kept."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from newsletter.cli.common import Ruled, indented, settings_of, show, tell
from newsletter.language import Wording, say, say_list, say_many
from newsletter.press import look_of
from newsletter.render import Look, Memory, recall
from newsletter.upgrades import (
    MARKS_OF_CONFLICTS,
    Outcome,
    Relation,
    Renewal,
    Template,
    differences_of,
    full_name,
    house_look,
    renew,
    renewal_of,
    take_stock,
)

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # a terminal would obey them
_LEFT = {
    Relation.CONFLICT: say(
        "a conflict is left in it; keep what is right of both versions, and take out the lines "
        "that begin with {marks}",
        marks=MARKS_OF_CONFLICTS,
    ),
    Relation.UNREADABLE: say(
        "it is no text that can be read: put a file of UTF-8 text in its place, of less than 1 MB"
    ),
    Relation.UNKNOWN: say(
        "nobody remembers what it was made from; named alone, each difference is marked in it "
        "for you to decide"
    ),
}


house_option = click.option(
    "--house", is_flag=True, help="The templates of the house look, not your own."
)


@click.command(cls=Ruled)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@house_option
@click.pass_context
def diff(ctx: click.Context, names: tuple[str, ...], *, house: bool) -> None:
    """Show what you changed in templates, and what the package changed.

    \b
    Example:
      newsletter templates diff
      newsletter templates diff style.jinja
    """
    look = _look(ctx, house=house)
    chosen = _chosen(look, names, recall(look.folder))
    for template in chosen:
        if template.relation is Relation.UNREADABLE:
            tell(say_list([template.name, ": ", _LEFT[template.relation]], between=""))
        for difference in differences_of(template):
            if difference.lines or names:
                show(say_list([template.name, ": ", difference.what], between=""))
                _show_lines(difference.lines)
    ctx.exit(1 if any(t.relation is Relation.UNREADABLE for t in chosen) else 0)


@click.command(cls=Ruled)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@house_option
@click.pass_context
def update(ctx: click.Context, names: tuple[str, ...], *, dry_run: bool, house: bool) -> None:
    """Bring what is new in the package into your copies of templates.

    What you changed stays. Where both changed the same, both stand in the file, between lines that
    begin with <<<<<<<, ======= and >>>>>>>, and you decide; until then nothing is built. The file
    before is kept beside it.

    \b
    Example:
      newsletter templates update --dry-run
      newsletter templates update style.jinja
    """
    look = _look(ctx, house=house)
    memory = recall(look.folder)
    chosen = _chosen(look, names, memory)
    renewals = [renewal_of(template, look, is_named=bool(names)) for template in chosen]
    for renewal in renewals:
        if renewal.outcome is Outcome.LEFT:
            tell(_line(renewal, _LEFT[renewal.template.relation]))
        elif renewal.outcome is Outcome.NOTHING:
            if names:
                tell(_line(renewal, say("nothing new")))
        elif dry_run:
            tell(_line(renewal, _would(renewal)))
        else:
            memory, kept = renew(look, renewal, memory)
            tell(_line(renewal, _done(renewal)))
            if kept:
                tell(
                    indented(say("Your file before is kept: {file}", file=str(look.folder / kept)))
                )
    if all(renewal.outcome is Outcome.NOTHING for renewal in renewals) and not names:
        tell(say("The package has nothing new for your templates."))
    ctx.exit(1 if any(map(_is_open, renewals)) else 0)


def _look(ctx: click.Context, *, house: bool) -> Look:
    """Return the look whose own folder is meant."""
    look = look_of(settings_of(ctx))
    return house_look(look) if house else look


def say_kept(path: Path) -> Wording:
    """Return the line that says where a file is kept that was replaced."""
    return indented(say("Your file before is kept: {file}", file=str(path)))


def _chosen(look: Look, names: tuple[str, ...], memory: Memory) -> list[Template]:
    by_name = {template.name: template for template in take_stock(look, memory)}
    wanted = dict.fromkeys(full_name(name, by_name) for name in names)
    return [by_name[name] for name in wanted or by_name]


def _show_lines(lines: Sequence[str]) -> None:
    for line in lines:
        plain = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", line)
        colour = _COLOURS.get(line[:1])
        click.echo(f"  {click.style(plain, fg=colour) if colour else plain}")
    if not lines:
        show(indented(say("nothing")))
    click.echo()


def _line(renewal: Renewal, words: Wording) -> Wording:
    return say_list([renewal.template.name, ": ", words], between="")


def _would(renewal: Renewal) -> Wording:
    match renewal.outcome:
        case Outcome.RENEWED:
            return say("would be as in the package of today")
        case Outcome.MERGED:
            return say("would be merged: your changes and those of the package")
    return say_many(
        "would be merged, with {n:,} conflict for you to decide",
        "would be merged, with {n:,} conflicts for you to decide",
        n=len(renewal.conflicts),
    )


def _done(renewal: Renewal) -> Wording:
    match renewal.outcome:
        case Outcome.RENEWED:
            return say("now as in the package of today")
        case Outcome.MERGED:
            return say("merged: your changes and those of the package")
    return say_many(
        "merged, with {n:,} conflict for you to decide, on line {lines}",
        "merged, with {n:,} conflicts for you to decide, on lines {lines}",
        n=len(renewal.conflicts),
        lines=", ".join(map(str, renewal.conflicts)),
    )


def _is_open(renewal: Renewal) -> bool:
    """Return whether a template waits for its owner."""
    left = renewal.template.relation in (Relation.CONFLICT, Relation.UNREADABLE)
    return left or renewal.outcome is Outcome.CONFLICT
