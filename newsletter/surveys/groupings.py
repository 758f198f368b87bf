"""Makes groups of those who answered, none too small, and none that subtraction would make so."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from newsletter.errors import UsageError
from newsletter.language import closest, say
from newsletter.model import Answers, Group, Question, QuestionKind, Survey
from newsletter.segments import SegmentError, parse_segment
from newsletter.surveys.small_cells import SURE
from newsletter.surveys.tallying import chosen_of, known_by

_MOST_JOINED = 10  # groups of which all unions are compared with those of another way

People = frozenset[int]  # by their places among the answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """One way of making groups: everybody is in one of them."""

    by: str  # `by` and the id of a question, or `where` and a segment
    names: tuple[str, ...]  # ids of the questions that it asks
    groups: tuple[Group, ...]
    of: tuple[int, ...]  # the place of each person's group

    def members(self) -> list[People]:
        """Return who is in each group."""
        return [
            frozenset(n for n, own in enumerate(self.of) if own == place)
            for place in range(len(self.groups))
        ]


def part_of(*, by: str = "", where: str = "") -> str:
    """Return the name of a way of making groups, the same however it was written."""
    if by:
        return f"by {by}"
    try:
        return f"where {parse_segment(where)}"
    except SegmentError as err:
        raise UsageError(err.words) from err


def make_groups(survey: Survey, answers: Sequence[Answers], by: str) -> Grouping:
    """Return the groups that `by tyonantaja` or `where region = Lappi` makes.

    Raise UsageError where a group would be too small to be told of.
    """
    how, _, what = by.partition(" ")
    return (
        _by_segment(survey, answers, what)
        if how == "where"
        else _by_question(survey, answers, what)
    )


def _by_question(survey: Survey, answers: Sequence[Answers], name: str) -> Grouping:
    question = _question(survey, name)
    chosen = [next(iter(chosen_of(question, one.get(name))), "") for one in answers]
    sizes = Counter(chosen)
    words = {option.id: option.words for option in question.options}
    order = list(words) or [str(n) for n in range(question.low or 0, (question.high or 0) + 1)]
    named = [id for id in order if sizes[id] >= SURE]
    while named and 0 < len(answers) - sum(sizes[id] for id in named) < SURE:
        named.remove(min(named, key=lambda id: (sizes[id], -order.index(id))))
    rest = len(answers) - sum(sizes[id] for id in named)
    groups = [Group(id=id, size=sizes[id], words=words.get(id, {})) for id in named]
    groups += [Group(id="", size=rest)] if rest else []
    if len(groups) < 2:
        raise UsageError(
            say(
                "too few answered to tell results by “{name}”: each group, and all others "
                "together, must have {n} people",
                name=name,
                n=SURE,
            )
        )
    places = {id: place for place, id in enumerate(named)}
    of = tuple(places.get(id, len(named)) for id in chosen)
    return Grouping(by=f"by {name}", names=(name,), groups=tuple(groups), of=of)


def _question(survey: Survey, name: str) -> Question:
    question = survey.question(name)
    if question and question.kind in (QuestionKind.ONE, QuestionKind.SCALE):
        return question
    fit = [q.id for q in survey.questions if q.kind in (QuestionKind.ONE, QuestionKind.SCALE)]
    if question:
        raise UsageError(
            say(
                "“{name}” makes no groups: only a question with one answer does, such as {names}",
                name=name,
                names=", ".join(fit) or "–",
            )
        )
    near = closest(name, fit)
    hint = (
        say("did you mean “{name}”?", name=near)
        if near
        else say("it has these: {names}", names=", ".join(fit) or "–")
    )
    raise UsageError(
        say("the survey has no question “{name}” with one answer; {hint}", name=name, hint=hint)
    )


def _by_segment(survey: Survey, answers: Sequence[Answers], text: str) -> Grouping:
    try:
        segment = parse_segment(text)
    except SegmentError as err:
        raise UsageError(err.words) from err
    known = known_by(survey, {})
    for name in segment.names:
        if name not in known:
            near = closest(name, known)
            hint = say("did you mean “{name}”?", name=near) if near else say("write its id")
            raise UsageError(
                say("the survey has no question “{name}”; {hint}", name=name, hint=hint)
            )
    of = tuple(0 if segment.holds(known_by(survey, one)) else 1 for one in answers)
    sizes = of.count(0), of.count(1)
    if min(sizes) < SURE:
        raise UsageError(
            say(
                "too few answered to tell results where {segment}: those it chooses, and all "
                "others, must be {n} people each",
                segment=str(segment),
                n=SURE,
            )
        )
    groups = (Group(id=str(segment), size=sizes[0]), Group(id="", size=sizes[1]))
    names = tuple(q.id for q in survey.questions if _asks(segment.names, q))
    return Grouping(by=f"where {segment}", names=names, groups=groups, of=of)


def _asks(names: Sequence[str], question: Question) -> bool:
    own = {question.id.lower(), *(f"{question.id}-{row.id}".lower() for row in question.rows)}
    return not own.isdisjoint(names)


def implied_groups(some: Grouping, others: Grouping) -> list[People] | None:
    """Return groups that two ways of making them make by subtraction; None: there are small ones.

    A union of groups of one way lies within a union of the other's, or it does not; where it does,
    what is told of both tells of those in between.
    """
    few, many = sorted((some.members(), others.members()), key=len)
    if len(few) > _MOST_JOINED:
        return None
    everybody = frozenset[int]().union(*few)
    implied: dict[People, None] = {}
    for union in _unions(few):
        if 0 < sum(min(len(one & union), len(one - union)) for one in many) < SURE:
            return None
        inner = frozenset[int]().union(*(one for one in many if one <= union))
        outer = frozenset[int]().union(*(one for one in many if one & union))
        between = [union - inner] if inner else []
        between += [outer - union] if outer != everybody else []
        implied |= {group: None for group in between if group}
    return list(implied) if all(len(group) >= SURE for group in implied) else None


def join_ways(ways: Sequence[Grouping]) -> Grouping | None:
    """Return several ways as one, which tells apart whom any of them does; None: too finely.

    Each of its groups has many people, so whatever anybody adds and subtracts of these ways is of
    many. Two ways alone need no such rule: `implied_groups` finds all that follows from them.
    """
    parts = strata_of(ways, len(ways[0].of))
    if min(map(len, parts)) < SURE:
        return None
    places = {person: place for place, people in enumerate(parts) for person in people}
    return Grouping(
        by=", ".join(way.by for way in ways),
        names=tuple(dict.fromkeys(name for way in ways for name in way.names)),
        groups=tuple(Group(id=str(place), size=len(people)) for place, people in enumerate(parts)),
        of=tuple(places[person] for person in range(len(places))),
    )


def too_much(by: str) -> UsageError:
    """Return that groups cannot be told beside those that were told before."""
    return UsageError(
        say(
            "results “{by}” were told before; with these, too, somebody could work out what single "
            "people answered, so they are not told",
            by=by,
        )
    )


def _unions(groups: Sequence[People]) -> Iterator[People]:
    for n in range(1, len(groups)):
        for some in combinations(groups, n):
            yield frozenset[int]().union(*some)


def strata_of(ways: Sequence[Grouping], number: int) -> list[list[int]]:
    """Return everybody, by what several ways of making groups tell of them together."""
    found: dict[tuple[int, ...], list[int]] = {}
    for person in range(number):
        found.setdefault(tuple(way.of[person] for way in ways), []).append(person)
    return list(found.values())
