"""Readers' windows: to their browser, ports of this machine are the newsletter and its links."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser
from playwright.sync_api import Page as Window

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.servers.gate import gate_before
from tests.servers.smtp import make_certificate
from tests.servers.web import Page, WebServer
from tests.waiting import PATIENCE

SERVICE, SITE = "news.example.org", "www.example.org"


@contextmanager
def readers_browser(like: Browser, port: int, folder: Path, *paths: str) -> Iterator[Browser]:
    """Start another browser, for which the service at a port is where its mails say, behind TLS.

    The author's site has some pages; no other name leads anywhere.
    """
    certificate = make_certificate(folder, SERVICE, SITE)
    pages = {path: Page() for path in paths}
    with gate_before(port, certificate) as gate, WebServer(pages, certificate=certificate) as site:
        places = {SERVICE: gate.port, SITE: site.port}
        rules = [f"MAP {host} 127.0.0.1:{port}" for host, port in places.items()]
        names = f"--host-resolver-rules={','.join(rules)},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"
        started = like.browser_type.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, names]
        )
        try:
            yield started
        finally:
            started.close()


@contextmanager
def window_of(browser: Browser, program: str, network: str = "198.51.100.1") -> Iterator[Window]:
    """Open a window of a program, by its name, in some network."""
    context = browser.new_context(
        user_agent=program,
        extra_http_headers={"X-Forwarded-For": network},  # as the gate would say
        ignore_https_errors=True,  # nobody vouches for the certificate
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()
