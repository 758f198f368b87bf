"""`newsletter templates`: the templates of an issue, and copies of them to change."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from newsletter.cli import new_block
from newsletter.cli.common import RuledGroup, json_option, settings_of, show, tell, write_json
from newsletter.errors import UsageError
from newsletter.files import read_file
from newsletter.language import Wording, closest, say, say_list, say_many
from newsletter.render.looks import LOOKS, copy_template, files_of, is_packaged, names_in, others_of
from newsletter.settings import FILE, Settings

overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace files you have changed as well."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Template:
    """A template and its origin."""

    name: str  # such as "blocks/quote.mjml"
    origin: str  # "yours" or "package"
    changed: bool  # it is yours, and differs from the package
    path: str


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
      newsletter templates use magazine
      newsletter templates new tip
    """
    if ctx.invoked_subcommand:
        if as_json:
            word = ctx.invoked_subcommand
            raise UsageError(say("--json and “{command}” do not go together", command=word))
        return
    settings = settings_of(ctx)
    templates = _list(settings)
    if as_json:
        looks = [{"name": name, "about": about} for name, about in LOOKS.items()]
        rows = [asdict(template) for template in templates]
        blocks = new_block.list_blocks(ctx)
        write_json(
            {"look": settings.newsletter.look, "looks": looks, "templates": rows, "blocks": blocks}
        )
        return
    show(say("Looks (“newsletter templates use NAME” takes one):"))
    for name, about in LOOKS.items():
        mark = "*" if name == settings.newsletter.look else " "
        show(say_list([f"  {mark} {name:10} ", about], between=""))
    click.echo()
    show(say("Templates (“newsletter templates copy NAME” makes one yours):"))
    width = max(len(template.name) for template in templates)
    others = others_of(settings.newsletter.look, settings.root / "templates")
    for template in templates:
        origin = _origin(template, others.get(template.name))
        show(say_list([f"  {template.name:{width}}  ", origin], between=""))
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
    settings = settings_of(ctx)
    files = files_of(settings.newsletter.look)
    chosen = [_full_name(name, list(files)) for name in names]
    _refuse_changed(settings, chosen, overwrite=overwrite)
    for name in chosen:
        target = settings.root / "templates" / name
        copy_template(files[name], target)
        tell(say("Copied {file}.", file=str(target)))


@command.command()
@click.argument("look", type=click.Choice(list(LOOKS)), metavar="LOOK")
@overwrite_option
@click.pass_context
def use(ctx: click.Context, look: str, *, overwrite: bool) -> None:
    """Give the newsletter another look: default, letter or magazine.

    Its templates are copied into templates/, and newsletter.toml notes it. If you have changed a
    file that would be replaced, nothing happens, unless --overwrite is given.

    \b
    Example:
      newsletter templates use magazine
    """
    settings = settings_of(ctx)
    files = {name: path for name, path in files_of(look).items() if not name.endswith(".md")}
    _refuse_changed(settings, files, overwrite=overwrite)
    given_up = (n for n in files_of(settings.newsletter.look) if not n.endswith(".md"))
    for name in set(given_up) - set(files):
        path = settings.root / "templates" / name
        if path.is_file() and is_packaged(name, read_file(path)):
            path.unlink()  # it belongs to the look that is replaced
    for name, path in files.items():
        copy_template(path, settings.root / "templates" / name)
    _note_look(settings.root / FILE, look)
    tell(
        say_many(
            "The newsletter now looks like “{look}”: {n:,} template copied.",
            "The newsletter now looks like “{look}”: {n:,} templates copied.",
            n=len(files),
            look=look,
        )
    )


command.add_command(new_block.command)


def _full_name(name: str, known: list[str]) -> str:
    """Return the name of a template; its last part is enough, as in "quote"."""
    short = {full.rpartition("/")[2].partition(".")[0]: full for full in known}
    if name in known:
        return name
    if name in short:
        return short[name]
    close = closest(name, [*known, *short])
    hint = say("“newsletter templates” lists them")
    if close:
        hint = say("did you mean “{name}”?", name=close)
    raise UsageError(say("the package has no template “{name}”; {hint}", name=name, hint=hint))


def _list(settings: Settings) -> list[_Template]:
    own = settings.root / "templates"
    packaged = files_of(settings.newsletter.look)
    mine = names_in(own) if own.is_dir() else []
    return [
        _Template(
            name=name,
            origin="yours" if name in mine else "package",
            changed=name in mine and not is_packaged(name, read_file(own / name)),
            path=str(own / name if name in mine else packaged[name]),
        )
        for name in sorted({*packaged, *mine})
    ]


def _origin(template: _Template, other: str | None) -> Wording:
    if template.origin == "package":
        return say("package")
    if other:
        return say("yours, changed from the look “{look}”", look=other)
    if template.changed:
        return say("yours, changed")
    return say("yours, as in the package: it follows the look")


def _refuse_changed(settings: Settings, names: Iterable[str], *, overwrite: bool) -> None:
    """Raise UsageError if a file that its owner has changed would be replaced."""
    folder = settings.root / "templates"
    changed = [
        name
        for name in names
        if (folder / name).is_file() and not is_packaged(name, read_file(folder / name))
    ]
    if changed and not overwrite:
        raise UsageError(
            say(
                "you have changed {files} in {folder}; nothing was copied "
                "(--overwrite replaces them)",
                files=", ".join(changed),
                folder=str(folder),
            )
        )


def _note_look(file: Path, look: str) -> None:
    """Write the look into newsletter.toml; nothing else in it changes."""
    text = read_file(file).decode()
    line = f'look = "{look}"'
    text, replaced = re.subn(r"(?m)^look\s*=\s*[\"'][^\"'\n]*[\"']", line, text, count=1)
    if not replaced:
        text = re.sub(r"(?m)^(\[newsletter\][^\n]*\n)", rf"\1{line}\n", text, count=1)
    file.write_text(text, encoding="utf-8")
