"""What each provider may answer to a call to three people, and what that means, by its facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.errors import Verdict
from newsletter.model import State
from tests.providers.kinds import QUEUED, TAKEN_BY_MAILJET, TAKEN_BY_POSTMARK

A, R, U, Q = State.ACCEPTED, State.REJECTED, State.UNKNOWN, State.QUEUED
RETRY, STOP, REJECT = Verdict.RETRY, Verdict.STOP, Verdict.REJECT
UNKNOWN, LOOK_UP = Verdict.UNKNOWN, Verdict.LOOK_UP


@dataclass(frozen=True, slots=True)
class Case:
    """An answer to a whole call that is an error, and what it means."""

    status: int
    body: Any  # JSON, or bytes as they are
    verdict: Verdict
    words: str = ""  # what is told
    wait: float | None = None  # seconds that it asks to wait
    headers: Mapping[str, str] | None = None


def of_code(code: str | int, message: str = "No.", *, field: str = "code") -> dict[str, Any]:
    """Return an error in the words of Brevo or, with other fields, of its neighbours."""
    return {field: code, "message": message}


# --- Mailgun, SendGrid, Brevo -------------------------------------------------------------


def words(message: str) -> dict[str, str]:
    """Return an error as Mailgun words it."""
    return {"message": message}


def errors(message: str, field: str | None = None) -> dict[str, Any]:
    """Return an error as SendGrid words it."""
    return {"errors": [{"message": message, "field": field, "help": None}]}


LIMITED = words("account-requests-per-sec limit exceeded, try again after 120 seconds")
BREVO = [
    Case(201, {"messageIds": ["<a>", "<b>"]}, UNKNOWN),
    Case(201, b"", UNKNOWN),
    Case(401, of_code("unauthorized"), STOP, "v3 API key, not an SMTP key"),
    Case(402, of_code("not_enough_credits"), STOP, "buy credits"),
    Case(403, of_code("permission_denied"), STOP, "verify the sender"),
    Case(400, of_code("account_under_validation"), STOP, "wait for Brevo"),
    Case(400, of_code("invalid_parameter", "email is not valid"), REJECT, "email is not valid"),
    Case(400, of_code("duplicate_request"), LOOK_UP),
    Case(413, of_code("out_of_range"), REJECT),
    Case(429, of_code("too_many_requests"), RETRY, wait=7, headers={"Retry-After": "7"}),
    Case(429, b"", RETRY, wait=3, headers={"x-sib-ratelimit-reset": "3"}),
    Case(500, of_code("internal_error"), UNKNOWN),
]
MAILGUN = [
    Case(200, b"Mailgun Magnificent API", STOP),  # a wrong path
    Case(200, {"message": "Hello", "id": "<a@b>"}, UNKNOWN),
    Case(200, {"message": QUEUED["message"]}, UNKNOWN),
    Case(200, b"", UNKNOWN),
    Case(400, words("to parameter is not a valid address. please check"), REJECT),
    Case(400, words("'from' parameter is not a valid address."), STOP),
    Case(400, words("Sandbox subdomains are for test purposes only."), STOP),
    Case(400, words("Send options (parameters starting with o:) are limited"), STOP),
    Case(401, b"Forbidden", STOP),
    Case(402, words("no messages left"), STOP),
    Case(403, words("Domain example.org is not allowed to send: disabled"), STOP),
    Case(404, words("Domain not found: example.org"), STOP, 'region = "eu"'),
    Case(429, words("not allowed to send: limit exceeded"), RETRY),
    Case(429, LIMITED, RETRY, wait=120),
    Case(429, LIMITED, RETRY, wait=7, headers={"Retry-After": "7"}),
    Case(500, words("Internal Server Error"), UNKNOWN),
]
SENDGRID = [
    Case(200, b"", UNKNOWN),  # a sandbox
    Case(200, b"<html>", UNKNOWN),
    Case(400, errors("no valid address", "personalizations.0.to.0.email"), REJECT),
    Case(400, errors("Bad Request"), REJECT),
    Case(400, errors("no valid address", "from.email"), STOP),
    Case(400, errors("The content value must be a string", "content.0.value"), STOP),
    Case(400, b"oops", REJECT),
    Case(401, errors("Maximum credits exceeded"), STOP),
    Case(403, errors("no verified Sender", "from"), STOP, "no verified Sender (from); verify the"),
    Case(413, errors("too large"), REJECT),
    Case(429, errors("too many requests"), RETRY),
    Case(429, errors("too many requests"), RETRY, headers={"X-RateLimit-Reset": "soon"}),
    Case(500, errors("internal server error"), UNKNOWN),
    Case(503, b"", UNKNOWN),
]


# --- Resend -------------------------------------------------------------------------------


def named(name: str, message: str = "No.") -> dict[str, Any]:
    """Return an error as Resend words it."""
    return of_code(name, message, field="name")


INVALID, BAD_FROM = "validation_error", "Invalid `from` field."
RESEND = [
    Case(200, b"<html>", UNKNOWN),
    Case(200, {}, UNKNOWN),
    Case(200, {"data": [{"id": "a"}, {"id": "b"}]}, UNKNOWN),
    Case(200, {"data": [{"id": ""}] * 3}, UNKNOWN),
    Case(200, {"data": [3]}, UNKNOWN),
    Case(400, named(INVALID, "Invalid `to` field."), REJECT),
    Case(422, named(INVALID, "Invalid `to` field."), REJECT),
    Case(422, named(INVALID, BAD_FROM), STOP, "check from"),
    Case(422, named(INVALID, "Invalid `reply_to` field."), STOP),
    Case(413, named(INVALID), REJECT),  # halves may fit
    Case(403, named(INVALID, "The domain is not verified."), STOP, "verify the domain"),
    Case(401, named("missing_api_key"), STOP, "NEWSLETTER_API_KEY"),
    Case(403, named("invalid_api_key"), STOP, "NEWSLETTER_API_KEY"),
    Case(422, named("invalid_from_address"), STOP),
    Case(429, named("rate_limit_exceeded"), RETRY),
    Case(429, b"", RETRY, wait=3, headers={"retry-after": "3", "ratelimit-reset": "1"}),
    Case(429, b"", RETRY, wait=1, headers={"ratelimit-reset": "1"}),
    Case(429, named("daily_quota_exceeded"), STOP, "quota"),
    Case(429, named("monthly_quota_exceeded"), STOP),
    Case(409, named("invalid_idempotent_request"), LOOK_UP),
    Case(409, named("concurrent_idempotent_requests"), UNKNOWN),
    Case(500, named("application_error"), UNKNOWN),
    Case(500, b"", UNKNOWN, headers={"ratelimit-reset": "1"}),
    Case(503, named("internal_server_error"), UNKNOWN),
]


# --- Mailjet: a fate for each message, whatever the status --------------------------------


def failure(code: str, status: int = 400, *fields: str) -> dict[str, Any]:
    """Return what Mailjet tells of a message that it did not take."""
    told = {"ErrorCode": code, "StatusCode": status, "ErrorMessage": "No."}
    return {"Status": "error", "Errors": [{**told, "ErrorRelatedTo": list(fields)}]}


def failed(code: str) -> dict[str, str]:
    """Return what Mailjet tells of a call that it did not take."""
    return {"ErrorCode": code, "ErrorMessage": "No."}


def stopped(item: dict[str, Any], told: str) -> Case:
    """Return a call of which Mailjet took nothing, for a reason of ours."""
    return Case(403, {"Messages": [BAD_ADDRESS, item, item]}, STOP, told)


BAD_ADDRESS = failure("mj-0013", 400, "To[0].Email")
NO_SENDER = failure("send-0008", 403, "From")
BAD_SENDER = failure("mj-0013", 400, "From.Email")
SUSPENDED = failure("mj-0001", 401)
MAILJET = [
    stopped(NO_SENDER, "validate the address"),
    stopped(failure("send-0006", 403, "SenderID"), "validate the address"),
    stopped(BAD_SENDER, "validate the address"),
    stopped(SUSPENDED, "ask Mailjet why"),
    stopped(failure("mj-0015", 401), "KEY:SECRET"),
    Case(200, {"Messages": TAKEN_BY_MAILJET[:2]}, UNKNOWN),
    Case(200, b"<html>", UNKNOWN),
    Case(401, failed("mj-0015"), STOP),
    Case(403, failed("send-0008"), STOP),
    Case(400, failed("mj-0002"), STOP),
    Case(400, failed("mj-0008"), REJECT),
    Case(400, failed("mj-0011"), REJECT),
    Case(429, b"", RETRY),
    Case(500, {"ErrorIdentifier": "f987008f"}, UNKNOWN),
    Case(500, {"Messages": [BAD_ADDRESS] * 3}, UNKNOWN),
]
OF_ONE_BY_MAILJET: list[tuple[Any, State]] = [
    (BAD_ADDRESS, R),
    (failure("mj-0006", 400, "Subject"), R),
    (failure("mj-9999"), R),
    (failure("mj-9999", 429), Q),
    # About us, but not about these three alone: the next call stops the run.
    (NO_SENDER, Q),
    (SUSPENDED, Q),
    (BAD_SENDER, Q),
    # Neither yes nor no.
    (failure("mj-0000", 500), U),
    ({"Status": "error", "Errors": []}, U),
    (None, U),
]


# --- Postmark: a fate for each message, although the call is 200 --------------------------


def code(number: int | None, message: str = "No.") -> dict[str, Any]:
    """Return an error in Postmark's words."""
    return {"ErrorCode": number, "Message": message}


def of_us(item: dict[str, Any], told: str) -> Case:
    """Return a call of which Postmark took nothing, for a reason of ours."""
    return Case(200, [INACTIVE, item, item], STOP, told)


INACTIVE = code(406, "You tried to send to a recipient marked as inactive.\nFound: bo@…")
NO_CREDIT = code(405, "You ran out of credits.")
BAD_FROM_ADDRESS = code(300, "Invalid 'From' address: 'x'.")
POSTMARK = [
    of_us(NO_CREDIT, "buy credits"),
    of_us(code(400), "verify the address or the domain"),
    of_us(code(401), "verify the address or the domain"),
    of_us(BAD_FROM_ADDRESS, "verify the address or the domain"),
    of_us(code(412), "approve the account"),
    of_us(code(413), "may not send"),
    of_us(code(1235), "check stream"),
    Case(200, TAKEN_BY_POSTMARK[:2], UNKNOWN),
    Case(200, {"Message": "OK"}, UNKNOWN),
    Case(200, b"<html>", UNKNOWN),
    Case(401, code(10), STOP),
    Case(413, b"Payload Too Large", REJECT),  # halves may fit
    Case(422, code(410), REJECT),
    Case(422, code(300, "Invalid 'To' address"), REJECT),
    Case(422, BAD_FROM_ADDRESS, STOP),
    Case(422, code(402), STOP),
    Case(422, code(405), STOP),
    Case(422, code(413), STOP),
    Case(429, code(429), RETRY),
    Case(503, code(100), RETRY),
    Case(500, code(500), UNKNOWN),
    Case(503, b"", UNKNOWN),
]
OF_ONE_BY_POSTMARK: list[tuple[Any, State]] = [
    (INACTIVE, R),
    (code(300, "Invalid 'To' address: 'bo@example..org'."), R),
    (code(411), R),
    (code(99999), R),
    (code(100), Q),
    (code(429), Q),
    # About us, but not about these three alone: the next call stops the run.
    (NO_CREDIT, Q),
    (BAD_FROM_ADDRESS, Q),
    (code(401), Q),
    # Neither yes nor no.
    ({}, U),
    (None, U),
    (code(None, "?"), U),
]


# --- Amazon SES: a status for each entry --------------------------------------------------


def results(*statuses: str, error: str = "why") -> dict[str, Any]:
    """Return an answer with a status for each entry, in the shape of the model."""
    entries = [
        {"Status": status, "MessageId": f"id-{at}"}
        if status == "SUCCESS"
        else {"Status": status, "Error": error}
        for at, status in enumerate(statuses)
    ]
    return {"BulkEmailEntryResults": entries}


def kind(status: int, name: str, verdict: Verdict, message: str = "") -> Case:
    """Return an error of a whole call, whose kind is in a header."""
    return Case(status, words(message), verdict, message, headers={"x-amzn-ErrorType": name})


OF_OURS = (
    *("ACCOUNT_SUSPENDED", "ACCOUNT_SENDING_PAUSED", "CONFIGURATION_SET_SENDING_PAUSED"),
    *("ACCOUNT_DAILY_QUOTA_EXCEEDED", "MAIL_FROM_DOMAIN_NOT_VERIFIED", "TEMPLATE_NOT_FOUND"),
    *("CONFIGURATION_SET_NOT_FOUND", "INVALID_SENDING_POOL_NAME"),
)
NOT_VERIFIED = "Email address is not verified. The following identities failed: kirje@example.org"
PAUSED = {"__type": "com.amazonaws.ses#SendingPausedException", "Message": "paused"}
TOO_MANY = "TooManyRequestsException"
UNFIT: Sequence[Any] = ({}, [], b"<html>", results("SUCCESS"), {"BulkEmailEntryResults": "x"})
SES = [
    *(Case(200, results(each, "FAILED", "MESSAGE_REJECTED"), STOP, each) for each in OF_OURS),
    # Nobody is rejected for an address of ours that is not verified.
    Case(200, results(*["MESSAGE_REJECTED"] * 3, error=NOT_VERIFIED), STOP, "verify the sender"),
    *(Case(200, body, UNKNOWN) for body in UNFIT),
    kind(400, "BadRequestException", REJECT, "Missing final '@domain'"),
    kind(400, "MessageRejected", REJECT, "virus"),
    kind(400, "MessageRejected", STOP, "Email address is not verified."),
    kind(400, "MailFromDomainNotVerifiedException", STOP),
    kind(400, "AccountSuspendedException", STOP),
    kind(400, "SendingPausedException:http://internal.amazon.com/", STOP),
    kind(400, "LimitExceededException", STOP),
    kind(400, "ThrottlingException", RETRY, "Rate exceeded"),
    kind(403, "InvalidSignatureException", STOP),
    kind(404, "NotFoundException", STOP, "Configuration set <x> does not exist."),
    kind(429, TOO_MANY, RETRY, "Maximum sending rate exceeded."),
    kind(429, TOO_MANY, STOP, "Daily message quota exceeded."),
    kind(500, "InternalFailure", UNKNOWN),
    kind(503, "ServiceUnavailableException", UNKNOWN),
    Case(400, PAUSED, STOP, "paused"),  # the kind is in the body
]
OF_ONE_BY_SES: list[tuple[Any, State]] = [
    ("ACCOUNT_THROTTLED", Q),
    ("TRANSIENT_FAILURE", Q),
    ("FAILED", Q),
    ("MESSAGE_REJECTED", R),
    ("INVALID_PARAMETER", R),
    ("ACCOUNT_DAILY_QUOTA_EXCEEDED", Q),
    ("ACCOUNT_SUSPENDED", Q),
    ("SOMETHING_NEW", U),
    ("", U),
]

# --- all of them --------------------------------------------------------------------------

ERRORS: Mapping[str, list[Case]] = {
    "brevo": BREVO,
    "mailgun": MAILGUN,
    "mailjet": MAILJET,
    "postmark": POSTMARK,
    "resend": RESEND,
    "sendgrid": SENDGRID,
    "ses": SES,
}


OK_BY_MAILJET, OK_BY_POSTMARK = TAKEN_BY_MAILJET[0], TAKEN_BY_POSTMARK[0]
LAST_BY_MAILJET, LAST_BY_POSTMARK = TAKEN_BY_MAILJET[2], TAKEN_BY_POSTMARK[2]
# An answer about three messages of which the first and the last were taken, and the second's fate.
OF_ONE: list[tuple[str, int, Any, State]] = [
    *(
        ("mailjet", status, {"Messages": [OK_BY_MAILJET, item, LAST_BY_MAILJET]}, state)
        for item, state in OF_ONE_BY_MAILJET
        for status in (200, 400, 401, 403)
    ),
    *(
        ("postmark", 200, [OK_BY_POSTMARK, item, LAST_BY_POSTMARK], state)
        for item, state in OF_ONE_BY_POSTMARK
    ),
    *(("ses", 200, results("SUCCESS", item, "SUCCESS"), state) for item, state in OF_ONE_BY_SES),
]
# Where nothing was taken and something may have been, nothing is queued as a fault of ours.
IN_DOUBT: Mapping[str, tuple[int, Any]] = {
    "mailjet": (403, {"Messages": [NO_SENDER, {}, NO_SENDER]}),
    "postmark": (200, [NO_CREDIT, {}, NO_CREDIT]),
    "ses": (200, results("ACCOUNT_SUSPENDED", "SOMETHING_NEW", "ACCOUNT_SUSPENDED")),
}
