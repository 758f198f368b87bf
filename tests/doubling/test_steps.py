"""What a kind of input costs is counted in calls, of Python and of C, not in seconds."""

import gc
import re
from collections.abc import Callable, Mapping
from cProfile import Profile
from math import log2
from typing import Any

import pytest

from tests.conftest import Site, make_site
from tests.doubling.kinds import KINDS, Kind, Work

_NOTHING = 0.1  # of the smallest; what grows by less grows by chance
# The look costs the same for any size: the less it is, the clearer is what grows.
_LOOK = {
    "templates/default.mjml": """{% extends "default.mjml" %}
{% block attributes %}{% endblock %}{% block masthead %}{% endblock %}
{% block imprint %}<p><a href="{{ unsubscribe_url }}">{{ words.unsubscribe }}</a></p>{% endblock %}
""",
    "templates/flow.css": ".prose li { margin: 0 }\n",
    "templates/prose.css": ".prose p { margin: 0 }\n",
    "templates/screen.css": "@media (prefers-color-scheme: dark) { .prose p { color: #fff } }\n",
}


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Work, Site]:
    """A newsletter for each way to read, which has done what is done once: imports, templates."""
    made = {}
    for kind in KINDS:
        if kind.work not in made:
            site = made[kind.work] = make_site(tmp_path_factory.mktemp("doubling") / "site")
            for name, text in _LOOK.items():
                site.write(name, text)
            kind.work(site, kind.build(10))
    return made


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_twice_the_input_takes_hardly_more_than_twice_the_steps(
    kind: Kind, sites: Mapping[Work, Site], record_property: Callable[[str, object], None]
) -> None:
    counts = measured(kind, sites[kind.work], kind.size)
    if growth(*counts) > kind.most:  # something else may be done once, and that is over now
        counts = measured(kind, sites[kind.work], kind.size + 1)

    record_property("doubled", (kind.name, round(log2(max(growth(*counts), 1)), 2)))
    assert growth(*counts) <= kind.most, f"{kind.name}: {counts} steps"


def measured(kind: Kind, site: Site, size: int) -> tuple[int, int, int]:
    """Return the steps that an input of a size, of twice and of four times that size takes."""
    re.purge()  # else what is compiled anew depends on what other kinds had compiled
    kind.work(site, kind.build(2))
    small, middle, large = (
        steps(lambda size=size: kind.work(site, kind.build(size)))  # type: ignore[misc]
        for size in (size, 2 * size, 4 * size)
    )
    return small, middle, large


def growth(small: int, middle: int, large: int) -> float:
    """Return how many times what the first doubling adds the second one adds; linear is 2."""
    # What is the same for any size is taken out.
    return (large - middle) / max(middle - small, small * _NOTHING)


def steps(work: Callable[[], Any]) -> int:
    """Return how many functions are called."""
    profile = Profile(subcalls=False)  # who calls whom is not asked for, and takes time
    gc.disable()  # finalizers are called when it likes
    try:
        profile.runcall(work)
    finally:
        gc.enable()
    return sum(entry.callcount for entry in profile.getstats())
