"""A template writes pages and nothing else, whoever wrote it: no Python, no endless work."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError

from newsletter.errors import ConfigError
from newsletter.render.sandbox import _MOST_NAMES, OverworkError, TemplateEnvironment, metered
from tests.render.sites import page, refused, rendered, with_template

# Each would reach Python's insides where templates are trusted.
ESCAPES = {
    "classes of all objects": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "by filter": "{{ ''|attr('__class__') }}",
    "by key": "{{ ''['__class__'] }}",
    "by map": "{{ ['']|map(attribute='__class__')|first }}",
    "globals of a function": "{{ when.func.__globals__ }}",
    "globals of a method": "{{ place.__func__.__globals__ }}",
    "builtins": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "joiner": "{{ joiner.__init__.__globals__ }}",
    "namespace": "{{ namespace.__init__.__globals__ }}",
    "the template itself": "{{ self.__init__.__globals__ }}",
    "the loaded template": "{{ self._TemplateReference__context }}",
    "lipsum": "{{ lipsum.__globals__['os'] }}",
    "a format": "{{ '{0.__class__}'.format('') }}",
    "a format by key": "{{ ''['format'] }}",
    "a format of a mapping": "{{ '{a.__class__}'.format_map({'a': ''}) }}",
    "a format by map": "{{ ['{0.__class__}']|map('attr', 'format')|list }}",
    "a frame": "{{ (rows|map(attribute='cells')).gi_frame }}",
    "a macro's code": "{% macro a() %}{% endmacro %}{{ a._func.__code__ }}",
    "words of the language": "{{ words.number.__globals__ }}",
    "a changed list": "{{ rows.append(1) }}",
    "a changed mapping": "{{ widths.update({'a': 1}) }}",
    "the passwords": "{% include '/etc/passwd' %}",
    "a file above": "{% include '../newsletter.toml' %}",
    "a file far above": "{% include '../../../../etc/passwd' %}",
    "another system's file": r"{% include '..\\..\\x' %}",
    "an import": "{% import os as o %}{{ o }}",
}


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES)
def test_a_template_reaches_nothing_but_the_page(text: str, tmp_path: Path) -> None:
    with_template(tmp_path, "default.mjml", page(f"\n<mj-text>{text}</mj-text>"))

    finding = refused(tmp_path)

    assert (finding.id, finding.path, finding.line) == ("template", "templates/default.mjml", 6)


# Each would take hours, or more memory than there is.
ENDLESS = {
    "a long range": "{% for a in range(10**9) %}{% endfor %}",
    "ranges within ranges": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}"
    "{% endfor %}",
    "a repeated text": "{{ 'ä' * 10**9 }}",
    "repeated often": "{{ ('ä' * 10**6) * 10**6 }}",
    "a repeated list": "{{ [0] * 10**9 }}",
    "a large number": "{{ 9 ** (10**9) }}",
    "a wide format": "{{ '%1000000000d' % 1 }}",
    "a wide format by filter": "{{ '%1000000000d'|format(1) }}",
    "a width that is given": "{{ '%*d' % (10**9, 1) }}",
    "padding": "{{ 'a'.ljust(10**9) }}",
    "zeros": "{{ 'a'.zfill(10**9) }}",
    "tabs": "{{ '\t'.expandtabs(10**9) }}",
    "centred": "{{ 'a'|center(10**9) }}",
    "indented": "{{ 'a\nb'|indent(10**9) }}",
    "batches": "{{ [1]|batch(10**9, 'a')|list }}",
    "slices": "{{ [1]|slice(10**9)|list }}",
    "replaced": "{{ ('a' * 9999)|replace('a', 'b' * 9999) }}",
    "replaced by method": "{{ ('a' * 9999).replace('a', 'b' * 9999) }}",
    "joined": "{{ ('a' * 9999).join('b' * 9999) }}",
    "joined by filter": "{{ range(9999)|join('b' * 9999) }}",
    "mapped and joined": "{{ range(99999)|map('center', 99999)|join }}",
    "doubled": "{% set a = 'aaaa' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "added": "{% set a = 'aaaa' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
    "captured": "{% set a %}aaaa{% endset %}"
    + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40
    + "{{ a }}",
    "lists of lists": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 60 + "{{ a }}",
    "compared": "{% set a = [1] %}{% set b = [1] %}"
    + "{% set a = [a, a] %}{% set b = [b, b] %}" * 60
    + "{{ a == b }}",
    "sorted": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 60 + "{{ a|string }}",
    "a macro of itself": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "a macro of itself twice": "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}"
    "{% endmacro %}{{ a(60) }}",
    "a page in itself": "{% include 'default.mjml' %}",
    "a loop of itself": "{% for a in [[]] recursive %}{{ loop([[]]) }}{% endfor %}",
    "brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "sums": "{{ " + "1+" * 20000 + "1 }}",
    "conditions": "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "loops": "{% for a in [1] %}" * 30 + "{% endfor %}" * 30,
    "digits": "{{ " + "9" * 9000 + " }}",
}


@pytest.mark.long
@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_a_template_that_works_without_end_is_stopped_with_its_line(
    text: str, tmp_path: Path
) -> None:
    with_template(tmp_path, "default.mjml", page(f"<mj-text>{text}</mj-text>"))

    finding = refused(tmp_path)

    assert (finding.id, finding.path) == ("template", "templates/default.mjml")
    assert finding.line
    assert finding.message


@pytest.mark.parametrize(
    "text",
    [
        "{% for row in rows %}{{ loop.index }}/{{ loop.length }}{% if not loop.last %},{% endif %}"
        "{% endfor %}",
        "{{ 'a' ~ 1 ~ subject ~ '<br />'|safe }}",
        "{{ ['a', 'b']|join(', ') }} {{ 'a'.upper() }} {{ 'a,b'.split(',')[0] }} {{ 'abc'[1:] }}",
        "{{ '%02d'|format(7) }} {{ 7 % 3 }} {{ 2 ** 8 }} {{ ([1] + [2])|length }} {{ '-' * 20 }}",
        "{% set n = namespace(a=0) %}{% for r in range(100) %}{% set n.a = n.a + r %}{% endfor %}"
        "{{ n.a }}",
        "{% macro m(x) %}<p>{{ x }}{{ caller() }}</p>{% endmacro %}{% call m(1) %}b{% endcall %}",
        "{% for r in rows if r.cells %}{{ r.cells|length }}{% else %}none{% endfor %}",
        "{{ title|replace('U', 'u')|truncate(9)|indent(2)|title }} {{ nothing|default('x') }}",
        "{{ 'a' if number is none else number }}{{ 'x' in 'xyz' }}{{ 1 < 2 < 3 }}",
        "{% for a, b in {'k': 'v'}.items() %}{{ a }}{{ b }}{% endfor %}",
        "{% filter upper %}abc{% endfilter %}",
        "{% for r in [[1, [2]]] recursive %}{{ loop.depth }}{% endfor %}",
    ],
)
def test_what_pages_need_goes_on_working(text: str, tmp_path: Path) -> None:
    with_template(tmp_path, "default.mjml", page(f"<mj-text>{text}</mj-text>"))

    assert rendered(tmp_path).html


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_links_out_of_the_newsletters_folder_are_not_followed(kind: str, tmp_path: Path) -> None:
    site, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    site.mkdir()
    (outside / "secret.mjml").write_text("SECRET")
    with_template(site, "default.mjml", page("<mj-text>{% include 'a/secret.mjml' %}</mj-text>"))
    if kind == "folder":
        (site / "templates" / "a").symlink_to(outside)
    else:
        (site / "templates" / "a").mkdir()
        (site / "templates" / "a" / "secret.mjml").symlink_to(outside / "secret.mjml")

    finding = refused(site)

    assert finding.path == "templates/a/secret.mjml"
    assert "outside" in finding.message
    assert finding.hint


def test_links_within_the_newsletters_folder_are_followed(tmp_path: Path) -> None:
    (tmp_path / "shared.mjml").write_text(page("<mj-text>SHARED</mj-text>"))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "default.mjml").symlink_to(tmp_path / "shared.mjml")

    assert "SHARED" in rendered(tmp_path).html


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to(path)])
def test_a_pipe_or_a_loop_of_links_in_place_of_a_template_is_refused_by_name(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "templates" / "blocks" / "prose.mjml"
    path.parent.mkdir(parents=True)
    make(path)

    assert refused(tmp_path).path == "templates/blocks/prose.mjml"


@pytest.mark.parametrize("text", [b"a" * 2_000_000, b"\xff", b"\x00", b"{% include '\x00' %}"])
def test_a_file_that_is_no_template_is_refused_by_name(text: bytes, tmp_path: Path) -> None:
    with_template(tmp_path, "default.mjml", text)

    assert refused(tmp_path).path.startswith("templates")


@settings(max_examples=150)
@given(words=st.lists(st.sampled_from(
    ["{{", "}}", "{%", "%}", "for a in rows", "endfor", "'ä'", "*9**9", "|", "join", "(", ")", "a",
     ".__class__", "<mj-text>", "</mj-text>", "if", "endif", "set a =", "[", "]", "~", "#}", "{#",
     "include 'row.mjml'", "rows", "range(9)", "\n", "-", "macro a()", "endmacro", "a()", '"', "&"]
), max_size=25))  # fmt: skip
def test_nothing_that_is_written_into_a_template_ends_in_a_traceback(
    words: list[str], root: Path
) -> None:
    with_template(root, "default.mjml", page(" ".join(words)))

    try:
        rendered(root)
    except ConfigError as err:
        assert err.findings  # noqa: PT017 - it may as well render


def test_work_is_counted_for_each_page_anew() -> None:
    environment = TemplateEnvironment()
    template = environment.from_string("{% for a in range(90000) %}{% endfor %}")

    for _ in range(30):
        with metered():
            template.render()
    with pytest.raises(OverworkError), metered():
        environment.from_string("{% for a in range(90000) %}{% endfor %}" * 30).render()


def test_what_is_safe_of_one_class_is_asked_anew_for_another() -> None:
    """Whether a name is safe is remembered, and a dictionary may be changed by `update`."""
    environment = TemplateEnvironment(undefined=StrictUndefined)

    class Dates:
        update = "in May"

    read = environment.from_string("{{ one.update }}").render

    assert read(one=Dates()) == "in May"
    with pytest.raises(SecurityError):
        read(one={})
    assert read(one=Dates()) == "in May"


def test_the_names_that_a_template_makes_up_are_not_all_remembered() -> None:
    environment = TemplateEnvironment()

    for number in range(5_000):
        environment.is_safe_attribute(environment, f"name{number}", None)

    assert len(environment._is_safe) == _MOST_NAMES
    assert not environment.is_safe_attribute(environment, "__class__", None)
