"""Amazon SES: what is its own of signed bulk calls, and of the statuses of entries."""

import json

from newsletter.model import State
from newsletter.providers.ses import Ses
from tests.providers.answers import results
from tests.providers.forms import a_call, play
from tests.providers.kinds import PAIR, adapter


def test_braces_that_would_join_those_of_a_placeholder_are_protected() -> None:
    syntax = Ses.capabilities.merge
    assert syntax

    before, after = syntax.protect("a {"), syntax.protect("} b")

    assert before + syntax.placeholder("v0") + after == "a {{open}}{{v0}}{{close}} b"
    assert syntax.protect("{ x } \\ } p {color: red}") == "{ x } \\ } p {color: red}"


def test_tracking_is_switched_off_for_the_call_and_otherwise_left_to_the_configuration_set() -> (
    None
):
    off = json.loads(a_call(adapter("ses", track_opens=False, stream="kirje")).body)
    on = json.loads(a_call(adapter("ses")).body)

    tracking = {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"}
    assert off["ConfigurationOverrides"] == {"Tracking": tracking}
    assert off["ConfigurationSetName"] == "kirje"
    assert not {"ConfigurationOverrides", "ConfigurationSetName", "ListManagementOptions"} & set(on)


def test_the_region_chooses_the_host_and_a_token_is_signed_too() -> None:
    provider = adapter("ses", api_key=f"{PAIR}:the/token+=", region="eu-central-1")
    heard = play(provider, (200, results(*["SUCCESS"] * 3)))

    provider.send(a_call(provider))

    asked = heard.asked[0]
    assert asked.url == "https://email.eu-central-1.amazonaws.com/v2/email/outbound-bulk-emails"
    assert asked.headers["X-Amz-Security-Token"] == "the/token+="
    assert "/eu-central-1/ses/aws4_request" in asked.headers["Authorization"]
    assert "content-type;host;x-amz-date;x-amz-security-token" in asked.headers["Authorization"]


def test_a_call_in_which_all_are_throttled_is_no_error() -> None:
    provider = adapter("ses")
    play(provider, (200, results(*["ACCOUNT_THROTTLED"] * 3)))

    assert {outcome.state for outcome in provider.send(a_call(provider))} == {State.QUEUED}


def test_a_display_name_is_ascii_on_one_line() -> None:
    name = "Säätiön, “työhönvalmennuksen” ja ystävien hyvin pitkä uutiskirje"

    written = json.loads(a_call(adapter("ses"), sender=(name, "a@example.org")).body)

    assert written["FromEmailAddress"].isascii()
    assert "\n" not in written["FromEmailAddress"]
