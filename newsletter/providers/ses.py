"""Amazon SES: mail by its v2 API, a template in the call with fifty readers.

Facts: docs.aws.amazon.com/ses, developer guide "Using templates to send personalized email" and
"Advanced email personalization"; API reference v2 "SendBulkEmail", "BulkEmailEntryResult" and
"MessageHeader"; the service model of botocore.

SES has no idempotency key, cannot find mail by tag, and has no figures by tag either. Its
suppression list ("ListSuppressedDestinations") tells to whom it no longer sends: bounces and
complaints.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from email.header import Header
from email.utils import formataddr
from importlib import import_module
from typing import Any, ClassVar

from newsletter.errors import ConfigError, ProviderError, Verdict
from newsletter.language import Wording, say, say_list
from newsletter.model import Call, Copy, Form, Letter, Outcome, State, copy_of_form
from newsletter.providers.base import (
    Capabilities,
    Carries,
    Greeting,
    MergeSyntax,
    Options,
    accepted,
    bare,
    in_json,
    json_form,
    one_line,
)
from newsletter.providers.http import Answer
from newsletter.providers.reports.ses import SesReports

_PATH = "/v2/email/outbound-bulk-emails"
_ONE = "/v2/email/outbound-emails"
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}")
_SYNTAX = MergeSyntax(
    before="{{",
    after="}}",
    # "{{" begins its syntax and "\" escapes it; "{" before a placeholder and "}" after it would
    # make three braces of two.
    hazard=re.compile(r"\{(?=\{|\Z)|\\(?=\{|\Z)|\A\}"),
    hazards={"{": "open", "}": "close", "\\": "backslash"},
)
_PARTS = ("Subject", "Html", "Text")
_NO_TAG = re.compile(r"[^A-Za-z0-9_-]")

# The outcome of an entry; a status in neither table is about us, or unknown.
_STATES = {
    "SUCCESS": State.ACCEPTED,
    "ACCOUNT_THROTTLED": State.QUEUED,
    "TRANSIENT_FAILURE": State.QUEUED,
    "FAILED": State.QUEUED,
    "MESSAGE_REJECTED": State.REJECTED,
    "INVALID_PARAMETER": State.REJECTED,
    "INVALID_PARAMETER_VALUE": State.REJECTED,  # as the text of the service model calls it
}
_VERIFY = say(
    "verify the sender's address or domain in this region; in the sandbox, the readers' too"
)
_RESUME = say("look at the account's status in the SES console: sending is suspended or paused")
_QUOTA = say("wait until the daily quota of the account allows more, or have it raised")
_MAY_NOT_ASK = say(
    "whether SES keeps the account in its sandbox is not known: let the key call ses:GetAccount"
)
_STREAM = say("check `stream` in newsletter.toml: it names a configuration set of this region")
_OURS = {  # statuses of an entry, and errors of a whole call
    "NotVerified": _VERIFY,
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": _VERIFY,
    "MailFromDomainNotVerifiedException": _VERIFY,
    "ACCOUNT_SUSPENDED": _RESUME,
    "AccountSuspendedException": _RESUME,
    "ACCOUNT_SENDING_PAUSED": _RESUME,
    "SendingPausedException": _RESUME,
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": _QUOTA,
    "LimitExceededException": _QUOTA,
    "CONFIGURATION_SET_NOT_FOUND": _STREAM,
    "CONFIGURATION_SET_DOES_NOT_EXIST": _STREAM,
    "CONFIGURATION_SET_SENDING_PAUSED": _STREAM,
    "INVALID_SENDING_POOL_NAME": _STREAM,
    "TEMPLATE_NOT_FOUND": _STREAM,
    "TEMPLATE_DOES_NOT_EXIST": _STREAM,
    "NotFoundException": _STREAM,
}
# Words that say more than the kind of a fault.
_WORDS = {"not verified": "NotVerified", "Daily message quota": "LimitExceededException"}


class Ses(SesReports):
    """Sends a batch as one bulk call; each entry has a status of its own."""

    name = "ses"
    root = ""  # each region has one
    account = "/v2/email/account"
    needs = ("region",)
    capabilities = Capabilities(
        batch_size=50,  # destinations of one call
        batch_bytes=1_000_000,  # "each input JSON file can be up to 1 MB in size"
        merge=_SYNTAX,
        rate=14,  # recipients a second for a new account that has left the sandbox
        carries=Carries.WHOLE,
        encloses_alone=True,
        tracking_switch=True,
        departures=True,
        suppressions=True,
        is_told=50,
    )
    ours: ClassVar[Mapping[str, Wording | None]] = _OURS
    codes: ClassVar[Mapping[str, Verdict]] = {"ThrottlingException": Verdict.RETRY}
    cures: ClassVar[Mapping[str, Wording]] = {
        "403": say(
            "check NEWSLETTER_API_KEY (ID:SECRET, or ID:SECRET:TOKEN), that it may call "
            "ses:SendEmail, ses:SendBulkEmail and, for who bounced or complained, "
            "ses:ListSuppressedDestinations, and the clock of this machine"
        ),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if not _REGION.fullmatch(options.region):
            raise ConfigError(
                say('"{region}" is not an AWS region, such as "eu-north-1"', region=options.region)
            )
        key, _, rest = options.api_key.partition(":")
        secret, _, token = rest.partition(":")
        if not (key and secret):
            raise ConfigError(
                say("NEWSLETTER_API_KEY must be ID:SECRET, or ID:SECRET:TOKEN, for SES")
            )
        try:
            # Checked only here: botocore belongs to the extra `ses`, which few need.
            auth, request, credentials = (
                import_module(f"botocore.{name}") for name in ("auth", "awsrequest", "credentials")
            )
        except ImportError as err:
            fault = say('SES needs botocore: pip install "./newsletter[ses]"')
            raise ConfigError(fault) from err
        self._root = options.base_url or f"https://email.{options.region}.amazonaws.com"
        self._request = request.AWSRequest
        self._signer = auth.SigV4Auth(
            credentials.Credentials(key, secret, token or None), "ses", options.region
        )

    def greet(self) -> Greeting:
        """Ask about the account; a key without that right is known by how it is refused."""
        try:
            return super().greet()
        except ProviderError as err:
            if err.code != "AccessDeniedException":
                raise
            return Greeting(caveats=(_MAY_NOT_ASK,))

    def ask_account(self) -> Answer:
        """Ask with a signature, as everything there."""
        return self.request("GET", self.account, headers=self._signed("GET", self.account))

    def caveats(self, answer: Answer) -> Iterator[Wording]:
        """Yield what keeps the account from mailing strangers."""
        if answer.fields.get("ProductionAccessEnabled") is False:
            yield say("SES keeps the account in its sandbox: ask for production access there")
        if answer.fields.get("SendingEnabled") is False:
            yield _RESUME

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form | None:
        """Write a call: the letter as an inline template, and an entry for each reader.

        "SES doesn't escape HTML content when rendering", so values are escaped for their place.
        ListManagementOptions are left out: with them SES adds unsubscribe headers of its own. Mail
        that encloses something goes as a whole message: bulk calls take no file.
        """
        if letter.enclosures:
            return None
        content = dict(zip(_PARTS, (letter.subject, letter.html, letter.text), strict=True))
        template = {
            "TemplateContent": {name: part for name, part in content.items() if part},
            "TemplateData": "{}",
            "Headers": _pairs(letter.headers),
        }
        frame: dict[str, Any] = {
            "FromEmailAddress": _mailbox(*letter.sender),
            "ReplyToAddresses": [letter.reply_to],
            "DefaultContent": {"Template": template},
            "DefaultEmailTags": _pairs({"nl-tag": _tag(letter.tag), "nl-batch": letter.batch}),
            "BulkEmailEntries": [letter.recipients],
        }
        frame |= _configuration(options)
        entry: dict[str, Any] = {
            "Destination": {"ToAddresses": [letter.address]},
            "ReplacementTags": _pairs({"nl-delivery": letter.reference}),
        }
        if letter.params:
            data = {"ReplacementTemplateData": _data(letter.params)}
            entry["ReplacementEmailContent"] = {"ReplacementTemplate": data}
        if letter.own_headers:  # one of the template's name takes its place
            entry["ReplacementHeaders"] = _pairs(letter.own_headers)
        return json_form(letter, frame, entry)

    @classmethod
    def read_back(cls, call: Call) -> tuple[Copy, ...]:
        """Read the template for each entry, with its own data and headers."""
        if not call.body:
            return super().read_back(call)
        body = json.loads(call.body)
        return tuple(_copy(body, entry) for entry in body["BulkEmailEntries"])

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch in one call and read the status of each entry, in order."""
        if not call.body:
            return self._send_whole(call)
        signed = self._signed("POST", _PATH, data=call.body, kind=call.content_type)
        answer = self.post(_PATH, call, headers=signed)
        results = answer.rows("BulkEmailEntryResults", count=len(call.messages))
        entries = [result if isinstance(result, dict) else {} for result in results]
        statuses = [_status(entry) for entry in entries]
        ours = next((status for status in statuses if status in _OURS), "")
        settled = [_STATES.get(status, State.UNKNOWN) for status in statuses if status not in _OURS]
        if ours and not {State.ACCEPTED, State.UNKNOWN} & set(settled):
            told = say("took no message: {words}", words=ours)
            raise self.error(say_list((told, _OURS[ours]), "; "), Verdict.STOP, code=ours)
        return tuple(
            _outcome(message.delivery, status, entry)
            for message, status, entry in zip(call.messages, statuses, entries, strict=True)
        )

    def _send_whole(self, call: Call) -> tuple[Outcome, ...]:
        """Send the one message of a call as we write it ("SendEmail", content "Raw")."""
        [message] = call.messages
        tags = {
            "nl-tag": _tag(call.tags[0]),
            "nl-batch": call.tags[1],
            "nl-delivery": call.reference(message),
        }
        body: dict[str, Any] = {
            "Content": {"Raw": {"Data": b64encode(message.mime).decode()}},
            "Destination": {"ToAddresses": [message.address]},
            "EmailTags": _pairs(tags),
        } | _configuration(self.options)
        data, kind = json.dumps(body).encode(), "application/json"
        signed = {**self._signed("POST", _ONE, data=data, kind=kind), "Content-Type": kind}
        answer = self.request("POST", _ONE, data=data, headers=signed)
        message_id = answer.fields.get("MessageId")
        if not (isinstance(message_id, str) and message_id):
            raise self.unreadable()
        return accepted(call, [message_id])

    def code(self, answer: Answer) -> str:
        """Return the kind of a fault, which is in a header."""
        kind = answer.headers.get("x-amzn-ErrorType", "") or str(answer.fields.get("__type", ""))
        return (
            _fault_in_words(self.explain(answer))
            or one_line(kind).partition(":")[0].rpartition("#")[2]
        )

    def explain(self, answer: Answer) -> str:
        """Return the words of a fault, whichever way the field is spelt."""
        fields = answer.fields
        return one_line(str(fields.get("message") or fields.get("Message") or ""))


def _configuration(options: Options) -> dict[str, Any]:
    """Return what holds for a call whatever the account's settings."""
    found: dict[str, Any] = {"ConfigurationSetName": options.stream} if options.stream else {}
    if not options.track_opens:
        switches = ("OpenTrackingEnabled", "ClickTrackingEnabled")
        found["ConfigurationOverrides"] = {"Tracking": dict.fromkeys(switches, "DISABLED")}
    return found


def _tag(tag: str) -> str:
    return _NO_TAG.sub("_", tag)[:256]


def _data(params: Mapping[str, str]) -> str:
    """Return the values of a reader: JSON inside a string of JSON."""
    plain = _SYNTAX.hazards.values()
    values = {name: v if name in plain else in_json(v) for name, v in params.items()}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _copy(body: dict[str, Any], entry: dict[str, Any]) -> Copy:
    template = body["DefaultContent"]["Template"]
    replaced = entry.get("ReplacementEmailContent", {}).get("ReplacementTemplate", {})
    data = json.loads(replaced.get("ReplacementTemplateData", template["TemplateData"]))
    content = template["TemplateContent"]
    parts = {name: _SYNTAX.filled(content.get(name, ""), data) for name in _PARTS}
    headers = {h["Name"]: h["Value"] for h in template["Headers"]}
    headers |= {h["Name"]: h["Value"] for h in entry.get("ReplacementHeaders", ())}
    return copy_of_form(
        sender=body["FromEmailAddress"],
        address=entry["Destination"]["ToAddresses"][0],
        reply_to=body["ReplyToAddresses"][0],
        subject=parts["Subject"],
        html=parts["Html"],
        text=parts["Text"],
        headers=headers.items(),
    )


def _fault_in_words(words: str) -> str:
    return next((code for word, code in _WORDS.items() if word in words), "")


def _status(entry: Mapping[str, Any]) -> str:
    """Return the status of an entry, or the fault of ours that its words reveal."""
    return _fault_in_words(str(entry.get("Error") or "")) or one_line(
        str(entry.get("Status") or "no status")
    )


def _outcome(delivery: int, status: str, entry: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a message; one held back by a fault of ours is retried."""
    state = State.QUEUED if status in _OURS else _STATES.get(status, State.UNKNOWN)
    if state is State.ACCEPTED:
        message_id = bare(str(entry.get("MessageId") or ""))
        return Outcome(delivery=delivery, state=state, message_id=message_id)
    words = one_line(str(entry.get("Error") or ""))
    said = f"{status}: {words}"
    reason = say_list((said, _OURS[status]), "; ") if status in _OURS else said
    return Outcome(delivery=delivery, state=state, reason=reason)


def _mailbox(name: str, address: str) -> str:
    """Return a mailbox in ASCII: SES wants other letters as encoded words (RFC 2047)."""
    if not name or name.isascii():
        return formataddr((name, address))
    return f"{Header(name, 'utf-8').encode(linesep='')} <{address}>"


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]
