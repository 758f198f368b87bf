"""Turns a mail's HTML into what a mail program would make of it: dark, inverted, no pictures."""

import re
from dataclasses import dataclass
from enum import StrEnum
from html import unescape


class Scheme(StrEnum):
    """The colours a mail is shown in."""

    LIGHT = "light"
    DARK = "dark"  # according to its own rules for dark screens
    INVERTED = "inverted"  # by a mail program that does so regardless; an approximation


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What to show of an issue."""

    issue: str
    reader: str  # see `reader_of`; empty for the first reader
    scheme: Scheme = Scheme.LIGHT
    pictures: bool = True
    as_sent: bool = False  # not as its file says by now


# Chromium's media features cannot be set for a frame, so the media query itself is replaced by one
# whose answer is known.
_ALWAYS, _NEVER = "(min-width: 0px)", "(max-width: 0px)"
_ASKS = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_SHEETS = re.compile(r"<style\b[^>]*>.*?</style>|\bmedia=\"[^\"]*\"", re.DOTALL | re.IGNORECASE)
_SUPPORTED = re.compile(
    r"(<meta\s+name=\"(?:supported-)?color-schemes?\"\s+content=\")[^\"]*", re.IGNORECASE
)
_COLOR_SCHEME = re.compile(r"(?<![-\w])color-scheme\s*:\s*[\w\s]+(?=[;}])", re.IGNORECASE)
_INVERTED = """<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}
img,video,[background]{filter:invert(1) hue-rotate(180deg)}</style>"""
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"\s(?:src|srcset)=\"[^\"]*\"", re.IGNORECASE)
_BACKGROUND = re.compile(r"\sbackground=\"[^\"]*\"|url\([^)]*\)", re.IGNORECASE)
# A picture that cannot be decoded: browsers draw a box of its size with the alternative text, as
# mail programs do for a blocked one.
_NOTHING = ' src="data:,"'
_NO_PICTURES = """<style>img[alt]:not([alt=""]){box-sizing:border-box;padding:8px;
border:1px solid #8a8a8a}</style>"""


def as_shown(html: str, view: View, *, public_url: str = "") -> str:
    """Return a mail's HTML as a view shows it, with its pictures served by the preview."""
    html = _with_own_pictures(html, public_url)
    html = _force_scheme(html, dark=view.scheme is Scheme.DARK)
    if view.scheme is Scheme.INVERTED:
        html = _with_style(html, _INVERTED)
    if not view.pictures:
        html = _IMAGE.sub(lambda image: _SOURCE.sub(_NOTHING, image[0]), html)
        html = _with_style(_BACKGROUND.sub("", html), _NO_PICTURES)
    return html


_HIDDEN = re.compile(r"<!--.*?-->|<(style|script|title|head)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|s|small|span|strong|sub|sup)\b[^>]*>", re.I)
_TAG = re.compile(r"<[^>]*>")
_PADDING = re.compile("[\u034f\u200b-\u200f\u2007\u00ad\ufeff]+")


def snippet_of(html: str, *, most: int = 300) -> str:
    """Return the first words of a mail, which an inbox shows beside the subject."""
    words = _TAG.sub(" ", _INLINE.sub("", _HIDDEN.sub(" ", html)))
    return " ".join(_PADDING.sub("", unescape(words)).split())[:most]


def _with_own_pictures(html: str, public_url: str) -> str:
    html = re.sub(r"\bcid:([0-9a-f]{20})\b", r"/pictures/\1", html)
    if not public_url:
        return html
    hosted = re.escape(f"{public_url}/pictures/")
    return re.sub(rf"{hosted}([0-9a-f]{{20}})\.\w+", r"/pictures/\1", html)


def _force_scheme(html: str, *, dark: bool) -> str:
    scheme = "dark" if dark else "light"

    def answer(match: re.Match[str]) -> str:
        return _ALWAYS if match[1].lower() == scheme else _NEVER

    def sheet(match: re.Match[str]) -> str:
        return _COLOR_SCHEME.sub(f"color-scheme: {scheme}", _ASKS.sub(answer, match[0]))

    html = _SHEETS.sub(sheet, html)
    return _SUPPORTED.sub(rf"\g<1>{scheme}", html)


def _with_style(html: str, style: str) -> str:
    return html.replace("</head>", f"{style}</head>", 1)
