"""The built wheel works in an environment of its own, in a folder far from the repository."""

import json
import re
import subprocess
import sys
import sysconfig
import urllib.request
from pathlib import Path

import pytest

from newsletter.render.looks import LOOKS
from tests.conftest import REPOSITORY, Site
from tests.stories.drafts import finish_draft
from tests.waiting import PATIENCE


def _run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as a wheel installs it; its libraries are those of the tests."""
    tmp_path = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    wheel = ("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(tmp_path))
    _run(*pip, *wheel, str(REPOSITORY), folder=tmp_path)
    _run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env"), folder=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    built = next(tmp_path.glob("newsletter-*.whl"))
    install = ("install", "--no-deps", "--no-index", str(built))
    _run(*pip, "--python", str(python), *install, folder=tmp_path)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(_run(str(python), "-c", code, folder=tmp_path).stdout.strip())
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.with_name("newsletter")


def test_init_new_check_and_send_work_from_the_wheel_alone(program: Path, tmp_path: Path) -> None:
    folder = tmp_path / "far" / "away"
    folder.mkdir(parents=True)
    for look in LOOKS:
        _run(str(program), "init", look, "--look", look, folder=folder)
    kirje = folder / "default"
    (kirje / "people.csv").write_text("email,name\naino@example.org,Aino\n", encoding="utf-8")

    _run(str(program), "new", "2026-12", folder=kirje)
    finish_draft(kirje / "issues/2026-12.md")
    checked = _run(str(program), "check", "2026-12", "--json", folder=kirje)
    _run(str(program), "subscribers", "import", "people.csv", "--yes", folder=kirje)
    _run(str(program), "send", "2026-12", "--yes", folder=kirje)

    assert (kirje / "outbox/2026-12/aino@example.org.eml").exists()
    assert all((folder / look / "templates/style.jinja").exists() for look in LOOKS)
    # The data about mail programs came along.
    assert "css-destructive" in json.loads(checked.stdout)[0]["passed"]


def test_the_packages_own_templates_stand_in_for_deleted_ones(
    program: Path, tmp_path: Path
) -> None:
    _run(str(program), "--lang", "fi", "init", "kirje", folder=tmp_path)
    kirje = tmp_path / "kirje"
    assert not (kirje / "templates/blocks").exists()
    (kirje / "templates/style.jinja").unlink()
    _run(str(program), "new", "2026-12", folder=kirje)

    _run(str(program), "build", "2026-12", folder=kirje)

    assert "mitä linkistä avautuu" in (kirje / "out/2026-12.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("look", LOOKS)
def test_an_issue_in_each_look_is_checked_without_a_finding(tmp_path: Path, look: str) -> None:
    Site(tmp_path).run("init", "kirje", "--look", look)
    kirje = Site(tmp_path / "kirje")
    kirje.run("new", "2026-12")
    finish_draft(kirje.root / "issues/2026-12.md")

    [report] = json.loads(kirje.run("check", "2026-12", "--json").stdout)

    assert [f for f in report["findings"] if f["severity"] != "note"] == []


def test_the_preview_brings_its_pages_and_words(program: Path, tmp_path: Path) -> None:
    _run(str(program), "--lang", "fi", "init", "kirje", folder=tmp_path)
    kirje = tmp_path / "kirje"
    _run(str(program), "new", "2026-12", folder=kirje)
    command = [str(program), "preview", "--port", "0", "--no-open"]
    process = subprocess.Popen(command, cwd=kirje, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    url = re.search(r"http://\S+?(?=/?\s)", process.stderr.readline())
    assert url

    try:
        page = urllib.request.urlopen(f"{url[0]}/issues/2026-12", timeout=PATIENCE).read().decode()
        style = urllib.request.urlopen(f"{url[0]}/static/preview.css", timeout=PATIENCE).status
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()

    assert "Lähetä koekirje" in page
    assert style == 200
