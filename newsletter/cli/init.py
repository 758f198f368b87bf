"""`newsletter init`: a new newsletter in a folder, without any question."""

import json
import os
import re
import shlex
from pathlib import Path
from string import Template

import click

from newsletter.cli.common import (
    Ruled,
    UsageError,
    tell,
)
from newsletter.cli.look_choice import LookType, look_for, name_for
from newsletter.cli.telling import spoken
from newsletter.files import private_folder, read_file, read_words
from newsletter.language import say
from newsletter.render import DEFAULT_LOOK, LOOKS, Look, recall
from newsletter.upgrades import copy_templates, to_be_changed

_BEGIN = Path(__file__).with_name("begin")  # files that a newsletter begins with


@click.command(cls=Ruled)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--look",
    type=LookType(),
    default=DEFAULT_LOOK,
    show_default=True,
    metavar=f"[{'|'.join(LOOKS)}|FOLDER]",
    help="How the mail looks; it can be changed later.",
)
@click.pass_context
def command(ctx: click.Context, folder: Path, look: str) -> None:
    """Make a new newsletter in a folder.

    \b
    Example:
      newsletter init kirje
      newsletter init kirje --look letter
      newsletter init kirje --look house
    """
    typed = (ctx.obj or Path()) / folder  # as the editor's shell would find it
    if (folder / "newsletter.toml").exists():
        raise UsageError(
            say("{folder} is a newsletter already; nothing was changed", folder=str(typed))
        )
    named = name_for(folder, look)
    used = look_for(folder, named)
    (folder / "issues").mkdir(parents=True, exist_ok=True)
    private_folder(folder / "subscribers")
    _copy_templates(used)
    name = folder.resolve().name
    title = "".join(c for c in name if c.isprintable() and c not in '"\\').strip() or "Newsletter"
    settings = Template(read_words(_BEGIN / f"newsletter.{spoken()}.toml"))
    words = settings.substitute(title=title, look=json.dumps(named, ensure_ascii=False)[1:-1])
    (folder / "newsletter.toml").write_text(words, encoding="utf-8")
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_bytes(read_file(_BEGIN / "gitignore"))
    tell(say("Made a newsletter in {folder}.", folder=str(typed)))
    named_file = str(typed / "newsletter.toml")
    tell(
        say("Now answer a few questions, or mend name and sender in {file}, then:", file=named_file)
    )
    click.echo(f"  cd {_as_typed(typed)}\n  newsletter setup\n  newsletter new 2026-12", err=True)


def _copy_templates(look: Look) -> None:
    """Copy what is meant to be changed; what is there already stays."""
    names = [n for n in to_be_changed(look.files()) if not (look.folder / n).exists()]
    if look.houses:  # its style is changed where it is shared
        names = [name for name in names if name.endswith(".md")]
    list(copy_templates(look, names, recall(look.folder)))


def _as_typed(folder: Path) -> str:
    """Return a folder as typed after cd, quoted if its name needs it."""
    name = str(folder)
    if os.name == "nt":
        return f'"{name}"' if " " in name else name
    # shlex.quote would also quote letters such as ä, which every shell accepts.
    return name if re.fullmatch(r"[\w./~-]+", name) else shlex.quote(name)
