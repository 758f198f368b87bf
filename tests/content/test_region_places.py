"""An issue lists regional networks, and may be the edition of one: for its people, in its name."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.content import Announced, find_announced, read_issue
from newsletter.errors import FindingsError
from newsletter.model import Issue, Prose

SAMPLE = Path(__file__).parents[2] / "regions.toml"
HEAD = "subject: Alueilta\ndate: 2026-12-15\n"


def announced(root: Path) -> Announced:
    """Return what issues of a newsletter may announce."""
    return find_announced(
        root / "meetings",
        language="fi",
        zone=ZoneInfo("Europe/Helsinki"),
        public_url="https://news.example.org",
    )


def read(root: Path, body: str, head: str = "", language: str = "fi") -> Issue:
    """Read an issue of a newsletter with the regions of the sample."""
    (root / "regions.toml").write_text(SAMPLE.read_text("utf-8"), "utf-8")
    (root / "issues").mkdir(exist_ok=True)
    path = root / "issues" / "2026-12.md"
    path.write_text(f"---\n{HEAD}{head}---\n{body}\n", "utf-8")
    return read_issue(path, root=root, language=language, announced=announced(root))


def test_the_list_leads_to_each_network_with_who_coordinates_it(tmp_path: Path) -> None:
    issue = read(tmp_path, "Hei.\n\n::: box\n::: regions\n:::\n:::", language="sv")

    [box] = issue.blocks[1:]
    [block] = box.blocks  # type: ignore[attr-defined]
    assert isinstance(block, Prose)
    assert block.html.count("<li>") == 3
    assert (
        '<li><a href="https://news.example.org/regions/osterbotten?lang=sv">'
        "Nätverket i Österbotten</a> (Österbotten, Mellersta Österbotten): Åsa Nyberg, "
        '<a href="mailto:osterbotten@example.org">osterbotten@example.org</a></li>'
    ) in block.html


def test_an_edition_of_a_network_is_for_its_people_and_in_its_name(tmp_path: Path) -> None:
    own = read(tmp_path, "Hei.", "region: savo\n")
    narrower = read(
        tmp_path, "Hei.", "region: savo\nsegment: region=Etelä-Savo\nreply_to: x@example.org\n"
    )

    assert (str(own.segment), own.sender_name) == (
        "region in (Pohjois-Savo, Etelä-Savo)",
        "Savon verkosto",
    )
    assert (str(narrower.segment), narrower.reply_to) == ("region=Etelä-Savo", "x@example.org")


FAULTS = {
    # body, more front matter: line, what is said
    ("::: regions\nMuuta\n:::", ""): (5, "holds nothing"),
    ("::: regions Lappi\n:::", ""): (5, "holds nothing"),
    ("Hei.", "region: lappy\n"): (4, "regions.toml has no “lappy”"),
}


@pytest.mark.parametrize(("body", "head"), FAULTS)
def test_what_regions_toml_has_not_is_told_at_its_line(
    tmp_path: Path, body: str, head: str
) -> None:
    with pytest.raises(FindingsError) as refused:
        read(tmp_path, body, head)

    line, said = FAULTS[body, head]
    [finding] = refused.value.findings
    assert finding.line == line
    assert said in finding.message


def test_a_broken_file_is_told_where_an_issue_needs_it(tmp_path: Path) -> None:
    read(tmp_path, "Hei.")
    (tmp_path / "regions.toml").write_text("[regions.lappi]\n", "utf-8")
    path = tmp_path / "issues" / "2026-12.md"

    read_issue(path, root=tmp_path, language="fi", announced=announced(tmp_path))
    path.write_text(f"---\n{HEAD}---\n::: regions\n:::\n", "utf-8")
    with pytest.raises(FindingsError) as refused:
        read_issue(path, root=tmp_path, language="fi", announced=announced(tmp_path))

    assert {finding.path for finding in refused.value.findings} == {"regions.toml"}
