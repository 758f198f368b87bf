"""No issue is named like a page of the service, or like what Windows has no files of."""

from pathlib import Path

import pytest
from starlette.routing import Route

from newsletter.content import check_id, variants_of
from newsletter.content.issue_names import PAGES
from newsletter.errors import UsageError
from newsletter.public import app


@pytest.mark.parametrize("issue_id", ["archive", "Index", "subscribe", "links", "con", "LPT1"])
def test_an_issue_that_no_page_could_show_is_refused_however_it_was_made(
    issue_id: str, tmp_path: Path
) -> None:
    (tmp_path / f"{issue_id}.md").touch()

    with pytest.raises(UsageError, match="a page of the service or a device of Windows"):
        check_id(issue_id)
    with pytest.raises(UsageError, match="take another name"):
        variants_of(tmp_path, issue_id, "fi")


def test_every_page_that_would_hide_an_issue_is_known() -> None:
    paths = {route.path for route in [*app.ROOT, *app.LINKED] if isinstance(route, Route)}
    alone = {path[1:] for path in paths if path[1:].isalpha()}

    assert alone == PAGES - {"index"}  # which an archive of files has
