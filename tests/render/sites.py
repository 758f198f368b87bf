"""A newsletter's folder with templates of its own, for what they may and may not do."""

from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.model import Edition, Finding
from tests.render.newsletters import render_body

BODY = "Hei!\n\n## Otsikko\n\nTekstiä."


def with_template(root: Path, name: str, text: str | bytes) -> Path:
    """Write a template of the newsletter's own."""
    path = root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def page(content: str, head: str = "") -> str:
    """Return a template of a whole page around MJML."""
    return (
        f"<mjml>\n<mj-head>{head}</mj-head>\n<mj-body>\n<mj-section><mj-column>\n"
        f"{content}\n</mj-column></mj-section>\n</mj-body>\n</mjml>\n"
    )


def rendered(root: Path, body: str = BODY) -> Edition:
    """Render an issue with the templates that lie in a folder."""
    return render_body(root, body)


def refused(root: Path, body: str = BODY) -> Finding:
    """Return the one finding that rendering ends with."""
    with pytest.raises(ConfigError) as caught:
        render_body(root, body)
    [finding] = caught.value.findings
    return finding
