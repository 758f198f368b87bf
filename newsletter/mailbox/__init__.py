"""What comes back by mail: bounces, complaints, wishes to leave, and answers of people."""

from newsletter.mailbox.apps import Client, client_of
from newsletter.mailbox.imap import read_new
from newsletter.mailbox.mail_places import Access, Batch, Cursor
from newsletter.mailbox.mails import Rules, read_mail
from newsletter.mailbox.oauth import access_token, keep_token, sign_in
from newsletter.mailbox.verdicts import By, Clue, Kind, Verdict
from newsletter.mailkeys import Keyring

__all__ = [
    "Access",
    "Batch",
    "By",
    "Client",
    "Clue",
    "Cursor",
    "Keyring",
    "Kind",
    "Rules",
    "Verdict",
    "access_token",
    "client_of",
    "keep_token",
    "read_mail",
    "read_new",
    "sign_in",
]
