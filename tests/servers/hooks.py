"""Signs webhooks as each provider does, with keys of its own."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

TOPIC = "arn:aws:sns:eu-north-1:123456789012:newsletter"
CERTIFICATE = "https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123abcd.pem"
CONFIRMING = "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37"
MAILGUN_KEY = "key-of-webhooks"
RESEND_KEY = "whsec_" + base64.b64encode(b"a key of twenty-four by.").decode()
_MESSAGES = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn")


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A request as a provider makes it."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def posted(provider: str, event: Any, now: dt.datetime, **how: Any) -> Posted:
    """Return the request that tells of an event, or of several as a list, signed at a moment."""
    return _SIGNERS.get(provider, _plain)(event, now, **how)


def key_of(provider: str) -> str:
    """Return what a newsletter is told of the key that a provider signs with."""
    if provider == "sendgrid":
        public = _curve().public_key()
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()
    return {"mailgun": MAILGUN_KEY, "resend": RESEND_KEY}.get(provider, "")


@cache
def certificate() -> bytes:
    """Return the certificate that messages of SNS are signed with."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_rsa().public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + dt.timedelta(days=3650))
        .sign(_rsa(), hashes.SHA256())
    )
    return built.public_bytes(Encoding.PEM)


def _plain(event: Any, now: dt.datetime) -> Posted:
    return Posted(body=json.dumps(event).encode())


def _mailgun(event: Any, now: dt.datetime, *, token: str = "") -> Posted:
    token, timestamp = token or secrets.token_hex(25), str(int(now.timestamp()))
    text = f"{timestamp}{token}".encode()
    mac = hmac.new(MAILGUN_KEY.encode(), text, hashlib.sha256).hexdigest()
    signature = {"timestamp": timestamp, "token": token, "signature": mac}
    return Posted(body=json.dumps({"signature": signature, "event-data": event}).encode())


def _resend(event: Any, now: dt.datetime, *, id: str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W") -> Posted:
    body, timestamp = json.dumps(event).encode(), str(int(now.timestamp()))
    key = base64.b64decode(RESEND_KEY.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(b'x' * 32).decode()} v1,{base64.b64encode(mac).decode()}"
    headers = {"svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature}
    return Posted(body=body, headers=headers)


def _sendgrid(event: Any, now: dt.datetime) -> Posted:
    events = event if isinstance(event, list) else [event]
    body, timestamp = json.dumps(events).encode() + b"\r\n", str(int(now.timestamp()))
    signature = _curve().sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    name = "x-twilio-email-event-webhook"
    signed = base64.b64encode(signature).decode()
    return Posted(body=body, headers={f"{name}-signature": signed, f"{name}-timestamp": timestamp})


def _ses(event: Any, now: dt.datetime, *, version: str = "2", **fields: str) -> Posted:
    """Return a message of SNS; `fields` replace its own, before it is signed."""
    said = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": event if isinstance(event, str) else json.dumps(event),
        "Timestamp": now.astimezone(dt.UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        **fields,
    }
    names = [name for name in (*_MESSAGES, "Type") if name in said]
    text = "".join(f"{name}\n{said[name]}\n" for name in names).encode()
    algorithm = hashes.SHA1() if version == "1" else hashes.SHA256()  # noqa: S303 - as SNS does
    said["Signature"] = base64.b64encode(_rsa().sign(text, padding.PKCS1v15(), algorithm)).decode()
    kind = {"x-amz-sns-message-type": said["Type"], "content-type": "text/plain; charset=UTF-8"}
    return Posted(body=json.dumps(said).encode(), headers=kind)


def confirmation(now: dt.datetime, *, kind: str = "SubscriptionConfirmation") -> Posted:
    """Return the message by which SNS asks whether a topic is wanted, or says that it is not."""
    return _ses(
        "You have chosen to subscribe to the topic.",
        now,
        Type=kind,
        Token="2336412f37",  # noqa: S106 - invented
        SubscribeURL=CONFIRMING,
    )


@cache
def _curve() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


_SIGNERS = {"mailgun": _mailgun, "resend": _resend, "sendgrid": _sendgrid, "ses": _ses}
