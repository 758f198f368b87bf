"""Somebody signs in to the newsletter's mailbox in the browser (`newsletter sync --sign-in`)."""

import datetime as dt
import webbrowser

from newsletter.cli.common import Settings, UsageError, in_words, tell
from newsletter.feedback.mail_access import client_for, token_file
from newsletter.language import say
from newsletter.mailbox import keep_token, sign_in


def sign_in_to_mailbox(settings: Settings, now: dt.datetime) -> None:
    """Let somebody sign in, and keep what the program may then do."""
    client, name = client_for(settings), settings.mailbox.username
    if not name:
        raise UsageError(say("write username under [mailbox] first"))

    def browse(url: str) -> None:
        tell(
            say("Sign in as {name} in the browser; if none opens, here: {url}", name=name, url=url)
        )
        webbrowser.open(url)

    thanks = in_words(say("The newsletter may read the mailbox now. You can close this page."))
    token = sign_in(client, name, show=browse, thanks=thanks, now=now.timestamp())
    keep_token(token_file(settings), token)
    tell(say("Signed in. “newsletter sync” reads the mailbox."))
