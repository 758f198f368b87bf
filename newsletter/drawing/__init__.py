"""What a report is made of: written figures, shapes and words in SVG, scales, a chart's nouns.

Places are counted from the upper left corner of a drawing, rightwards and downwards; they, widths
and sizes of letters are in its own pixels, which a page shows larger or smaller. Shares are from 0
to 1.
"""

from newsletter.drawing.axis import Steps, months_below
from newsletter.drawing.canvas import (
    SIZE,
    Look,
    box,
    clean,
    fitted,
    in_lines,
    picture,
    stroke,
    wide,
    words,
)
from newsletter.drawing.chart import (
    Chart,
    Grid,
    Key,
    Scale,
    lines_of,
    pictures_of,
    scale_for,
)
from newsletter.drawing.numerals import (
    NOT_KNOWN,
    NOT_TOLD,
    Calendar,
    bounced_told,
    count,
    count_range,
    days,
    first_day,
    part,
    percent,
    percent_range,
    percent_ranges,
    range_told,
    share_range,
    silence_of,
    total,
    unbroken,
)
from newsletter.drawing.paper_shapes import for_paper
from newsletter.drawing.stacking import stack
from newsletter.drawing.tints import STEPS, tints_of

__all__ = [
    "NOT_KNOWN",
    "NOT_TOLD",
    "SIZE",
    "STEPS",
    "Calendar",
    "Chart",
    "Grid",
    "Key",
    "Look",
    "Scale",
    "Steps",
    "bounced_told",
    "box",
    "clean",
    "count",
    "count_range",
    "days",
    "first_day",
    "fitted",
    "for_paper",
    "in_lines",
    "lines_of",
    "months_below",
    "part",
    "percent",
    "percent_range",
    "percent_ranges",
    "picture",
    "pictures_of",
    "range_told",
    "scale_for",
    "share_range",
    "silence_of",
    "stack",
    "stroke",
    "tints_of",
    "total",
    "unbroken",
    "wide",
    "words",
]
