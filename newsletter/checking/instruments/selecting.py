"""Finds which elements the rules of style sheets mean, for the plain kinds of selectors."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from newsletter.checking.instruments.page import Page
from newsletter.checking.instruments.sheets import Saying, sheets_of

_COMPOUND = re.compile(r"(\*|[a-zA-Z][\w-]*)?((?:[.#][\w-]+)*)")
_PARTS = re.compile(r"\s*>\s*|\s+")


class Compound(NamedTuple):
    """What an element must be: a tag, an id, classes."""

    tag: str  # "" for any
    id: str
    classes: frozenset[str]
    is_child: bool  # of the one before it; otherwise anywhere within

    def fits(self, element: Any) -> bool:
        """Tell whether an element is so."""
        if self.tag and element.tag != self.tag:
            return False
        if self.id and element.get("id") != self.id:
            return False
        return not self.classes or self.classes <= set((element.get("class") or "").split())


@lru_cache(maxsize=8)
def ruled(page: Page) -> Mapping[Any, tuple[Saying, ...]]:
    """Return what style sheets say of elements outside of queries, the weakest first."""
    weighed: dict[Any, list[tuple[tuple[int, int, int], int, Saying]]] = defaultdict(list)
    index = _indexed(page)
    order = 0
    for sheet in sheets_of(page):
        for ruling in sheet.rulings:
            if ruling.within:
                continue
            for selector in ruling.selectors:
                for element, weight in _found(selector, index):
                    for saying in ruling.sayings:
                        order += 1
                        weighed[element].append((weight, order, saying))
    return {
        element: tuple(saying for *_, saying in sorted(said, key=lambda s: s[:2]))
        for element, said in weighed.items()
    }


@lru_cache(maxsize=512)
def compounds_of(selector: str) -> tuple[Compound, ...]:
    """Take a selector apart; () for one of a kind that is not read here."""
    text = selector.strip()
    names = _PARTS.split(text)
    joints = [">" in joint for joint in _PARTS.findall(text)]
    found = []
    for name, is_child in zip(names, [False, *joints], strict=True):
        match = _COMPOUND.fullmatch(name)
        if not match or not name:
            return ()
        marks = re.findall(r"[.#][\w-]+", match[2])
        found.append(
            Compound(
                tag=(match[1] or "").lower().replace("*", ""),
                id=next((mark[1:] for mark in marks if mark[0] == "#"), ""),
                classes=frozenset(mark[1:] for mark in marks if mark[0] == "."),
                is_child=is_child,
            )
        )
    return tuple(found)


def _found(selector: str, index: Mapping[str, list[Any]]) -> list[tuple[Any, tuple[int, int, int]]]:
    compounds = compounds_of(selector)
    if not compounds:
        return []
    weight = (
        sum(bool(c.id) for c in compounds),
        sum(len(c.classes) for c in compounds),
        sum(bool(c.tag) for c in compounds),
    )
    last = compounds[-1]
    key = f"#{last.id}" if last.id else next((f".{c}" for c in last.classes), last.tag or "*")
    return [(e, weight) for e in index.get(key, ()) if _fits(e, compounds)]


def _fits(element: Any, compounds: tuple[Compound, ...]) -> bool:
    """Tell whether a selector means an element.

    What must be anywhere around is looked for from within: the nearest that fits leaves most room
    for what must be further out, so that no other need be tried.
    """
    *outer, last = _chains(compounds)
    at = _outmost(element, last)
    for chain in reversed(outer):
        found = None
        for ancestor in at.iterancestors() if at is not None else ():
            found = _outmost(ancestor, chain)
            if found is not None:
                break
        at = found
    return at is not None


def _chains(compounds: tuple[Compound, ...]) -> list[list[Compound]]:
    """Divide a selector where something may stand between one element and the next."""
    chains: list[list[Compound]] = []
    for compound in compounds:
        if compound.is_child and chains:
            chains[-1].append(compound)
        else:
            chains.append([compound])
    return chains


def _outmost(element: Any, chain: list[Compound]) -> Any:
    """Return the outmost element that a chain of parents means; None if one does not fit."""
    at = None
    for compound in reversed(chain):
        at = element if at is None else at.getparent()
        if at is None or not compound.fits(at):
            return None
    return at


def _indexed(page: Page) -> Mapping[str, list[Any]]:
    index: dict[str, list[Any]] = defaultdict(list)
    for element in page.elements():
        keys = ["*", element.tag, *(f".{name}" for name in (element.get("class") or "").split())]
        if element.get("id"):
            keys.append(f"#{element.get('id')}")
        for key in keys:
            index[key].append(element)
    return index
