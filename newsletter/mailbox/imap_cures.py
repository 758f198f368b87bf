"""What to do where a server of mailboxes lets nobody in."""

from newsletter.language import Wording, say
from newsletter.mailbox.mail_places import Access

_PASSWORDS_REFUSED = ("basic authentication is disabled", "basicauth", "authfailed:logondenied")
_MICROSOFT = (".outlook.com", ".office365.com", ".office.com")
_APP_PASSWORD = ("application-specific password", "web browser", "app password")


def cure_of(access: Access, said: str) -> Wording:
    """Return what to do about a sign-in that was refused."""
    lower = said.lower()
    is_microsoft = access.host.lower().endswith(_MICROSOFT)
    if access.token:
        return say("sign in again: newsletter sync --sign-in")
    if any(word in lower for word in _PASSWORDS_REFUSED) or is_microsoft:
        return say(
            'Microsoft takes no passwords over IMAP: write sign_in = "microsoft" and client_id '
            "under [mailbox], then run newsletter sync --sign-in"
        )
    if any(word in lower for word in _APP_PASSWORD) or access.host.lower().endswith(".gmail.com"):
        return say(
            "Google takes an app password only: make one in the account's settings, or write "
            'sign_in = "google" and client_id under [mailbox]'
        )
    if "LOGINDISABLED" in said.upper():
        return say('it takes no passwords without encryption: write security = "starttls"')
    return say("check username under [mailbox] and NEWSLETTER_IMAP_PASSWORD")
