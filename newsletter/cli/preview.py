"""`newsletter preview`: a local page that shows issues as their readers will get them."""

import os
import sys
import webbrowser

import click
import segno

from newsletter.cli.common import Ruled, as_issue_id, settings_of, tell
from newsletter.content import find_issues, variants_of
from newsletter.language import say, say_many
from newsletter.preview import Desk, PreviewServer, open_socket


@click.command(cls=Ruled)
@click.argument("issue_id", type=as_issue_id, metavar="[ID]", required=False)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="HOST",
    help="Address to listen at; 0.0.0.0 lets your phone in, with a token.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="Port to listen at; otherwise the first free one from 8095 on.",
)
@click.option(
    "--open/--no-open",
    "opens",
    default=True,
    help="Whether to open the browser; without a terminal it stays closed.",
)
@click.pass_context
def command(
    ctx: click.Context, issue_id: str | None, host: str, port: int | None, *, opens: bool
) -> None:
    """Show issues in the browser as their readers will get them.

    The page follows every save: text, pictures, templates and settings. Findings stand beside
    the mail. Without ID it begins with the list of issues. Ctrl-C ends it.

    \b
    Example:
      newsletter preview 2026-12
      newsletter preview --host 0.0.0.0
    """
    settings = settings_of(ctx)
    if issue_id:  # a wrong one is reported before a server runs
        variants_of(settings.root / "issues", issue_id, settings.newsletter.language)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    server = PreviewServer(Desk(settings), open_socket(host, port), editor=editor)
    url = server.address.url(f"/issues/{issue_id}" if issue_id else "/")

    def ready() -> None:
        count = len(find_issues(settings.root / "issues"))
        tell(
            say_many(
                "Preview of {n:,} issue: {url}", "Preview of {n:,} issues: {url}", n=count, url=url
            )
        )
        if server.address.token:
            segno.make(url, micro=False).terminal(out=sys.stderr, compact=True)
        tell(say("It follows every save. Ctrl-C ends it."))
        if opens and sys.stdout.isatty():
            webbrowser.open(url)

    server.run(ready)
