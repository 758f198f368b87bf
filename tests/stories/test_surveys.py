"""An editor writes a survey, looks at it, opens it, mends it, closes it; too few answered."""

import json
from pathlib import Path

import pytest

from tests.conftest import Site, make_site

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A newsletter that begins a survey."""
    made = make_site(tmp_path / "site")
    made.environment["NEWSLETTER_SECRET"] = SECRET
    begun = made.run("surveys", "new", "tarpeet", "--kind", "named").stderr
    assert "Wrote surveys/tarpeet.md." in begun
    return made


def test_an_editor_asks_and_reads_names_but_no_results_of_a_few(site: Site) -> None:
    path = site.root / "surveys/tarpeet.md"
    shown = site.run("surveys", "preview", "tarpeet").stdout
    assert "Missä työskentelet? *" in shown
    assert "only if tyopaikka=kunnassa" in shown
    assert "Page 1\n" in shown  # which has no title

    site.run("surveys", "open", "tarpeet", code=1)  # nobody said yes
    site.run("surveys", "open", "tarpeet", "--yes")
    assert "- ( ) Kunnassa {#kunnassa}" in path.read_text("utf-8")

    path.write_text(path.read_text("utf-8").replace("Kunnassa", "Kuntatyössä"), "utf-8")
    assert "--note" in site.run("surveys", "open", "tarpeet", code=2).stderr
    site.run("surveys", "open", "tarpeet", "--note", "Sana vaihtui.")

    assert site.run("surveys", "export", "tarpeet").stdout.startswith("address;name;day;tyopaikka;")
    assert json.loads(site.run("surveys", "export", "tarpeet", "--json").stdout) == []
    site.run("surveys", "export", "tarpeet", "vastaukset.csv")
    site.run("surveys", "export", "tarpeet", "vastaukset.csv")  # over those that it wrote
    (site.root / "muu.csv").write_text("address;name;day\n", "utf-8")
    assert "name another file" in site.run("surveys", "export", "tarpeet", "muu.csv", code=2).stderr
    codes = (site.root / "vastaukset-codebook.csv").read_text("utf-8-sig").splitlines()
    assert codes[0] == "name;question;row;option;type;label;code;meaning"
    assert [
        one.name for one in site.root.glob("vastaukset*.csv") if one.stat().st_mode & 0o077
    ] == []
    assert "0" in site.run("surveys", "close", "tarpeet", "--yes").stderr
    path.with_name("toinen.fi.sv.md").write_bytes(path.read_bytes())
    listed = json.loads(site.run("surveys", "list", "--json", code=1).stdout)
    assert [one["path"] for one in listed["findings"]] == ["surveys/toinen.fi.sv.md"]
    [row] = listed["surveys"]
    assert (row["survey"], row["kind"], row["state"]) == ("tarpeet", "named", "closed")


def test_what_is_wrong_is_told_with_its_place_and_opens_nothing(site: Site) -> None:
    path = site.root / "surveys/tarpeet.md"
    path.write_text(path.read_text("utf-8").replace("tyopaikka = ", "koti = "), "utf-8")

    told = site.run("surveys", "open", "tarpeet", "--yes", code=1).stderr

    assert "surveys/tarpeet.md:25: error:" in told
    assert "koti" in told
    asked = site.run("surveys", "preview", "tarpeet", "--json", code=1).stdout
    assert json.loads(asked)["asks"] is None
