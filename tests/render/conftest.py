"""A folder that lasts a whole test, also one with many generated examples."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.model import Edition
from tests.render.newsletters import render_body

Render = Callable[..., Edition]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a newsletter's folder; issues in it are written anew each time."""
    return tmp_path_factory.mktemp("newsletter")


@pytest.fixture(scope="module")
def render(root: Path) -> Render:
    """Return what renders the body of an issue in that folder."""

    def render(
        body: str,
        *,
        front: str = "subject: Kysely\ndate: 2026-12-15",
        language: str = "fi",
        public_url: str = "",
    ) -> Edition:
        return render_body(root, body, front=front, language=language, public_url=public_url)

    return render
