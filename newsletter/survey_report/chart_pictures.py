"""Draws charts as PNG, which every mail program shows: a page with one chart, as a picture."""

from collections.abc import Mapping
from itertools import chain

from markupsafe import Markup

from newsletter.drawing import SIZE, Chart, for_paper, in_lines
from newsletter.printer import draw_page
from newsletter.survey_report.result_words import said

_SCALE = 2  # pixels of the picture for one of the drawing
_MARGIN, _LEADING, _SWATCH = 12, 20, 14


def draw_png(chart: Chart, tints: Mapping[str, str], language: str) -> bytes:
    """Return the broad picture of a chart with its legend; raise ConfigError without the extra."""
    drawing = str(chart.pictures[0])
    width, height = _size_of(drawing)
    legend, below = _legend(chart, tints, width, language)
    page = Markup(
        '<!doctype html><html lang="{}"><head><title>{}</title><style>'
        "@page{{size:{}px {}px;margin:0}}body{{margin:{}px;background:{};"
        "font:{}px Arial,Helvetica,sans-serif}}svg{{display:block;width:{}px}}</style></head>"
        "<body>{}{}</body></html>"
    ).format(
        language,
        chart.title,
        width + 2 * _MARGIN,
        height + below + 2 * _MARGIN,
        _MARGIN,
        tints["ground"],
        SIZE,
        width,
        Markup(for_paper(drawing, tints)),  # noqa: S704 - a drawing of ours
        legend,
    )
    return draw_page(page, scale=_SCALE)


def _size_of(drawing: str) -> tuple[float, float]:
    _, _, width, height = drawing.partition('viewBox="')[2].partition('"')[0].split()
    return float(width), float(height)


def _legend(
    chart: Chart, tints: Mapping[str, str], width: float, language: str
) -> tuple[Markup, float]:
    """Return the legend below a drawing, and how much room it takes."""
    rows = [
        [(key.sign if n == 0 else "", line) for n, line in enumerate(lines)]
        for key in chart.keys
        for lines in [in_lines(said(language, key.words), width - 30, most=3)]
    ]
    shapes = []
    for n, (sign, line) in enumerate(chain.from_iterable(rows)):
        y = 14 + n * _LEADING
        swatch = 2 if sign == "thin" else _SWATCH
        if sign:
            colour = tints["words" if sign == "thin" else sign]
            shapes.append(
                Markup('<rect x="0" y="{}" width="18" height="{}" fill="{}"/>').format(
                    y + (_SWATCH - swatch) / 2, swatch, colour
                )
            )
        shapes.append(
            Markup('<text x="28" y="{}" fill="{}" font-size="{}">{}</text>').format(
                y + 12, tints["axis"], SIZE, line
            )
        )
    height = 14 + len(list(chain.from_iterable(rows))) * _LEADING
    drawn = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" '
        'font-family="Arial, Helvetica, sans-serif">{}</svg>'
    ).format(width, height, Markup("").join(shapes))
    return drawn, height
