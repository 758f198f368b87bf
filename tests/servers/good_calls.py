"""Word one good sending call for each provider, to two people; a test changes what it is about."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from requests.structures import CaseInsensitiveDict

from .dialect import Request
from .wire import read

Changed = Mapping[str, Any]
AS_IT_IS: Changed = {}
ADA, BO = "ada@example.org", "bo@example.org"
PEOPLE = {ADA: "Ada", BO: "Bo"}
KEY = "7f1a0d58-3c5e-4a2b-9e59-5f0a6a4a1c11"
LEAVING = {"List-Unsubscribe": "<https://example.org/t1>"}


def request(method: str, target: str, body: object = None, **headers: str) -> Request:
    """Word a request; underscores in names of headers become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    given = CaseInsensitiveDict({"Host": "127.0.0.1:8000", **named})
    return read(method, target, given, raw)


def question(path: str, **query: Any) -> Request:
    """Ask for something."""
    return request("GET", f"{path}?{urlencode(query, doseq=True)}" if query else path)


def brevo(changed: Changed = AS_IT_IS) -> Request:
    return request("POST", "/v3/smtp/email", brevo_body(changed), api_key="test-key")


def brevo_body(changed: Changed = AS_IT_IS) -> dict[str, Any]:
    return {
        "sender": {"name": "Ylva", "email": "ylva@example.org"},
        "replyTo": {"email": "editor@example.org"},
        "subject": "Hej {{ params.name }}",
        "htmlContent": "<p>Hej {{params.name}}</p>{# seen by nobody #}",
        "textContent": "Hej {{ params.name }}",
        "headers": {"idempotencyKey": KEY, **LEAVING},
        "tags": ["2026-11", "key.1"],
        "messageVersions": [brevo_version(email) for email in PEOPLE],
        **changed,
    }


def brevo_version(email: str, **more: Any) -> dict[str, Any]:
    return {"to": [{"email": email}], "params": {"name": PEOPLE.get(email, email)}, **more}


def mailgun(changed: Changed = AS_IT_IS) -> Request:
    form = {
        "from": "Ylva <ylva@example.org>",
        "to": list(PEOPLE),
        "subject": "Hej %recipient.name%",
        "html": "<p>Hej %recipient.name%</p>",
        "text": "Hej %recipient.name%",
        "h:List-Unsubscribe": "<https://example.org/%recipient.token%>",
        "v:delivery": "%recipient.token%",
        "o:tag": ["2026-11", "key.1"],
        "o:suppress-headers": "x-mailgun-variables",
        "recipient-variables": json.dumps(
            {ADA: {"name": "Ada", "token": "t1"}, BO: {"name": "Bo", "token": "t2"}}
        ),
        **changed,
    }
    fields = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'
        for name, value in form.items()
        if value is not None
        for one in (value if isinstance(value, list) else [value])
    ]
    kind = 'multipart/form-data; boundary="x"'
    body = f"{''.join(fields)}--x--\r\n".encode()
    return request("POST", "/v3/example.org/messages", body, Content_Type=kind)


def mailjet(changed: Changed = AS_IT_IS) -> Request:
    both = [
        {
            "From": {"Email": "ylva@example.org", "Name": "Ylva"},
            "To": [{"Email": email}],
            "Subject": f"Hej {name}",
            "HTMLPart": f"<p>Hej {name}</p>",
            "TextPart": f"Hej {name}",
            "Headers": LEAVING,
            "CustomID": "key.1",
            "CustomCampaign": "2026-11",
            "DeduplicateCampaign": True,
            "TemplateLanguage": False,
            **changed,
        }
        for email, name in PEOPLE.items()
    ]
    return request("POST", "/v3.1/send", {"Messages": both})


def postmark(changed: Changed = AS_IT_IS) -> Request:
    return postmark_batch(*(postmark_message(email, changed) for email in PEOPLE))


def postmark_batch(*messages: object, **headers: str) -> Request:
    kinds = dict.fromkeys(("Accept", "Content_Type"), "application/json")
    return request("POST", "/email/batch", messages, **{**kinds, **headers})


def postmark_message(email: str, changed: Changed = AS_IT_IS) -> dict[str, Any]:
    name = PEOPLE.get(email, email)
    return {
        "From": "Ylva <ylva@example.org>",
        "To": email,
        "Subject": f"Hej {name}",
        "HtmlBody": f"<p>Hej {name}</p>",
        "TextBody": f"Hej {name}",
        "Tag": "2026-11",
        "Metadata": {"batch": "key.1"},
        "Headers": [{"Name": name, "Value": value} for name, value in LEAVING.items()],
        "TrackOpens": False,
        "TrackLinks": "None",
        **changed,
    }


def resend(changed: Changed = AS_IT_IS, key: str = "key.1") -> Request:
    batch = [
        {
            "from": "Ylva <ylva@example.org>",
            "to": [email],
            "subject": f"Hej {name}",
            "html": f"<p>Hej {name}</p>",
            "text": f"Hej {name}",
            "headers": LEAVING,
            "tags": [{"name": "issue", "value": "2026-11"}],
            **changed,
        }
        for email, name in PEOPLE.items()
    ]
    return request("POST", "/emails/batch", batch, User_Agent="newsletter", Idempotency_Key=key)


def sendgrid(changed: Changed = AS_IT_IS) -> Request:
    body = {
        "personalizations": sendgrid_people(),
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


def sendgrid_people(**changed: Any) -> Sequence[Changed]:
    return [
        {
            "to": [{"email": email}],
            "substitutions": {"%%name%%": name},
            "headers": LEAVING,
            "custom_args": {"delivery": name},
            **changed,
        }
        for email, name in PEOPLE.items()
    ]


def ses(changed: Changed = AS_IT_IS) -> Request:
    content = {"Subject": "Hej {{name}}", "Html": "<p>Hej {{name}}</p>", "Text": "Hej {{ name }}"}
    body = {
        "FromEmailAddress": "Ylva <ylva@example.org>",
        "DefaultContent": {"Template": {"TemplateContent": content, "TemplateData": "{}"}},
        "DefaultEmailTags": [{"Name": "issue", "Value": "2026-11"}],
        "BulkEmailEntries": ses_entries(),
        **changed,
    }
    return request("POST", "/v2/email/outbound-bulk-emails", body, Content_Type="application/json")


def ses_entries(**changed: Any) -> list[Changed]:
    return [
        {
            "Destination": {"ToAddresses": [email]},
            "ReplacementTags": [{"Name": "delivery", "Value": name}],
            "ReplacementHeaders": [{"Name": n, "Value": value} for n, value in LEAVING.items()],
            "ReplacementEmailContent": {
                "ReplacementTemplate": {"ReplacementTemplateData": json.dumps({"name": name})}
            },
            **changed,
        }
        for email, name in PEOPLE.items()
    ]


GOOD: Mapping[str, Callable[..., Request]] = {
    "brevo": brevo,
    "mailgun": mailgun,
    "mailjet": mailjet,
    "postmark": postmark,
    "resend": resend,
    "sendgrid": sendgrid,
    "ses": ses,
}
