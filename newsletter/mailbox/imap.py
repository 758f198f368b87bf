"""Reads a mailbox by IMAP: what is new since last time, untouched, whatever the server is."""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxFolderSelectError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

from newsletter.errors import ConfigError, MailboxError, NewsletterError
from newsletter.language import Wording, reason_of_network, say, say_list
from newsletter.mailbox.imap_cures import cure_of
from newsletter.mailbox.mail_places import Access, Batch, Cursor, T

# Bytes of a mail that are fetched: reports come first, pictures of the mail that came back last.
_LARGEST = 1_000_000
MOST = 5_000  # mails of one reading, and the newest ones of a mailbox never read before
_LONGEST_REPLY = 300  # characters of what a server said


def read_new(
    access: Access, last: Cursor | None, read: Callable[[bytes], T], *, most: int = MOST
) -> Batch[T]:
    """Return what each new mail reads as; nothing of the mailbox is changed, nor marked as read.

    Raise ConfigError where nobody is let in, MailboxError where the server is away or odd.
    """
    with _opened(access) as mailbox:
        validity = _select(mailbox, access)
        known = last.uid if last and last.validity == validity else 0
        uids = _uids_after(mailbox, known)
        skipped = 0
        if not known and len(uids) > most:
            skipped, uids = len(uids) - most, uids[-most:]
        wanted = uids[:most]
        raw = (_fetch(mailbox, uid) for uid in wanted)
        mails = [read(mail) for mail in raw if mail is not None]
    return Batch(
        mails=mails,
        cursor=Cursor(validity=validity, uid=wanted[-1] if wanted else known),
        skipped=skipped,
        is_reset=last is not None and last.validity != validity,
        is_whole=len(wanted) == len(uids),
    )


@contextmanager
def _opened(access: Access) -> Iterator[BaseMailBox]:
    """Open a mailbox, and translate whatever goes wrong until it is closed."""
    mailbox: BaseMailBox | None = None
    try:
        mailbox = _connected(access)
        _log_in(mailbox, access)
        yield mailbox
    except NewsletterError:
        raise
    except ssl.SSLCertVerificationError as err:
        cure = say("check host under [mailbox], or let the server's owner mend the certificate")
        raise _fault(access, err.verify_message, cure, is_setting=True) from err
    except (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError, LookupError) as err:
        said = getattr(err, "strerror", None) or str(err)
        raise _fault(access, said, say("check host, port and security under [mailbox]")) from err
    finally:
        if mailbox is not None:
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError, ValueError):
                mailbox.logout()
            with suppress(OSError):
                mailbox.client.shutdown()


def _connected(access: Access) -> BaseMailBox:
    where, port, timeout = access.host, access.port, access.timeout
    if access.security == "none":
        return MailBoxUnencrypted(where, port, timeout=timeout)
    context = ssl.create_default_context()
    if access.security == "starttls":
        return MailBoxStartTls(where, port, timeout=timeout, ssl_context=context)
    return MailBox(where, port, timeout=timeout, ssl_context=context)


def _log_in(mailbox: BaseMailBox, access: Access) -> None:
    try:
        if access.token:
            mailbox.xoauth2(access.username, access.token, initial_folder=None)
        elif (access.username + access.password).isascii():
            mailbox.login(access.username, access.password, initial_folder=None)
        else:
            mailbox.login_utf8(access.username, access.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise  # the connection broke, which says nothing about the password
    except (ImapToolsError, imaplib.IMAP4.error) as err:
        said = _said(err)
        raise _fault(access, said, cure_of(access, said), is_setting=True) from err


def _select(mailbox: BaseMailBox, access: Access) -> int:
    """Open the folder for reading alone; return its UIDVALIDITY."""
    try:
        mailbox.folder.set(access.folder, readonly=True)
    except MailboxFolderSelectError as err:
        cure = say("check folder under [mailbox]: there is no “{folder}”", folder=access.folder)
        raise _fault(access, _said(err), cure, is_setting=True) from err
    _, values = mailbox.client.response("UIDVALIDITY")
    return int(values[-1]) if values and values[-1] else 0


def _uids_after(mailbox: BaseMailBox, known: int) -> list[int]:
    """Return the numbers of newer mails; the last mail is always in "n:*" (RFC 9051, 6.4.4)."""
    # Some servers refuse to search with a charset.
    found = mailbox.uids(f"UID {known + 1}:*", charset=None)
    return sorted({int(uid) for uid in found if uid.isdigit() and int(uid) > known})


def _fetch(mailbox: BaseMailBox, uid: int) -> bytes | None:
    """Return a mail, or None if it is gone by now."""
    status, parts = mailbox.client.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{_LARGEST}>)")
    if status != "OK":
        raise MailboxError(say("the mailbox does not give out mail {uid}", uid=uid))
    bodies = [part[1] for part in parts or () if isinstance(part, tuple) and len(part) > 1]
    return bytes(bodies[0]) if bodies else None


def _fault(
    access: Access, said: str, cure: Wording, *, is_setting: bool = False
) -> NewsletterError:
    place = f"{access.host}:{access.port}"
    fault = say(
        "cannot read the mailbox {name} at {place}: {reason}",
        name=access.username,
        place=place,
        reason=reason_of_network(" ".join(said.split())[:_LONGEST_REPLY]),
    )
    words = say_list((fault, cure), "; ")
    return ConfigError(words) if is_setting else MailboxError(words)


def _said(err: Exception) -> str:
    """Return what the server said, in one line."""
    result = getattr(err, "command_result", None)
    said = result[1][-1] if result and result[1] else str(err)
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
