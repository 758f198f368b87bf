"""Speak as Amazon SES v2: signed requests, fifty people a call, each with a status of their own."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .dialect import RefusedError, Reply, Request, Sent, Taken, json_reply
from .openapi import Check, first_few, problems
from .ses_rules import (
    BULK,
    CALLS,
    SINGLE,
    bulk_drafts,
    draft_violations,
    error,
    merged,
    missing,
    single_drafts,
)

ACCOUNT, SUPPRESSED = "/v2/email/account", "/v2/email/suppression/addresses"
SUPPRESSIONS_ASKED = {"Reason", "StartDate", "EndDate", "NextToken", "PageSize"}
OPERATIONS = {BULK: "SendBulkEmail", SINGLE: "SendEmail"}
LARGEST_BODY = 40_000_000
CLOCK_SKEW = timedelta(minutes=5)
SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/ses/"
    r"aws4_request, ?SignedHeaders=(?P<names>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)

# Statuses that go away: an address the option names meets them once.
PASSING = {"ACCOUNT_THROTTLED", "TRANSIENT_FAILURE", "FAILED"}
# What a call to one person answers instead of such a status.
AS_ERRORS = {
    "MESSAGE_REJECTED": "MessageRejected",
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": "MailFromDomainNotVerifiedException",
    "ACCOUNT_SUSPENDED": "AccountSuspendedException",
    "ACCOUNT_SENDING_PAUSED": "SendingPausedException",
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": "LimitExceededException",
    "ACCOUNT_THROTTLED": "TooManyRequestsException",
}
STATUSES = {"TooManyRequestsException": 429, "NotFoundException": 404}


ERRORS: Mapping[str, Reply] = {
    # There is no 401: a key or signature that is wrong is forbidden.
    "401": error(403, "InvalidSignatureException", "The request signature does not match"),
    "402": error(400, "LimitExceededException", "Daily message quota exceeded"),
    "403": error(403, "AccessDeniedException", "The user may not perform ses:SendEmail"),
    "404": error(404, "UnknownOperationException", ""),
    "413": error(413, "RequestEntityTooLargeException", "Request is too large"),
    "429": error(429, "TooManyRequestsException", "Maximum sending rate exceeded"),
    "500": error(500, "InternalFailure", "Internal failure"),
    "503": error(503, "ServiceUnavailableException", "Service unavailable"),
    "400-invalid": error(400, "BadRequestException", "Missing final '@domain'"),
    "repeat": error(400, "BadRequestException", "There are no idempotency keys"),
}


class Ses:
    """Amazon SES in any region; option `status`: ADDRESS:STATUS, several with commas between."""

    name = "ses"
    base = ""
    spec = ""

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        self._key, _, self._secret = api_key.partition(":")
        pairs = (pair.rpartition(":") for pair in options.get("status", "").split(",") if pair)
        self._statuses = {address: status for address, _, status in pairs}
        self._checks = modelled()

    def is_authorized(self, request: Request) -> bool:
        """Recompute the signature of the request."""
        return is_signed(request, self._key, self._secret)

    def is_sending(self, request: Request) -> bool:
        """Recognise the calls for many and for one."""
        return request.method == "POST" and request.path in CALLS

    def take(self, request: Request, number: int) -> Taken:
        """Take each message that may be sent, and say of each what became of it."""
        body = self._parsed(request)
        drafts = [*(bulk_drafts if request.path == BULK else single_drafts)(body)]
        statuses = [self._status(draft.email) for draft in drafts]
        ids = [f"{uuid.uuid4()}-{uuid.uuid4().hex[:6]}" for _ in drafts]
        broken = first_few(fault for draft in drafts for fault in draft_violations(draft))
        mails = tuple(
            merged(draft, body, message_id)
            for draft, status, message_id in zip(drafts, statuses, ids, strict=True)
            # What cannot be rendered is taken all the same, but nobody ever gets it.
            if status == "SUCCESS" and not [*missing(draft)]
        )
        if request.path == BULK:
            results = [result(*each) for each in zip(statuses, ids, strict=True)]
            reply = json_reply(200, {"BulkEmailEntryResults": results})
        else:
            reply = single_answer(statuses[0], ids[0])
        return Taken(mails=mails, reply=reply, violations=broken)

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Tell of the account and its suppressions; SES cannot find mail or count it by tag."""
        if (request.method, request.path) == ("GET", SUPPRESSED):
            return suppressed(request.query, sent)
        if (request.method, request.path) != ("GET", ACCOUNT):
            return ERRORS["404"]
        quota = {"Max24HourSend": 5e4, "MaxSendRate": 14.0, "SentLast24Hours": float(len(sent))}
        account = {"ProductionAccessEnabled": True, "SendingEnabled": True, "SendQuota": quota}
        return json_reply(200, {"EnforcementStatus": "HEALTHY", **account})

    def error(self, kind: str) -> Reply:
        """Word an error as SES does."""
        return ERRORS[kind]

    def _parsed(self, request: Request) -> Any:
        if len(request.body) > LARGEST_BODY:
            raise RefusedError("the body is larger than 40 MB", reply=ERRORS["413"])
        try:
            body = json.loads(request.body)
        except ValueError as err:
            reply = error(400, "SerializationException", "body is not JSON")
            raise RefusedError(f"body is not JSON: {err}", reply=reply) from err
        wrong = [*problems(body, CALLS[request.path]), *self._checks[request.path](body)]
        if wrong:
            reply = error(400, "BadRequestException", wrong[0])
            raise RefusedError(*first_few(wrong), reply=reply)
        return body

    def _status(self, email: str) -> str:
        status = self._statuses.get(email, "SUCCESS")
        if status in PASSING:
            del self._statuses[email]
        return status


def suppressed(query: Mapping[str, list[str]], sent: Sequence[Sent]) -> Reply:
    """List whom the account mails no more, two to a page; some addresses say so of themselves."""
    first = query.get("StartDate", ["1970-01-01T00:00:00Z"])[0]
    if query.keys() - SUPPRESSIONS_ASKED or not 1 <= int(query.get("PageSize", ["1"])[0]) <= 1000:
        raise RefusedError(
            "suppression: an unknown parameter or PageSize", reply=ERRORS["400-invalid"]
        )
    gone = {"bounces": "BOUNCE", "complains": "COMPLAINT"}
    rows = [
        {"EmailAddress": each.mail.email, "Reason": reason, "LastUpdateTime": each.at.timestamp()}
        for each in sent
        for word, reason in gone.items()
        if each.mail.email.startswith(word) and each.at >= datetime.fromisoformat(first)
    ]
    start = int(query.get("NextToken", ["page+/=0"])[0].removeprefix("page+/="))
    answer: dict[str, Any] = {"SuppressedDestinationSummaries": rows[start : start + 1]}
    if start + 1 < len(rows):
        answer["NextToken"] = f"page+/={start + 1}"  # signs that a signature must encode
    return json_reply(200, answer)


def modelled() -> dict[str, Check]:
    """Check by AWS's own model of the operations, where botocore is installed."""
    if find_spec("botocore") is None:
        return dict.fromkeys(CALLS, lambda _: iter(()))
    model = import_module("botocore.loaders").Loader().load_service_model("sesv2", "service-2")
    service = import_module("botocore.model").ServiceModel(model)
    validator = import_module("botocore.validate").ParamValidator()

    def check(operation: str) -> Check:
        shape = service.operation_model(operation).input_shape
        return lambda body: filter(
            None, validator.validate(body, shape).generate_report().split("\n")
        )

    return {path: check(operation) for path, operation in OPERATIONS.items()}


def is_signed(request: Request, key: str, secret: str) -> bool:
    """Compare a Signature V4 with one computed here, where botocore is installed."""
    signed = SIGNATURE.fullmatch(request.headers.get("Authorization") or "")
    when = request.headers.get("X-Amz-Date") or ""
    if not signed or signed["key"] != key or not is_current(when, signed["day"]):
        return False
    names = signed["names"].split(";")
    needed = {"host", "x-amz-date"}
    needed |= {"content-type"} if request.headers.get("Content-Type") else set()
    if not needed <= set(names):
        return False
    if find_spec("botocore") is None:
        return True
    auth = import_module("botocore.auth")
    credentials = import_module("botocore.credentials").Credentials(key, secret)
    signer = auth.SigV4Auth(credentials, "ses", signed["region"])
    copy = import_module("botocore.awsrequest").AWSRequest(
        method=request.method,
        url=f"http://{request.headers.get('Host')}{request.target or request.path}",
        data=request.body,
        headers={name: request.headers.get(name) or "" for name in names},
    )
    copy.context["timestamp"] = when
    text = signer.string_to_sign(copy, signer.canonical_request(copy))
    return bool(signer.signature(text, copy) == signed["signature"])


def is_current(when: str, day: str) -> bool:
    """Say whether the time of a signature is now, and on the day of its scope."""
    try:
        then = datetime.strptime(when, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return when.startswith(day) and abs(datetime.now(UTC) - then) < CLOCK_SKEW


def result(status: str, message_id: str) -> dict[str, str]:
    """Write what became of one entry."""
    if status == "SUCCESS":
        return {"Status": status, "MessageId": message_id}
    return {"Status": status, "Error": f"{status} for this entry"}


def single_answer(status: str, message_id: str) -> Reply:
    """Answer a call to one person."""
    if status == "SUCCESS":
        return json_reply(200, {"MessageId": message_id})
    kind = AS_ERRORS.get(status, "BadRequestException")
    return error(STATUSES.get(kind, 400), kind, status)
