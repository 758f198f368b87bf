"""The charts of a report: each in two pictures, in words and as a table."""

from newsletter.stats_report.charts.bounds_chart import draw_bounds
from newsletter.stats_report.charts.curve_chart import draw_curve
from newsletter.stats_report.charts.growth_chart import draw_growth
from newsletter.stats_report.charts.heat_drawing import Head, HeatDrawing, draw_heat
from newsletter.stats_report.charts.loads_chart import draw_loads
from newsletter.stats_report.charts.losses_chart import draw_losses
from newsletter.stats_report.charts.range_chart import draw_ranges

__all__ = [
    "Head",
    "HeatDrawing",
    "draw_bounds",
    "draw_curve",
    "draw_growth",
    "draw_heat",
    "draw_loads",
    "draw_losses",
    "draw_ranges",
]
