"""The main job through a server process that speaks Brevo's API."""

import json
import signal
import time
from collections import Counter

import pytest

from tests.conftest import Site, StartBrevo, StartProvider
from tests.servers.brevo import BrevoServer
from tests.waiting import wait_until


def _addresses(server: BrevoServer) -> Counter[str]:
    return Counter(message["email"] for message in server.messages())


def _calls(server: BrevoServer) -> int:
    return len({message["call"] for message in server.messages()})


@pytest.mark.parametrize(
    ("people", "calls"),
    [
        (640, 1),
        (2500, 3),  # at most 1000 recipients a call
    ],
)
def test_recipients_go_in_as_few_calls_as_allowed(
    site: Site, start_brevo: StartBrevo, people: int, calls: int
) -> None:
    server = start_brevo(site)
    site.people(people)

    site.run("send", "2026-06", "--yes")

    assert len(_addresses(server)) == people
    assert _calls(server) == calls
    assert server.violations() == []


def test_the_sample_reaches_all_640_in_one_call(sample: Site, start_brevo: StartBrevo) -> None:
    server = start_brevo(sample)
    sample.environment["NEWSLETTER_SECRET"] = "for tests"  # noqa: S105
    sample.settings(sender='sender = "Säätiö, Katu 1"\npublic_url = "https://kirje.example.org"')
    sample.run("subscribers", "import", str(sample.root / "subscribers/example.csv"), "--yes")

    sample.run("send", "2021-06", "--yes")

    assert len(_addresses(server)) == 640
    assert _calls(server) == 1
    assert server.violations() == []
    first = server.messages()[0]
    assert "https://kirje.example.org/pictures/" in first["html"]
    assert first["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    links = {message["headers"]["List-Unsubscribe"] for message in server.messages()}
    assert len(links) == 640


def test_every_call_has_the_issues_tag_and_a_key_of_its_own(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site)
    site.people(2001)

    site.run("send", "2026-06", "--yes")

    keys = {message["call"]: message["key"] for message in server.messages()}
    assert len(set(keys.values())) == 3
    assert {message["tag"] for message in server.messages()} == {"2026-06"}


def test_a_hostile_name_arrives_as_its_characters_and_does_no_more(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site, bodies="all")
    names = ["<b>Bo</b>", "{{7*7}}", "{% raw %}", "{# x #}", "%recipient.x%", '"><script>']
    rows = "".join(
        f'n{n}@example.org,"{name.replace(chr(34), chr(34) * 2)}"\n' for n, name in enumerate(names)
    )
    path = site.write("subscribers/hostile.csv", "email,name\n" + rows)
    site.run("subscribers", "import", str(path), "--yes")

    site.run("send", "2026-06", "--yes")

    assert server.violations() == []
    texts = {m["email"]: m["text"] for m in server.messages()}
    for number, name in enumerate(names):
        assert f"Hei {name}!" in texts[f"n{number}@example.org"]
    assert all("<script>" not in message["html"] for message in server.messages())


def test_columns_of_any_name_and_slots_of_one_name_keep_apart(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site)
    body = '{{ name }} {{ name_html }} {{ brace }} {{ lempiväri }} {{ name|"you" }} `{{7*7}}`'
    site.write("issues/2026-06.md", _issue(body))  # before the list: what it asks for is kept
    rows = "email,name,name_html,brace,lempiväri\na@example.org,<Aino>,<X>,B,Sininen\n"
    site.run("subscribers", "import", str(site.write("l.csv", rows)), "--yes")

    site.run("send", "2026-06", "--yes")

    assert server.violations() == []
    message = server.messages()[0]
    assert "<Aino> <X> B Sininen\n<Aino> {{7*7}}" in message["text"]
    assert "&lt;Aino&gt; &lt;X&gt; B Sininen &lt;Aino&gt; " in message["html"]
    assert ">{{7*7}}</code>" in message["html"]


def test_text_that_looks_like_the_providers_syntax_arrives_as_text(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site)
    body = "Kirjoita `{{ contact.NAME }}` tai `{{7*7}}` tai `{% if %}` tai `{{{x`{{ name|'y' }}."
    site.write("issues/2026-06.md", _issue(body))
    site.people(1)

    site.run("send", "2026-06", "--yes")

    assert server.violations() == []
    text = " ".join(server.messages()[0]["text"].split())
    assert "{{ contact.NAME }} tai {{7*7}} tai {% if %} tai {{{xPerson 0." in text


def test_the_providers_figures_come_back_into_stats(site: Site, start_brevo: StartBrevo) -> None:
    start_brevo(site)
    site.people(400)
    site.run("send", "2026-06", "--test", "mina@example.org", "--yes")
    site.run("send", "2026-06", "--yes")

    before = json.loads(site.run("stats", "--json").stdout)[0]
    after = json.loads(site.run("stats", "--pull", "--json").stdout)[0]

    assert (before["delivered"], before["source"], before["as_of"]) == (None, "none", None)
    assert (after["sent"], after["delivered"], after["source"]) == (400, 394, "provider")
    assert after["bounced"] == {"hard": 2, "soft": 4}
    assert after["opens"]["unique"] == 177
    assert after["opens"]["human"] is None
    assert after["open_rate"]["high"] == pytest.approx(177 / 394, abs=1e-4)
    assert after["as_of"]


def test_where_nobody_is_measured_no_figure_of_opens_or_clicks_is_kept(
    site: Site, start_provider: StartProvider
) -> None:
    """A provider that counts all the same, or tells machines apart, is not listened to."""
    site.people(3)
    start_provider(site, "mailgun", extra='domain = "example.org"')
    site.settings(opens='opens = "off"')
    site.run("send", "2026-06", "--yes")

    [item] = json.loads(site.run("stats", "--pull", "--json").stdout)

    assert item["delivered"] is not None
    assert not [name for name, n in {**item["opens"], **item["clicks"]}.items() if n is not None]


def test_a_killed_send_goes_on_and_reaches_everybody_exactly_once(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site, delay=0.15)
    site.settings(base_url=f'base_url = "{server.url}"\nbatch_size = 100')
    site.people(1000)
    for enough in (150, 350, 600):
        process = site.start("send", "2026-06", "--yes")
        wait_until(lambda: len(server.messages()) > enough)  # noqa: B023
        time.sleep(enough % 7 / 50)
        process.kill()  # SIGKILL
        process.communicate()

    site.run("send", "2026-06", "--yes")

    addresses = _addresses(server)
    assert len(addresses) == 1000
    assert set(addresses.values()) == {1}
    assert json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]["accepted"] == 1000


def test_sigterm_finishes_the_call_in_flight_and_says_how_to_go_on(
    site: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(site, delay=0.3)
    site.settings(base_url=f'base_url = "{server.url}"\nbatch_size = 50')
    site.people(500)
    process = site.start("send", "2026-06", "--yes")
    wait_until(lambda: len(server.messages()) >= 100)

    process.send_signal(signal.SIGTERM)
    _, shown = process.communicate()

    assert process.returncode == 130
    assert "newsletter send 2026-06" in shown
    counts = json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]
    assert counts["accepted"] == len(server.messages())
    assert counts["sending"] == counts["unknown"] == 0


def test_two_senders_at_once_mail_nobody_twice(site: Site, start_brevo: StartBrevo) -> None:
    server = start_brevo(site, delay=0.1)
    site.settings(base_url=f'base_url = "{server.url}"\nbatch_size = 50')
    site.people(600)
    first = site.start("send", "2026-06", "--yes")
    wait_until(lambda: len(server.messages()) >= 50)

    second = site.start("send", "2026-06", "--yes")
    first.communicate()
    second.communicate()

    addresses = _addresses(server)
    assert len(addresses) == 600
    assert set(addresses.values()) == {1}
    assert len([line for line in server.journal() if "repeat" in line]) == 0


def _issue(body: str) -> str:
    return f'---\nsubject: "Kirje"\ndate: 2026-06-15\n---\n{body}\n'
