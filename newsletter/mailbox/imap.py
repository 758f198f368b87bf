"""Reads a mailbox by IMAP: what is new since last time, untouched, whatever the server is."""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_MOST_AT_ONCE = 50_000_000  # bytes; some servers give out a mail whole
_LONGEST_REPLY = 300  # characters of what a server said
_NUMBER = re.compile(r"[0-9]{1,10}")
_LARGEST_NUMBER = 2**32 - 1  # RFC 9051, section 9
_AWAY = (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError, LookupError)


def read_new(
    access: Access, last: Cursor | None, read: Callable[[bytes], T], *, most: int = MOST
) -> Batch[T]:
    """Return what each new mail reads as; nothing of the mailbox is changed, nor marked as read.

    What was read before the server went away is not read again. Raise ConfigError where nobody is
    let in, MailboxError where the server is away or odd.
    """
    with _opened(access) as mailbox:
        validity = _select(mailbox, access)
        known = last.uid if last and last.validity == validity else 0
        uids = _uids_after(mailbox, known)
        skipped = 0
        if not known and len(uids) > most:
            skipped, uids = len(uids) - most, uids[-most:]
        given, refused = _read_each(mailbox, uids[:most], read)
    reached = max(given, default=known)
    return Batch(
        mails=[mail for some in given.values() for mail in some],
        cursor=Cursor(validity=validity, uid=reached),
        skipped=skipped,
        refused=refused,
        is_reset=last is not None and last.validity != validity,
        is_whole=not uids or reached == uids[-1],
    )


@contextmanager
def _opened(access: Access) -> Iterator[BaseMailBox]:
    """Open a mailbox, and translate whatever goes wrong until it is closed."""
    mailbox: BaseMailBox | None = None
    try:
        mailbox = _connected(access)
        _bound_literals(mailbox.client)
        _log_in(mailbox, access)
        yield mailbox
    except NewsletterError:
        raise
    except ssl.SSLCertVerificationError as err:
        cure = say("check host under [mailbox], or let the server's owner mend the certificate")
        raise _fault(access, err.verify_message, cure, is_setting=True) from err
    except _AWAY as err:
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


def _bound_literals(client: imaplib.IMAP4) -> None:
    """Take no more at once than a mail has, whatever the server announces."""
    read = client.read

    def read_bounded(size: int) -> bytes:
        if not 0 <= size <= _MOST_AT_ONCE:
            raise client.abort(f"{size} bytes at once")
        return read(size)

    client.read = read_bounded  # type: ignore[method-assign]


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
    return _number(values[-1]) if values and values[-1] else 0


def _uids_after(mailbox: BaseMailBox, known: int) -> list[int]:
    """Return the numbers of newer mails; the last mail is always in "n:*" (RFC 9051, 6.4.4)."""
    # Some servers refuse to search with a charset.
    found = mailbox.uids(f"UID {known + 1}:*", charset=None)
    return sorted({uid for uid in map(_number, found) if uid > known})


def _number(said: bytes | str) -> int:
    """Return a number of a mailbox; raise ValueError for what is none."""
    text = said if isinstance(said, str) else said.decode("ascii", "replace")
    if not _NUMBER.fullmatch(text) or int(text) > _LARGEST_NUMBER:
        raise ValueError(f"no number of a mail: {text[:20]}")
    return int(text)


def _read_each(
    mailbox: BaseMailBox, uids: Iterable[int], read: Callable[[bytes], T]
) -> tuple[Mapping[int, Sequence[T]], Sequence[int]]:
    """Return what mails read as, by their numbers, and the numbers of those not given out.

    One that the server cannot give out keeps no later one back.
    """
    given: dict[int, list[T]] = {}  # nothing for a mail that is gone by now
    refused: list[int] = []
    for uid in uids:
        try:
            raw = _fetch(mailbox, uid)
        except (imaplib.IMAP4.abort, OSError, ValueError):
            if not given:
                raise
            break  # the server went away: the next reading goes on from here
        except imaplib.IMAP4.error:
            refused.append(uid)
        else:
            given[uid] = [read(raw)] if raw is not None else []
    if refused and not given:
        raise MailboxError(say("the mailbox does not give out mail {uid}", uid=refused[0]))
    return given, [uid for uid in refused if uid < max(given)]


def _fetch(mailbox: BaseMailBox, uid: int) -> bytes | None:
    """Return a mail, or None if it is gone by now."""
    status, parts = mailbox.client.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{_LARGEST}>)")
    if status != "OK":
        raise imaplib.IMAP4.error(status)
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
