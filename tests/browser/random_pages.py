"""Pages with styles at random: many of them odd, some of them wrong."""

import random

_VALUES = {
    "color": ["red", "#123", "rgb(1, 2, 3)", "rgba(10, 20, 30, .5)", "inherit", "bogus"],
    "background": ["red", "#eee url(a.png)", "none", "rgba(1, 2, 3, .4)", "url(a.png) #abc", "x y"],
    "background-color": ["#abc", "transparent", "rgba(9, 9, 9, .2)", "currentcolor", "bogus"],
    "font-size": ["12px", "1.5em", "120%", "small", "larger", "10pt", "0", "bogus", "-1px"],
    "font-weight": ["bold", "700", "400", "600", "normal", "bolder", "bogus"],
    "line-height": ["1.5", "20px", "150%", "2em", "normal", "bogus", "0"],
    "font": ["bold 16px/1.5 Arial", "12pt serif", "italic 1em/20px 'A B', serif", "bogus"],
    "display": ["none", "block", "inline-block"],
    "visibility": ["hidden", "visible"],
    "text-decoration": ["none", "underline"],
}
_SELECTORS = [".x", "div", "#i3", ".x .y", "div > .x", "*", "b", "span.x", "p, .y", "td"]
_INNER = ["div", "span", "b", "small", "sup", "font", "table"]
_LAST = [*_INNER, "h2", "h4", "a"]


def make_page(seed: int) -> str:
    """Return a page; the same one for the same seed."""
    chance = random.Random(seed)
    rules = "\n".join(f"{chance.choice(_SELECTORS)} {{ {_style(chance)} }}" for _ in range(4))
    body = "".join(f"<div>{_element(chance, depth=3)}</div>" for _ in range(4))
    return f"<!doctype html><html><head><style>{rules}</style></head><body>{body}</body></html>"


def _style(chance: random.Random) -> str:
    sayings = []
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        name, values = chance.choice(list(_VALUES.items()))
        important = " !important" if chance.random() < 0.1 else ""
        sayings.append(f"{name}: {chance.choice(values)}{important}")
    return "; ".join(sayings)


def _element(chance: random.Random, *, depth: int) -> str:
    tag = chance.choice(_INNER if depth else _LAST)
    inner = "text"
    for _ in range(chance.choice([1, 2]) if depth else 0):
        inner += _element(chance, depth=depth - 1)
    more = {"a": 'href="#a"', "font": 'color="#0a0"', "table": 'bgcolor="yellow"'}.get(tag, "")
    marks = f'class="{chance.choice(["", "x", "y", "x y"])}" style="{_style(chance)}" {more}'
    if tag == "table":
        return f"<table {marks}><tbody><tr><td>{inner}</td></tr></tbody></table>"
    return f"<{tag} {marks}>{inner}</{tag}>"
