"""Groups of commands that answer an unknown word with the nearest command."""

from difflib import get_close_matches
from gettext import gettext as _

import click


class GuidedGroup(click.Group):
    """A group that suggests the nearest of its commands for an unknown word."""

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
