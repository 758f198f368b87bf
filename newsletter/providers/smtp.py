"""SMTP: one message after another over one connection, to a server of one's choice."""

import smtplib
import ssl
import time
from dataclasses import replace
from functools import cached_property

from newsletter.errors import ProviderError, Verdict
from newsletter.language import Wording, reason_of_network, say, say_list
from newsletter.model import Call, Message, Outcome, State
from newsletter.providers.base import Capabilities, Carries, Greeting, Options, Provider
from newsletter.providers.smtp_client import Connection, Delivery, Reply, SmtpOutcome, Step, meaning

_DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}  # RFC 6409, RFC 8314, RFC 5321
_LONGEST_CALL = 120.0  # seconds after which a call begins no further message
_PER_CONNECTION = 100  # messages; many servers close a connection after more
_TRIES_ANEW = 3  # connections of one call that do not change a temporary refusal

# Fates that settle one message; any other concerns all that are left.
_STATES = {
    SmtpOutcome.ACCEPTED: State.ACCEPTED,
    SmtpOutcome.REFUSED: State.REJECTED,
    SmtpOutcome.DEFERRED: State.QUEUED,
    SmtpOutcome.UNKNOWN: State.UNKNOWN,
}
_VERDICTS = {
    SmtpOutcome.OURS: Verdict.STOP,
    SmtpOutcome.BUSY: Verdict.RETRY,
    SmtpOutcome.LOST: Verdict.RETRY,
}

_LOG_IN = say("check username under [provider] and NEWSLETTER_SMTP_PASSWORD")
_PORTS = say('port 587 goes with security = "starttls", port 465 with security = "tls"')

# Why a connection fails, the more specific errors first.
_TROUBLES: tuple[tuple[type[Exception], tuple[Step, ...], Verdict, Wording], ...] = (
    (
        ssl.SSLCertVerificationError,
        (*Step,),
        Verdict.STOP,
        say(
            "its certificate does not prove who it is: check host under [provider], or let the "
            "server's owner mend the certificate"
        ),
    ),
    (ssl.SSLEOFError, (*Step,), Verdict.RETRY, say("it closed the connection")),
    (ssl.SSLError, (*Step,), Verdict.STOP, _PORTS),
    (
        smtplib.SMTPNotSupportedError,
        (Step.TLS,),
        Verdict.STOP,
        say_list((say("it offers no STARTTLS"), _PORTS), "; "),
    ),
    (
        smtplib.SMTPNotSupportedError,
        (Step.AUTH,),
        Verdict.STOP,
        say("nobody can log in there: remove username under [provider] if it needs none"),
    ),
    (smtplib.SMTPServerDisconnected, (Step.GREETING,), Verdict.RETRY, _PORTS),
    (smtplib.SMTPServerDisconnected, (*Step,), Verdict.RETRY, say("it closed the connection")),
    (smtplib.SMTPException, (Step.AUTH,), Verdict.STOP, say("it offers no way to log in we know")),
    (
        UnicodeError,
        (Step.AUTH,),
        Verdict.STOP,
        say_list((say("only ASCII can be sent there"), _LOG_IN), "; "),
    ),
    (
        UnicodeError,
        (*Step,),
        Verdict.STOP,
        say("no such name can exist; check host under [provider]"),
    ),
    (OSError, (*Step,), Verdict.RETRY, say("check host and port under [provider]")),
)

# What to do about a refusal that concerns everybody, by enhanced code or part of it, or code.
_CURES = {
    "530": say_list((say("the server wants a log-in"), _LOG_IN), "; "),
    "534": _LOG_IN,
    "535": _LOG_IN,
    "5.3.4": say("make the issue smaller, then run the same command again"),
    "5.6": say("mend what the server dislikes about the issue, then run the same command again"),
    "5.7": say(
        "see that the server lets you send from this address, then run the same command again"
    ),
    "5": say("settle it with the server's owner, then run the same command again"),
    "4": say("the server asks to come back later"),
}


class Smtp(Provider):
    """Sends each message separately; the connection is kept from call to call."""

    name = "smtp"
    needs = ("host",)
    capabilities = Capabilities(
        batch_size=20,
        concurrency=4,  # servers want few connections from one client; Postmark at most 10
        inline_pictures=True,
        carries=Carries.WHOLE,
        tracking_switch=True,  # it tracks nothing at all
    )

    def __init__(self, options: Options) -> None:
        port = options.port or _DEFAULT_PORTS[options.security]
        self._options = replace(options, port=port)
        self._connection: Connection | None = None
        self._in_vain = 0  # new connections of this call that changed nothing

    def greet(self) -> Greeting:
        """Connect and log in."""
        self._ready()
        return Greeting()

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send the messages of a batch in turn, as far as the server accepts them."""
        outcomes: list[Outcome] = []
        reason = say("not tried: the server is slow")
        begun, self._in_vain = time.monotonic(), 0
        for message in call.messages:
            if time.monotonic() - begun > _LONGEST_CALL:
                break
            try:
                outcomes.append(self._settle(message.returns or call.sender[1], message))
            except ProviderError as error:
                if all(outcome.state is State.QUEUED for outcome in outcomes):
                    raise  # none of the batch was accepted, so that is the whole truth
                reason = error.words
                break
            if outcomes[-1].state is State.UNKNOWN:
                # Where one reply was lost the next may be, and nobody could tell who got mail.
                reason = say("not tried: {reason}", reason=outcomes[-1].reason)
                break
        left = call.messages[len(outcomes) :]
        waiting = (Outcome(m.delivery, State.QUEUED, reason=reason) for m in left)
        return (*outcomes, *waiting)

    def close(self) -> None:
        """Say QUIT to the server."""
        if self._connection:
            self._connection.close()

    @cached_property
    def _context(self) -> ssl.SSLContext | None:
        # Its certificates take long to load.
        return None if self._options.security == "none" else ssl.create_default_context()

    def _settle(self, sender: str, message: Message) -> Outcome:
        """Return the outcome of a message; raise ProviderError if it concerns all others."""
        delivery = self._deliver(sender, message)
        state = _STATES.get(delivery.fate)
        if state is None:
            raise self._refusal(delivery)
        if state is State.ACCEPTED:
            message_id = delivery.reply.queue_id if delivery.reply else ""
            return Outcome(message.delivery, state, message_id)
        transient = delivery.fate is SmtpOutcome.DEFERRED
        return Outcome(message.delivery, state, reason=delivery.detail, transient=transient)

    def _deliver(self, sender: str, message: Message) -> Delivery:
        """Send a message; once more if the connection proves dead or tired before it was sent.

        A server may close a connection at any time, with 421 or silently (RFC 5321, section 3.8),
        or accept no more on it: that does not refuse the next message.
        """
        connection = self._ready()
        delivery = connection.deliver(sender, message)
        is_tired = delivery.fate is not SmtpOutcome.LOST and self._is_tired(connection, delivery)
        if is_tired:
            self._hang_up()
        if delivery.fate is SmtpOutcome.LOST or is_tired:
            first, delivery = delivery, self._ready().deliver(sender, message)
            self._in_vain += delivery.fate is first.fate
        return delivery

    def _is_tired(self, connection: Connection, delivery: Delivery) -> bool:
        """Return whether a temporary refusal may be about the connection, which worked before."""
        if self._in_vain >= _TRIES_ANEW:
            return False
        if delivery.fate is SmtpOutcome.BUSY:
            return connection.handed > 1
        is_early = delivery.step in (Step.RCPT, Step.DATA)
        return delivery.fate is SmtpOutcome.DEFERRED and is_early and connection.taken > 0

    def _ready(self) -> Connection:
        """Return the connection, or a new one if it is closed or has carried enough."""
        connection = self._connection
        if connection and connection.is_open and connection.handed < _PER_CONNECTION:
            return connection
        self._hang_up()
        self._connection = self._connect()
        return self._connection

    def _hang_up(self) -> None:
        self.close()
        self._connection = None

    def _connect(self) -> Connection:
        options, step, connection = self._options, Step.GREETING, None
        try:
            connection = Connection(options, self._context)
            if options.security == "starttls":
                step = Step.TLS
                connection.secure(self._context)
            if options.username:
                step = Step.AUTH
                connection.log_in(options.username, options.password)
        except (OSError, UnicodeError) as err:  # every error of smtplib and ssl is an OSError
            if connection:
                connection.close()
            raise self._trouble(step, err) from err
        return connection

    def _trouble(self, step: Step, err: Exception) -> ProviderError:
        """Return the error for a connection that failed."""
        if isinstance(err, smtplib.SMTPResponseException) and err.smtp_code >= 400:
            said = err.smtp_error
            reply = Reply.parse(err.smtp_code, said if isinstance(said, bytes) else said.encode())
            fate = meaning(step, reply)
            return self._refusal(Delivery(fate=fate, step=step, reply=reply, detail=str(reply)))
        verdict, cure = next(
            (verdict, cure)
            for kind, steps, verdict, cure in _TROUBLES
            if isinstance(err, kind) and step in steps
        )
        detail = getattr(err, "verify_message", "") or getattr(err, "strerror", "") or str(err)
        said = say(
            "cannot work with {place}: {reason}",
            place=self._place,
            reason=reason_of_network(detail),
        )
        return self._error(say_list((said, cure), "; "), verdict)

    def _refusal(self, delivery: Delivery) -> ProviderError:
        """Return the error for a message whose fate concerns all others."""
        verdict, reply = _VERDICTS[delivery.fate], delivery.reply
        if reply is None:
            detail = delivery.detail
            fault = say("cannot work with {place}: {reason}", place=self._place, reason=detail)
            return self._error(fault, verdict)
        is_log_in = delivery.step is Step.AUTH and verdict is Verdict.STOP
        cure = _LOG_IN if is_log_in else _cure(reply)
        said = say(
            "server {place} answered {reply} to {step}",
            place=self._place,
            reply=str(reply),
            step=delivery.step.upper(),
        )
        error = self._error(say_list((said, cure), "; "), verdict)
        error.status, error.code = reply.code, reply.enhanced
        return error

    def _error(self, fault: Wording, verdict: Verdict) -> ProviderError:
        words = say("{provider} {fault}", provider=self.name, fault=fault)
        return ProviderError(words, provider=self.name, verdict=verdict)

    @property
    def _place(self) -> str:
        return f"{self._options.host}:{self._options.port}"


def _cure(reply: Reply) -> Wording:
    code, subject = str(reply.code), reply.enhanced.rpartition(".")[0]
    keys = (reply.enhanced, code, subject, code[0])
    return next(_CURES[key] for key in keys if key in _CURES)
