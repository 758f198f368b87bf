"""The dialects are strict, merge as their providers do, and let in only who has the key."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from .dialect import ERRORS
from .good_calls import (
    ADA,
    BO,
    GOOD,
    LEAVING,
    Changed,
    brevo_version,
    sendgrid_people,
    ses_entries,
)
from .house import specification
from .played import Played

ONE, TWO = [{"email": ADA}], [{"email": ADA}, {"email": BO}]
LONG = {"email": ADA, "name": "x" * 71}


@pytest.mark.parametrize("with_spec", [False, True])
@pytest.mark.parametrize("name", GOOD)
def test_a_good_call_reaches_each_person(name: str, with_spec: bool) -> None:
    played, call = Played(name, with_spec=with_spec), GOOD[name]()

    taken = played.take(call)

    assert played.dialect.is_sending(call)
    assert taken.violations == ()
    assert [mail.email for mail in taken.mails] == [ADA, BO]
    assert len({mail.message_id for mail in taken.mails}) == (1 if name == "mailgun" else 2)
    for mail, who in zip(taken.mails, ("Ada", "Bo"), strict=True):
        assert (mail.subject, mail.text) == (f"Hej {who}",) * 2
        assert mail.html == f"<p>Hej {who}</p>"
        assert mail.headers.keys() == LEAVING.keys()
        assert mail.sender == "Ylva <ylva@example.org>"
        assert "2026-11" in mail.tags


@pytest.mark.parametrize("name", GOOD)
def test_every_error_is_worded(name: str) -> None:
    assert all(Played(name).dialect.error(kind).status >= 400 for kind in ERRORS)


@pytest.mark.parametrize("name", GOOD)
def test_without_the_key_nobody_is_let_in(name: str) -> None:
    dialect = Played(name).dialect
    call = GOOD[name]()
    with_wrong_key = {**call.headers, dialect.key_header: dialect.credential() + "x"}
    with_none = {n: v for n, v in with_wrong_key.items() if n.lower() != dialect.key_header.lower()}

    assert not dialect.is_authorized(replace(call, headers=with_wrong_key))
    assert not dialect.is_authorized(replace(call, headers=with_none))


def test_an_option_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="brevo has no options: fail"):
        Played("brevo", fail=ADA)


def postmark_headers(value: str) -> Changed:
    return {"Headers": [{"Name": "X", "Value": value}]}


REFUSED: list[tuple[str, Changed, str]] = [
    ("brevo", {"sender": {"name": "No address"}}, "$.sender.email: is missing"),
    ("brevo", {"sender": LONG}, "$.sender.name: "),
    ("brevo", {"htmlContent": ""}, "$.htmlContent: "),
    ("brevo", {"subject": ""}, "$.subject: "),
    ("brevo", {"tags": []}, "$.tags: "),
    ("brevo", {"headers": {}}, "$.headers.idempotencyKey: is missing"),
    ("brevo", {"headers": {"idempotencyKey": "abc-123"}}, "$.headers.idempotencyKey: "),
    ("brevo", {"headers": {"X-Name": "Työ"}}, "$.headers.X-Name: "),
    ("brevo", {"headers": {"X-Name": "a\r\nBcc: x"}}, "$.headers.X-Name: "),
    ("brevo", {"messageVersions": []}, "$.messageVersions: "),
    ("brevo", {"messageVersions": [{"to": ONE}] * 1001}, "breaks maxItems 1000"),
    ("brevo", {"messageVersions": [{"to": TWO}]}, "$.messageVersions[0].to: "),
    ("brevo", {"messageVersions": [{"to": ONE, "cc": ONE}]}, "$.messageVersions[0].cc: "),
    ("brevo", {"messageVersions": [{"to": [LONG]}]}, "$.messageVersions[0].to[0].name: "),
    ("brevo", {"messageVersions": [{"to": ONE, "headers": {"X": "ä"}}]}, "[0].headers"),
    ("brevo", {"bcc": ONE}, "$.bcc: "),
    ("brevo", {"templateId": 7}, "$.templateId: "),
    ("mailgun", {"subjct": "Hej"}, "unknown field"),
    ("mailgun", {"to": "ada"}, "malformed"),
    ("mailgun", {"h:X-Note": "Åsa"}, "h:.X-Note"),
    ("mailgun", {"v:long": "x" * 17_000}, "at most 16384"),
    ("mailgun", {"cc": BO}, "not played"),
    ("mailgun", {"recipient-variables": "{"}, "not JSON"),
    ("sendgrid", {"catgories": []}, "unknown field"),
    ("sendgrid", {"personalizations": sendgrid_people(to=TWO)}, "maxItems"),
    ("sendgrid", {"personalizations": sendgrid_people(custom_args={"n": 1})}, "type string"),
    ("sendgrid", {"headers": {"Subject": "Hej"}}, "may not be set"),
    ("sendgrid", {"headers": {"X-Note": "Åsa"}}, "pattern"),
    ("sendgrid", {"content": [{"type": "text/html", "value": ""}]}, "minLength"),
    ("sendgrid", {"categories": [str(n) for n in range(11)]}, "maxItems"),
    ("sendgrid", {"batch_id": "made-up"}, "not played"),
    ("ses", {"BulkEmailEntry": []}, "unknown field"),
    ("ses", {"BulkEmailEntries": ses_entries() * 26}, "maxItems"),
    ("ses", {"DefaultEmailTags": [{"Name": "issue", "Value": "key.1"}]}, "pattern"),
    ("ses", {"FromEmailAddress": "Åsa <asa@example.org>"}, "pattern"),
    ("ses", {"ListManagementOptions": {"ContactListName": "all"}}, "not played"),
    ("resend", {"to": [ADA, BO]}, "exactly one"),
    ("resend", {"scheduled_at": "tomorrow"}, "not played"),
    ("resend", {"headers": {"X-Number": 1}}, "not of type string"),
    ("resend", {"tags": [{"name": "batch", "value": "key.1"}]}, "pattern"),
    ("resend", {"reply-to": "ylva@example.org"}, "unknown field"),
    ("postmark", {"Cc": BO}, "$[0].Cc: "),
    ("postmark", {"To": f"{ADA}, {BO}"}, "$[0].To: "),
    ("postmark", {"Tags": ["x"]}, "$[1].Tags: "),
    ("postmark", {"Metadata": {"n": 1}}, "$[0].Metadata.n: "),
    ("postmark", {"HtmlBody": "", "TextBody": ""}, "$[0]: neither"),
    ("postmark", postmark_headers("a\r\nBcc: b"), "$[0].Headers[0]"),
]


@pytest.mark.parametrize(("name", "changed", "reason"), REFUSED)
def test_what_breaks_the_api_is_refused(name: str, changed: Changed, reason: str) -> None:
    refusal = Played(name).refuses(GOOD[name](changed))

    assert reason in " ".join(refusal.reasons)
    assert refusal.reply.status >= 400


@pytest.mark.parametrize("name", GOOD)
def test_what_is_no_json_and_no_form_is_refused(name: str) -> None:
    assert Played(name).refuses(replace(GOOD[name](), body=b"{")).reply.status in (400, 422)


VIOLATED: list[tuple[str, Changed, str]] = [
    ("brevo", {"messageVersions": [brevo_version(ADA, params={})]}, "params.name is missing"),
    ("mailgun", {"recipient-variables": None}, "everybody sees the list"),
    ("mailgun", {"text": "%recipient.nick%"}, "%recipient.nick% has no value"),
    ("mailgun", {"text": "100 %unsubscribe_url%"}, "is replaced by Mailgun"),
    ("sendgrid", {"tracking_settings": {}}, "left to the account"),
    ("sendgrid", {"content": [{"type": "text/plain", "value": "%%nick%%"}]}, "%%nick%%"),
    ("sendgrid", {"headers": {"X-Name": "%%name%%"}}, "not documented to be merged"),
    ("ses", {"BulkEmailEntries": ses_entries(ReplacementEmailContent={})}, "name has no value"),
    ("mailjet", {"HTMLPart": "Hej [[var:name]]"}, "template syntax left"),
    ("mailjet", {"To": [{"Email": ADA}, {"Email": BO}]}, "To"),
    ("mailjet", {"Headers": {"List-Id": "<list.example.org>"}}, "may not be set"),
    ("mailjet", {"TemplateLanguage": True}, "TemplateLanguage"),
    ("mailjet", {"Subject": "x" * 256}, "maxLength"),
    ("postmark", {"MessageStream": "broadcast"}, "stream broadcast replaces List-Unsubscribe"),
    ("postmark", {"MessageStream": "unheard-of"}, "unknown stream"),
]


@pytest.mark.parametrize(("name", "changed", "reason"), VIOLATED)
def test_what_is_taken_but_wrong_is_a_violation(name: str, changed: Changed, reason: str) -> None:
    assert reason in " ".join(Played(name).take(GOOD[name](changed)).violations)


# What only the specification knows to be wrong, or finds as well.
UNSPECIFIED: Mapping[str, Changed] = {
    "brevo": {"attachment": "none"},
    "mailgun": {"o:dkim": "maybe"},
    "postmark": {"Subject": 7},
    "resend": {"subject": 7},
    "sendgrid": {"subject": 7},
}


@pytest.mark.parametrize("name", UNSPECIFIED)
def test_calls_are_held_against_the_specification(name: str) -> None:
    if specification(name) is None:
        pytest.skip("the specification is not at hand")
    call = GOOD[name](UNSPECIFIED[name])

    ours, all_of_them = (Played(name, with_spec=i).refuses(call).reasons for i in (False, True))

    assert set(ours) < set(all_of_them)
