"""Adapters: one file per provider, found by name in one table."""

from newsletter.providers.base import Capabilities, MergeSyntax, Options, Provider
from newsletter.providers.brevo import Brevo
from newsletter.providers.mailgun import Mailgun
from newsletter.providers.mailjet import Mailjet
from newsletter.providers.outbox import Outbox
from newsletter.providers.postmark import Postmark
from newsletter.providers.resend import Resend
from newsletter.providers.sendgrid import Sendgrid
from newsletter.providers.ses import Ses
from newsletter.providers.smtp import Smtp

PROVIDERS: dict[str, type[Provider]] = {
    "outbox": Outbox,
    "brevo": Brevo,
    "mailgun": Mailgun,
    "mailjet": Mailjet,
    "postmark": Postmark,
    "resend": Resend,
    "sendgrid": Sendgrid,
    "ses": Ses,
    "smtp": Smtp,
}

__all__ = ["PROVIDERS", "Capabilities", "MergeSyntax", "Options", "Provider"]
