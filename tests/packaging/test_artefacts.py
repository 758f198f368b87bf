"""Wheel and source hold what they promise, and whoever builds them gets the same bytes."""

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from tests.conftest import REPOSITORY
from tests.packaging.oldest import PROJECT, oldest_versions

_DAY = 24 * 3600
_EPOCH = 1_767_225_600  # 2026-01-01


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefacts:
    """What one build made."""

    wheel: Path
    source: Path

    @property
    def contents(self) -> tuple[bytes, bytes]:
        """Return the bytes of both."""
        return self.wheel.read_bytes(), self.source.read_bytes()


def _build(folder: Path, to: Path, **environment: str) -> Artefacts:
    """Build wheel and source of a folder; without SOURCE_DATE_EPOCH unless it is given."""
    clean = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
    command = (sys.executable, "-m", "hatchling", "build", "--directory", str(to))
    done = subprocess.run(
        command, check=False, cwd=folder, env=clean | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Artefacts(wheel=next(to.glob("*.whl")), source=next(to.glob("*.tar.gz")))


def _unpack(source: Path, to: Path) -> Path:
    """Unpack a source as another person would who changes who may read it, and when it is from."""
    with tarfile.open(source) as packed:
        packed.extractall(to, filter="data")
    [folder] = to.iterdir()
    for number, path in enumerate(sorted(folder.rglob("*"))):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (_DAY * number, _DAY * number))
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Artefacts:
    """Build what this folder is, a checkout or an unpacked source."""
    return _build(REPOSITORY, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def unpacked(built: Artefacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the source somewhere else, with other rights and dates."""
    return _unpack(built.source, tmp_path_factory.mktemp("a folder with a longer name"))


def test_another_folder_another_day_and_another_person_give_the_same_bytes(
    built: Artefacts, unpacked: Path, tmp_path: Path
) -> None:
    rebuilt = _build(unpacked, tmp_path, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="7")

    assert rebuilt.contents == built.contents
    assert (rebuilt.wheel.name, rebuilt.source.name) == (built.wheel.name, built.source.name)


def test_a_build_dates_its_files_by_source_date_epoch(unpacked: Path, tmp_path: Path) -> None:
    dated = _build(unpacked, tmp_path, SOURCE_DATE_EPOCH=str(_EPOCH))

    with zipfile.ZipFile(dated.wheel) as wheel, tarfile.open(dated.source) as source:
        assert {file.date_time for file in wheel.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert {file.mtime for file in source} == {_EPOCH}


def test_the_wheel_holds_the_package_and_its_templates_and_nothing_else(built: Artefacts) -> None:
    templates = {f"newsletter/{name}" for name in _files_below("templates")}

    with zipfile.ZipFile(built.wheel) as wheel:
        held = set(wheel.namelist())

    package = {name for name in held if ".dist-info/" not in name}
    ours = {name for name in _files_below("newsletter") if not name.endswith(".d.ts")}
    assert package == ours | templates
    assert {f"newsletter/{name}" for name in ("py.typed", "templates/style.jinja")} <= package
    assert any(name.endswith("/fi/LC_MESSAGES/texts.po") for name in package)
    assert {name.rpartition("/")[2] for name in held - package} == {
        *("METADATA", "WHEEL", "RECORD", "LICENSE", "entry_points.txt")
    }


def test_the_source_holds_all_that_its_tests_read(built: Artefacts) -> None:
    tops = ("newsletter", "templates", "tests", "docs", "deploy", ".github")

    with tarfile.open(built.source) as source:
        held = {file.name.partition("/")[2] for file in source}

    assert {name for top in tops for name in _files_below(top)} - held == set()
    assert {"Makefile", "Dockerfile", "compose.yaml", ".dockerignore", ".ci/run"} <= held


def _files_below(top: str) -> set[str]:
    """Return the files of a folder that belong to what is handed out."""
    found = (path for path in (REPOSITORY / top).rglob("*") if path.is_file())
    names = {path.relative_to(REPOSITORY).as_posix() for path in found}
    return {name for name in names if "__pycache__" not in name}


def test_an_index_takes_the_metadata(built: Artefacts) -> None:
    """What `twine check --strict` looks at, and that each field is well formed."""
    with zipfile.ZipFile(built.wheel) as wheel:
        [name] = (name for name in wheel.namelist() if name.endswith("/METADATA"))
        written = wheel.read(name)
    metadata = Metadata.from_email(written, validate=True)
    message = message_from_bytes(written)

    assert metadata.description_content_type == "text/markdown"
    assert "# newsletter" in (metadata.description or "")
    assert metadata.license_expression == "MIT"
    assert set(metadata.provides_extra or ()) == {"pdf", "postgres", "s3", "ses", "sftp"} | {
        "spss",
        "test",
    }
    assert "UNKNOWN" not in message.values()


def test_each_python_that_is_tested_is_named() -> None:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]

    named = [c.rpartition(" ")[2] for c in project["classifiers"] if "Python :: 3." in c]

    assert named == ["3.11", "3.12", "3.13", "3.14"]
    assert project["requires-python"] == f">={named[0]}"


def test_each_library_has_a_lower_bound_that_the_oldest_run_can_install() -> None:
    assert "click" in oldest_versions()
    assert "procrastinate" in oldest_versions()
