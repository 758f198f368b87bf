"""regions.toml is read with every mistake at its line."""

from pathlib import Path

import pytest

from newsletter.content import read_regions
from newsletter.segments import parse_segment

ROOT = Path(__file__).parents[2]


def test_the_sample_names_networks_by_their_regions_however_written(tmp_path: Path) -> None:
    (tmp_path / "regions.toml").write_text(
        '[regions.lappi]\nname = "Lapin verkosto"\nareas = ["Lapissa", "FI-05", "19"]\n', "utf-8"
    )

    [lappi], none = read_regions(tmp_path, language="fi")
    sample, faults = read_regions(ROOT, language="fi")

    assert (lappi.codes, lappi.name_in("sv"), none) == (("19", "18"), "Lapin verkosto", ())
    assert str(lappi.segment) == "region in (Lappi, Kainuu)"
    assert lappi.segment == parse_segment(str(lappi.segment))
    assert lappi.is_asked_for(parse_segment("region in (Åland, Kajanaland)"))
    assert not lappi.is_asked_for(parse_segment("region != Kainuu"))
    assert not lappi.is_asked_for(parse_segment("region=Lappi and role=x"))
    assert (len(sample), faults) == (3, ())


FAULTS = {
    # the file: the line, and a part of what is said
    '[regions.lappi]\nname = "L"\nareas = ["Lapppi"]\n': (3, "did you mean “Lappi”?"),
    '[regions.lappi]\nname = "L"\n': (1, "key “regions.lappi.areas” is missing"),
    '[regions.lappi]\nname = "L"\nareas = []\n': (3, "areas"),
    '[regions.lappi]\nname = "L"\nareas = ["19"]\ncontakt = "x"\n': (4, "unknown key"),
    '[regions.lappi]\nname = "L"\nareas = ["19"]\ncontact = "x"\n': (4, "lappi@example.org"),
    '[regions.lappi]\nname = "L"\nareas = ["19"]\nurl = "javascript:x"\n': (4, "https://"),
    '[regions."Lappi!"]\nname = "L"\nareas = ["19"]\n': (1, "cannot be in the address"),
    "[regions.lappi\n": (1, "not valid TOML"),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_told_at_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "regions.toml").write_text(text, "utf-8")

    regions, [fault] = read_regions(tmp_path, language="fi")

    line, said = FAULTS[text]
    assert regions == ()
    assert (fault.path, fault.line) == ("regions.toml", line)
    assert said in fault.message


def test_no_file_is_no_fault(tmp_path: Path) -> None:
    assert read_regions(tmp_path, language="fi") == ((), ())
