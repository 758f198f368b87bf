"""What `doctor` says of the files that the editor writes besides issues."""

import pytest

from newsletter.checkup import Health
from newsletter.checkup.premises import look_at_premises
from newsletter.checkup.writings import look_at_writings
from newsletter.settings import load_settings
from tests.conftest import Site

MEETING = "---\ntitle: Teemapäivä\nstart: 2026-12-09 09:00\nend: 15:00\nplace: Talo\n---\n"
REGIONS = '[regions.lappi]\nname = "Lapin verkosto"\nareas = ["Lappi"]\n'


def test_what_is_well_is_told_in_a_line_and_what_is_not_there_in_none(site: Site) -> None:
    settings = load_settings(site.root)
    assert list(look_at_writings(settings)) == []

    site.write("regions.toml", REGIONS)
    site.write("meetings/day.md", MEETING)

    told = list(look_at_writings(settings))
    assert [(one.part, one.health) for one in told] == [
        ("regions", Health.GOOD),
        ("meetings", Health.GOOD),
    ]


@pytest.mark.parametrize(
    ("name", "text", "part", "place"),
    [
        ("regions.toml", REGIONS.replace('"Lappi"]', '"Lapi"]'), "regions", "regions.toml:3: "),
        ("regions.toml", "[regions", "regions", "regions.toml:1: "),
        ("meetings/day.md", MEETING.replace("end:", "stop:"), "meetings", "meetings/day.md:4: "),
        ("surveys/2027.md", "Hei!", "surveys", "surveys/2027.md:1: "),
        ("meetings/day.fi.sv.md", MEETING, "files", "meetings/day.fi.sv.md: "),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_its_cure(
    site: Site, name: str, text: str, part: str, place: str
) -> None:
    site.write(name, text)

    told = list(look_at_writings(load_settings(site.root)))

    [wrong] = [one for one in told if one.health is not Health.GOOD and place in one.message]
    assert (wrong.part, bool(wrong.cure)) == (part, True)


def test_a_preset_that_there_is_not_is_told_with_its_line_and_the_nearest(site: Site) -> None:
    path = site.root / "newsletter.toml"
    before = path.read_text("utf-8").rstrip("\n")
    path.write_text(f'{before}\n\n[[collect.feeds]]\npreset = "finlx"\n', "utf-8")

    told = [one for one in look_at_premises(load_settings(site.root)) if one.part == "feeds"]

    line = len(before.splitlines()) + 3
    assert [(one.message, one.cure) for one in told] == [
        (f"newsletter.toml:{line}: there is no preset “finlx”", "did you mean “finlex”?")
    ]
