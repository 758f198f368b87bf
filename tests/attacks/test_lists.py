"""Lists that somebody else wrote: bounded in memory and time, and never run by anybody."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Site

_FORMULAS = ["=1+1", "+1", "-1+cmd|'/c calc'!A0", "@SUM(1)", "\t=1", "'=1"]
_SHEET = "xl/worksheets/sheet1.xml"


def test_no_cell_of_an_export_is_a_formula(site: Site) -> None:
    rows = "".join(f'a{n}@example.org,"{cell}",fi,"{cell}"\n' for n, cell in enumerate(_FORMULAS))
    path = site.write("subscribers/people.csv", "email,name,language,region\n" + rows)
    site.run("subscribers", "import", str(path), "--yes")

    told = site.run("subscribers", "export").stdout

    cells = [cell for row in csv.reader(io.StringIO(told)) for cell in row]
    assert any("calc" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []


def bomb(folder: Path, sheet: bytes, *, times: int) -> Path:
    """Write a workbook of few bytes whose sheet has very many."""
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        )
        with packed.open(_SHEET, "w") as part:
            for _ in range(times):
                part.write(sheet)
    return path


@pytest.mark.parametrize(
    "sheet", [b" " * 1_000_000, b"<row><c/></row>" * 60_000], ids=["spaces", "rows"]
)
def test_a_workbook_that_unpacks_to_a_hundred_megabytes_is_refused_at_once(
    site: Site, sheet: bytes
) -> None:
    path = bomb(site.root, sheet, times=110)
    assert path.stat().st_size < 1_000_000

    done = site.run("subscribers", "import", str(path), "--yes", code=None)

    assert done.returncode in (1, 2, 3)
    assert "bomb.xlsx" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "segment",
    [
        "region=x' OR '1'='1",
        "region=x'); DROP TABLE subscribers; --",
        'region=x" OR 1=1',
        "region=%",
        "region') = 'x' OR json_extract(attributes, '$.region",
        "$.region=x",
    ],
)
def test_a_segment_is_compared_and_never_run(site: Site, segment: str) -> None:
    path = site.write(
        "subscribers/people.csv", "email,language,region\naino@example.org,fi,Lappi\n"
    )
    site.run("subscribers", "import", str(path), "--yes")
    text = (site.root / "issues" / "2026-06.md").read_text(encoding="utf-8")
    quoted = segment.replace("'", "''")
    site.write(
        "issues/2026-06.md", text.replace("number: 6\n", f"number: 6\nsegment: '{quoted}'\n")
    )

    done = site.run("send", "2026-06", "--yes", code=None)

    assert "Traceback" not in done.stderr
    assert not list((site.root / "outbox").rglob("*.eml"))
    assert "aino@example.org" in site.run("subscribers", "list").stdout
