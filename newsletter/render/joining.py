"""Joins neighbours in MJML that ask for the same: one frame of tables around them, written once.

A section costs a thousand bytes of HTML and a text three hundred, and Gmail cuts off what goes
beyond a hundred thousand. Templates may write a section for each row and a text for each heading,
as is plain to read: what makes no difference is joined here, before MJML runs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ATTRIBUTES = r'(?:\s+[\w-]+="[^"]*")*\s*'

_HEAD = re.compile(r"<mj-attributes>(.*?)</mj-attributes>", re.DOTALL)
_DECLARED = re.compile(rf"<(mj-[\w-]+)({_ATTRIBUTES})/?>")
_NO_ROOM = ('padding="0"', 'padding="0px"')
_ONLY_FONT = re.compile(r'(?:font-family="[^"]*")?')

_SECTION = re.compile(rf"<mj-section({_ATTRIBUTES})>(.*?)</mj-section>", re.DOTALL)
_ONE_COLUMN = re.compile(
    r'\s*<mj-column(?: vertical-align="top")?>((?:(?!</?mj-column).)*)</mj-column>\s*', re.DOTALL
)
_OPENED = '<mj-section><mj-column vertical-align="top">'
_CLOSED = "</mj-column></mj-section>"

_TEXT = re.compile(rf"<mj-text({_ATTRIBUTES})>(.*?)</mj-text>", re.DOTALL)
_MARKS = re.compile(r"(?:\s|<mj-raw>(?:<!--[\w ]*-->)?</mj-raw>)*")  # of lines, or nothing
_MARK = re.compile(r"<!--[\w ]*-->")
_PADDING = re.compile(r'\s+padding="([\d.px ]+)"')
# Which of so many lengths are those above, to the right, below and to the left.
_SIDES = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text, with the room around its words."""

    start: int
    end: int
    inner: str
    room: tuple[str, ...]  # above, right, below, left; nothing where none is said
    rest: str  # its other attributes

    def touches(self, before: "_Text") -> bool:
        """Return whether nothing but words divides a text from the one before it."""
        if not self.room or not before.room:
            return False
        is_alike = self.rest == before.rest and self.room[1::2] == before.room[1::2]
        return is_alike and before.room[2] == self.room[0] == "0px"


def join_neighbours(mjml: str) -> str:
    """Return MJML in which neighbouring sections, and then texts, that are alike are one."""
    return _with_joined_texts(_with_joined_sections(mjml) if _sections_are_bare(mjml) else mjml)


def _sections_are_bare(mjml: str) -> bool:
    """Return whether a section and a column without attributes add nothing to what is in them."""
    head = _HEAD.search(mjml)
    declared = {name: said.strip() for name, said in _DECLARED.findall(head[1] if head else "")}
    return (
        declared.get("mj-section") in _NO_ROOM
        and "mj-column" not in declared
        and _ONLY_FONT.fullmatch(declared.get("mj-all", "")) is not None
        and ' gap="' not in mjml  # of a wrapper, between its sections
    )


def _with_joined_sections(mjml: str) -> str:
    parts: list[str] = []
    end, is_open = 0, False
    for section in _SECTION.finditer(mjml):
        column = None if section[1].strip() else _ONE_COLUMN.fullmatch(section[2])
        between = mjml[end : section.start()]
        continues = is_open and column is not None and not between.strip()
        if not continues:
            parts += [_CLOSED if is_open else "", between, _OPENED if column else ""]
        parts.append(column[1] if column else section[0])
        end, is_open = section.end(), column is not None
    return "".join([*parts, _CLOSED if is_open else "", mjml[end:]])


def _with_joined_texts(mjml: str) -> str:
    parts: list[str] = []
    end = 0
    for run in _runs(mjml):
        first, last = run[0], run[-1]
        parts.append(mjml[end : first.start])
        end = last.end
        parts.append(mjml[first.start : end] if first is last else _one_text(mjml, run))
    return "".join([*parts, mjml[end:]])


def _runs(mjml: str) -> Iterator[list[_Text]]:
    """Yield all texts in order, those that touch together."""
    run: list[_Text] = []
    for text in map(_read_text, _TEXT.finditer(mjml)):
        if run and not (text.touches(run[-1]) and _MARKS.fullmatch(mjml, run[-1].end, text.start)):
            yield run
            run = []
        run.append(text)
    if run:
        yield run


def _read_text(found: re.Match[str]) -> _Text:
    padding = _PADDING.search(found[1])
    sides = [f"{side.removesuffix('px')}px" for side in padding[1].split()] if padding else []
    return _Text(
        start=found.start(),
        end=found.end(),
        inner=found[2],
        room=tuple(sides[n] for n in _SIDES[len(sides)]) if len(sides) in _SIDES else (),
        rest=_PADDING.sub("", found[1]).strip(),
    )


def _one_text(mjml: str, run: Sequence[_Text]) -> str:
    """Write a run as one text, the marks between its parts within it."""
    first, last = run[0], run[-1]
    room = " ".join(_short((*first.room[:2], last.room[2], first.room[3])))
    parts = [f'<mj-text padding="{room}" {first.rest}>']
    for text, following in zip(run, [*run[1:], last], strict=True):
        between = mjml[text.end : following.start].strip()
        parts += [text.inner, *_MARK.findall(between)]
    return "".join([*parts, "</mj-text>"])


def _short(room: tuple[str, ...]) -> tuple[str, ...]:
    above, right, below, left = room
    if left != right:
        return room
    return (above, right) if above == below else (above, right, below)
