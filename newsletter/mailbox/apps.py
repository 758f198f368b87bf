"""The apps by which somebody signs in to a mailbox at Microsoft 365 or Google."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_GOOGLE_GIVES = "https://oauth2.googleapis.com/token"  # tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An app that is registered with whoever keeps the mailbox."""

    authorize_url: str
    token_url: str
    scope: str
    client_id: str
    secret: str = field(default="", repr=False)  # Google gives one to programs, too
    extra: Mapping[str, str] = field(default_factory=dict)  # for the page where people agree


def client_of(sign_in: str, client_id: str, *, tenant: str = "", secret: str = "") -> Client:
    """Return the app for Microsoft 365 or Google."""
    if sign_in == "google":
        return Client(
            authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
            token_url=_GOOGLE_GIVES,
            scope="https://mail.google.com/",
            client_id=client_id,
            secret=secret,
            extra={"access_type": "offline", "prompt": "consent"},
        )
    root = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
    return Client(
        authorize_url=f"{root}/authorize",
        token_url=f"{root}/token",
        scope="https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
        client_id=client_id,
        secret=secret,
    )
