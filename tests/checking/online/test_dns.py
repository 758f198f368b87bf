"""What the sender's domain says of itself, asked of a real name server on loopback."""

import base64
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checking.online.dkim import rsa_bits
from newsletter.checking.online.dmarc import names_above, organization
from newsletter.checking.online.dns import Origin, check_dns_online
from newsletter.checking.online.resolver import Resolver
from newsletter.checking.online_rules import DNS_RULES
from newsletter.model import Severity
from newsletter.net import NameServiceError
from tests.checking.online.conftest import sorted_out
from tests.servers.dns import NameServer, Zone, text

SENDER = "uutiset@firma.example"
ED25519 = base64.b64encode(bytes(32)).decode()


def spki(bits: int) -> str:
    """Return the published form of an RSA key that nobody has the other half of."""
    modulus = (1 << (bits - 1) | 1).to_bytes(bits // 8, "big")
    inner = der(0x30, der(0x02, b"\0" + modulus) + der(0x02, b"\1\0\1"))
    algorithm = der(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    return base64.b64encode(der(0x30, algorithm + der(0x03, b"\0" + inner))).decode()


def der(tag: int, content: bytes) -> bytes:
    """Return an element of DER."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


GOOD: dict[str, dict[str, list[str]]] = {
    "firma.example": {
        "MX": ["10 mx.firma.example."],
        "TXT": [text("v=spf1 mx include:relay.example -all"), text("site-verification=1")],
    },
    "mx.firma.example": {"A": ["203.0.113.5"]},
    "relay.example": {"TXT": [text("v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/32 -all")]},
    "k1._domainkey.firma.example": {"TXT": [text(f"v=DKIM1; k=rsa; p={spki(2048)}")]},
    "_dmarc.firma.example": {"TXT": [text("v=DMARC1; p=quarantine; rua=mailto:d@firma.example")]},
}


def look(
    changes: Mapping[str, Mapping[str, list[str]] | None],
    *,
    sender: str = SENDER,
    reply_to: str = "",
    selectors: tuple[str, ...] = ("k1",),
    bounces: str = "firma.example",
    lifetime: float = 5.0,
) -> tuple[dict[str, list[tuple[Severity, str]]], dict[str, str]]:
    """Return what is found, by rule, where the good zone is changed; None removes a name."""
    zone: Zone = {n: k for n, k in {**GOOD, **changes}.items() if k is not None}
    with NameServer(zone) as server:
        origin = Origin(
            sender=sender,
            reply_to=reply_to,
            path="newsletter.toml",
            line=4,
            selectors=selectors,
            bounce_domain=bounces,
        )
        resolver = Resolver(server.address, lifetime=lifetime)
        findings, skipped = sorted_out(check_dns_online(origin, resolver))
    assert all(f.path == "newsletter.toml" and f.line == 4 for f in findings)
    found: dict[str, list[tuple[Severity, str]]] = {}
    for finding in findings:
        found.setdefault(finding.id, []).append((finding.severity, finding.message))
    assert set(found) | set(skipped) <= {rule.id for rule in DNS_RULES}
    return found, skipped


def spf(record: str) -> dict[str, Mapping[str, list[str]]]:
    """Return the sender's domain with another SPF record."""
    return {"firma.example": {"MX": ["10 mx.firma.example."], "TXT": [text(record)]}}


def dmarc(*records: str) -> dict[str, Mapping[str, list[str]]]:
    """Return the sender's domain with other DMARC records."""
    return {"_dmarc.firma.example": {"TXT": [text(record) for record in records]}}


def key(record: str) -> dict[str, Mapping[str, list[str]]]:
    """Return the sender's domain with another key."""
    return {"k1._domainkey.firma.example": {"TXT": [text(record)]}}


def test_a_domain_in_order_passes_every_rule() -> None:
    assert look({}) == ({}, {})


# --- whether the domain takes mail --------------------------------------------------------

MAIL = "from-domain-resolves"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (dict.fromkeys(GOOD), "does not exist"),
        ({"firma.example": {"MX": ["0 ."]}}, "null MX"),
        ({"firma.example": {"TXT": [text("v=spf1 -all")]}}, "no MX and no address"),
        ({"mx.firma.example": None}, "mx.firma.example has no address"),
    ],
)
def test_a_sender_nobody_can_answer_is_an_error(
    changes: Mapping[str, Mapping[str, list[str]] | None], words: str
) -> None:
    found, _ = look(changes)

    ((severity, message),) = found[MAIL]
    assert severity is Severity.ERROR
    assert words in message


def test_a_domain_without_mx_takes_mail_at_its_address() -> None:
    plain = {"firma.example": {"A": ["203.0.113.9"], "TXT": [text("v=spf1 a -all")]}}

    assert look(plain)[0] == {}


def test_answers_go_to_a_domain_of_their_own() -> None:
    found, _ = look({}, reply_to="toimitus@poissa.example")

    assert set(found) == {"reply-to-resolves"}


# --- SPF ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "severity", "words"),
    [
        ("v=spf1 mx +all", Severity.ERROR, "whole internet"),
        ("v=spf1 mx all", Severity.ERROR, "whole internet"),
        ("v=spf1 mx ?all", Severity.WARNING, "?all"),
        ("v=spf1 mx", Severity.WARNING, "without end"),
        ("v=spf1 ptr -all", Severity.WARNING, "ptr"),
        ("v=spf1 ipv4:203.0.113.5 -all", Severity.ERROR, "ipv4:203.0.113.5"),
        ("v=spf1 ip4:203.0.113.555 -all", Severity.ERROR, "not a valid address"),
        ("v=spf1 ip4:2001:db8::1 -all", Severity.ERROR, "not a valid address"),
        ("v=spf1 include:poissa.example -all", Severity.ERROR, "no SPF record"),
        ("v=spf1 include:firma.example -all", Severity.ERROR, "comes back to itself"),
        ("v=spf1 include: -all", Severity.ERROR, "refers to “”"),
        ("v=spf1 a:x1.example a:x2.example a:x3.example -all", Severity.ERROR, "3 hosts"),
        ("v=spf1 redirect=open.example", Severity.ERROR, "whole internet"),
    ],
)
def test_a_record_receivers_give_up_on_is_found(
    record: str, severity: Severity, words: str
) -> None:
    open_to_all = {"open.example": {"TXT": [text("v=spf1 +all")]}}

    found, _ = look({**spf(record), **open_to_all})

    assert [s for s, message in found["spf"] if words in message] == [severity]


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 a:x1.example a:x2.example mx -all",  # two without an answer are allowed
        "v=spf1 redirect=relay.example",
        "v=spf1 exists:%{i}._spf.%{d} ~all",  # depends on the mail; not asked
        "V=SPF1 MX -ALL exp=why.firma.example new=modifier",
        "v=spf1 ip4:203.0.113.5 ip6:2001:db8::/32 a:mx.firma.example/24//64 ~all",
        "v=spf1 mx -all ptr",  # what follows all is never read
    ],
)
def test_a_record_that_just_works_is_left_alone(record: str) -> None:
    assert "spf" not in look(spf(record))[0]


def test_includes_within_includes_count_to_ten() -> None:
    """Section 4.6.4: ten terms that ask are allowed, an eleventh is one too many."""
    nested = {f"n{n}.example": {"TXT": [text("v=spf1 mx:mx.firma.example -all")]} for n in range(5)}
    mx = {"mx.firma.example": {"A": ["203.0.113.5"], "MX": ["1 mx.firma.example."]}}
    five = " ".join(f"include:n{n}.example" for n in range(5))  # each asks for an mx as well

    ten = look({**nested, **mx, **spf(f"v=spf1 {five} -all")})[0]
    eleven = look({**nested, **mx, **spf(f"v=spf1 {five} a:mx.firma.example -all")})[0]

    assert "spf" not in ten
    assert "more than 10" in eleven["spf"][0][1]


@pytest.mark.parametrize(("count", "is_fine"), [(10, True), (11, False)])
def test_one_mx_has_at_most_ten_servers(count: int, is_fine: bool) -> None:
    many = {
        "m.example": {"MX": [f"{n} mx.firma.example." for n in range(count)]},
    }

    found, _ = look({**many, **spf("v=spf1 mx:m.example -all")})

    assert ("spf" not in found) is is_fine


def test_two_records_are_an_error() -> None:
    two = {
        "firma.example": {
            "MX": ["10 mx.firma.example."],
            "TXT": [text("v=spf1 mx -all"), text("v=spf1 a -all")],
        }
    }

    assert look(two)[0]["spf"] == [(Severity.ERROR, "firma.example has 2 SPF records")]


def test_no_record_is_an_error_where_bounces_go_to_the_domain_and_else_skipped() -> None:
    bare: Zone = {"firma.example": {"MX": ["10 mx.firma.example."]}}

    assert look(bare)[0]["spf"] == [(Severity.ERROR, "firma.example has no SPF record")]
    found, skipped = look(bare, bounces="")
    assert "spf" not in found
    assert "bounce_domain" in skipped["spf"]


# --- DKIM ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "severity", "words"),
    [
        ("v=DKIM1; p=", Severity.ERROR, "withdrawn"),
        ("v=DKIM2; p=MAo=", Severity.ERROR, "unknown version"),
        ("v=DKIM1; k=dsa; p=MAo=", Severity.ERROR, "unknown kind dsa"),
        ("v=DKIM1; p=ei avain", Severity.ERROR, "not an RSA key"),
        (f"v=DKIM1; h=sha1; p={spki(2048)}", Severity.ERROR, "sha1 alone"),
        (f"v=DKIM1; p={spki(1016)}", Severity.ERROR, "1016 bits"),
        (f"v=DKIM1; p={spki(1024)}", Severity.WARNING, "1024 bits"),
        (f"v=DKIM1; t=y; p={spki(2048)}", Severity.NOTE, "t=y"),
        (f"v=DKIM1; k=ed25519; p={ED25519}", Severity.WARNING, "only Ed25519"),
        ("v=DKIM1; k=ed25519; p=AAAA", Severity.ERROR, "not an Ed25519 key"),
    ],
)
def test_a_key_that_does_not_serve_is_found(record: str, severity: Severity, words: str) -> None:
    found, _ = look(key(record))

    assert [s for s, message in found["dkim-key"] if words in message] == [severity]


def test_a_key_that_is_not_there_is_an_error() -> None:
    found, _ = look({}, selectors=("k1", "k2"))

    assert found["dkim-key"] == [
        (Severity.ERROR, "firma.example has no key at k2._domainkey.firma.example")
    ]


def test_two_keys_at_one_name_are_an_error() -> None:
    twice = [text(f"p={spki(2048)}"), text(f"p={spki(3072)}")]

    found, _ = look({"k1._domainkey.firma.example": {"TXT": twice}})

    assert "2 keys" in found["dkim-key"][0][1]


def test_an_ed25519_key_beside_an_rsa_key_is_fine() -> None:
    more = {"k2._domainkey.firma.example": {"TXT": [text(f"k=ed25519; p={ED25519}")]}}

    assert look(more, selectors=("k1", "k2"))[0] == {}


def test_without_names_of_keys_the_rule_is_skipped() -> None:
    found, skipped = look({}, selectors=())

    assert found == {}
    assert "dkim_selectors" in skipped["dkim-key"]


@pytest.mark.parametrize("bits", ["1024", "2048"])
def test_the_length_of_a_key_is_that_openssl_gave_it(bits: str, tmp_path: Path) -> None:
    made = ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}"]
    secret = subprocess.run(made, check=True, capture_output=True).stdout
    public = subprocess.run(
        ["openssl", "pkey", "-pubout", "-outform", "DER"],
        input=secret,
        check=True,
        capture_output=True,
    ).stdout

    assert rsa_bits(public) == int(bits)


@given(st.binary(max_size=80))
def test_no_bytes_are_too_strange_to_be_called_no_key(data: bytes) -> None:
    assert rsa_bits(data) >= 0


# --- DMARC --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "severity", "words"),
    [
        ("v=DMARC1; p=none", Severity.WARNING, "no reports"),
        ("v=DMARC1; rua=mailto:d@firma.example", Severity.WARNING, "no p="),
        ("v=DMARC1; p=block", Severity.ERROR, "p=block"),
        ("v=DMARC1; p=reject; pct=50; ri=3600", Severity.WARNING, "pct, ri"),
        ("v=DMARC1; p=reject; sp=none", Severity.WARNING, "sp=none"),
        ("v=DMARC1; p=reject; np=quarantine", Severity.WARNING, "np=quarantine"),
        ("v=DMARC1; p=reject; t=y", Severity.NOTE, "t=y"),
        ("v=DMARC1; p=reject; rua=d@firma.example", Severity.WARNING, "not a mailto:"),
        ("v=DMARC1; p=reject; rua=mailto:d@far.example", Severity.WARNING, "not agreed"),
    ],
)
def test_a_policy_with_a_flaw_is_found(record: str, severity: Severity, words: str) -> None:
    found, _ = look(dmarc(record))

    assert [s for s, message in found["dmarc"] if words in message] == [severity]


@pytest.mark.parametrize(
    "record",
    [
        "v=DMARC1; p=none; rua=mailto:d@firma.example!10m",
        "v=DMARC1;p=reject;sp=reject;np=reject",
        "v = DMARC1 ; p = QUARANTINE",
        "v=DMARC1; p=reject; rua=mailto:d@kertoo.example",  # it has agreed
        "v=DMARC1; p=reject; rua=mailto:d@raportit.firma.example",  # the same organization
    ],
)
def test_a_policy_without_a_flaw_is_left_alone(record: str) -> None:
    agreed = {"firma.example._report._dmarc.kertoo.example": {"TXT": [text("v=DMARC1")]}}

    assert "dmarc" not in look({**dmarc(record), **agreed})[0]


def test_no_policy_is_an_error() -> None:
    found, _ = look({"_dmarc.firma.example": None})

    assert found["dmarc"] == [(Severity.ERROR, "firma.example has no DMARC record")]


def test_two_policies_are_an_error_for_receivers_ignore_both() -> None:
    found, _ = look(dmarc("v=DMARC1; p=none", "v=DMARC1; p=reject"))

    assert found["dmarc"] == [(Severity.ERROR, "firma.example has more than one DMARC record")]


def test_a_text_that_is_no_policy_does_not_count() -> None:
    assert "dmarc" not in look(dmarc("v=DMARC1; p=reject", "v=DMARC10; p=none", "hei"))[0]


def test_the_policy_of_the_organization_counts_for_its_subdomains() -> None:
    sub = {"kirje.firma.example": {"MX": ["10 mx.firma.example."]}}

    found, _ = look(sub, sender="a@kirje.firma.example", bounces="firma.example", selectors=())

    assert found == {}


def test_two_policies_above_are_as_none() -> None:
    above = {"firma.example": {"MX": ["10 mx.firma.example."]}}
    two = {"_dmarc.firma.example": {"TXT": [text("v=DMARC1; p=none"), text("v=DMARC1; p=reject")]}}

    found, _ = look({**above, **two}, sender="a@kirje.firma.example", selectors=(), bounces="")

    assert found["dmarc"] == [(Severity.ERROR, "kirje.firma.example has no DMARC record")]


def test_the_walk_takes_at_most_eight_steps() -> None:
    long = ".".join(str(n) for n in range(20)) + ".example"

    steps = names_above(long)

    assert len(steps) == 8
    assert steps[0] == long
    assert steps[1].count(".") == 6
    assert steps[-1] == "example"


@pytest.mark.parametrize(
    ("records", "organized"),
    [
        ({}, "a.b.firma.example"),
        ({"firma.example": "p=none"}, "firma.example"),
        ({"firma.example": "p=none", "b.firma.example": "p=none; psd=n"}, "b.firma.example"),
        ({"firma.example": "p=none", "example": "p=none; psd=y"}, "firma.example"),
        ({"a.b.firma.example": "p=none"}, "a.b.firma.example"),
    ],
)
def test_the_walk_ends_at_the_organization(records: dict[str, str], organized: str) -> None:
    zone = {f"_dmarc.{n}": {"TXT": [text(f"v=DMARC1; {r}")]} for n, r in records.items()}
    with NameServer(zone) as server:
        assert organization("a.b.firma.example", Resolver(server.address)) == organized


# --- alignment and logo -------------------------------------------------------------------

NO_KEY: Zone = {"k1._domainkey.firma.example": {"TXT": [text("v=DKIM1; p=")]}}


@pytest.mark.parametrize(
    ("changes", "bounces", "severity"),
    [
        ({}, "palvelu.example", None),  # its key fits
        (NO_KEY, "palvelu.example", Severity.ERROR),  # nothing fits
        (NO_KEY, "firma.example", Severity.WARNING),  # only its bounces fit
        (NO_KEY, "bounces.firma.example", Severity.WARNING),  # the same organization
    ],
)
def test_mail_fits_its_sender_by_a_key_or_by_its_bounces(
    changes: Zone, bounces: str, severity: Severity | None
) -> None:
    found, _ = look(changes, bounces=bounces)

    assert [s for s, _ in found.get("alignment", [])] == ([severity] if severity else [])


@pytest.mark.parametrize("bounces", ["", "firma.example"])
def test_where_the_keys_are_not_known_alignment_is_skipped(bounces: str) -> None:
    found, skipped = look({}, selectors=(), bounces=bounces)

    assert "alignment" not in found
    assert "dkim_selectors" in skipped["alignment"]


@pytest.mark.parametrize(
    ("policy", "logo", "count"),
    [
        ("reject", "https://firma.example/logo.svg", 0),
        ("none", "https://firma.example/logo.svg", 1),
        ("reject", "http://firma.example/logo.svg", 1),
        ("reject", "https://firma.example/logo.png", 1),
    ],
)
def test_a_logo_that_will_not_be_shown_is_a_note(policy: str, logo: str, count: int) -> None:
    bimi = {"default._bimi.firma.example": {"TXT": [text(f"v=BIMI1; l={logo}")]}}
    rua = "rua=mailto:d@firma.example"

    found, _ = look({**dmarc(f"v=DMARC1; p={policy}; {rua}"), **bimi})

    assert [s for s, _ in found.get("bimi", [])] == [Severity.NOTE] * count


# --- a name service in trouble ------------------------------------------------------------


def test_what_nobody_answers_is_skipped_and_not_passed() -> None:
    down = {"SERVFAIL": [""]}

    found, skipped = look({"firma.example": down, "_dmarc.firma.example": down})

    assert found == {}
    assert set(skipped) == {"from-domain-resolves", "reply-to-resolves", "spf", "dmarc"}
    assert "no name server answers" in skipped["spf"]


def test_a_question_nobody_could_answer_is_not_asked_again() -> None:
    with NameServer({"a.example": {"SERVFAIL": [""]}}) as server:
        resolver = Resolver(server.address)
        for _ in range(2):
            with pytest.raises(NameServiceError):
                resolver.txt("a.example")

    assert [(name, kind) for name, kind, _ in server.asked] == [("a.example", "TXT")]


def test_a_server_that_stays_silent_is_not_waited_for_long() -> None:
    _, skipped = look({"k1._domainkey.firma.example": {"SILENT": [""]}}, lifetime=0.5)

    assert set(skipped) == {"dkim-key", "alignment"}


def test_an_answer_too_long_for_udp_is_fetched_by_tcp() -> None:
    long = {**GOOD["k1._domainkey.firma.example"], "TRUNCATED": [""]}
    with NameServer({"k1._domainkey.firma.example": long}) as server:
        texts = Resolver(server.address).txt("k1._domainkey.firma.example")

    assert texts == [f"v=DKIM1; k=rsa; p={spki(2048)}"]
    assert [way for _, _, way in server.asked] == ["udp", "tcp"]


def test_no_question_is_asked_twice() -> None:
    with NameServer(GOOD) as server:
        origin = Origin(
            sender=SENDER,
            reply_to=SENDER,
            path="newsletter.toml",
            line=None,
            selectors=("k1",),
            bounce_domain="firma.example",
        )
        found = list(check_dns_online(origin, Resolver(server.address)))

    assert found == []
    assert len(server.asked) == len(set(server.asked))


@pytest.mark.parametrize("domain", ["a..example", "x" * 64 + ".example", ".", "ä" * 300])
def test_a_domain_that_is_no_name_does_not_exist(domain: str) -> None:
    found, _ = look({}, sender=f"a@{domain}", selectors=(), bounces="")

    assert "does not exist" in found[MAIL][0][1]
