"""An editor chooses people by segments: shown first, and nobody where one cannot be read."""

import json
from email import message_from_bytes, policy

from tests.conftest import Site

PEOPLE = "".join(
    f"p{n}@example.org,{region},{role}\n"
    for n, (region, role) in enumerate(
        [*[("Lappi", "kunta")] * 3, *[("LAPPI", "")] * 2, *[("Kainuu", "kunta")] * 2, ("", "kunta")]
    )
)


def test_a_segment_is_shown_with_who_has_no_value_and_the_days_it_means(site: Site) -> None:
    site.write("people.csv", f"email,region,role\n{PEOPLE}")
    site.run("subscribers", "import", "people.csv", "--columns", "role", "--yes")

    shown = site.run("segments", "show", "not region = Lapissa tai joined ennen 2020 ja role=kunta")
    [told] = json.loads(site.run("segments", "show", "region != Lappi", "--json").stdout)

    assert "and” binds tighter than “or" in shown.stderr
    assert shown.stdout.splitlines() == [
        "region!=Lapissa or (joined before 2020 and role=kunta)",
        "  joined before 2020: up to 2019-12-31, that day too",
        "3 of 8 who may be mailed are in it.",
        "1 has no value for “region”, of whom 1 in it.",
        "2 have no value for “role”, of whom 0 in it.",
    ]
    assert (told["members"], told["without_value"]["region"]) == (3, 1)


def test_an_export_by_a_segment_has_its_members_and_five_at_least(site: Site) -> None:
    site.write("people.csv", f"email,region,role\n{PEOPLE}")
    site.run("subscribers", "import", "people.csv", "--yes")

    some = site.run("subscribers", "export", "--segment", "region in (19, FI-05)").stdout
    few = site.run("subscribers", "export", "few.csv", "--segment", "region=Kainuu", code=2)
    unread = site.run("subscribers", "export", "none.csv", "--segment", "region Lappi", code=2)
    unknown = site.run("subscribers", "list", "--segment", "region=Lapppi", code=2)
    unsent = site.run("send", "2026-06", "--segment", "region=Lappi and", "--yes", code=2)

    assert [line.partition("@")[0] for line in some.splitlines()[1:]] == [f"p{n}" for n in range(7)]
    assert "fewer than 5 members" in few.stderr
    assert "character 8: “Lappi” cannot stand here; expected =, !=" in unread.stderr
    assert "there is no region “Lapppi”; did you mean “Lappi”?" in unknown.stderr
    assert "--segment: line 1, character 17: it ends too early" in unsent.stderr
    assert not any((site.root / name).exists() for name in ("few.csv", "none.csv"))


def test_an_edition_of_a_network_reaches_its_people_in_its_name(site: Site) -> None:
    site.write("people.csv", f"email,region,role\n{PEOPLE}")
    site.run("subscribers", "import", "people.csv", "--yes")
    site.write(
        "regions.toml",
        '[regions.lappi]\nname = "Lapin verkosto"\nareas = ["Lappi"]\n'
        'contact = "lappi@example.org"\nreply_to = "lappi@example.org"\n',
    )
    issue = (site.root / "issues" / "2026-06.md").read_text(encoding="utf-8")
    own = issue.replace("---\n", "---\nregion: lappi\n", 1) + "\n::: regions\n:::\n"
    site.write("issues/lappi.md", own)

    site.run("send", "lappi", "--yes")

    files = (site.root / "outbox" / "lappi").glob("*.eml")
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert {mail["to"].addresses[0].username for mail in mails} == {f"p{n}" for n in range(5)}
    assert all(str(mail["from"]).startswith("Lapin verkosto / ") for mail in mails)
    assert {str(mail["reply-to"]) for mail in mails} == {"lappi@example.org"}
    text = mails[0].get_body(("plain",))
    assert text
    assert "Lapin verkosto (Lappi): lappi@example.org" in text.get_content()
