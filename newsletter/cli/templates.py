"""`newsletter templates`: the templates of an issue, and copies of them to change."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from newsletter.cli import new_block, renewing
from newsletter.cli.common import (
    ConfigError,
    RuledGroup,
    UsageError,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
)
from newsletter.cli.look_choice import LookType, called, look_for, name_for
from newsletter.language import Wording, say, say_list, say_many
from newsletter.press import look_of
from newsletter.render import LOOKS, Look, recall, shortages_of
from newsletter.settings import Settings, note_look
from newsletter.upgrades import (
    Relation,
    Template,
    copy_templates,
    full_name,
    take_stock,
    template_of,
    to_be_changed,
)

overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace files you have changed as well."
)


@click.group(cls=RuledGroup, invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """List looks and templates, or copy them for changing.

    What templates/ does not hold is taken from the package.

    \b
    Example:
      newsletter templates
      newsletter templates copy blocks/quote.mjml style.jinja
      newsletter templates diff
      newsletter templates update
      newsletter templates use magazine
      newsletter templates new tip
    """
    if ctx.invoked_subcommand:
        if as_json:
            word = ctx.invoked_subcommand
            raise UsageError(say("--json and “{command}” do not go together", command=word))
        return
    settings = settings_of(ctx)
    look = look_of(settings)
    templates, lacking = _stock(look), _lacking(look)
    if as_json:
        looks = [{"name": name, "about": about} for name, about in LOOKS.items()]
        rows = [_as_data(template, lacking) for template in templates]
        blocks = new_block.list_blocks(ctx)
        report = {"looks": looks, "templates": rows, "houses": _houses(look), "blocks": blocks}
        write_json({"look": settings.newsletter.look, **report})
    else:
        _show(settings.newsletter.look, look, templates, lacking)
        new_block.show_blocks(ctx)


@command.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@overwrite_option
@click.pass_context
def copy(ctx: click.Context, names: tuple[str, ...], *, overwrite: bool) -> None:
    """Copy packaged templates into templates/, to change them there.

    A file you have changed stays as it is, unless --overwrite is given.

    \b
    Example:
      newsletter templates copy blocks/quote.mjml style.jinja
    """
    look = look_of(settings_of(ctx))
    known = list(look.files())
    chosen = [full_name(name, known) for name in names]
    _refuse_changed(look, chosen, overwrite=overwrite)
    _copy(look, chosen)


@command.command()
@click.argument("look", type=LookType(), metavar="LOOK")
@overwrite_option
@click.pass_context
def use(ctx: click.Context, look: str, *, overwrite: bool) -> None:
    """Give the newsletter another look: default, letter, magazine or a folder.

    newsletter.toml notes it, and what you have not changed follows. If you have changed a file that
    is otherwise in the other look, nothing happens, unless --overwrite is given.

    \b
    Example:
      newsletter templates use magazine
      newsletter templates use ../house
    """
    settings = settings_of(ctx)
    named = name_for(settings.root, look)
    old, new = _present_look(settings), look_for(settings.root, named)
    copies = [t for t in _stock(old) if t.is_own and not t.name.endswith(".md")]
    there = {template.name for template in copies}
    if not new.houses:  # what is shared is changed where it is
        there |= set(to_be_changed(new.files()))
    renewed = [n for n in sorted(there) if new.find(n) and new.find(n) != old.find(n)]
    _refuse_changed(old, renewed, overwrite=overwrite)
    for template in copies:
        is_left = old.find(template.name) and not new.find(template.name)
        if (is_left or new.houses) and not template.is_changed:
            template.path.unlink()  # it belongs to the look that is replaced
            renewed = [name for name in renewed if name != template.name]
    _copy(new, renewed)
    note_look(settings.root, named)
    tell(say("The newsletter now looks like “{look}”.", look=called(new, named)))


command.add_command(new_block.command)
command.add_command(renewing.diff)
command.add_command(renewing.update)


def _present_look(settings: Settings) -> Look:
    """Return the look in use; of one that cannot be used, as after a move, what is one's own."""
    try:
        return look_of(settings)
    except ConfigError:
        return Look(folder=settings.root / "templates")


def _stock(look: Look) -> list[Template]:
    return take_stock(look, recall(look.folder))


def _lacking(look: Look) -> Mapping[str, list[str]]:
    """Return the values that the own style lacks and the look below supplies, by its name."""
    try:
        found = shortages_of(look)
    except ConfigError:  # a broken style, which `check` tells with its line
        return {}
    own = [shortage for shortage in found if shortage.file.is_relative_to(look.folder)]
    return {s.file.relative_to(look.folder).as_posix(): list(s.names) for s in own}


def _as_data(template: Template, lacking: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "name": template.name,
        "origin": "package" if template.relation is Relation.PACKAGE else "yours",
        "changed": template.is_changed,
        "path": str(template.path),
        "relation": template.relation,
        "other_look": template.other_look,
        "conflict": template.mark,
        "successor": template.successor,
        "lacks": lacking.get(template.name, []),
    }


def _houses(look: Look) -> list[dict[str, Any]]:
    """Return the house looks with the templates that each has itself."""
    pairs = zip(look.houses, look.of_houses(), strict=True)
    return [
        {
            "name": house.name,
            "version": house.version,
            "folder": str(house.folder),
            "templates": [_as_data(t, {}) for t in _stock(used) if t.is_own],
        }
        for house, used in pairs
    ]


# --- what is shown ------------------------------------------------------------------------


def _show(
    look: str, used: Look, templates: list[Template], lacking: Mapping[str, list[str]]
) -> None:
    show(say("Looks (“newsletter templates use NAME” takes one):"))
    for name, about in LOOKS.items():
        mark = "*" if name == look else " "
        show(say_list([f"  {mark} {name:10} ", about], between=""))
    if look not in LOOKS:
        show(say_list([f"  * {look}: ", called(used, look)], between=""))
    click.echo()
    show(say("Templates (“newsletter templates copy NAME” makes one yours):"))
    _show_relations(used, templates, lacking)
    for house, itself in zip(used.houses, used.of_houses(), strict=True):
        click.echo()
        show(say("House look “{look}”, in {folder}:", look=house.name, folder=str(house.folder)))
        _show_relations(itself, [t for t in _stock(itself) if t.is_own], {})
    news = sum(t.relation in (Relation.NEWER, Relation.BOTH) for t in templates)
    if news:
        click.echo()
        show(
            say_many(
                "The package has something new for {n:,} template: "
                "“newsletter templates diff” shows it, “newsletter templates update” brings it in.",
                "The package has something new for {n:,} templates: "
                "“newsletter templates diff” shows it, “newsletter templates update” brings it in.",
                n=news,
            )
        )


def _show_relations(
    look: Look, templates: list[Template], lacking: Mapping[str, list[str]]
) -> None:
    width = max((len(template.name) for template in templates), default=0)
    for template in templates:
        lines = [_relation(look, template), *_remarks(template, lacking.get(template.name, []))]
        for number, line in enumerate(lines):
            name = "" if number else template.name
            show(say_list([f"  {name:{width}}  ", line], between=""))


def _relation(look: Look, template: Template) -> Wording:
    house = look.house_of(template.path)
    if house and template.relation is Relation.PACKAGE:
        return say("from the look “{look}”", look=house.name)
    return template.relation.words


def _remarks(template: Template, lacks: list[str]) -> Iterator[Wording]:
    """Yield what there is to say of a template besides."""
    if template.other_look:
        yield say("made from the look “{look}”", look=template.other_look)
    if template.mark:
        yield say("from line {line} on", line=template.mark)
    if lacks:
        yield say("from the look below: {names}", names=", ".join(lacks))
    if template.relation is Relation.GONE and template.successor:
        yield say("the package may call it {name} now", name=template.successor)


# --- what is done -------------------------------------------------------------------------


def _refuse_changed(look: Look, names: Iterable[str], *, overwrite: bool) -> None:
    """Raise UsageError if a file that its owner has changed would be replaced."""
    memory = recall(look.folder)
    changed = [name for name in names if template_of(name, look, memory).is_changed]
    if changed and not overwrite:
        raise UsageError(
            say(
                "you have changed {files} in {folder}; nothing was copied "
                "(--overwrite replaces them)",
                files=", ".join(changed),
                folder=str(look.folder),
            )
        )


def _copy(look: Look, names: Iterable[str]) -> None:
    for name, kept in copy_templates(look, names, recall(look.folder)):
        tell(say("Copied {file}.", file=str(look.folder / name)))
        if kept:
            tell(renewing.say_kept(look.folder / kept))
