"""What comes back by mail: bounces, complaints, wishes to leave, and answers of people."""

from newsletter.mailbox.mails import Rules, read_mail
from newsletter.mailbox.verdicts import By, Clue, Kind, Verdict

__all__ = ["By", "Clue", "Kind", "Rules", "Verdict", "read_mail"]
