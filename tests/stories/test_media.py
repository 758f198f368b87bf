"""Pictures lie on a static host before anybody is mailed, or nobody is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.conftest import Site, StartBrevo
from tests.servers.web import Page, WebServer


class Folder(dict[str, Page]):
    """The pages of a static host: the files of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def get(self, path: object, default: object = None) -> Page:
        """Return a file."""
        file = self._folder / str(path).lstrip("/")
        return (
            Page(body=file.read_bytes(), media_type="image/png")
            if file.is_file()
            else Page(status=404)
        )


@pytest.fixture
def host(tmp_path: Path) -> Iterator[WebServer]:
    """A static host of the folder www."""
    with WebServer({}) as served:
        served.pages = Folder(tmp_path / "www")
        yield served


@pytest.fixture
def pictured(site: Site, host: WebServer) -> Site:
    """A newsletter whose issue has a picture, and whose pictures lie at the host."""
    file = site.root / "issues/2026-06/kuva.png"
    file.parent.mkdir()
    Image.new("RGB", (1300, 400), "#2b6b57").save(file)
    with (site.root / "issues/2026-06.md").open("a", encoding="utf-8") as issue:
        issue.write("\n![Metsä aamulla](2026-06/kuva.png)\n")
    settings = site.root / "newsletter.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("[newsletter]\n", f'[newsletter]\nmedia_url = "{host.url("/kirje")}"\n', 1)
    settings.write_text(text + "\n[check]\nallow_internal = true\n", encoding="utf-8")
    site.people(2)
    return site


def put_to(site: Site, folder: str) -> None:
    with (site.root / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[media]\nto = "{folder}"\n')


def pictures_of(server: Any) -> list[str]:
    return re.findall(r'src="([^"]+/pictures/[^"]+)"', server.messages()[0]["html"])


def test_a_send_puts_pictures_there_first(
    pictured: Site, host: WebServer, start_brevo: StartBrevo, tmp_path: Path
) -> None:
    server = start_brevo(pictured)
    put_to(pictured, "../www/kirje")

    pictured.run("send", "2026-06", "--yes")

    [url] = pictures_of(server)
    assert url.startswith(host.url("/kirje/pictures/"))
    assert len(server.messages()) == 2
    files = [file.name for file in (tmp_path / "www/kirje/pictures").iterdir()]
    assert len(files) == 2  # for both densities of screens
    assert Path(url).name in files
    assert {asked.path for asked in host.asked} == {f"/kirje/pictures/{name}" for name in files}
    assert "cid:" not in server.messages()[0]["html"]


def test_nobody_is_mailed_while_a_picture_is_not_there(
    pictured: Site, start_brevo: StartBrevo
) -> None:
    server = start_brevo(pictured)

    alone = pictured.run("send", "2026-06", "--yes", code=3).stderr
    put_to(pictured, "../elsewhere")
    astray = pictured.run("send", "2026-06", "--yes", code=3).stderr

    assert "2 pictures are not where readers would load them from" in alone
    assert "the server answers 404" in alone
    assert "newsletter media push" in alone
    assert "see that what lies in ../elsewhere is shown at" in astray
    assert server.messages() == []
    assert "2026-06" not in pictured.run("status").stdout


def test_a_test_mail_has_them_too(pictured: Site, start_brevo: StartBrevo, tmp_path: Path) -> None:
    start_brevo(pictured)
    put_to(pictured, str(tmp_path / "www/kirje"))

    pictured.run("send", "2026-06", "--test", "a@example.org", "--yes")

    assert len(list((tmp_path / "www/kirje/pictures").iterdir())) == 2


def test_a_rehearsal_puts_nothing_anywhere(pictured: Site, tmp_path: Path) -> None:
    put_to(pictured, "../www/kirje")

    pictured.run("send", "2026-06", "--yes")

    assert not (tmp_path / "www").exists()


def test_they_are_put_by_hand_as_often_as_one_likes(
    pictured: Site, start_brevo: StartBrevo, tmp_path: Path
) -> None:
    start_brevo(pictured)
    put_to(pictured, "../www/kirje")

    nothing = pictured.run("media", "push", code=None)
    first = json.loads(pictured.run("media", "push", "2026-06", "--json").stdout)
    twice = pictured.run("media", "push", "2026-06", "--json")
    second = json.loads(twice.stdout)
    pictured.run("send", "2026-06", "--yes")
    for file in (tmp_path / "www/kirje/pictures").iterdir():
        file.unlink()
    again = json.loads(pictured.run("media", "push", "--json").stdout)

    assert nothing.returncode == 0
    assert "There is no picture to put" in nothing.stderr
    assert "Nothing new: 2 pictures are at " in twice.stderr
    assert (first["new"], first["there"]) == (2, 0)
    assert (second["new"], second["there"]) == (0, 2)
    assert again == {**first, "new": 2, "there": 0}


def test_another_file_in_their_place_is_no_picture_of_ours(
    pictured: Site, start_brevo: StartBrevo, tmp_path: Path
) -> None:
    start_brevo(pictured)
    put_to(pictured, "../www/kirje")
    pictured.run("media", "push", "2026-06")
    for file in (tmp_path / "www/kirje/pictures").iterdir():
        file.write_bytes(bytes(file.stat().st_size))

    told = pictured.run("media", "push", "2026-06", code=3).stderr

    assert "another file lies there" in told


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('to = "s3://key:secret@bucket/x"', "NEWSLETTER_MEDIA_SECRET"),
        ('to = "sftp://a:b@host/x"', "NEWSLETTER_MEDIA_SECRET"),
        ('to = "sftp://a@host/../etc"', "without"),
        ('to = "sftp://a@host/%2e%2e/etc"', "without"),
        ('to = "ftp://a@host/x"', "expected a folder"),
        ('to = "s3:///x"', "expected a folder"),
        ('host_key = "aa:bb"', "SHA256:"),
        ('endpoint = "http://s3.example.org"', "https://"),
    ],
)
def test_settings_that_cannot_be_are_told_with_their_line(
    pictured: Site, line: str, words: str
) -> None:
    with (pictured.root / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n[media]\n{line}\n")

    told = pictured.run("media", "push", code=3).stderr

    assert re.search(r"newsletter\.toml:\d+", told)
    assert words in told


def test_a_place_without_an_address_for_readers_is_told(site: Site) -> None:
    put_to(site, "../www")

    assert "media_url" in site.run("check", "2026-06", code=3).stderr


def test_readers_of_a_picture_that_is_not_encrypted_would_see_none(site: Site) -> None:
    site.settings(sender='sender = "Example Foundation"\nmedia_url = "http://www.example.org/x"')

    assert "mail programs show no picture" in site.run("check", "2026-06", code=3).stderr
