"""`newsletter templates new`: begins a block of the newsletter's own; and lists those there are."""

import click

from newsletter.cli.common import (
    Ruled,
    UsageError,
    settings_of,
    show,
    tell,
)
from newsletter.cli.findings import show_findings
from newsletter.language import say, say_list
from newsletter.model import BLOCK_NAME, PACKAGED_KINDS
from newsletter.press import look_of, own_blocks_of
from newsletter.render.block_patterns import begin_block


@click.command("new", cls=Ruled)
@click.argument("name", metavar="NAME")
@click.pass_context
def command(ctx: click.Context, name: str) -> None:
    """Begin a block of your own, which issues write as “::: NAME”.

    Three files are written into templates/blocks/, and work at once: what the block takes, how it
    looks, and its styles. Change them as you like.

    \b
    Example:
      newsletter templates new tip
    """
    if name in PACKAGED_KINDS:
        raise UsageError(
            say(
                "“{name}” is a block of the package: “newsletter templates copy {name}” makes its"
                " template yours",
                name=name,
            )
        )
    if not BLOCK_NAME.fullmatch(name):
        raise UsageError(
            say(
                "“{name}” cannot be the name of a block: small letters a to z, digits and hyphens",
                name=name,
            )
        )
    settings = settings_of(ctx)
    table = settings.newsletter
    folder = look_of(settings).folder / "blocks"
    try:
        paths = begin_block(folder, name, (table.language, *table.titles))
    except FileExistsError as err:
        message = say("{file} is there already; nothing was written", file=str(err))
        raise UsageError(message) from err
    for path in paths:
        tell(say("Wrote {file}.", file=str(path)))
    tell(say("Write it in an issue: “::: {name} Some words”, what it holds, and “:::”.", name=name))


def list_blocks(ctx: click.Context) -> list[dict[str, str]]:
    """Return the blocks of a newsletter's own, for machines."""
    own = own_blocks_of(settings_of(ctx))
    return [
        {"name": kind.name, "about": kind.summary, "path": str(own.files[kind.name])}
        for kind in own.kinds.own
    ]


def show_blocks(ctx: click.Context) -> None:
    """Show the blocks of a newsletter's own, and what is wrong with their declarations."""
    own = own_blocks_of(settings_of(ctx))
    if own.kinds.own:
        click.echo()
        show(say("Blocks of your own (“newsletter templates new NAME” begins one):"))
    width = max((len(kind.name) for kind in own.kinds.own), default=0)
    for kind in own.kinds.own:
        show(say_list([f"  {kind.name:{width}}  ", kind.summary], between=""))
    show_findings(own.findings)
