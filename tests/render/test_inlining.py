"""Styles are written into elements as Premailer writes them, which is slower by far."""

from pathlib import Path
from typing import Any

import lxml.html
from premailer import Premailer

from newsletter.render.mrml import run_mrml
from newsletter.render.styles import inline_styles, read_styles
from tests.fidelity.pages import Page, pages_in


def test_every_look_with_every_block_is_dressed_alike_by_both(tmp_path: Path) -> None:
    for page in pages_in(tmp_path):
        ours, theirs = _bare(page), _bare(page)

        inline_styles(ours, read_styles(page.styles))
        _by_premailer(theirs, page.styles)

        for own, other in zip(ours.iter(), theirs.iter(), strict=True):
            assert _said(own) == _said(other), page.name


def _bare(page: Page) -> Any:
    """Return a page without style sheets."""
    root = lxml.html.document_fromstring(run_mrml(page.source))
    for sheet in [*root.iter("style")]:
        sheet.drop_tree()
    return root


def _by_premailer(root: Any, css: str) -> None:
    Premailer(
        root,
        css_text=css,
        allow_network=False,
        strip_important=False,
        disable_validation=True,
        align_floating_images=False,
        disable_basic_attributes=["align", "valign", "bgcolor", "width", "height"],
    ).transform()


def _said(element: Any) -> dict[str, str]:
    """Return what is said of an element; Premailer's reader shortens one colour."""
    pairs = (one.partition(":") for one in (element.get("style") or "").split(";") if one.strip())
    whole = {"#fff": "#ffffff", "#000": "#000000"}
    return {name.strip(): whole.get(value.strip(), value.strip()) for name, _, value in pairs}
