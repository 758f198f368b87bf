"""Finds what no page uses: files that nothing includes, blocks of no page, rules for no element."""

import re
from collections.abc import Collection, Iterator

from newsletter.language import lookalike, nearest, say
from newsletter.model import Finding, rules
from newsletter.render.lint.inventory import READ, Shelf, TemplateFile, loaded
from newsletter.render.lint.outline import Fork, Load, Part
from newsletter.render.lint.plain import FILLED

Found = tuple[int, Finding]  # offset, and what is found there

_CLASSES = re.compile(r"\b(?:css-)?class\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_SELECTOR = re.compile(r"(?:\A|(?<=[{};]))[^{};]*+\{")
_NAMED = re.compile(rf"\.(-?[^\W\d][\w{FILLED}-]*)")
_ONE_NAME = re.compile(r"[\"'](?:next:)*+([^\"']*)[\"'](?: as \w+)?(?: with(?:out)? context)?")
# Classes that stand in the HTML of issues, or that MJML and mail programs give elements.
_OF_ISSUES = frozenset({"credit", "footnote", "footnotes", "back", "seam"})
_OF_OTHERS = re.compile(
    r"mj-.*|language-.*|ExternalClass|ReadMsgBody|moz-text-html|yshortcuts|ii|gt"
)


def unused_files(shelf: Shelf, shipped: Collection[str]) -> set[str]:
    """Return the names of own files that no page uses; of those for blocks others tell.

    `shipped` are the names of the package's files.
    """
    waiting = [files[0] for name, files in shelf.items() if name in shipped or _is_page(files[0])]
    used: set[TemplateFile] = set()
    while waiting:
        file = waiting.pop()
        if file not in used:
            used.add(file)
            waiting += [one for load in file.loads for one in loaded(shelf, file, load)]
    names = {file.name for file in used}
    own = {name for name, files in shelf.items() if files[0].is_own}
    return {name for name in own - names if not name.startswith("blocks/")}


def unused_file(name: str, shipped: Collection[str]) -> Finding:
    """Return that a file is not used."""
    base = name.rpartition("/")[2]
    moved = next((other for other in shipped if other.rpartition("/")[2] == base), None)
    hint = say("did you mean “{name}”?", name=moved) if moved else lookalike(name, shipped)
    hint = hint or say("include it somewhere, or take it away")
    return rules.TEMPLATE_UNUSED.warning("no page uses this file", hint, line=1)


def missing_files(file: TemplateFile, shelf: Shelf) -> Iterator[Found]:
    """Yield the templates that one loads by their names, and that are not there.

    Files of other kinds are on no shelf: whoever renders the page is told of them.
    """
    for load in file.loads:
        named = _ONE_NAME.fullmatch(load.said)
        if not named or load.how == "self" or not named[1].endswith(READ):
            continue
        if not loaded(shelf, file, load):
            hint = lookalike(named[1], shelf) or ""
            yield (
                load.offset,
                rules.TEMPLATE.error("there is no template “{name}”", hint, name=named[1]),
            )


def lost_parts(file: TemplateFile, shelf: Shelf) -> Iterator[Found]:
    """Yield what a page that extends another one says in vain."""
    extends = file.extends
    pages = loaded(shelf, file, extends) if extends else []
    if not pages:
        return
    known = _blocks_of(pages, shelf)
    at = extends.offset if extends else 0
    for node in file.outline:
        if isinstance(node, Part) and node.kind == "block" and node.name not in known:
            meant = nearest(node.name, known)
            lost = rules.TEMPLATE_UNUSED.error(
                "the page that this one extends has no block “{name}”: nobody sees it",
                meant,
                name=node.name,
            )
            yield _place_of(file, node), lost
    pieces = (node for node in file.outline if not isinstance(node, Fork | Part | Load))
    shown = (one for one in pieces if one.start > at and file.plain.text[one.start] != FILLED)
    if stray := next(shown, None):
        yield (
            stray.start,
            rules.TEMPLATE_UNUSED.error(
                "what stands outside of a block here is shown to nobody",
                "put it into a block of the page that this one extends",
            ),
        )


def unused_classes(
    file: TemplateFile, written: Collection[str], begun: Collection[str]
) -> Iterator[Found]:
    """Yield the rules of a style sheet for classes that no template gives an element.

    `begun` are the beginnings of classes whose ends are filled in.
    """
    told: set[str] = set()
    for selector in _SELECTOR.finditer(file.plain.text):
        for named in _NAMED.finditer(selector[0]):
            name = named[1]
            if name in told or name in written or FILLED in name or _OF_OTHERS.fullmatch(name):
                continue
            if name in _OF_ISSUES or any(name.startswith(one) for one in begun):
                continue
            told.add(name)
            hint = lookalike(name, written) or say("take the rule out, or use the class")
            at = selector.start() + named.start()
            yield (
                at,
                rules.TEMPLATE_UNUSED.warning(
                    "nothing has the class “{name}”, so this rule does nothing",
                    hint,
                    name=name,
                ),
            )


def written_classes(shelf: Shelf) -> tuple[set[str], set[str]]:
    """Return the classes that templates give elements, and the beginnings of those filled in.

    The package's style sheets know which classes rendering itself gives.
    """
    whole: set[str] = set()
    begun: set[str] = set()
    for file in (file for files in shelf.values() for file in files):
        if file.name.endswith(".css") and not file.is_own:
            whole.update(_NAMED.findall(file.plain.text))
        for one in file.plain.said():
            whole.update(one.split())
        for double, single in _CLASSES.findall(file.plain.text):
            for name in (double or single).split():
                before, filled, _ = name.partition(FILLED)
                (begun if filled else whole).add(before)
    return whole, begun - {""}


def _is_page(file: TemplateFile) -> bool:
    is_of_text = file.name.endswith(".text.jinja")  # the text part of such a page
    return "<mjml" in file.text or file.extends is not None or is_of_text


def _blocks_of(pages: list[TemplateFile], shelf: Shelf) -> list[str]:
    names: dict[str, None] = {}
    seen: set[TemplateFile] = set()
    while pages:
        page = pages.pop()
        if page in seen:
            continue
        seen.add(page)
        names |= dict.fromkeys(page.blocks)
        pages += loaded(shelf, page, page.extends) if page.extends else []
    return list(names)


def _place_of(file: TemplateFile, part: Part) -> int:
    found = re.search(rf"\bblock\s+{re.escape(part.name)}\b", file.text)
    return found.start() if found else 0
