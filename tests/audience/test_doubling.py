"""What a list costs doubles with it: counted in calls, of Python and of C, not in seconds."""

import gc
import io
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest

from newsletter.audience import open_people
from newsletter.errors import NewsletterError

MOST = 2.5  # times what half of it costs
SIZE = 300  # beyond the 1,000 characters that a kept cell may have
LEAST = 200  # calls; what grows by less grows by chance

KINDS: Mapping[str, Callable[[int], str]] = {
    "people": lambda n: "email,name\n" + "".join(f"a{i}@example.org,A\n" for i in range(n)),
    "domains": lambda n: "email\n" + "".join(f"a@example{i}.org\n" for i in range(n)),
    "columns": lambda n: (
        "email," + ",".join(f"c{i}" for i in range(n)) + "\na@example.org" + ",x" * n + "\n"
    ),
    "kept columns": lambda n: (
        "email,name,language,"
        + ",".join(f"c{i}" for i in range(n))
        + ",standing\na@example.org,a,fi"
        + ",x" * n
        + ",active\n"
    ),
    "same columns": lambda n: (
        "email," + ",".join("alue" for i in range(n)) + "\na@example.org" + ",x" * n + "\n"
    ),
    "address columns": lambda n: (
        "email,"
        + ",".join("sähköposti" for i in range(n))
        + "\na@example.org"
        + ",b@example.org" * n
        + "\n"
    ),
    "status columns": lambda n: (
        "email," + ",".join("status" for i in range(n)) + "\na@example.org" + ",active" * n + "\n"
    ),
    "unclear columns": lambda n: (
        "email,"
        + ",".join(f"tilaus {i}" for i in range(n))
        + "\na@example.org"
        + ",active" * n
        + "\n"
    ),
    "unknown values": lambda n: (
        "email,status\n" + "".join(f"a{i}@example.org,v{i}\n" for i in range(n))
    ),
    "times": lambda n: (
        "email,unsubscribed_at\n"
        + "".join(f"a{i}@example.org,2026-01-01 10:{i}\n" for i in range(n))
    ),
    "long header": lambda n: "email," + "ab " * n + "\na@example.org,x\n",
    "long address": lambda n: "email\n" + "a." * n + "@example.org\n",
    "long domain": lambda n: "email\na@" + "a-." * n + "org\n",
    "long name": lambda n: "email,name\na@example.org," + "Ã¤ " * n + "\n",
    "entities": lambda n: "email,name\na@example.org," + "&amp;" * n + "\n",
    "ampersands": lambda n: "email,name\na@example.org," + "&a" * n + "\n",
    "brackets": lambda n: "email,name\n" + "<a " * n + "@example.org,x\n",
    "brackets2": lambda n: "email,name\n" + "a " * n + "<a@example.org>,x\n",
    "consent words": lambda n: "email,suostun\na@example.org," + "kyllä " * n + "\n",
    "header consent": lambda n: "email," + "haluan " * n + "\na@example.org,x\n",
    "header no": lambda n: "email," + "no " * n + "\na@example.org,x\n",
    "quotes": lambda n: 'email,name\na@example.org,"' + '""' * n + '"\n',
    "empty lines": lambda n: "\n" * n + "email\na@example.org\n",
    "titles": lambda n: "x;y,z\n" * n + "email\na@example.org\n",
    "blank rows": lambda n: "email\na@example.org\n" + ",,\n" * n,
    "extra cells": lambda n: "email\na@example.org" + "," * n + "x\n",
    "invisible": lambda n: "email\n" + "\u200b" * n + "a@example.org\n",
    "mailto": lambda n: "email\n" + "mailto:" * n + "a@example.org\n",
    "ats": lambda n: "email\n" + "@a" * n + "\n",
    "tags": lambda n: 'email,tags\na@example.org,"' + "a," * n + '"\n',
    "language": lambda n: "email,language\na@example.org," + "(a" * n + "\n",
    "zeros": lambda n: "email,status\na@example.org," + "0" * n + "\n",
    "dates": lambda n: "email,unsubscribed\na@example.org," + "1." * n + "\n",
    "misspelt": lambda n: "email\n" + "".join(f"a{i}@x{i}.con\n" for i in range(n)),
    "titles below": lambda n: "email\n" + "".join(f"Perunut {i}\n" for i in range(n)),
    "titles alike": lambda n: "email\n" + "Perunut:\na@example.org\n" * n,
    "notes": lambda n: (
        "email,huom\n" + "".join(f"a{i}@example.org,ei enää postia {i}\n" for i in range(n))
    ),
    "note": lambda n: "email,huom\na@example.org," + "ei " * n + "\n",
    "note in words": lambda n: "email,huom\na@example.org," + "inte a " * n + "\n",
    "note in letters": lambda n: "email,huom\na@example.org," + "p" * n + "\n",
    "headers again": lambda n: "email,name\n" + "email,perunut\n" * n,
}


@pytest.mark.parametrize("kind", KINDS)
def test_twice_the_list_takes_hardly_more_than_twice_the_steps(kind: str) -> None:
    build = KINDS[kind]
    steps(build(1))  # imports

    small, middle, large = (steps(build(SIZE * times)) for times in (1, 2, 4))

    # What is the same for any size is taken out: the second doubling adds twice the first.
    assert (large - middle) / max(middle - small, LEAST) <= MOST, (small, middle, large)


def steps(text: str) -> int:
    """Return how many functions are called to read a list."""
    count = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    gc.disable()  # finalizers are called when it likes
    sys.setprofile(note)
    try:
        with suppress(NewsletterError):
            for _ in open_people(io.BytesIO(text.encode()), "people.csv"):
                pass
    finally:
        sys.setprofile(None)
        gc.enable()
    return count
