"""What charts are made of: shapes and words in SVG, scales, and the nouns of a chart."""

from newsletter.stats_report.drawing.axis import Steps, months_below
from newsletter.stats_report.drawing.canvas import (
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
from newsletter.stats_report.drawing.chart import (
    Chart,
    Grid,
    Key,
    Scale,
    lines_of,
    pictures_of,
    scale_for,
)
from newsletter.stats_report.drawing.stacking import stack

__all__ = [
    "SIZE",
    "Chart",
    "Grid",
    "Key",
    "Look",
    "Scale",
    "Steps",
    "box",
    "clean",
    "fitted",
    "in_lines",
    "lines_of",
    "months_below",
    "picture",
    "pictures_of",
    "scale_for",
    "stack",
    "stroke",
    "wide",
    "words",
]
