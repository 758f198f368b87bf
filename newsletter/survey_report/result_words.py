"""How results of surveys are worded: questions, answers, shares, and what is hidden."""

from newsletter.intervals import share
from newsletter.language import Wording, say, say_in, say_list, say_many
from newsletter.model import Group, Line, Share, SurveyResults, Tally, in_language, words_in

HIDDEN = say("withheld")


def said(language: str, words: str) -> str:
    """Return words in a language."""
    return say_in(language, words)


def title_of(tally: Tally, language: str) -> str:
    """Return a question as it was asked, with the row of a matrix behind it."""
    asked = words_in(tally.words, language) or tally.question
    row = words_in(tally.row_words, language) or tally.row
    return f"{asked} – {row}" if row else asked


def name_of(line: Line, tally: Tally, language: str) -> str:
    """Return an answer in words; an end of a scale has its label behind the number."""
    named = words_in(line.words, language) or line.id
    if tally.ends and line in (tally.lines[0], tally.lines[-1]):
        ends = in_language(tally.ends, language)
        label = ends[0 if line is tally.lines[0] else 1]
        return f"{named} {label}".strip()
    return named


def lines_named(ids: tuple[str, ...], tally: Tally, language: str) -> str:
    """Return answers that are told together, by their words."""
    names = {line.id: name_of(line, tally, language) for line in tally.lines}
    return " / ".join(names.get(id, id) for id in ids)


def group_named(group: Group, language: str) -> str:
    """Return the name of a group; of one without, that it is all others."""
    return words_in(group.words, language) or group.id or say("all others")


def share_told(count: int | None, n: int) -> Wording:
    """Return a count with its share in whole per cents; both are hidden, or none."""
    if count is None:
        return HIDDEN
    if not n:
        return say("{count:,}", count=count)
    return say("{count:,} ({share:.0%})", count=count, share=count / n)


def interval_told(count: int | None, n: int) -> str:
    """Return the 95 % interval of a share, in whole per cents."""
    if not n or count is None:
        return "–"
    told = share(count, n)
    return say("{low:.0f}–{high:.0f}%", low=100 * told.low, high=100 * told.high)


def share_of(count: int, n: int) -> Share | None:
    """Return a share with its interval; None where nobody answered."""
    return share(count, n) if n else None


def answered_told(results: SurveyResults) -> Wording:
    """Return how many answered, of how many, as it stands above all results."""
    if results.is_open_to_all:
        return say_many(
            "{n} answer, from anybody who had the link; nobody knows of how many people.",
            "{n} answers, from anybody who had the link; nobody knows of how many people.",
            n=results.answered,
        )
    if not results.invited:
        return say_many("{n} person answered.", "{n} people answered.", n=results.answered)
    return say(
        "{answered:,} of {invited:,} answered ({share:.0%}).",
        answered=results.answered,
        invited=results.invited,
        share=results.answered / results.invited,
    )


def number_told(tally: Tally) -> Wording:
    """Return the number of those who answered a question, as it stands in a table."""
    return HIDDEN if tally.is_withheld else say("{count:,}", count=tally.n)


def n_told(tally: Tally) -> Wording:
    """Return how many answered a question, and of how many if not all were shown it."""
    if tally.is_withheld:
        return say("withheld, as fewer than ten people were asked")
    if tally.is_conditional:
        return say("n = {n:,}, of {asked:,} who were asked", n=tally.n, asked=tally.asked)
    return say("n = {n:,}", n=tally.n)


def told_in_words(tally: Tally, language: str) -> Wording:
    """Return what a chart of a question shows, in words."""
    parts = [
        say(
            "{answer}: {told}.",
            answer=name_of(line, tally, language),
            told=share_told(line.count, tally.n),
        )
        for line in tally.lines
    ]
    return say_list([say("{base}.", base=n_told(tally)), *parts], " ")
