"""Speak as Amazon SES v2: signed requests, fifty people a call, each with a status of their own."""

import json
import re
import uuid
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .dialect import (
    Answer,
    Dialect,
    Mail,
    Reply,
    Request,
    Sent,
    Taken,
    by_address,
    first_few,
    json_reply,
    replying,
)
from .enclosed import whole
from .fate import gone
from .openapi import Check
from .schemas import (
    ADDRESS,
    FILLED,
    HEADER_VALUE,
    WORD,
    not_played,
    problems,
    record,
    several,
    text,
)

CLOCK_SKEW = timedelta(minutes=5)
SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/ses/"
    r"aws4_request, ?SignedHeaders=(?P<names>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
PASSING = {"ACCOUNT_THROTTLED", "TRANSIENT_FAILURE", "FAILED"}  # an address meets them once
SUPPRESSIONS_ASKED = {"Reason", "StartDate", "EndDate", "NextToken", "PageSize"}
GONE = {"BOUNCE": "bounces", "COMPLAINT": "complains"}

TAGS = several(record({"Name": WORD, "Value": WORD}), 0, 50)
HEADER = record({"Name": text("[!-9;-@A-~]{1,126}"), "Value": text("[ -~]{1,995}")})
HEADERS = several(HEADER, 0, 15)
DATA = text(most=262_144)
NOBODY = several({}, 0, 0)
ONE_PERSON = record(
    {"ToAddresses": several(ADDRESS, 1, 1)}, {"CcAddresses": NOBODY, "BccAddresses": NOBODY}
)
CONTENT = record({"Subject": FILLED}, {"Html": FILLED, "Text": FILLED})
TEMPLATE = record(
    {"TemplateContent": CONTENT},
    {
        "TemplateData": DATA,
        "Headers": HEADERS,
        **not_played("TemplateName", "TemplateArn", "Attachments"),
    },
)
REPLACEMENT = record({}, {"ReplacementTemplateData": DATA})
ENTRY = record(
    {"Destination": ONE_PERSON},
    {
        "ReplacementTags": TAGS,
        "ReplacementHeaders": HEADERS,
        "ReplacementEmailContent": record({}, {"ReplacementTemplate": REPLACEMENT}),
    },
)
CALL = record(
    {
        # Anything beyond ASCII in an address is to be encoded by the caller, as in a header.
        "FromEmailAddress": HEADER_VALUE,
        "DefaultContent": record({"Template": TEMPLATE}),
        "BulkEmailEntries": several(ENTRY, 1, 50),
    },
    {
        "ReplyToAddresses": several(HEADER_VALUE),
        "ConfigurationSetName": FILLED,
        "ConfigurationOverrides": {"type": "object"},
        "DefaultEmailTags": TAGS,
        # It would put unsubscribe headers of its own beside the caller's.
        **not_played("ListManagementOptions"),
        **not_played("FeedbackForwardingEmailAddress", "TenantName", "EndpointId"),
    },
)

# One message as its caller wrote it.
ONE = record(
    {
        "Content": record({"Raw": record({"Data": FILLED})}),
        "Destination": ONE_PERSON,
    },
    {
        "EmailTags": TAGS,
        "ConfigurationSetName": FILLED,
        "ConfigurationOverrides": {"type": "object"},
    },
)

TOKEN = re.compile(r"\\?\{\{\{.*?\}\}\}|\\?\{\{.*?\}\}|\{\{", re.DOTALL)
SLOT = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
# Of SES, else the configuration set decides.
TRACKERS = ("OpenTrackingEnabled", "ClickTrackingEnabled")


def error(status: int, kind: str, message: str) -> Reply:
    """Answer with AWS's error model: the kind is in a header."""
    return json_reply(status, {"message": message}, **{"x-amzn-ErrorType": kind})


ERRORS = {
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


class Ses(Dialect):
    """Amazon SES in any region, its bulk calls; it cannot find mail or count it by tag.

    Option `status`: ADDRESS:STATUS, several with commas between.
    """

    name = "ses"
    options = ("status",)
    sending = "POST /v2/email/outbound(?:-bulk)?-emails"
    largest = 40_000_000
    errors = ERRORS

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        super().__init__(spec, api_key, **options)
        self._statuses = by_address(options.get("status", ""))
        self._model, self._model_of_one = modelled("SendBulkEmail"), modelled("SendEmail")

    def is_authorized(self, request: Request) -> bool:
        """Recompute the signature of the request."""
        key, _, secret = self.api_key.partition(":")
        return is_signed(request, key, secret)

    def refusal(self, reason: str) -> Reply:
        """Call it a bad request."""
        return error(400, "BadRequestException", reason)

    def take(self, request: Request, number: int) -> Taken:
        """Take each message that may be sent, and say of each what became of it."""
        body = self.read(request)
        if "bulk" not in request.path:
            return self._take_whole(body)
        if wrong := [*problems(body, CALL), *self._model(body)]:
            raise self.refused(*wrong)
        mails, results, objections = [], [], list[str]()
        for entry in body["BulkEmailEntries"]:
            letter = self._letter(body, entry)
            missing = [*missing_values(letter)]
            objections += [*header_violations(letter), *missing]
            status = self._status(letter["email"])
            mail = merged(letter, body)
            results.append(result(status, mail.message_id))
            # What cannot be rendered is taken all the same, but nobody ever gets it.
            mails += [mail] if status == "SUCCESS" and not missing else []
        reply = json_reply(200, {"BulkEmailEntryResults": results})
        return Taken(mails=tuple(mails), reply=reply, violations=first_few(objections))

    def _take_whole(self, body: Any) -> Taken:
        """Take a message that the caller wrote."""
        if wrong := [*problems(body, ONE), *self._model_of_one(body)]:
            raise self.refused(*wrong)
        tags, switches = pairs(body.get("EmailTags", [])), body.get("ConfigurationOverrides", {})
        tracking = switches.get("Tracking", {})
        mail = whole(
            b64decode(body["Content"]["Raw"]["Data"]),
            email=body["Destination"]["ToAddresses"][0],
            message_id=f"{uuid.uuid4()}-{uuid.uuid4().hex[:6]}",
            tags=tuple(tags.values()),
            metadata=tags,
            extra={"tracked": any(tracking.get(name) != "DISABLED" for name in TRACKERS)},
        )
        return Taken(mails=(mail,), reply=json_reply(200, {"MessageId": mail.message_id}))

    def routes(self) -> Mapping[str, Answer]:
        """Tell whom the account mails no more."""
        return {
            "GET /v2/email/suppression/addresses": lambda request, sent: self.office.with_own(
                suppressed(request, sent),
                "SuppressedDestinationSummaries",
                lambda who, why: {"EmailAddress": who, "Reason": why},
            ),
            "GET /v2/email/account": lambda *_: {
                "ProductionAccessEnabled": True,
                "SendingEnabled": True,
            },
        }

    def _letter(self, body: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
        """Lay an entry over the default content."""
        template = body["DefaultContent"]["Template"]
        own = entry.get("ReplacementEmailContent", {}).get("ReplacementTemplate", {})
        told = (template.get("TemplateData", "{}"), own.get("ReplacementTemplateData", "{}"))
        default, replacing = map(self._values, told)
        return {
            "email": entry["Destination"]["ToAddresses"][0],
            "parts": {"Html": "", "Text": "", **template["TemplateContent"]},
            "headers": pairs(template.get("Headers", []), entry.get("ReplacementHeaders", [])),
            "tags": pairs(body.get("DefaultEmailTags", []), entry.get("ReplacementTags", [])),
            "values": default | replacing,
        }

    def _values(self, told: str) -> dict[str, Any]:
        """Read the values of a template."""
        try:
            values = json.loads(told)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise self.refused("template data is not a JSON object")
        return values

    def _status(self, email: str) -> str:
        status = self._statuses.get(email.lower(), "SUCCESS")
        if status in PASSING:
            del self._statuses[email.lower()]
        return status


def pairs(*lists: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Turn lists of names and values into one mapping; the later win."""
    return {each["Name"]: each["Value"] for one in lists for each in one}


def header_violations(letter: Mapping[str, Any]) -> Iterator[str]:
    """Name what SES takes, but no reader should get."""
    email, parts = letter["email"], letter["parts"]
    if not parts["Html"] and not parts["Text"]:
        yield f"no content for {email}"
    if len(letter["headers"]) > 15:
        yield f"{len(letter['headers'])} headers for {email}, at most 15"
    for name, value in letter["headers"].items():
        if "{{" in value:
            yield f"header {name}: headers are not documented to be merged"


def missing_values(letter: Mapping[str, Any]) -> Iterator[str]:
    """Name each slot without a value, and what only looks like one."""
    for part in letter["parts"].values():
        for token in TOKEN.findall(part):
            slot = SLOT.fullmatch(token)
            if not slot:
                yield f"template syntax left in content: {token[:60]}"
            elif slot[1] not in letter["values"]:
                yield f"{slot[1]} has no value for {letter['email']}"


def merged(letter: Mapping[str, Any], body: Mapping[str, Any]) -> Mail:
    """Fill the slots; values go in as they are and are not looked at again."""
    values, switches = letter["values"], body.get("ConfigurationOverrides", {}).get("Tracking", {})

    def fill(part: str) -> str:
        return SLOT.sub(lambda slot: str(values.get(slot[1], "")), letter["parts"][part])

    return Mail(
        email=letter["email"],
        subject=fill("Subject"),
        html=fill("Html"),
        text=fill("Text"),
        headers=replying(", ".join(body.get("ReplyToAddresses", [])), letter["headers"]),
        tags=tuple(letter["tags"].values()),
        metadata=letter["tags"],
        sender=str(make_header(decode_header(body["FromEmailAddress"]))),
        message_id=f"{uuid.uuid4()}-{uuid.uuid4().hex[:6]}",
        extra={"tracked": any(switches.get(name) != "DISABLED" for name in TRACKERS)},
    )


def result(status: str, message_id: str) -> dict[str, str]:
    """Write what became of one entry."""
    if status == "SUCCESS":
        return {"Status": status, "MessageId": message_id}
    return {"Status": status, "Error": f"{status} for this entry"}


def suppressed(request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """List whom the account mails no more, one to a page."""
    query = request.parameters(SUPPRESSIONS_ASKED)
    if not 1 <= int(query.get("PageSize", 1)) <= 1000:
        raise ValueError("PageSize: 1 to 1000")
    first = datetime.fromisoformat(query.get("StartDate", "1970-01-01T00:00:00Z"))
    rows = [
        {"EmailAddress": each.mail.email, "Reason": reason, "LastUpdateTime": each.at.timestamp()}
        for each, reason in gone(sent, GONE)
        if each.at >= first
    ]
    start = int(query.get("NextToken", "page+/=0").removeprefix("page+/="))
    # Signs that a signature must encode.
    more = {"NextToken": f"page+/={start + 1}"} if start + 1 < len(rows) else {}
    return {"SuppressedDestinationSummaries": rows[start : start + 1], **more}


# --- by AWS's own software, where it is installed -----------------------------------------


@cache
def modelled(operation: str) -> Check:
    """Check by AWS's own model of an operation."""
    if find_spec("botocore") is None:
        return lambda _: iter(())
    model = import_module("botocore.loaders").Loader().load_service_model("sesv2", "service-2")
    service = import_module("botocore.model").ServiceModel(model)
    shape = service.operation_model(operation).input_shape
    validator = import_module("botocore.validate").ParamValidator()
    return lambda body: filter(None, validator.validate(body, shape).generate_report().split("\n"))


def is_signed(request: Request, key: str, secret: str) -> bool:
    """Compare a Signature V4 with one computed here."""
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
    told = signer.string_to_sign(copy, signer.canonical_request(copy))
    return bool(signer.signature(told, copy) == signed["signature"])


def is_current(when: str, day: str) -> bool:
    """Say whether the time of a signature is now, and on the day of its scope."""
    try:
        then = datetime.strptime(when, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return when.startswith(day) and abs(datetime.now(UTC) - then) < CLOCK_SKEW
