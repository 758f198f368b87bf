"""Word one good sending call for each provider, to two people; a test changes what it is about."""

import json
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from .dialect import Request

Changed = Mapping[str, Any]
AS_IT_IS: Changed = {}


def request(method: str, target: str, body: object = None, **headers: str) -> Request:
    url = urlsplit(target)
    given = Message()  # looks names up in any case
    for name, value in {"Host": "127.0.0.1:8000", **headers}.items():
        given[name.replace("_", "-")] = value
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Request(
        method=method,
        path=url.path,
        query=parse_qs(url.query),
        headers=given,  # type: ignore[arg-type]
        body=raw,
        target=target,
    )


def mailgun(changed: Changed = AS_IT_IS) -> Request:
    form = {
        "from": "Ylva <ylva@example.org>",
        "to": ["ada@example.org", "bo@example.org"],
        "subject": "Hej %recipient.name%",
        "html": "<p>Hej %recipient.name%</p>",
        "text": "Hej %recipient.name%",
        "h:List-Unsubscribe": "<https://example.org/%recipient.token%>",
        "v:delivery": "%recipient.token%",
        "o:tag": ["2026-11", "key.1"],
        "o:suppress-headers": "x-mailgun-variables",
        "recipient-variables": json.dumps(
            {
                "ada@example.org": {"name": "Ada", "token": "t1"},
                "bo@example.org": {"name": "Bo", "token": "t2"},
            }
        ),
        **changed,
    }
    form = {name: value for name, value in form.items() if value is not None}
    kind = "application/x-www-form-urlencoded"
    body = urlencode(form, doseq=True).encode()
    return request("POST", "/v3/example.org/messages", body, Content_Type=kind)


def sendgrid(changed: Changed = AS_IT_IS) -> Request:
    people = [("ada@example.org", "Ada"), ("bo@example.org", "Bo")]
    body = {
        "personalizations": [
            {
                "to": [{"email": email}],
                "substitutions": {"%%name%%": name},
                "headers": {"List-Unsubscribe": f"<https://example.org/{name}>"},
                "custom_args": {"delivery": name},
            }
            for email, name in people
        ],
        "from": {"email": "ylva@example.org", "name": "Ylva"},
        "subject": "Hej %%name%%",
        "content": [
            {"type": "text/plain", "value": "Hej %%name%%"},
            {"type": "text/html", "value": "<p>Hej %%name%%</p>"},
        ],
        "categories": ["2026-11", "key.1"],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": True},
            "subscription_tracking": {"enable": False},
        },
        **changed,
    }
    return request("POST", "/v3/mail/send", body)


def ses(changed: Changed = AS_IT_IS) -> Request:
    people = [("ada@example.org", "Ada"), ("bo@example.org", "Bo")]
    content = {"Subject": "Hej {{name}}", "Html": "<p>Hej {{name}}</p>", "Text": "Hej {{ name }}"}
    body = {
        "FromEmailAddress": "Ylva <ylva@example.org>",
        "DefaultContent": {"Template": {"TemplateContent": content, "TemplateData": "{}"}},
        "DefaultEmailTags": [{"Name": "issue", "Value": "2026-11"}],
        "BulkEmailEntries": [
            {
                "Destination": {"ToAddresses": [email]},
                "ReplacementTags": [{"Name": "delivery", "Value": name}],
                "ReplacementHeaders": [{"Name": "List-Unsubscribe", "Value": f"<x:{name}>"}],
                "ReplacementEmailContent": {
                    "ReplacementTemplate": {"ReplacementTemplateData": json.dumps({"name": name})}
                },
            }
            for email, name in people
        ],
        **changed,
    }
    return request("POST", "/v2/email/outbound-bulk-emails", body, Content_Type="application/json")


def mailjet_message(email: str, changed: Changed = AS_IT_IS) -> dict[str, Any]:
    return {
        "From": {"Email": "ylva@example.org", "Name": "Ylva"},
        "To": [{"Email": email}],
        "Subject": "Hej Ada",
        "HTMLPart": "<p>Hej Ada</p>",
        "TextPart": "Hej Ada",
        "Headers": {"List-Unsubscribe": "<https://example.org/t1>"},
        "CustomID": "key.1",
        "CustomCampaign": "2026-11",
        "DeduplicateCampaign": True,
        "TemplateLanguage": False,
        **changed,
    }


def mailjet(changed: Changed = AS_IT_IS) -> Request:
    both = [mailjet_message(email, changed) for email in ("ada@example.org", "bo@example.org")]
    return request("POST", "/v3.1/send", {"Messages": both})


def resend(changed: Changed = AS_IT_IS, key: str = "key.1") -> Request:
    batch = [
        {
            "from": "Ylva <ylva@example.org>",
            "to": [email],
            "subject": "Hej Ada",
            "html": "<p>Hej Ada</p>",
            "text": "Hej Ada",
            "headers": {"List-Unsubscribe": "<https://example.org/t1>"},
            "tags": [{"name": "issue", "value": "2026-11"}],
            **changed,
        }
        for email in ("ada@example.org", "bo@example.org")
    ]
    return request("POST", "/emails/batch", batch, User_Agent="newsletter", Idempotency_Key=key)


GOOD: Mapping[str, Callable[..., Request]] = {
    "mailgun": mailgun,
    "sendgrid": sendgrid,
    "ses": ses,
    "mailjet": mailjet,
    "resend": resend,
}
