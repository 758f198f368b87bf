"""A form is answered alike whoever fills it in; only a button in a mail puts them on the list."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import lxml.html
import pytest

from newsletter.model import Happened, Standing
from newsletter.public.forms import SignUpForm, read_entry
from tests.public.people import House, house_at, links_in
from tests.serving import Answer
from tests.waiting import wait_until

SPAM = "Win $$$ at the spam casino"
# Of all that is filled in while the tests run, from one network.
LIMITS = "network_hour = 30\nnetwork_day = 40\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A newsletter with somebody on its list."""
    listed = "aino@example.org,fi\n"
    with house_at(tmp_path_factory.mktemp("joining") / "site", LIMITS, listed=listed) as made:
        yield made


def heading(answer: Answer) -> str:
    """Return what a page is about."""
    found = re.search(r"<h1>(.*?)</h1>", answer.body.decode(), re.DOTALL)
    assert found
    return found[1]


def test_who_fills_in_the_form_and_presses_the_button_is_on_the_list(house: House) -> None:
    more = {"name": SPAM, "field-region": "Lappi", "language": "sv", "status": "active"}
    asked = house.sign_up("maija@example.org", **more)
    mail = house.mail("maija@example.org", "bekräfta")
    assert house.person("maija@example.org") is None
    assert heading(asked) == "Katso sähköpostiasi"
    assert "roskaposti" in asked.body.decode()
    assert "vasta, kun olet vahvistanut" in asked.body.decode()
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body
        assert "spam" not in body.get_content()

    [link, refusal] = sorted(urlsplit(url).path for url in links_in(mail))
    looked = house.get(link, Accept_Language="sv")
    pressed = house.post(link)
    again = house.post(link)
    done = house.get(pressed.headers["location"])
    refused = house.get(refusal)  # there is nothing left to refuse

    assert (refused.status, refused.headers["location"]) == (303, pressed.headers["location"])
    assert refusal == f"{link}/no"
    assert "Ja, jag prenumererar på nyhetsbrevet" in looked.body.decode()
    assert "maija" not in looked.body.decode()
    assert (pressed.status, again.status) == (303, 303)
    assert heading(done).startswith("Välkommen")
    assert "lang=sv" in pressed.headers["location"]
    person = house.person("maija@example.org")
    assert person
    assert (person.standing, person.language) == (Standing.ACTIVE, "sv")
    assert person.attributes == {"region": "Lappi"}
    assert [r.what for r in house.records(person.key)] == [Happened.ASKED, Happened.CONFIRMED]
    house.mail("maija@example.org", "Välkommen")


def test_the_trap_is_for_programs_alone(house: House) -> None:
    """No browser fills it in by itself, no keyboard gets there, and who hears it is told."""
    embedded = house.site.run("subscribers", "form", "--in", "en").stdout

    for html in (house.get("/kirje/subscribe?lang=en").body.decode(), embedded):
        form = lxml.html.fromstring(html)
        [trap] = form.xpath("//input[@name='kotisivu_2']")
        assert (trap.get("type"), trap.get("autocomplete"), trap.get("tabindex")) == (
            *("text", "off", "-1"),
        )
        assert trap.xpath("ancestor::*[@aria-hidden='true']")
        [label] = form.xpath(f"//label[@for='{trap.get('id')}']")
        assert "empty" in label.text_content()


def test_known_and_unknown_addresses_and_those_over_the_cap_get_the_same_page(
    house: House,
) -> None:
    answers = [
        house.sign_up(address)
        for address in ("aino@example.org", "stranger@example.org", *["often@example.org"] * 6)
    ]

    pages = {(a.status, a.body, tuple(sorted(set(a.headers) - {"date"}))) for a in answers}
    assert len(pages) == 1
    house.mail("aino@example.org", "olet jo tilaaja")
    wait_until(lambda: len(house.mails("often@example.org")) == 2)
    house.mail("stranger@example.org", "vahvista")
    assert len(house.mails("often@example.org")) == 2


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a b@example.org", "ä" * 400, "x@[1]"])
def test_what_is_no_address_is_shown_again_with_the_reason(house: House, address: str) -> None:
    answer = house.sign_up(address, name='"><script>alert(1)</script>')

    page = answer.body.decode()
    assert answer.status == 422
    assert 'aria-invalid="true"' in page
    assert "<script" not in page


def test_a_form_that_came_too_quickly_or_fell_into_the_trap_asks_for_one_more_press(
    house: House,
) -> None:
    shown = house.get("/kirje/subscribe?lang=en").body.decode()
    stamps = re.findall(r'name="stamp" value="([^"]+)"', shown)
    given = {"stamp": stamps[0], "email": "quick@example.org", "kotisivu_2": "autofilled"}

    first = house.post("/kirje/subscribe?lang=en", given)
    second_stamp = re.findall(r'name="stamp" value="([^"]+)"', first.body.decode())[0]
    assert heading(first) == "One more press"
    assert 'value="quick@example.org"' in first.body.decode()
    second = house.post("/kirje/subscribe?lang=en", {**given, "stamp": second_stamp})

    assert heading(second) == "Look into your mail"
    house.mail("quick@example.org", "please confirm")


def test_it_was_not_me_ends_it_without_a_script_or_a_password(house: House) -> None:
    house.sign_up("victim@example.org")
    mail = house.mail("victim@example.org", "vahvista")
    [link, refusal] = sorted(urlsplit(url).path for url in links_in(mail))

    page = house.get(refusal)
    house.post(refusal)
    told = house.get(refusal)
    house.sign_up("victim@example.org")
    confirmed = house.post(link)

    assert "Etkö tilannut tätä?" in page.body.decode()
    assert "Kiitos tiedosta" in told.body.decode()
    assert "Kiitos tiedosta" in house.get(confirmed.headers["location"]).body.decode()
    house.sign_up("later@example.org")
    house.mail("later@example.org", "vahvista")  # whoever is answered, they are not
    assert len(house.mails("victim@example.org")) == 1
    assert house.person("victim@example.org") is None


def test_links_are_mailed_to_whoever_has_no_issue_at_hand(house: House) -> None:
    shown = house.get("/kirje/links?lang=en").body.decode()
    assert "<script" not in shown

    answers = [
        house.post("/kirje/links?lang=en", {"stamp": _second_stamp(house), "email": address})
        for address in ("aino@example.org", "nobody@example.org")
    ]

    assert answers[0].body == answers[1].body
    mail = house.mail("aino@example.org", "your own links")
    kinds = {urlsplit(url).path.split("/")[2] for url in links_in(mail)}
    assert kinds == {"u", "p"}
    assert house.mails("nobody@example.org") == []


def _second_stamp(house: House) -> str:
    page = house.post("/kirje/links?lang=en", {"email": "aino@example.org"}).body.decode()
    return str(re.findall(r'name="stamp" value="([^"]+)"', page)[0])


def test_the_form_for_other_web_sites_is_plain_html_that_is_taken_as_it_is(house: House) -> None:
    html = house.site.run("subscribers", "form", "--in", "sv").stdout
    action = re.findall(r'action="([^"]+)"', html)[0]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', html))

    answer = house.post(
        f"{urlsplit(action).path}?{urlsplit(action).query}",
        {**fields, "email": "embedded@example.org"},
        Origin="https://www.example.net",
    )

    assert "<script" not in html
    assert heading(answer) == "Titta i din e-post"
    assert not [name for name in answer.headers if name.startswith("access-control")]
    house.mail("embedded@example.org", "bekräfta")


def test_beyond_what_a_network_may_a_proof_is_asked_for_and_patience_will_do(
    house: House,
) -> None:
    answers = [house.sign_up(f"flood{n}@example.org") for n in range(31)]
    last = answers[-1].body.decode()
    policy = answers[-1].headers["content-security-policy"]

    slow = house.sign_up("patient@example.org", way="slow")

    assert "Vielä yksi vaihe" in last
    assert "data-challenge=" in last
    assert "script-src 'self'" in policy
    assert "script-src" not in answers[0].headers["content-security-policy"]
    assert heading(slow) == "Katso sähköpostiasi"
    assert house.get("/kirje/subscribe/proof.js").status == 200
    assert house.mails("flood30@example.org") == []


def test_no_name_is_an_address_of_the_web() -> None:
    form, given = SignUpForm(asks_name=True), {"email": "aino@example.org"}

    for name in ("https://evil.example", "bank.fi@evil.example", "evil.com"):
        entry = read_entry(form, {**given, "name": name}, language="fi")
        assert (list(entry.errors), dict(entry.values)) == (["name"], {})
    for name in ("Aino E.", "M.Virtanen", "J.R.R. Tolkien", "Aino Esimerkki, Th.D."):
        assert read_entry(form, {**given, "name": name}, language="fi").values == {"name": name}
