"""Whoever has but a keyboard and no script comes in, chooses, leaves and is erased."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from newsletter.model import Standing
from tests.public.people import House, house_at, links_in
from tests.waiting import wait_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the pages and mails of a story say in a language."""

    language: str
    email: str
    subscribe: str
    look: str
    confirm_mail: str
    confirm: str
    region: str
    save: str
    saved: str
    pause: str
    paused: str
    resume: str
    data: str
    data_mail: str
    leave: str
    unsubscribe: str
    gone: str
    undo: str
    stays: str
    erase: str
    erase_all: str
    erased: str


FINNISH = Said(
    language="fi",
    email="Sähköpostiosoitteesi",
    subscribe="Tilaa uutiskirje",
    look="Katso sähköpostiasi",
    confirm_mail="vahvista",
    confirm="Kyllä, tilaan uutiskirjeen",
    region="Alue",
    save="Tallenna",
    saved="Valintasi on tallennettu.",
    pause="Aloita tauko",
    paused="Et saa kirjeitä, ennen kuin tauko päättyy.",
    resume="Lähetä uutiskirje taas",
    data="Lähetä linkki minulle",
    data_mail="sinua koskevat",
    leave="Peruuta tilaus",
    unsubscribe="Kyllä, peruuta tilaus",
    gone="Tilauksesi on peruutettu",
    undo="Haluan pysyä tilaajana",
    stays="Pysyt tilaajana",
    erase="Poista kaikki",
    erase_all="Kyllä, poista kaikki",
    erased="Kaikki on poistettu",
)
SWEDISH = Said(
    language="sv",
    email="Din e-postadress",
    subscribe="Prenumerera på nyhetsbrevet",
    look="Titta i din e-post",
    confirm_mail="bekräfta",
    confirm="Ja, jag prenumererar på nyhetsbrevet",
    region="Region",
    save="Spara",
    saved="Dina val är sparade.",
    pause="Börja pausen",
    paused="Du får inga brev förrän pausen är slut.",
    resume="Skicka nyhetsbrevet igen",
    data="Skicka länken till mig",
    data_mail="uppgifterna om dig",
    leave="Avsluta prenumerationen",
    unsubscribe="Ja, avsluta prenumerationen",
    gone="Din prenumeration är avslutad",
    undo="Jag vill fortsätta prenumerera",
    stays="Du fortsätter prenumerera",
    erase="Radera allt",
    erase_all="Ja, radera allt",
    erased="Allt är raderat",
)
ENGLISH = Said(
    language="en",
    email="Your e-mail address",
    subscribe="Yes, I want the newsletter",
    look="Look into your mail",
    confirm_mail="please confirm",
    confirm="Yes, I subscribe to the newsletter",
    region="Region",
    save="Save",
    saved="Your choices are saved.",
    pause="Start the pause",
    paused="You get nothing until the pause is over.",
    resume="Send me the newsletter again",
    data="Mail me the link",
    data_mail="what is held on you",
    leave="Unsubscribe",
    unsubscribe="Yes, unsubscribe me",
    gone="You are unsubscribed",
    undo="I want to stay on the list",
    stays="You stay on the list",
    erase="Erase everything",
    erase_all="Yes, erase everything",
    erased="Everything is erased",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A newsletter that serves its readers."""
    limits = "network_hour = 3\n"
    with house_at(tmp_path_factory.mktemp("people") / "site", limits) as made:
        yield made


class Keyboard:
    """Somebody who reads and types, and has no mouse."""

    def __init__(self, page: Page, house: House, judge: Page | None) -> None:
        self.page, self._house, self._judge = page, house, judge

    def open(self, path: str) -> None:
        """Open a page by its address, as a mail program does, and have it judged, too."""
        url = f"http://127.0.0.1:{self._house.port}{path}"
        self.page.goto(url)
        self.judge()

    def judge(self) -> None:
        """Have axe-core look at the page that is open; in one language, as all are built alike."""
        if self._judge is None:
            return
        self._judge.goto(self.page.url)
        found = Axe().run(self._judge, options={"resultTypes": ["violations"]})
        grave = [v["id"] for v in found.response["violations"] if v["impact"] != "minor"]
        assert grave == [], self.page.url

    def go_to(self, role: str, name: str) -> None:
        """Press Tab until a control has the focus."""
        wanted = self.page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("control => control === document.activeElement"):
                return
        raise AssertionError(f"no Tab leads to “{name}”")

    def press(self, name: str, role: str = "button") -> None:
        """Press a button, or follow a link, by Enter."""
        self.go_to(role, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def sees(self, words: str) -> None:
        """Read words on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()


@pytest.mark.parametrize("said", [FINNISH, SWEDISH, ENGLISH], ids=lambda said: said.language)
def test_a_reader_comes_chooses_leaves_returns_and_is_erased_by_keyboard_and_without_a_script(
    house: House, open_window: Callable[..., Page], said: Said
) -> None:
    phone = {"width": 360, "height": 700}
    is_judged = said is FINNISH
    judge = open_window(color_scheme="dark", viewport=phone, bypass_csp=True) if is_judged else None
    reader = Keyboard(open_window(java_script_enabled=False), house, judge)
    address, lang = f"reader-{said.language}@example.org", f"lang={said.language}"

    reader.open(f"/kirje/subscribe?{lang}")
    reader.go_to("textbox", said.email)
    reader.page.keyboard.type(address)
    reader.press(said.subscribe)
    if said.look != reader.page.locator("h1").inner_text():  # too quick for a person
        reader.press(said.subscribe)
    reader.sees(said.look)

    reader.open(_path(house, address, said.confirm_mail))
    reader.press(said.confirm)
    reader.judge()
    person = house.person(address)
    assert person
    assert person.standing is Standing.ACTIVE

    reader.open(f"{house.prefer(person.key)}?{lang}")
    reader.go_to("combobox", said.region)
    reader.page.keyboard.press("ArrowDown")
    reader.press(said.save)
    reader.sees(said.saved)
    reader.press(said.pause)
    reader.sees(said.paused)
    reader.press(said.resume)
    reader.press(said.data)
    data = _path(house, address, said.data_mail)
    reader.press(said.leave, "link")
    reader.judge()
    reader.press(said.unsubscribe)
    reader.sees(said.gone)
    reader.judge()
    reader.press(said.undo)
    reader.sees(said.stays)
    person = house.person(address)
    assert person
    assert (person.standing, person.attributes) == (Standing.ACTIVE, {"region": "Lappi"})

    reader.open(data)
    with reader.page.expect_download():
        reader.page.locator('a[href$="data.json"]').press("Enter")
    reader.press(said.erase, "link")
    reader.judge()
    reader.press(said.erase_all)
    reader.sees(said.erased)
    assert house.person(address) is None


def test_a_form_on_another_web_site_leads_to_a_proof_that_the_browser_works_out(
    house: House, open_window: Callable[..., Page]
) -> None:
    html = house.site.run("subscribers", "form", "--in", "en").stdout
    html = html.replace("https://news.example.org", f"http://127.0.0.1:{house.port}")
    page = open_window()
    page.route("https://www.example.net/", lambda route: route.fulfill(
        body=f"<!doctype html><title>Elsewhere</title>{html}", content_type="text/html"
    ))  # fmt: skip
    for number in range(3):  # as many as a network may without a proof
        house.sign_up(f"before{number}@example.org")

    page.goto("https://www.example.net/")
    page.get_by_label("Your e-mail address").fill("embedded@example.org")
    page.get_by_role("button", name="Yes, I want the newsletter").click()
    expect(page.get_by_text("Done. Press the button.")).to_be_visible()
    page.get_by_role("button", name="Send me the mail now").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    house.mail("embedded@example.org", "please confirm")


def test_news_and_requests_are_sent_by_keyboard_and_without_a_script(
    house: House, open_window: Callable[..., Page], tmp_path: Path
) -> None:
    phone = {"width": 360, "height": 700}
    judge = open_window(color_scheme="dark", viewport=phone, bypass_csp=True)
    sender = Keyboard(open_window(java_script_enabled=False), house, judge)
    picture = tmp_path / "kuva.png"
    Image.new("RGB", (60, 40), "teal").save(picture)

    for place, thanks in (("contribute", "Your news is"), ("request", "Your request is")):
        sender.open(f"/kirje/{place}?lang=en")
        is_news = place == "contribute"
        asked = ("What is it about?", "Your text")
        for label in asked if is_news else ("What do you ask for?", "Tell us more"):
            sender.go_to("textbox", label)
            sender.page.keyboard.type("Hello")
        sender.go_to("textbox", "Your name")
        sender.page.keyboard.type("Aino")
        sender.go_to("textbox", "Your e-mail address")
        sender.page.keyboard.type("aino@example.org")
        if is_news:
            sender.page.locator("#picture").set_input_files(picture)
            sender.go_to("textbox", "What does the picture show? (not required)")
            sender.page.keyboard.type("Teal")
            sender.page.locator("#consent").press("Space")
        sender.press("Send the news" if is_news else "Send the request")
        if sender.page.get_by_role("heading", level=1).inner_text() == "One more press":
            sender.press("Send the news" if is_news else "Send the request")  # too quick
        sender.sees(thanks)
        sender.judge()
    judge.goto(f"http://127.0.0.1:{house.port}/kirje/contribute?lang=en")
    judge.locator("form").first.evaluate("form => { form.noValidate = true; form.submit() }")
    expect(judge.get_by_role("alert")).to_be_visible()
    found = Axe().run(judge, options={"resultTypes": ["violations"]})
    assert [v["id"] for v in found.response["violations"] if v["impact"] != "minor"] == []


def _path(house: House, address: str, subject: str) -> str:
    """Return the path of the first link of the mail about something."""
    wait_until(lambda: house.mails(address, subject))
    link = urlsplit(min(links_in(house.mail(address, subject)), key=len))
    return f"{link.path}?{link.query}"
