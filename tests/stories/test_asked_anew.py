"""What is frozen is what was checked, shown and agreed to, whoever joins while the editor reads."""

from collections.abc import Callable

from tests.conftest import Site, StartProvider

# Who is not from Lappi gets a mail without a word, which is an error in their edition alone.
FOR_LAPPI = """\
---
subject: "Kesäkuun kirje"
date: 2026-06-15
---
::: only region=Lappi
Terveisiä Lappiin! Verkosto tapaa ensi viikolla Rovaniemellä, tervetuloa mukaan keskustelemaan.
:::
"""
LAPPI = ("--set", "region=Lappi")
QUESTION = "Type “yes” to go on: "


def _mailed(site: Site) -> set[str]:
    return {path.name.partition("@")[0] for path in (site.root / "outbox").glob("*/*.eml")}


def _asked(site: Site, *words: str, meanwhile: Callable[[], object], answers: int = 2) -> str:
    """Run a command, change the list at its first question, then agree as often as it asks."""
    told = ""
    process = site.start(*words, asks=True)
    for number in range(answers):
        said = ""
        while not said.endswith(QUESTION):
            letter = process.stderr.read(1)
            if not letter:
                return told + said
            said += letter
        told += said
        if number == 0:
            meanwhile()
        process.stdin.write("yes\n")
        process.stdin.flush()
    return told + process.communicate()[1]


def _join(site: Site, name: str, *more: str) -> None:
    site.run("subscribers", "add", f"{name}@example.org", *more)


def test_who_joins_while_the_editor_reads_the_plan_is_shown_before_they_are_mailed(
    site: Site,
) -> None:
    site.people(2)

    said = _asked(site, "send", "2026-06", meanwhile=lambda: _join(site, "late"))

    assert said.index("2 people") < said.index("The list changed") < said.index("3 people")
    assert _mailed(site) == {"person0", "person1", "late"}


def test_who_takes_the_place_of_somebody_else_is_asked_about(site: Site) -> None:
    site.people(2)

    def swap() -> None:
        site.run("subscribers", "remove", "person0@example.org")
        _join(site, "other")

    said = _asked(site, "send", "2026-06", meanwhile=swap, answers=1)

    assert "The list changed" in said
    assert "Nothing was sent" in said
    assert _mailed(site) == set()


def test_who_leaves_while_the_editor_reads_the_plan_needs_no_other_question(site: Site) -> None:
    site.people(3)

    def leave() -> object:
        return site.run("subscribers", "remove", "person1@example.org")

    said = _asked(site, "send", "2026-06", meanwhile=leave, answers=1)

    assert "The list changed" not in said
    assert _mailed(site) == {"person0", "person2"}


def test_an_edition_that_has_its_first_reader_meanwhile_is_checked_before_it_is_frozen(
    site: Site,
) -> None:
    _join(site, "lappi", *LAPPI)
    site.write("issues/2026-06.md", FOR_LAPPI)

    said = _asked(site, "send", "2026-06", meanwhile=lambda: _join(site, "late"))

    before, _, after = said.partition("The list changed")
    assert "error" not in before
    assert "error" in after
    assert "Nothing was sent: mend the errors first." in said
    assert _mailed(site) == set()


def test_later_joiners_that_were_not_shown_are_shown_first(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(1)
    site.run("send", "2026-06", "--yes")
    _join(site, "late")

    said = _asked(site, "send", "2026-06", "--late", meanwhile=lambda: _join(site, "later"))

    assert said.index("1 person") < said.index("The list changed") < said.index("2 people")
    assert len(server.messages()) == 3


def test_an_edition_for_later_joiners_alone_is_checked_before_they_get_it(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    _join(site, "first", *LAPPI)
    site.write("issues/2026-06.md", FOR_LAPPI)
    site.run("send", "2026-06", "--yes")
    _join(site, "plain")
    _join(site, "second", *LAPPI)

    said = site.run("send", "2026-06", "--late", "--yes")

    assert "Left out    1 who would get fi: nobody had it" in said.stderr
    assert "error" in said.stderr
    assert {m["email"] for m in server.messages()} == {"first@example.org", "second@example.org"}
