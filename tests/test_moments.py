"""Moments are compared letter by letter, whoever wrote them; what is vague counts as late."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.moments import latest, stamp

# Hypothesis adds the zone.
_FIRST, _LAST = dt.datetime(2001, 9, 11), dt.datetime(2286, 11, 19)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2026-12-02T10:00:00.000+02:00", "2026-12-02T08:00:00.000+00:00"),  # Brevo
        ("1796205600.123", "2026-12-02T10:00:00.123+00:00"),  # Mailgun
        ("1796205600", "2026-12-02T10:00:00.000+00:00"),  # SendGrid
        ("1796205600000", "2026-12-02T10:00:00.000+00:00"),
        ("2026-12-02T10:00:00-05:00", "2026-12-02T15:00:00.000+00:00"),  # Postmark
        ("2026-12-02 10:00:00.347412+00", "2026-12-02T10:00:00.347+00:00"),  # Resend
        ("1.7962056E9", "2026-12-02T10:00:00.000+00:00"),  # SES
        ("Wed, 02 Dec 2026 10:00:00 GMT", "2026-12-02T10:00:00.000+00:00"),
        # Over when it is over everywhere.
        ("2026-12-02", "2026-12-03T12:00:00.000+00:00"),
        ("20261202", "2026-12-03T12:00:00.000+00:00"),
        ("2026-12-02T10:00:00", "2026-12-02T22:00:00.000+00:00"),
        *[
            (words, "")
            for words in ("", " ", "0", "nan", "inf", "1e300", "yesterday", "9999-12-31")
        ],
        # What no clock says that is right.
        *[
            (words, "")
            for words in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "253402300799999")
        ],
    ],
)
def test_a_time_is_read_as_providers_write_it(words: str, moment: str) -> None:
    assert latest(words) == moment


@given(st.text())
def test_words_of_any_kind_are_a_moment_or_none(words: str) -> None:
    assert latest(latest(words)) == latest(words)


@given(st.datetimes(timezones=st.timezones(), min_value=_FIRST, max_value=_LAST))
def test_what_the_ledger_wrote_is_read_as_it_is(moment: dt.datetime) -> None:
    assert latest(stamp(moment)) == stamp(moment)
