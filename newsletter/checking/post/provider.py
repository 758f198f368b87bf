"""Checks that the provider can keep what the settings promise to readers."""

from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks
from newsletter.model import Finding, Rule

PROVIDER_TRACKING = Rule(
    id="provider-tracking",
    summary="The provider keeps tracking as the settings say",
    source="docs/providers.md",
)
PROVIDER_UNSUBSCRIBE = Rule(
    id="provider-unsubscribe",
    summary="The way out is the one you show",
    source="docs/providers.md",
)


@checks(PROVIDER_TRACKING, PROVIDER_UNSUBSCRIBE)
def check_provider(draft: Draft) -> Iterator[Finding]:
    """Tracking that is off stays off, and the unsubscribe link is the one readers see."""
    if draft.tracking == "off" and not draft.tracking_switch:
        yield PROVIDER_TRACKING.warning(
            "tracking is off, but {provider} cannot be told so for each message",
            "switch off opens and clicks in the account at {provider}, or have its support do so",
            provider=draft.provider,
        )
    if not draft.own_unsubscribe:
        yield PROVIDER_UNSUBSCRIBE.note(
            "{provider} puts its own way to unsubscribe into each message",
            "who leaves by it gets no more mail from there; your list learns of it by a webhook or "
            "“newsletter sync”",
            provider=draft.provider,
        )
