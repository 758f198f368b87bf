"""The rules of the checks that ask the network."""

from newsletter.model import Rule

LINK_BROKEN = Rule(
    id="link-broken",
    summary="Each link leads to a page that answers",
    source="RFC 9110, section 15",
)
LINK_REDIRECTS = Rule(
    id="link-redirects",
    summary="No link is redirected to another host, to a login, out of https or by many hops",
    source="RFC 9110, section 15.4",
)
LINK_FRAGMENT = Rule(
    id="link-fragment",
    summary="The place after # exists in the page",
    source="HTML standard",
)
FROM_DOMAIN_RESOLVES = Rule(
    id="from-domain-resolves",
    summary="The domain of the sender exists and takes mail",
    source="RFC 5321, section 5.1; RFC 7505",
)
REPLY_TO_RESOLVES = Rule(
    id="reply-to-resolves",
    summary="The domain that answers go to exists and takes mail",
    source="RFC 5321, section 5.1; RFC 7505",
)
SPF = Rule(
    id="spf",
    summary="One SPF record, which receivers can work out, refuses mail of others",
    source="RFC 7208, section 4.6.4",
)
DKIM_KEY = Rule(
    id="dkim-key",
    summary="Each key that signs the mail is published, and strong enough",
    source="RFC 6376, section 3.6; RFC 8301; RFC 8463",
)
DMARC = Rule(
    id="dmarc",
    summary="One DMARC record says what becomes of mail that only claims to be yours",
    source="RFC 9989, section 4.10; RFC 9990",
)
ALIGNMENT = Rule(
    id="alignment",
    summary="The domain that the mail is from signs it, or receives its bounces",
    source="RFC 9989, section 4.4",
)
BIMI = Rule(
    id="bimi",
    summary="A logo in the DNS is one that inboxes will show",
    source="BIMI draft",
)
LIST_UNSUBSCRIBE_GET_SAFE = Rule(
    id="list-unsubscribe-get-safe",
    summary="Opening the link to leave does nothing, and one click without redirects leaves",
    source="RFC 8058, section 3",
)

LINK_RULES = (
    LINK_BROKEN,
    LINK_REDIRECTS,
    LINK_FRAGMENT,
)
DNS_RULES = (
    FROM_DOMAIN_RESOLVES,
    REPLY_TO_RESOLVES,
    SPF,
    DKIM_KEY,
    DMARC,
    ALIGNMENT,
    BIMI,
)
LEAVING_RULES = (LIST_UNSUBSCRIBE_GET_SAFE,)
ONLINE_RULES = (*LINK_RULES, *LEAVING_RULES, *DNS_RULES)
