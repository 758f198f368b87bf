"""Segments: rules such as `region in (Lappi, Kainuu) and joined before 2026` that choose people."""

from newsletter.segments.mistakes import SegmentError
from newsletter.segments.parsing import parse_segment
from newsletter.segments.periods import Period
from newsletter.segments.segment import Segment
from newsletter.segments.trees import Asked, Dated, Either, Equal, Every, Not, Tree

__all__ = [
    "Asked",
    "Dated",
    "Either",
    "Equal",
    "Every",
    "Not",
    "Period",
    "Segment",
    "SegmentError",
    "Tree",
    "parse_segment",
]
