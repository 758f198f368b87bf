"""Groups of commands that list each in whole words, and answer an unknown one with the nearest."""

from difflib import get_close_matches
from gettext import gettext as _

import click

_WHOLE = 1_000  # characters: more than any first sentence has


class GuidedGroup(click.Group):
    """A group that suggests the nearest of its commands for an unknown word."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added, that of the work."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; suggest the nearest one for an unknown word."""
        word, known = args[0] if args else "", self.list_commands(ctx)
        if word and not word.startswith("-") and word not in known:
            close = get_close_matches(word, known, n=1)
            hint = " " + _("Did you mean “{name}”?").format(name=close[0]) if close else ""
            ctx.fail(_("No such command “{name}”.").format(name=word) + hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, each with its whole first sentence; click would cut it at a line."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(_("Commands")):
            formatter.write_dl([(n, c.get_short_help_str(_WHOLE)) for n, c in commands if c])
