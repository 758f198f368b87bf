"""The compose file is valid, and its services reach and may do only what they must."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.conftest import REPOSITORY
from tests.packaging.oldest import PROJECT

_FILE = REPOSITORY / "compose.yaml"
# The public schema of the Compose Specification (Apache License 2.0).
_SCHEMA = Path(__file__).with_name("compose-spec.json")
_PROGRAMS = ("service", "worker", "editor")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file with its variables' defaults."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", _FILE.read_text(encoding="utf-8"))
    text = re.sub(r"\$\{NEWSLETTER_HOST:\?[^}]*\}", "news.example.org", text)
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def test_it_is_what_the_public_schema_of_compose_files_says(compose: dict[str, Any]) -> None:
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))

    jsonschema.validate(compose, schema)
    compose["services"]["service"]["restarts"] = "always"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(compose, schema)


def test_docker_itself_takes_it(tmp_path: Path) -> None:
    docker = ("docker", "compose")
    if not shutil.which("docker") or subprocess.run([*docker, "version"], check=False).returncode:
        pytest.skip("needs Docker with its plugin compose; deploy/try-compose asks them in CI")
    shutil.copy(_FILE, tmp_path)

    done = subprocess.run(
        [*docker, "--profile", "editor", "config", "--quiet"],
        cwd=tmp_path,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "NEWSLETTER_HOST": "news.example.org"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services, networks = compose["services"], compose["networks"]

    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["database"]["networks"] == ["inside"]
    assert networks["inside"] == {"internal": True}
    assert networks["front"]["internal"] is True
    # The service takes no other word than the proxy's for who asks.
    [front] = networks["front"]["ipam"]["config"]
    assert services["service"]["command"][-2:] == ["--proxy", front["subnet"]]
    at_front = {name for name, service in services.items() if "front" in service["networks"]}
    assert at_front == {"service", "proxy"}
    assert "inside" not in services["proxy"]["networks"]


@pytest.mark.parametrize("name", _PROGRAMS)
def test_the_program_may_write_nothing_and_do_nothing_that_it_need_not(
    compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_secrets_come_as_files_and_none_stands_in_the_environment(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            is_secret = re.search(r"PASSWORD|SECRET|KEY", name)
            assert not is_secret or (name.endswith("_FILE") and value.startswith("/run/secrets/"))
    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())


def test_what_runs_for_good_has_bounds_comes_back_and_is_asked_how_it_is(
    compose: dict[str, Any],
) -> None:
    for name, service in compose["services"].items():
        if "profiles" not in service:
            assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}, name
            assert service["restart"] == "unless-stopped"
            assert "healthcheck" in service or name == "service"  # the image's own
            assert service["logging"]["options"]


def test_the_image_has_the_version_of_the_program(compose: dict[str, Any]) -> None:
    version = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]

    images = {compose["services"][name]["image"] for name in _PROGRAMS}

    assert images == {f"newsletter:{version}"}


def test_every_base_is_named_by_its_version(compose: dict[str, Any]) -> None:
    others = {compose["services"][name]["image"] for name in ("database", "proxy")}

    assert all(re.fullmatch(r"[a-z]+:\d[\w.-]*", image) for image in others)
