"""Without any network, issues are built, checked, shown and sent to the outbox.

Each command is a process of its own in which opening a socket fails and is written down.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import Site
from tests.previewing import previewing

HOOK = Path(__file__).parent / "no_sockets"
ELSEWHERE = "http://127.0.0.1:9"  # nobody answers there, and nobody must ask

ISSUE = """\
---
subject: "Kesäkuun kirje"
preheader: "Tässä kirjeessä kerrotaan kesän kuulumiset ja syksyn suunnitelmat."
date: 2026-06-15
---
Hei!

## Kuulumisia

![Kuva verkossa](https://www.example.org/a.png) ja [linkki](https://www.example.org/b), [toinen](https://työ.example.org/sivu).

<img src="https://www.example.org/c.png" alt="Kuva">

![Kuva kansiossa](2026-06/kuva.jpg)

::: button https://www.example.org/d
Paina
:::
"""

# Own templates that would fetch, each in another way.
TRIES = {
    "extra.css": f'@import url("{ELSEWHERE}/a.css");\n.prose p {{ background: url({ELSEWHERE}) }}',
    "extra_screen.css": f"@import '{ELSEWHERE}/c.css'; @font-face {{ src: url({ELSEWHERE}/d) }}",
    "blocks/heading.mjml": f'<mj-text css-class="prose"><h2>{{{{ block.html|html }}}}</h2>'
    f'<svg xmlns:xlink="x"><image xlink:href="{ELSEWHERE}/e" /></svg>'
    f'<link rel="stylesheet" href="{ELSEWHERE}/f.css" /><script src="{ELSEWHERE}/g"></script>'
    f'<iframe src="{ELSEWHERE}/h"></iframe></mj-text>',
}


@pytest.fixture
def cut_off(site: Site, tmp_path: Path) -> Site:
    """A newsletter in whose commands no socket opens."""
    site.write("issues/2026-06.md", ISSUE)
    (site.root / "issues/2026-06").mkdir()
    Image.linear_gradient("L").save(site.root / "issues/2026-06/kuva.jpg")
    return without_sockets(site, tmp_path)


def without_sockets(site: Site, folder: Path) -> Site:
    """Let every socket fail in the commands of a newsletter, and write down each try."""
    (folder / "tries.txt").touch()
    site.environment |= {"PYTHONPATH": str(HOOK), "NO_SOCKETS": str(folder / "tries.txt")}
    return site


def tries(site: Site) -> str:
    """Return what was tried."""
    return Path(site.environment["NO_SOCKETS"]).read_text(encoding="utf-8")


def with_tries(site: Site) -> None:
    """Give a newsletter templates that would fetch."""
    for name, text in TRIES.items():
        site.write(f"templates/{name}", text)


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('www.example.org', 80)",
        "urllib.request.urlopen('http://127.0.0.1:9')",
    ],
)
def test_the_hook_sees_every_socket(code: str, cut_off: Site) -> None:
    """Were it blind, all else here would prove nothing."""
    done = subprocess.run(
        [sys.executable, "-c", f"import socket, urllib.request; {code}"],
        env=cut_off.full_environment,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    assert "socket." in tries(cut_off)


@pytest.mark.parametrize("templates", ["packaged", "own"])
def test_build_check_and_send_open_no_socket(templates: str, cut_off: Site) -> None:
    if templates == "own":
        with_tries(cut_off)
    people = cut_off.write("subscribers/p.csv", "email\nbo@example.org\n")

    cut_off.run("subscribers", "import", str(people), "--yes", forked=False)
    cut_off.run("build", "2026-06", "--out", str(cut_off.root / "out"), forked=False)
    checked = cut_off.run("check", "2026-06", code=None, forked=False)
    sent = cut_off.run("send", "2026-06", "--yes", code=None, forked=False)

    assert tries(cut_off) == ""
    assert (cut_off.root / "out/2026-06.html").stat().st_size > 1000
    if templates == "packaged":
        assert len(list((cut_off.root / "outbox/2026-06").glob("*.eml"))) == 1
    else:
        assert re.search(r"templates/extra\.css:1: error: .*\[style-import\]", checked.stdout)
        assert sent.returncode == 1


def test_the_sample_is_built_checked_and_sent_without_a_socket(
    sample: Site, tmp_path: Path
) -> None:
    without_sockets(sample, tmp_path)
    people = str(sample.root / "subscribers/example.csv")

    sample.run("subscribers", "import", people, "--yes", forked=False)
    sample.run("build", "2021-06", "--out", str(sample.root / "out"), forked=False)
    sample.run("check", "2021-06", forked=False)
    sample.run("send", "2021-06", "--yes", forked=False)

    assert tries(sample) == ""
    assert len(list((sample.root / "outbox/2021-06").glob("*.eml"))) == 640


@pytest.mark.parametrize("templates", ["packaged", "own"])
def test_the_preview_listens_and_calls_nobody(templates: str, cut_off: Site) -> None:
    if templates == "own":
        with_tries(cut_off)
    cut_off.environment["NO_SOCKETS_BUT_OWN"] = "1"

    with previewing(cut_off, "2026-06", forked=False) as preview:
        status, _, html = preview.ask("/issues/2026-06")
        found = preview.data("/issues/2026-06")

    assert status == 200
    assert html
    assert found
    assert tries(cut_off) == ""
