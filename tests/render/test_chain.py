"""A look is a chain of folders: one's own templates, house looks, the package."""

import sys
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.press import look_of, read_manuscript, render_manuscript
from newsletter.preview.watching import house_folders
from newsletter.render.chain import Look, LookError, look_named
from newsletter.render.looks import files_of
from newsletter.render.template_files import text_of
from newsletter.render.templating import plain_environment_of
from newsletter.settings import load_settings
from tests.conftest import ISSUE, Site

HOUSE = 'name = "Säätiö"\nversion = "2.1"\nbased_on = "magazine"\n'


def _house(root: Path, name: str, toml: str = HOUSE, **files: str) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "look.toml").write_text(toml, encoding="utf-8")
    for file, text in files.items():
        (folder / file.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def _html(site: Site) -> str:
    settings = load_settings(site.root)
    manuscript = read_manuscript(settings, "2026-06")
    (edition,) = render_manuscript(settings, manuscript, manuscript.variants()).values()
    return edition.html


def _newsletter(folder: Path, look: str) -> Site:
    site = Site(folder)
    site.write(
        "newsletter.toml",
        f'[newsletter]\ntitle = "Kirje"\nlanguage = "fi"\nfrom = "a@example.org"\n'
        f'sender = "Säätiö, Katu 1"\nlook = "{look}"\n',
    )
    site.write("issues/2026-06.md", ISSUE)
    return site


def test_two_newsletters_share_one_look(tmp_path: Path) -> None:
    _house(tmp_path, "house", style_jinja='{% set light = {"link": "#123456"} %}')
    one = _newsletter(tmp_path / "one", "../house")
    other = _newsletter(tmp_path / "other", "../house")

    pages = [_html(one), _html(other)]

    assert pages[0] == pages[1]
    assert "#123456" in pages[0]


def test_ones_own_templates_come_before_the_house_and_the_house_before_the_package(
    tmp_path: Path,
) -> None:
    """A house look may be based on another."""
    imprint = (
        '{%% extends "default.mjml" %%}{%% block imprint %%}{{ super() }}<p>%s</p>{%% endblock %%}'
    )
    _house(tmp_path, "group", default_mjml=imprint % "ryhmä")
    _house(tmp_path, "house", 'name = "Talo"\nbased_on = "../group"', default_mjml=imprint % "talo")
    site = _newsletter(tmp_path / "one", "../house")
    site.write("templates/default.mjml", imprint % "oma")

    page = _html(site)
    look = look_of(load_settings(site.root))

    assert page.index("ryhmä") < page.index("talo") < page.index(">oma<")
    assert "border-bottom:3px solid" in page  # the nameplate of the magazine
    assert (look.name, [house.name for house in look.houses]) == ("magazine", ["Talo", "Säätiö"])


def test_untouched_copies_follow_the_look_in_ones_own_folder_and_in_the_house(
    tmp_path: Path,
) -> None:
    default = files_of("default")["style.jinja"].read_text(encoding="utf-8")
    _house(tmp_path, "house", style_jinja=default)
    site = _newsletter(tmp_path / "one", "../house")
    site.write("templates/style.jinja", default)
    magazine = _newsletter(tmp_path / "other", "magazine")

    assert _html(site) == _html(magazine)


def test_a_change_of_the_house_is_seen_at_once(tmp_path: Path) -> None:
    house = _house(tmp_path, "house")
    site = _newsletter(tmp_path / "one", "../house")
    before = _html(site)

    (house / "style.jinja").write_text('{% set light = {"link": "#123456"} %}', encoding="utf-8")

    assert "#123456" not in before
    assert "#123456" in _html(site)


def test_a_save_while_a_template_is_read_is_seen_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    file = folder / "text.jinja"
    file.write_text("before", encoding="utf-8")
    environment = plain_environment_of(Look(folder=folder), str)

    def save(frame: FrameType, event: str, _: object) -> None:
        if event == "return" and frame.f_code is text_of.__code__:
            file.write_text("and afterwards", encoding="utf-8")

    sys.setprofile(save)
    try:
        first = environment.get_template("text.jinja").render()
    finally:
        sys.setprofile(None)
    then = environment.get_template("text.jinja").render()

    assert (first, then) == ("before", "and afterwards")


def test_a_fault_in_a_house_template_names_its_file_and_line(tmp_path: Path) -> None:
    _house(tmp_path, "house", row_mjml="\n{{ nonsense }}")
    site = _newsletter(tmp_path / "one", "../house")

    with pytest.raises(ConfigError, match="nonsense") as caught:
        _html(site)

    (finding,) = caught.value.findings
    assert (finding.path, finding.line) == ("../house/row.mjml", 2)


def test_no_link_leads_out_of_a_house_and_only_templates_are_read_there(tmp_path: Path) -> None:
    (tmp_path / "secret.mjml").write_text("secret", encoding="utf-8")
    house = _house(tmp_path, "house", env_txt="secret")
    (house / "linked.mjml").symlink_to(tmp_path / "secret.mjml")
    site = _newsletter(tmp_path / "one", "../house")

    for name, said in (("linked.mjml", "link to a file outside"), ("env.txt", "no template")):
        site.write("templates/row.mjml", f'{{% include "{name}" %}}')
        with pytest.raises(ConfigError, match=said):
            _html(site)


_FAULTS = {
    "nothing there": ("../gone", None, "no look: there is no", None, None),
    "no look.toml": ("../empty", None, "no look: there is no", None, None),
    "no name": ("../house", "", "“name” is missing", "look.toml", None),
    "unknown key": ("../house", 'name = "a"\nbasedon = "x"', "unknown key", "look.toml", 2),
    "unknown look": ("../house", 'name = "a"\nbased_on = "magazin"', "no look “m", "look.toml", 2),
    "no word": ("../house", "name = 3", "expected words", "look.toml", 1),
    "no toml": ("../house", 'name = "a"\n=', "not valid TOML", "look.toml", 2),
    "itself": ("../house", 'name = "a"\nbased_on = "../house"', "on itself", "look.toml", 2),
    "gone": ("../house", 'name = "a"\n\nbased_on = "../gone"', "there is no", "look.toml", 3),
}


@pytest.mark.parametrize(("named", "toml", "said", "file", "line"), _FAULTS.values(), ids=_FAULTS)
def test_a_faulty_look_is_told_with_file_and_line(
    tmp_path: Path, named: str, toml: str | None, said: str, file: str | None, line: int | None
) -> None:
    (tmp_path / "empty").mkdir()
    if toml is not None:
        _house(tmp_path, "house", toml)
    site = _newsletter(tmp_path / "one", named)

    with pytest.raises(ConfigError, match=said) as caught:
        look_of(load_settings(site.root))

    (finding,) = caught.value.findings
    assert finding.path == (f"../house/{file}" if file else "newsletter.toml")
    assert finding.line == (line if file else 6)


def test_a_chain_has_an_end(tmp_path: Path) -> None:
    for number in range(9):
        _house(tmp_path, f"h{number}", f'name = "a"\nbased_on = "../h{number + 1}"')
    (tmp_path / "one").mkdir()

    with pytest.raises(LookError, match="more than 5") as caught:
        look_named("../h0", folder=tmp_path / "one" / "templates")

    assert caught.value.path == tmp_path / "h4" / "look.toml"


def test_a_broken_look_is_watched_where_it_may_be_mended(tmp_path: Path) -> None:
    _house(tmp_path, "group", "")
    _house(tmp_path, "house", 'name = "a"\nbased_on = "../group"')
    site = _newsletter(tmp_path / "one", "../house")

    broken = house_folders(load_settings(site.root))
    (tmp_path / "group" / "look.toml").write_text('name = "b"', encoding="utf-8")

    assert set(broken) == {tmp_path / "house", tmp_path / "group"}
    assert house_folders(load_settings(site.root)) == [tmp_path / "house", tmp_path / "group"]


_TOML = st.one_of(
    st.text(max_size=60),
    st.builds(
        'name = "a"\nbased_on = "{}"'.format,
        st.text(st.characters(blacklist_categories=["Cs"]), max_size=20),
    ),
    st.sampled_from(["[" * 5000, 'name = "a"\nbased_on = "./loop"', 'name = "a"\nname = "b"']),
)


@given(text=_TOML)
def test_no_look_toml_ends_in_anything_but_a_look_or_a_fault_with_its_file(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    root = tmp_path_factory.mktemp("looks")
    (root / "house").mkdir()
    (root / "house" / "loop").symlink_to("loop")
    (root / "house" / "look.toml").write_text(text, encoding="utf-8", newline="")

    try:
        look_named("./house", folder=root / "templates")
    except LookError as err:
        assert err.path is not None  # noqa: PT017
        assert err.path.name == "look.toml"  # noqa: PT017
