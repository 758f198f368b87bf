"""The entry point of the command line: commands are imported when they are called."""

import errno
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import chdir
from gettext import gettext as _
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource

from newsletter.cli.guiding import GuidedGroup

# Command -> module in this package, and its line in the help; the line is repeated here so that
# `newsletter --help` imports none of them.
COMMANDS = {
    "init": "Make a new newsletter in a folder.",
    "new": "Begin a new issue.",
    "collect": "Collect news for an issue from the feeds of newsletter.toml.",
    "list": "List a year's issues, and the months without one.",
    "preview": "Show issues in the browser as their readers will get them.",
    "build": "Write an issue's HTML, text and message to files.",
    "check": "Report what is wrong with an issue.",
    "send": "Send an issue, or go on with sending it.",
    "worker": "Do background work: send what is due, ask for figures.",
    "serve": "Answer what mails link to, until asked to stop.",
    "archive": "Write the issues that went out as pages for any web host.",
    "jobs": "Show what is done in the background, and what failed there.",
    "sync": "Learn who bounced, complained or left since.",
    "status": "Show how far sending has come.",
    "stats": "Show figures per issue, or all that is known of one.",
    "returns": "Show what came back about mails, and decide on held bounces.",
    "webhooks": "Show what the provider posts, or have it post here.",
    "surveys": "Ask members, and show what they answered.",
    "contributions": "Show what people sent in, and decide it.",
    "meetings": "Begin meetings, see who comes, register people, write lists.",
    "subscribers": "Import, list and change subscribers.",
    "segments": "Look at a segment before it is used.",
    "backup": "Write a backup of the ledger to FILE.",
    "restore": "Make a ledger of a backup.",
    "database": "Move the ledger to another database.",
    "media": "Put pictures of mails on a static host.",
    "setup": "Ask what a first real send needs, and write it down.",
    "doctor": "Prove that the newsletter can be sent, left and repaired.",
    "templates": "List looks and templates, or copy them for changing.",
}


# What the operating system reports about a disk -> what the editor can do.
CURES = {
    errno.EACCES: "allow yourself to read and write it, or work in another folder",
    errno.EPERM: "allow yourself to read and write it, or work in another folder",
    errno.EROFS: "work in a folder that can be written",
    errno.ENOSPC: "make room on the disk, then run the command again",
    errno.EDQUOT: "make room on the disk, then run the command again",
    errno.EEXIST: "move what is in the way",
    errno.ENOTDIR: "move the file that is in the place of a folder",
    errno.EISDIR: "move the folder that is in the place of a file",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "mend the link, which leads back to itself",
    errno.EINVAL: "put a file in its place",
    errno.EIO: "look after the disk",
    errno.EFBIG: "make it smaller",
}


class LazyGroup(GuidedGroup):
    """A group whose commands are in modules of their own."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the commands in the order of an editor's month."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        # Imports create many objects and no garbage. Searching them for some costs an eighth of a
        # cold check: 1.21 s of processor time instead of 1.07 (tests/benchmarks/test_check.py).
        gc.disable()
        command: click.Command = importlib.import_module(f"newsletter.cli.{name}").command
        gc.freeze()
        gc.enable()
        gc.set_threshold(50_000, 20, 20)
        from newsletter.cli.spoken_help import in_our_language  # noqa: PLC0415 - as `main` does

        return in_our_language(command)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(line)) for name, line in COMMANDS.items()])


def _check_language(ctx: click.Context, option: click.Parameter, typed: str | None) -> None:
    """Refuse a language that nobody speaks here; `main` has heeded any other."""
    from newsletter.cli.telling import as_spoken  # noqa: PLC0415 - the entry imports little of ours

    if typed is not None and as_spoken(typed) is None:
        fault = _(
            "“{language}” is not spoken here; choose fi (suomi), sv (svenska) or en (English)"
        )
        of_system = ctx.get_parameter_source(str(option.name)) is ParameterSource.ENVIRONMENT
        where = "NEWSLETTER_LANG" if of_system else None
        raise click.BadParameter(fault.format(language=typed), param_hint=where)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Work as if started in DIR; paths in options begin there, too.",
)
@click.option(
    "--lang",
    metavar="CODE",
    envvar="NEWSLETTER_LANG",
    callback=_check_language,
    expose_value=False,
    help="Speak fi, sv or en; by default the newsletter's language, then that of the system.",
)
@click.version_option(
    package_name="newsletter",
    message="newsletter %(version)s",
    help="Show the version and exit.",
)
@click.pass_context
def cli(ctx: click.Context, folder: Path) -> None:
    """Write a newsletter in Markdown, send it once, and read honest figures.

    newsletter.toml is looked for in the current folder and above it, as git does.

    \b
    Example:
      newsletter init kirje && cd kirje
      newsletter new 2026-12
      newsletter preview 2026-12
      newsletter check 2026-12
      newsletter send 2026-12 --test me@example.org
      newsletter send 2026-12
    """
    ctx.color = False if os.environ.get("NO_COLOR") else None  # https://no-color.org
    if folder != Path():  # so paths in options begin there, too, as git's do
        try:
            ctx.with_resource(chdir(folder))
        except FileNotFoundError:  # the folder of the start is gone: there is no way back to it
            os.chdir(folder)
    ctx.obj = folder  # as typed, for what is told of paths


def main() -> None:
    """Run the command line; only here do errors become a line on stderr and an exit code."""
    from newsletter.cli.legible import open_streams, replace_signs  # noqa: PLC0415 - the entry imports little of ours
    from newsletter.cli.signals import end_tidily  # noqa: PLC0415 - as above
    from newsletter.cli.spoken_help import in_our_language, teach_click  # noqa: PLC0415 - as above
    from newsletter.cli.telling import fitted, in_words, speak  # noqa: PLC0415 - as above

    open_streams()
    end_tidily()
    replace_signs()
    speak(*_asked(sys.argv[1:]))
    teach_click()
    try:
        code = in_our_language(cli).main(standalone_mode=False)
    except click.ClickException as err:
        vars(err)["message"] = fitted(in_words(err.message))
        err.show()
        code = err.exit_code
    except click.exceptions.Exit as err:
        code = err.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\n" + _("Interrupted."), err=True)
        code = 130
    except Exception as err:
        code = _explain(err)
    _leave(code if isinstance(code, int) else 0)


def _asked(arguments: Sequence[str]) -> tuple[str | None, Path]:
    """Return the language and the folder that are asked for, before anything can be said."""
    ctx = click.Context(
        cli, resilient_parsing=True, ignore_unknown_options=True, help_option_names=[]
    )
    values, _rest, _order = cli.make_parser(ctx).parse_args(list(arguments))
    language, folder = values.get("lang"), values.get("folder")
    return (
        language if isinstance(language, str) else None,
        Path(folder) if isinstance(folder, str) else Path(),
    )


def _leave(code: int) -> NoReturn:
    """Exit with a code once all output is flushed."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as err:  # only now may a full disk or a closed pipe show
        code = code if isinstance(err, BrokenPipeError) else _explain(err)
        # Python would try again and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _explain(err: Exception) -> int:
    """Show an error and return its exit code; only a bug in the program shows a traceback."""
    # `newsletter --help` raises no error, so it need not import them.
    from newsletter.cli.telling import fitted, in_words  # noqa: PLC0415 - see above
    from newsletter.errors import FindingsError, NewsletterError  # noqa: PLC0415 - see above
    from newsletter.language import reason_of_disk  # noqa: PLC0415 - see above
    from newsletter.masking import mask, mask_tracebacks  # noqa: PLC0415 - see above

    mask_tracebacks()

    if isinstance(err, BrokenPipeError):
        return 0
    if isinstance(err, OSError) and (err.errno in CURES or err.filename):
        where = f"{os.fsdecode(err.filename)}: " if err.filename else ""
        cure = f"; {_(CURES[err.errno])}" if err.errno in CURES else ""
        message = f"{where}{in_words(reason_of_disk(err))}{cure}"
        click.echo(fitted(mask(_("Error: {message}").format(message=message))), err=True)
        return 3
    if not isinstance(err, NewsletterError):
        raise err
    lines = [in_words(f.words) for f in err.findings] if isinstance(err, FindingsError) else []
    for line in lines or [_("Error: {message}").format(message=in_words(err.words))]:
        click.echo(fitted(mask(line)), err=True)
    return err.exit_code
