"""Starts the real `newsletter serve` for tests, and asks it as mail programs would."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from tests.conftest import ISSUE, Site, make_site
from tests.servers.forked import Forked
from tests.waiting import PATIENCE, read_until

_PUBLIC = "https://news.example.org/kirje"


@dataclass(frozen=True)
class Answer:
    """What the service answered."""

    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes


@dataclass(frozen=True)
class Service:
    """A public service that runs."""

    site: Site
    process: Forked
    port: int

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path as it is written."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return answer_of(connection, path, method, **headers)


def answer_of(connection: HTTPConnection, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask by a connection, and close it; `a_b` is the header a-b."""
    with closing(connection):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read())


@contextmanager
def serving(site: Site, *arguments: str) -> Iterator[Service]:
    """Run the public service of a newsletter at a free port."""
    process = site.start("serve", "--port", "0", *arguments)
    line = read_until(process.stderr, "Serving")
    found = re.search(r"http://\S+?:(\d+)", line)
    assert found, line
    try:
        yield Service(site, process, int(found[1]))
    finally:
        process.end()


def make_public_site(root: Path) -> Site:
    """Make a newsletter with a public URL that sent an issue with a picture to one reader."""
    made = make_site(root)
    made.environment["NEWSLETTER_SECRET"] = "so long that nobody guesses it"  # noqa: S105
    text = (root / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace("[newsletter]\n", f'[newsletter]\npublic_url = "{_PUBLIC}"\n', 1)
    made.write("newsletter.toml", text)
    Image.effect_noise((1400, 300), 90).save(root / "issues" / "kesa.png")
    made.write("issues/2026-06.md", ISSUE + "\n![Järvi kesällä](kesa.png)\n")
    made.people(1)
    made.run("send", "2026-06", "--yes")
    return made


def mailed_pictures(site: Site) -> set[str]:
    """Return the paths of all pictures that the mail links to."""
    html = (site.root / "outbox/2026-06/index.html").read_text(encoding="utf-8")
    [mail] = (site.root / "outbox/2026-06").glob("*.eml")
    quoted = mail.read_text(encoding="utf-8").replace("=\n", "").replace("=3D", "=")
    found = re.findall(rf"{re.escape(_PUBLIC)}(/pictures/[0-9a-f]+\.\w+)", html + quoted)
    return {urlsplit(_PUBLIC).path + path for path in found}
