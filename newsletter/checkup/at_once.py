"""Takes several looks at once: none waits for another, and none is waited for without end."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from newsletter.checkup.diagnoses import Diagnosis, broken, doubtful
from newsletter.errors import NewsletterError, words_of
from newsletter.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One way to look at the newsletter."""

    part: str  # that is told of where it takes too long
    take: Callable[[], Iterable[Diagnosis]]


def look_at_once(looks: Sequence[Look], *, within: float) -> Iterator[Diagnosis]:
    """Yield what is found, in the order of the looks, within so many seconds.

    A look that takes longer is left behind, with what it would have found.
    """
    ended: SimpleQueue[tuple[int, list[Diagnosis] | BaseException]] = SimpleQueue()
    for number, look in enumerate(looks):
        # A daemon: whatever it waits for does not keep the program from ending.
        Thread(target=_look, args=(number, look, ended), daemon=True).start()
    found: dict[int, list[Diagnosis]] = {}
    until = time.monotonic() + within
    while len(found) < len(looks):
        try:
            number, said = ended.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            break
        if isinstance(said, BaseException):
            raise said
        found[number] = said
    for number, look in enumerate(looks):
        yield from found.get(number, [_late(look, within)])


def _look(
    number: int, look: Look, ended: "SimpleQueue[tuple[int, list[Diagnosis] | BaseException]]"
) -> None:
    try:
        ended.put((number, list(look.take())))
    except (NewsletterError, OSError) as err:
        ended.put((number, [broken(look.part, words_of(err))]))
    except BaseException as err:
        ended.put((number, err))


def _late(look: Look, within: float) -> Diagnosis:
    told = say("there was no answer within {seconds:.0f} s", seconds=within)
    return doubtful(look.part, told, say("run it again; if it stays so, see what is in its way"))
