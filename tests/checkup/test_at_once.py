"""Looks are taken at once, told in their order, and none is waited for without end."""

import time
from collections.abc import Iterator
from threading import Barrier, Event

import pytest

from newsletter.checkup import Diagnosis
from newsletter.checkup.at_once import Look, look_at_once
from newsletter.checkup.diagnoses import good
from newsletter.language import say


def saying(word: str) -> list[Diagnosis]:
    return [good("settings", say("{word}", word=word))]


def test_all_are_taken_at_once_and_told_in_order() -> None:
    together = Barrier(3, timeout=10)

    def meeting(word: str) -> Iterator[Diagnosis]:
        together.wait()
        yield from saying(word)

    looks = [Look(part="settings", take=lambda word=word: meeting(word)) for word in "abc"]  # type: ignore[misc]

    assert [found.message for found in look_at_once(looks, within=10)] == ["a", "b", "c"]


def test_one_that_hangs_is_left_behind_and_told() -> None:
    never = Event()

    def hanging() -> Iterator[Diagnosis]:
        never.wait()
        yield from ()

    looks = [Look(part="domain", take=hanging), Look(part="settings", take=lambda: saying("b"))]
    begun = time.monotonic()

    late, other = look_at_once(looks, within=0.2)

    never.set()
    assert time.monotonic() - begun < 5
    assert (late.part, late.health.value) == ("domain", "doubtful")
    assert "within 0 s" in late.message
    assert other.message == "b"


def test_a_look_that_cannot_be_taken_is_told_and_keeps_no_other_from_it() -> None:
    def failing() -> Iterator[Diagnosis]:
        raise FileNotFoundError(2, "No such file", "roots.pem")
        yield from ()

    looks = [Look(part="domain", take=failing), Look(part="settings", take=lambda: saying("b"))]

    fault, other = look_at_once(looks, within=10)

    assert (fault.part, fault.health.value, other.message) == ("domain", "broken", "b")


def test_a_bug_is_not_swallowed() -> None:
    def failing() -> Iterator[Diagnosis]:
        raise ZeroDivisionError
        yield from ()

    with pytest.raises(ZeroDivisionError):
        list(look_at_once([Look(part="settings", take=failing)], within=10))
