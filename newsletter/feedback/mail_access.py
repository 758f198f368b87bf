"""Settings and secrets → how the newsletter's mailbox is reached, by password or by a sign-in."""

import hashlib
from pathlib import Path

from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.mailbox import Access, Client, access_token, client_of
from newsletter.settings import Settings, find_secret, load_secret

_PASSWORD, _CLIENT_SECRET = "NEWSLETTER_IMAP_PASSWORD", "NEWSLETTER_IMAP_CLIENT_SECRET"


def access_of(settings: Settings, now: float) -> Access:
    """Return how the mailbox is reached; raise ConfigError where something is missing."""
    table = settings.mailbox
    if not (table.host and table.username):
        raise ConfigError(
            say("no mailbox is set: write host and username under [mailbox] in newsletter.toml")
        )
    token = password = ""
    if table.sign_in == "password":
        secret = load_secret(settings.root, _PASSWORD, purpose=say("reading the mailbox"))
        password = secret.reveal()
    else:
        token = access_token(client_for(settings), token_file(settings), now)
    return Access(
        host=table.host,
        port=table.imap_port,
        security=table.security,
        username=table.username,
        folder=table.folder,
        password=password,
        token=token,
        timeout=table.timeout,
    )


def client_for(settings: Settings) -> Client:
    """Return the app by which somebody signs in to the mailbox."""
    table = settings.mailbox
    if table.sign_in == "password" or not table.client_id:
        raise ConfigError(
            say(
                "signing in needs sign_in (“microsoft” or “google”) and client_id under [mailbox]: "
                "register an app there, of the kind for desktops"
            )
        )
    secret = find_secret(settings.root, _CLIENT_SECRET)
    return client_of(
        table.sign_in,
        table.client_id,
        tenant=table.tenant,
        secret=secret.reveal() if secret else "",
    )


def token_file(settings: Settings) -> Path:
    """Return where the sign-in is kept: in the home of whoever runs this, outside all git."""
    table = settings.mailbox
    named = "\0".join((str(settings.root), table.host or "", table.username or ""))
    name = hashlib.sha256(named.encode()).hexdigest()[:16]
    return Path.home() / ".config" / "newsletter" / f"mailbox-{name}.json"
