"""One engine after the other, each with a window, and a preview to look at in it."""

from collections.abc import Iterator

import pytest

from tests.browser.afterwards import issue_is_read, mailed_site
from tests.browser.previewed import FAULTY, SWEDISH
from tests.conftest import make_sample
from tests.engines.driven import ENGINES, missing
from tests.engines.windows import Window
from tests.previewing import Preview, previewing


@pytest.fixture(scope="session", params=list(ENGINES))
def window(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    """A window of an engine; pytest goes through all tests of one before the next begins."""
    if lacking := missing(request.param):
        pytest.skip(f"{lacking} is missing; “make proofs” installs it")
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as opened:
        opened.resize(1280, 800)
        yield opened


@pytest.fixture(scope="session")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of the sample, its people on the list, with a faulty issue in two languages."""
    site = make_sample(tmp_path_factory.mktemp("preview") / "site")
    site.write("issues/2026-12.md", FAULTY)
    site.write("issues/2026-12.sv.md", SWEDISH)
    site.run("subscribers", "import", str(site.root / "subscribers/example.csv"), "--yes")
    with previewing(site) as running:
        yield running


@pytest.fixture(scope="session")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of an issue that was sent, and that some have read."""
    with (
        mailed_site(tmp_path_factory.mktemp("mailed") / "site") as site,
        previewing(site) as running,
    ):
        issue_is_read(site)
        yield running
