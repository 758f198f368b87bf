"""What goes wrong is told in the editor's language, and ends as it does in English."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.conftest import ISSUE, Site
from tests.servers.answering import answering, said

# Words that stand in any English sentence of ours, and in no Finnish or Swedish one.
_ENGLISH = re.compile(r"\b(?:the|is|are|not|this|that|which|cannot|and|with|from|of|nobody)\b")
# What others said, and what is to be typed or found as it stands, is quoted or looks like code.
_QUOTED = re.compile(r"”[^”]*”|\S*[=/._]\S*|--[\w-]+|newsletter [\w-]+")
_NOWHERE = "http://127.0.0.1:1"  # nothing listens there


def _list(text: str) -> Callable[[Site], object]:
    return lambda site: site.write("lista.csv", text)


def _settings(**lines: str) -> Callable[[Site], object]:
    return lambda site: site.settings(**lines)


def _append(text: str) -> Callable[[Site], object]:
    def write(site: Site) -> None:
        path = site.root / "newsletter.toml"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return write


def _through_brevo(site: Site) -> None:
    site.settings(name='name = "brevo"')
    settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    place = f'name = "brevo"\nbase_url = "{_NOWHERE}"'
    site.write("newsletter.toml", settings.replace('name = "brevo"', place))


def _through_brevo_with_a_key(site: Site) -> None:
    _through_brevo(site)
    site.environment["NEWSLETTER_API_KEY"] = "xkeysib-0123456789"


def _no_ledger(site: Site) -> None:
    site.write("subscribers/newsletter.db", "this is no database\n" * 100)


def _newer_ledger(site: Site) -> None:
    site.people(1)
    with closing(sqlite3.connect(site.root / "subscribers/newsletter.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def _somebody_left(site: Site) -> None:
    site.people(1)
    site.run("subscribers", "remove", "person0@example.org")


def _nothing(_site: Site) -> None:
    """Change nothing."""


IMPORT = ("subscribers", "import", "lista.csv", "--yes")
FAULTS = {
    "settings that are no TOML": (
        _append("[provider\n"), ("check", "2026-06"), "not valid TOML", "ei ole kelvollista TOMLia"
    ),
    "a key that nobody knows": (
        _append("\n[nobody]\nx = 1\n"), ("check", "2026-06"), "unknown key", "tuntematon kohta"
    ),
    "a provider that nobody knows": (
        _settings(name='name = "pigeon"'), ("send", "2026-06"),
        "unknown provider", "tuntematon lähetyspalvelu",
    ),
    "an issue that is not there": (
        _nothing, ("check", "2030-01"), "no issue", "ei ole",
    ),
    "an issue without front matter": (
        lambda site: site.write("issues/2026-07.md", "Hei!\n"),
        ("check", "2026-07"), "no front matter", "metatiedot puuttuvat",
    ),
    "a list without addresses": (
        _list("nimi,kunta\nAino,Espoo\n"), IMPORT, "no column of addresses", "osoitesaraketta"
    ),
    "a list with a wrong address": (
        _list("email,name\naino@@example.org,Aino\nbo@example.org,Bo\n"), IMPORT,
        "more than one @", "useampi @-merkki",
    ),
    "a list with a person twice": (
        _list("email,name\naino@example.org,Aino\naino@example.org,A\n"), IMPORT,
        "the same address as in line 2", "sama osoite kuin rivillä 2",
    ),
    "a list that must be asked about": (
        _list("email,Ei kiitos\naino@example.org,x\n"), IMPORT, "may say who left", "kertoa, kuka"
    ),
    "a list that is a PDF": (
        _list("%PDF-1.7 ..."), IMPORT, "this is a PDF", "tämä on PDF-tiedosto"
    ),
    "no key for the provider": (
        _through_brevo, ("doctor",), "is not set", "puuttuu, ja sitä tarvitaan"
    ),
    "a provider that is not there": (
        _through_brevo_with_a_key, ("doctor", "--online"), "cannot reach", "ei saada yhteyttä"
    ),
    "a ledger that is none": (
        _no_ledger, ("subscribers", "list"), "is not an SQLite database", "ei ole SQLite-tietokanta"
    ),
    "a ledger of a newer version": (
        _newer_ledger, ("subscribers", "list"), "by a newer version", "uudemmalla newsletter-vers"
    ),
    "an import that is not there": (
        lambda site: site.people(1), ("subscribers", "undo", "7"), "no import 7", "tuontia 7 ei"
    ),
    "somebody who left": (
        _somebody_left, ("subscribers", "add", "person0@example.org"),
        "only at their own wish", "vain henkilön omasta pyynnöstä",
    ),
    "somebody who is not on the list": (
        lambda site: site.people(1), ("subscribers", "show", "nobody@example.org"),
        "is not on the list", "ei ole listalla",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_finnish_and_swedish_with_the_same_exit_code(
    site: Site, fault: str
) -> None:
    prepare, command, english, finnish = FAULTS[fault]
    site.settings(language='language = "en"')
    prepare(site)
    command = tuple(str(site.root / word) if word.endswith(".csv") else word for word in command)

    told, codes = {}, {}
    for language in ("en", "fi", "sv"):
        site.environment["NEWSLETTER_LANG"] = language
        done = site.run(*command, code=None)
        told[language], codes[language] = done.stdout + done.stderr, done.returncode

    assert set(codes.values()) == {codes["en"]}
    assert codes["en"] in (1, 2, 3, 4)
    assert english in told["en"]
    assert finnish in told["fi"]
    for language in ("fi", "sv"):
        prose = _QUOTED.sub("", told[language])
        assert _ENGLISH.findall(prose) == [], told[language]
        assert "Traceback" not in told[language]


def test_a_wrong_key_and_what_it_stopped_are_told_in_finnish_later_too(site: Site) -> None:
    """The ledger keeps why a send stopped; `status` and `doctor` say it as it was said then."""
    with answering() as server:
        server.answer = lambda _: said(401, b'{"code": "unauthorized", "message": "Key not found"}')
        site.settings(name=f'name = "brevo"\nbase_url = "{server.url}"')
        site.environment |= {"NEWSLETTER_API_KEY": "xkeysib-0123456789", "NEWSLETTER_LANG": "fi"}
        site.people(2)

        stopped = site.run("send", "2026-06", "--yes", code=4).stderr

    why = "brevo: palvelu vastasi 401: ”Key not found”; tarkista NEWSLETTER_API_KEY"
    assert why in stopped
    assert why in site.run("status", "2026-06").stdout
    assert why in site.run("doctor", "--offline", code=1).stdout
    reported = json.loads(site.run("status", "2026-06", "--json").stdout)
    assert reported["reason"].startswith("brevo answered 401: Key not found; check NEWSLETTER_API")


def test_a_warning_that_was_overridden_is_told_in_finnish_afterwards(site: Site) -> None:
    site.settings(name='name = "smtp"\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"')
    site.people(2)
    site.environment["NEWSLETTER_LANG"] = "fi"
    site.write("issues/2026-06.md", ISSUE.replace("preheader:", "#"))

    site.run("send", "2026-06", "--yes", code=None)

    status = site.run("status", "2026-06", "--findings").stdout
    assert "esikatseluteksti puuttuu" in status
    [missing] = [
        told
        for told in json.loads(site.run("status", "2026-06", "--json").stdout)["overrides"]
        if "preheader" in told["message"]
    ]
    assert missing["message"].startswith("no preheader")


def test_the_file_of_refused_rows_gives_the_reasons_in_finnish(site: Site) -> None:
    site.write("lista.csv", "email,name\naino@@example.org,Aino\nbo@example.org,Bo\n")
    site.environment["NEWSLETTER_LANG"] = "fi"
    lists = [str(site.root / name) for name in ("lista.csv", "hylätyt.csv")]

    site.run("subscribers", "import", lists[0], "--refused", lists[1], "--yes", code=1)

    refused = (site.root / "hylätyt.csv").read_text(encoding="utf-8-sig")
    assert refused.splitlines()[0] == "line,reason,email,name"
    assert "2,osoitteessa on useampi @-merkki" in refused
