"""An address that hides where it leads is known for what it is, as browsers read it."""

import pytest

from newsletter.net import Disguise, disguise_of, find_disguised, holds_address, typed_host

DISGUISED = [
    ("https://bank.fi@evil.example/", Disguise.USER, "evil.example"),
    ("https://user:pass@host.example", Disguise.USER, "host.example"),
    ("https://bank.fi:443@evil.example:8443/x", Disguise.USER, "evil.example"),
    ("https://a@b@evil.example", Disguise.USER, "evil.example"),
    ("HTTPS:bank.fi@evil.example", Disguise.USER, "evil.example"),  # slashes may be left out
    ("https://evil.example\\@bank.fi/", Disguise.SIGNS, "evil.example"),  # “\\” is a slash
    ("https:\\\\evil.example/bank.fi", Disguise.SIGNS, "evil.example"),
    ("https://bank.fi\t.evil.example", Disguise.SIGNS, "bank.fi.evil.example"),
    ("https://bank.fi\u200b.evil.example", Disguise.SIGNS, None),
    ("https://bank.fi\u2215login.evil.example", Disguise.SIGNS, None),  # looks like a slash
    ("https://bank%2efi.evil.example", Disguise.SIGNS, "bank.fi.evil.example"),
    ("https://p\u0430ypal.com", Disguise.LETTERS, "xn--pypal-4ve.com"),  # a Cyrillic letter
    ("https://\u0440\u0430\u0443.fi", Disguise.LETTERS, None),  # Cyrillic letters alone
    ("https://xn--pypal-4ve.com", Disguise.LETTERS, "xn--pypal-4ve.com"),
]


@pytest.mark.parametrize(("address", "disguise", "host"), DISGUISED)
def test_what_hides_where_an_address_leads_is_named(
    address: str, disguise: Disguise, host: str | None
) -> None:
    assert disguise_of(address) is disguise
    assert host is None or typed_host(address) == host


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.org/",
        "http://[2001:db8::1]:8080/x",
        "https://työ.fi/ä@b",
        "https://tyo\u0308.fi/",  # the same letter, of two signs
        "https://www.example.org/@käyttäjä?x=a@b.fi#c@d",
        "https://пример.example/",
        "https://example.org/a\\b",
        "mailto:aino@example.org",
        "aino@example.org",
        "",
    ],
)
def test_a_plain_address_hides_nothing(address: str) -> None:
    assert disguise_of(address) is None


def test_each_in_a_text_is_found_with_the_host_it_leads_to() -> None:
    text = (
        "Katso (https://bank.fi@evil.example/a) tai https://www.example.org ja https:\\\\x.example."
    )

    assert [host for _, host in find_disguised(text)] == ["evil.example", "x.example."]
    assert len(find_disguised("https://a@b.example " * 1_000)) <= 50


@pytest.mark.parametrize(
    ("typed", "is_one", "is_one_bare"),
    [
        ("Aino Esimerkki", False, False),
        ("Aino E. Esimerkki, s.1970", False, False),
        ("Esimerkki Oy / Helsinki", False, False),
        ("Esimerkki.fi", False, True),
        ("Voita palkinto: evil.com!", False, True),
        ("evil.co.uk", False, True),
        ("M.Virtanen", False, False),
        ("A.Li", False, False),
        ("K.-P.Ma", False, False),
        ("Maija.Virtanen", False, False),
        ("Aino Esimerkki, Th.D.", False, False),
        ("J.R.R. Tolkien", False, False),
        ("Oy Esimerkki Ab", False, False),
        ("bank.fi@evil.example", True, True),
        ("https://evil.example", True, True),
        ("https:\\\\evil.example", True, True),
        ("evil.example\\x", True, True),
        ("Katso www.evil", True, True),
    ],
)
def test_an_address_in_a_name_is_noticed(typed: str, *, is_one: bool, is_one_bare: bool) -> None:
    assert holds_address(typed) is is_one
    assert holds_address(typed, also_bare=True) is is_one_bare
