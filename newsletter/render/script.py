"""Fills the templates of an issue, and reports on which of their lines a fault is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from re import DOTALL, finditer
from typing import Any

from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.model import Brand, Finding
from newsletter.render.chain import Look
from newsletter.render.lint.filled import judge_page
from newsletter.render.mrml import MjmlError, run_mrml
from newsletter.render.sandbox import TemplateEnvironment, metered
from newsletter.render.seals import Seals
from newsletter.render.sourcelines import MarkedText
from newsletter.render.style import FILE, NAME, Shortage, Style, style_of
from newsletter.render.styles import Complaint, StylesError, check_style_limits, fetches_in
from newsletter.render.template_faults import fault_at, origin_at, placed, template_error
from newsletter.render.templating import environment_of, marking_environment_of
from newsletter.render.typefaces import head_of

_STYLES = "prose.css"
_FLOW = "flow.css"  # stands in the head of each page, whatever its template says
_MOST = 100  # findings about one page: nobody reads more
_STYLE_ELEMENTS = r"<(mj-style|style)\b[^<>]*>(?P<css>(?:(?!<\1\b).)*?)</\1>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Templates filled with an issue."""

    mjml: str  # of the page, still sealed
    styles: str  # to be written into its elements
    seals: Seals
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPage:
    """The same, knowing where each line was written."""

    mjml: MarkedText
    styles: MarkedText
    seals: Seals


_FillMarked = Callable[[], MarkedPage]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The templates of a page, and the values that fill them."""

    look: Look
    page: str  # the template of the whole page, such as "default.mjml"
    key: str  # prefix of all seals
    context: Mapping[str, Any]  # what the templates know

    def fill(self) -> Filled:
        """Fill the templates; raise ConfigError for a faulty one."""
        filled = self._fill(environment_of(self.look))
        for element in finditer(_STYLE_ELEMENTS, filled.mjml, DOTALL):
            try:
                check_style_limits(element["css"])
            except StylesError as err:
                place = self._place(self.page, element.start("css") + err.offset)
                raise fault_at(self.look, place, err.message) from err
        return filled

    def fill_marked(self) -> MarkedPage:
        """Fill the templates so that each line knows where it was written."""
        filled = self._fill(marking_environment_of(self.look))
        mjml, styles = MarkedText.read(filled.mjml), MarkedText.read(filled.styles)
        return MarkedPage(mjml=mjml, styles=styles, seals=filled.seals)

    def mjml_fault(self, err: MjmlError) -> ConfigError:
        """Return that the page is invalid MJML once it is filled."""
        return fault_at(
            self.look,
            self._place(self.page, self._offset_of(err)),
            say("not valid MJML: {problem}", problem=str(err)),
        )

    def _offset_of(self, err: MjmlError) -> int | None:
        """Return where the page is invalid before its neighbours are joined."""
        try:
            run_mrml(self.fill_marked().mjml.text)
        except MjmlError as found:
            return found.offset
        return err.offset

    def styles_fault(self, err: StylesError) -> ConfigError:
        """Return that the styles cannot be used at all."""
        return fault_at(self.look, self._place(_STYLES, err.offset), err.message)

    def findings(self, complaints: Iterable[Complaint], filled: Filled) -> tuple[Finding, ...]:
        """Return the findings about styles: those for elements, in the page, and what they lack."""
        marked = cache(self.fill_marked)  # at most once, as it fills all templates
        fonts = self._named_fonts()
        said = (*complaints, *fetches_in(filled.styles, fonts))
        found = [self._finding(complaint, _STYLES, marked) for complaint in said]
        found += filled.style.told
        for one in filled.style.shortages:
            if one.is_copy:
                found.append(placed(one.finding, self.look, str(one.file), one.line))
        for element in finditer(_STYLE_ELEMENTS, filled.mjml, DOTALL):
            for complaint in fetches_in(element["css"], fonts):
                after = element.start("css")
                found.append(self._finding(complaint, self.page, marked, after=after))
        return tuple(dict.fromkeys((*found, *self._misused(filled, marked))))

    def _named_fonts(self) -> frozenset[str]:
        """Return the files of typefaces that the settings name."""
        brand = self.context.get("brand")
        return (
            frozenset(f.url for f in brand.web_fonts) if isinstance(brand, Brand) else frozenset()
        )

    def _misused(self, filled: Filled, marked: _FillMarked) -> Iterator[Finding]:
        """Yield what MJML would drop in silence; the package's own templates are not at fault."""
        for offset, finding in islice(judge_page(filled.mjml, filled.seals.break_all), _MOST):
            place = marked().mjml.place_of(offset)
            if place and not origin_at(self.look, *place).is_packaged:
                yield placed(finding, self.look, *place)

    def _finding(
        self, complaint: Complaint, template: str, marked: _FillMarked, *, after: int = 0
    ) -> Finding:
        place = self._place(template, complaint.offset + after, marked)
        return placed(complaint.finding, self.look, *place)

    def _fill(self, environment: TemplateEnvironment) -> Filled:
        seals, context = Seals(self.key), dict(self.context)
        try:
            with metered(), seals.in_use():
                style = style_of(environment, context, own_folder=self.look.folder)
                context[NAME] = style.values
                sheets = (_STYLES, *(f"blocks/{name}.css" for name in self.look.own_blocks(".css")))
                mjml, flow, *styles = (
                    seals.seal_all(environment.get_template(name).render(context))
                    for name in (self.page, _FLOW, *sheets)
                )
        except Exception as err:
            error = template_error(err, self.look, context)
            if error is None:
                raise  # a fault of the program, not of a template
            raise error from err
        brand = context.get("brand")
        fonts = head_of(brand) if isinstance(brand, Brand) else ""
        mjml = mjml.replace("</mj-head>", f"<mj-style>{flow}</mj-style>{fonts}</mj-head>", 1)
        css = seals.break_in_styles("\n".join(styles))
        return Filled(mjml=mjml, styles=css, seals=seals, style=style)

    def _place(
        self, template: str, offset: int | None, marked: _FillMarked | None = None
    ) -> tuple[str, int | None]:
        """Return the file and line where a character of a filled template was written."""
        whole = str(self.look.folder / template), None
        if offset is None:
            return whole
        page = (marked or self.fill_marked)()
        text = page.styles if template == _STYLES else page.mjml
        return text.place_of(offset) or whole

    def style_file(self) -> tuple[str, str]:
        """Return the nearest `style.jinja`, and its path."""
        environment = environment_of(self.look)
        if environment.loader is None:
            return "", ""
        text, path, _ = environment.loader.get_source(environment, FILE)
        return text, str(path)


def shortages_of(look: Look) -> tuple[Shortage, ...]:
    """Return what the `style.jinja` of a newsletter's own lacks, without any issue.

    Raise ConfigError for a faulty one.
    """
    return _style_alone(look, {}).shortages


def style_values(look: Look, brand: Brand) -> Mapping[str, Any]:
    """Return the colours, letters and sizes of a look with a brand over it, without any issue.

    Raise ConfigError for a faulty `style.jinja`.
    """
    return vars(_style_alone(look, {"brand": brand}).values)


def _style_alone(look: Look, context: Mapping[str, Any]) -> Style:
    try:
        with metered(), Seals("unused").in_use():
            return style_of(environment_of(look), context, own_folder=look.folder)
    except Exception as err:
        if (error := template_error(err, look, context)) is None:
            raise
        raise error from err
