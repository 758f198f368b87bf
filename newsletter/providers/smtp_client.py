"""One SMTP connection: the standard library's, with PIPELINING and exact outcomes.

    MAIL, RCPT, DATA ──354──> content and the final dot ──2yz──> ACCEPTED
          │                          │           │
     lost: LOST              write fails: LOST   │ no reply: UNKNOWN
     4yz, 5yz: the table                         └ 4yz, 5yz: the table

The border is the final CRLF.CRLF: once it may have been written, and until its reply is read,
nobody knows whether the message was accepted (RFC 5321, section 4.5.3.2.6; RFC 1047).
"""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import partial

from newsletter.language import Wording, reason_of_network, say
from newsletter.model import Message
from newsletter.providers.base import Options, one_line

_FINAL_TIMEOUT = 600.0  # seconds for the reply to the final dot (RFC 5321, section 4.5.3.2.6)
_QUIT_TIMEOUT = 5.0  # seconds; a server that does not answer QUIT has all messages anyway
_MAILBOX = re.compile(r"[ -;=?-~]+")  # printable ASCII without angle brackets
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_QUEUE_ID = re.compile(r"(?:queued as|\bid[=:]) ?<?([^\s<>;]+)", re.IGNORECASE)


class Step(StrEnum):
    """What a reply answers."""

    GREETING = "greeting"  # the connection itself, or EHLO
    TLS = "tls"  # STARTTLS
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # the command
    CONTENT = "content"  # the final dot


class SmtpOutcome(Enum):
    """The outcome of a message, or of the connection it was to use."""

    ACCEPTED = "accepted"  # the server accepted it and is responsible for it
    REFUSED = "refused"  # this recipient is refused for good
    DEFERRED = "deferred"  # this recipient is refused for now
    OURS = "ours"  # refused, and so would be any other message of ours
    BUSY = "busy"  # the server accepts no message now, from anybody
    LOST = "lost"  # the connection broke before the final dot: certainly not accepted
    UNKNOWN = "unknown"  # the connection broke between the final dot and its reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server said."""

    code: int
    enhanced: str = ""  # RFC 3463, such as "5.1.1", if the server gives it (RFC 2034)
    text: str = ""  # in one line, without the codes

    @classmethod
    def parse(cls, code: int, text: bytes) -> "Reply":
        """Parse a reply, in which every line may repeat the enhanced code."""
        lines = text.decode("utf-8", "replace").splitlines() or [""]
        found = _ENHANCED.match(lines[0])
        if not found or found[1][0] != str(code)[0]:  # RFC 2034: the classes agree
            return cls(code=code, text=one_line(" ".join(lines)))
        bare = " ".join(line.removeprefix(found[1]) for line in lines)
        return cls(code=code, enhanced=found[1], text=one_line(bare))

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.code), self.enhanced, self.text) if part)

    @property
    def queue_id(self) -> str:
        """Return the server's own name for an accepted message, or else all it said."""
        found = _QUEUE_ID.search(self.text)
        return found[1] if found else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The outcome of sending one message."""

    fate: SmtpOutcome
    step: Step
    detail: str  # the reply, or how the connection was lost
    reply: Reply | None = None


# What a refusal of RCPT, DATA or the content means: the most exact key that fits, of enhanced
# code, its first two numbers, step and code, code, and class (RFC 5321, section 4.2.3; RFC 3463,
# section 3). A refusal at any other step concerns all messages alike.
_MEANINGS = {
    "421": SmtpOutcome.BUSY,  # closing the connection
    "4": SmtpOutcome.DEFERRED,
    "5.1": SmtpOutcome.REFUSED,  # address
    "5.1.7": SmtpOutcome.OURS,  # ... of the sender
    "5.1.8": SmtpOutcome.OURS,
    "5.2": SmtpOutcome.REFUSED,  # mailbox
    "5.3": SmtpOutcome.OURS,  # mail system, such as a message too big for it
    "5.4": SmtpOutcome.REFUSED,  # way to the recipient
    "5.5": SmtpOutcome.OURS,  # protocol
    "5.6": SmtpOutcome.OURS,  # content, the same for everybody
    "5.6.7": SmtpOutcome.REFUSED,  # address not in ASCII (RFC 6531)
    "5.7": SmtpOutcome.OURS,  # policy, permission, authentication
    **dict.fromkeys(("500", "501", "502", "503", "504"), SmtpOutcome.OURS),  # commands
    **dict.fromkeys(("530", "534", "535", "538", "554", "555"), SmtpOutcome.OURS),
    "rcpt 501": SmtpOutcome.REFUSED,  # syntax of the address
    "rcpt 530": SmtpOutcome.OURS,
    # A policy about the recipient. If it is about us, all are refused, and the run stops then.
    "rcpt 5.7": SmtpOutcome.REFUSED,
    "rcpt 554": SmtpOutcome.REFUSED,
    "5": SmtpOutcome.REFUSED,  # 550, 551, 552, 553, 556
}
_ABOUT_ONE_MESSAGE = (Step.RCPT, Step.DATA, Step.CONTENT)


def meaning(step: Step, reply: Reply) -> SmtpOutcome:
    """Return what a refusal (4yz or 5yz) means."""
    code = str(reply.code)
    if step not in _ABOUT_ONE_MESSAGE:
        return SmtpOutcome.BUSY if code.startswith("4") else SmtpOutcome.OURS
    subject = reply.enhanced.rpartition(".")[0]
    keys = (reply.enhanced, f"{step} {code}", f"{step} {subject}", subject, code, code[0])
    return next(_MEANINGS[key] for key in keys if key in _MEANINGS)


class Connection:
    """A connection from its greeting to its end, for one message after another."""

    def __init__(
        self,
        options: Options,
        context: ssl.SSLContext | None,
        *,
        final_timeout: float = _FINAL_TIMEOUT,
    ) -> None:
        """Connect and read the greeting; this and the next two raise what smtplib and ssl raise."""
        self.handed = 0  # messages that were sent over this connection
        self.taken = 0  # those of them that the server accepted
        self._timeout = options.timeout
        self._final_timeout = final_timeout
        self._smtp = _greeted(options, context)

    def secure(self, context: ssl.SSLContext | None) -> None:
        """Switch to TLS, provided that the certificate is valid."""
        self._smtp.starttls(context=context)
        self._smtp.ehlo_or_helo_if_needed()  # what was offered before TLS is void (RFC 3207)

    def log_in(self, username: str, password: str) -> None:
        """Log in by the first method that both sides know."""
        self._smtp.login(username, password)

    @property
    def is_open(self) -> bool:
        """Return whether the connection was neither lost nor closed as far as is known."""
        return self._smtp.sock is not None

    def deliver(self, sender: str, message: Message) -> Delivery:
        """Send a message with CRLF line ends to its recipient."""
        self.handed += 1
        recipient, content = message.address, message.mime
        if not (_MAILBOX.fullmatch(recipient) and _MAILBOX.fullmatch(sender)):
            detail = say("the address cannot be written in SMTP without SMTPUTF8")
            return Delivery(fate=SmtpOutcome.REFUSED, step=Step.RCPT, detail=detail)
        refused = self._begin(
            {
                Step.MAIL: f"MAIL FROM:<{sender}>{self._parameters(content)}\r\n",
                Step.RCPT: f"RCPT TO:<{recipient}>\r\n",
                Step.DATA: "DATA\r\n",
            }
        )
        if not refused and message.may_have_dots:
            content = content.replace(b"\r\n.", b"\r\n..")
        delivery = refused or self._finish(_ended(content))
        self.taken += delivery.fate is SmtpOutcome.ACCEPTED
        return delivery

    def close(self) -> None:
        """Say QUIT, if anybody is there to hear it."""
        with suppress(OSError):  # every error of smtplib is one
            _socket(self._smtp).settimeout(_QUIT_TIMEOUT)
            self._smtp.quit()
        self._smtp.close()

    def _parameters(self, message: bytes) -> str:
        """Return the parameters of MAIL: SIZE (RFC 1870) and BODY (RFC 6152)."""
        size = f" SIZE={len(message)}" if self._smtp.has_extn("size") else ""
        is_plain = message.isascii() or not self._smtp.has_extn("8bitmime")
        return size if is_plain else f"{size} BODY=8BITMIME"

    def _begin(self, commands: dict[Step, str]) -> Delivery | None:
        """Bring the server to wait for the content; return any other outcome.

        With PIPELINING all commands leave in one write, and every one of them is answered (RFC
        2920, section 3.1); the first refusal is the reason for those that follow.
        """
        pipelines = self._smtp.has_extn("pipelining")
        refused: Delivery | None = None
        step = Step.MAIL
        try:
            if pipelines:
                self._write("".join(commands.values()).encode())
            for step, command in commands.items():
                if not pipelines:
                    self._write(command.encode())
                code, text = self._read(step)
                refused = refused or _refusal(step, code, text)
                if refused and (not pipelines or code == 421):
                    break
        except ConnectionError as err:
            # A server that hangs up after a refusal has still refused.
            return refused or Delivery(fate=SmtpOutcome.LOST, step=step, detail=_told(err))
        if refused:
            self._recover(refused, code)
        return refused

    def _recover(self, refused: Delivery, last: int) -> None:
        """Get ready for the next message after a refusal; `last` is the code of the last reply.

        A server that wants the content although it refused the only recipient gets a lone dot (RFC
        2920, section 3.1). Had it accepted the recipient, the dot would send an empty message.
        """
        if last == 421 or (last == 354 and refused.step is not Step.RCPT):
            self._smtp.close()
            return
        with suppress(ConnectionError):
            if last == 354:
                self._write(b".\r\n")
                self._read(Step.CONTENT)
            self._write(b"RSET\r\n")
            self._read(Step.RCPT)

    def _finish(self, content: bytes) -> Delivery:
        """Send the content with the final dot, and wait long for its reply."""
        try:
            # A write that fails has left its last bytes behind, so the dot did not arrive whole.
            self._write(content)
        except ConnectionError as err:
            return Delivery(fate=SmtpOutcome.LOST, step=Step.CONTENT, detail=_told(err))
        try:
            _socket(self._smtp).settimeout(self._final_timeout)
            code, text = self._read(Step.CONTENT)
        except OSError as err:
            detail = say(
                "{fault} before the server said whether it took the message", fault=_told(err)
            )
            return Delivery(fate=SmtpOutcome.UNKNOWN, step=Step.CONTENT, detail=detail)
        if code == 421:
            self._smtp.close()
        else:
            _socket(self._smtp).settimeout(self._timeout)
        if refused := _refusal(Step.CONTENT, code, text):
            return refused
        reply = Reply.parse(code, text)
        return Delivery(
            fate=SmtpOutcome.ACCEPTED, step=Step.CONTENT, reply=reply, detail=str(reply)
        )

    def _write(self, data: bytes) -> None:
        try:
            self._smtp.send(data)
        except smtplib.SMTPServerDisconnected as err:
            raise ConnectionError(_lost(err)) from err

    def _read(self, step: Step) -> tuple[int, bytes]:
        """Return code and text of a reply; raise ConnectionError if its class is not allowed here.

        Of four replies to a message three say nothing new: only what is told is parsed.
        """
        try:
            code, text = self._smtp.getreply()
        except OSError as err:  # every error of smtplib is one
            self._smtp.close()
            raise ConnectionError(_lost(err)) from err
        if code // 100 not in (4, 5, 3 if step is Step.DATA else 2):
            self._smtp.close()
            raise ConnectionError(
                say(
                    "the server answered {code} to {step}, which is not a valid reply",
                    code=code,
                    step=str(step),
                )
            )
        return code, text


def _greeted(options: Options, context: ssl.SSLContext | None) -> smtplib.SMTP:
    """Return a connection that was greeted."""
    kind = partial(smtplib.SMTP_SSL, context=context) if options.security == "tls" else smtplib.SMTP
    # A given name saves a DNS look-up of seconds; it is replaced before it is used.
    smtp = kind(options.host, options.port, local_hostname="localhost", timeout=options.timeout)
    try:
        sock = _socket(smtp)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.local_hostname = _literal(sock)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _socket(smtp: smtplib.SMTP) -> socket.socket:
    if smtp.sock is None:
        raise ConnectionError(say("the connection is closed"))
    return smtp.sock


def _literal(sock: socket.socket) -> str:
    """Return our own address as EHLO takes it (RFC 5321, section 4.1.3)."""
    address = sock.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _ended(content: bytes) -> bytes:
    """Return the content, its lines stuffed, with the final dot (RFC 5321, 4.5.2)."""
    first = b"." if content.startswith(b".") else b""
    last = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
    return b"".join((first, content, last))


def _refusal(step: Step, code: int, text: bytes) -> Delivery | None:
    if code < 400:
        return None
    reply = Reply.parse(code, text)
    return Delivery(fate=meaning(step, reply), step=step, reply=reply, detail=str(reply))


def _lost(err: Exception) -> Wording:
    words = one_line(str(err)).removeprefix("Connection unexpectedly closed").lstrip(": ")
    if not words:
        return say("the connection was closed")
    return say("the connection was lost ({reason})", reason=reason_of_network(words))


def _told(err: OSError) -> str:
    """Return what an error says, for translation where the words are ours."""
    return err.args[0] if err.args and isinstance(err.args[0], Wording) else str(err)
