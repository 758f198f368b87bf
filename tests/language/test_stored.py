"""What a database keeps of a text says the same in every language afterwards."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from newsletter.language import Wording, as_stored, from_stored, say, say_list, say_many
from newsletter.language.catalogs import say_in

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_VALUES = st.one_of(
    _TEXTS,
    st.integers(),
    st.dates().map(lambda day: say("since {day:%Y-%m-%d}", day=day)),
    st.datetimes().map(lambda at: say("at {at:%H:%M}", at=at)),
    st.integers(0, 3).map(lambda n: say_many("{n} mail to {who}", "{n:,} mails", n=n, who="Åke")),
)
_WORDINGS = st.recursive(
    st.builds(lambda value: say("it is {value}", value=value), _VALUES),
    lambda inner: st.one_of(
        st.builds(lambda parts: say_list(parts, "; "), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda words: say("{fault}; {cure}", fault=words, cure="x"), inner),
    ),
    max_leaves=5,
)


@given(_WORDINGS)
def test_a_text_comes_back_with_all_it_was_made_of(words: Wording) -> None:
    back = from_stored(as_stored(words))

    assert back == words
    assert isinstance(back, Wording)
    assert as_stored(back) == as_stored(words)


@given(_TEXTS)
def test_what_is_only_data_comes_back_as_it_was(text: str) -> None:
    assert from_stored(as_stored(text)) == text


def test_a_stored_text_is_said_in_finnish() -> None:
    at = dt.datetime(2026, 11, 3, 9, 5, tzinfo=dt.UTC)
    words = say("{at:%Y-%m-%d %H:%M} ({zone})", at=at, zone="UTC")

    back = from_stored(as_stored(say_list((words, say("cancelled")))))

    assert say_in("fi", back) == "3.11.2026 klo 9.05 (UTC), peruttu"


def test_somebody_elses_text_with_our_sign_is_left_alone() -> None:
    deep = f"a\x1f{'[' * 100_000}"
    for text in ("a\x1fb", 'a\x1f{"text": "{x}", "values": {}}', "\x1f[]", "a\x1f{}", deep):
        assert from_stored(text) == text
