"""Draws what the issues of the three houses show: invented scenes, as SVG."""

import math
import random
from collections.abc import Callable

WIDTH, HEIGHT = 1200, 675


def sea(above: str, below: str, water: str, rock: str, *, sun: int, ferry: bool = False) -> str:
    """Return an archipelago with a lighthouse, or with a ferry on its way."""
    dice = random.Random(above + rock)
    low = 400
    shapes = [
        _ground(above, below),
        f'<circle cx="{sun}" cy="330" r="62" fill="#fff6df" opacity=".85"/>',
        f'<rect y="{low}" width="1200" height="275" fill="{water}"/>',
        f'<rect x="{sun - 50}" y="{low}" width="100" height="275" fill="#fff6df" opacity=".16"/>',
    ]
    for depth in range(4):
        height = 26 + 22 * depth
        base = low + 10 + 52 * depth
        for _ in range(3 - depth // 2):
            left, wide = dice.randrange(-200, 1150), dice.randrange(260, 520)
            top = (
                f"M{left} {base}q{wide // 5} -{height} {wide // 2} -{height}t{wide // 2} {height}z"
            )
            shapes.append(f'<path d="{top}" fill="{rock}" opacity="{0.35 + 0.2 * depth:.2f}"/>')
    shapes.append(_ferry() if ferry else _lighthouse(rock))
    for _ in range(34):
        x, y, long = dice.randrange(1200), dice.randrange(low + 30, 670), dice.randrange(30, 120)
        shapes.append(f'<path d="M{x} {y}h{long}" stroke="#fff" stroke-width="3" opacity=".18"/>')
    return _svg(shapes)


def noise(ground: str, rays: str, shout: str, mark: str, *, kind: str) -> str:
    """Return a loud poster: rays, and a megaphone, a drum or bubbles of speech."""
    middle = (430, 360) if kind == "megaphone" else (600, 360)
    shapes = [f'<rect width="1200" height="675" fill="{ground}"/>']
    for turn in range(0, 360, 24):
        ends = [math.radians(turn + wide) for wide in (0, 12)]
        points = [
            middle,
            *((middle[0] + 1400 * math.cos(a), middle[1] + 1400 * math.sin(a)) for a in ends),
        ]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        shapes.append(f'<polygon points="{path}" fill="{rays}"/>')
    shapes.append(_LOUD[kind](shout, mark))
    return _svg(shapes)


def light(wall: str, shade: str, gleam: str, thing: str, *, kind: str) -> str:
    """Return a quiet room in which light falls from a window."""
    panes = "".join(
        f'<path d="M{x} {y}l150 -38 0 150 -150 38z"/>'
        for x in (590, 770)
        for y in (150 - (x - 590) // 4, 330 - (x - 590) // 4)
    )
    return _svg(
        [
            _ground(wall, shade),
            f'<g fill="{gleam}" opacity=".75">{panes}</g>',
            f'<rect y="560" width="1200" height="115" fill="{shade}"/>',
            '<rect y="560" width="1200" height="5" fill="#000" opacity=".18"/>',
            _QUIET[kind](thing),
        ]
    )


def stage(curtain: str, fold: str, floor: str) -> str:
    """Return a stage, its curtain open, with a chair in the light."""
    folds = "".join(
        f'<path d="M{x} 0h54q-10 300 {slant} 600h-60q12 -300 6 -600z" fill="{fold}" opacity=".45"/>'
        for x, slant in [
            *((x, 8 - x // 12) for x in range(0, 300, 90)),
            *((x, -8 + (1200 - x) // 12) for x in range(930, 1200, 90)),
        ]
    )
    return _svg(
        [
            '<rect width="1200" height="675" fill="#171214"/>',
            '<path d="M600 -40L250 620h700z" fill="#ffe7c2" opacity=".16"/>',
            f'<path d="M0 560h1200v115H0z" fill="{floor}"/>',
            '<ellipse cx="600" cy="612" rx="330" ry="40" fill="#ffe7c2" opacity=".5"/>',
            '<g stroke="#171214" stroke-width="14" stroke-linecap="round" fill="none">'
            '<path d="M545 400V600M545 500h110v100M545 410h0"/></g>'
            '<path d="M538 392h14v115h-14zM538 492h124v18H538z" fill="#171214"/>',
            f'<path d="M0 0h330q-20 380 -120 600H0z" fill="{curtain}"/>',
            f'<path d="M1200 0H870q20 380 120 600h210z" fill="{curtain}"/>',
            folds,
            f'<path d="M0 0h1200v70q-75 60 -150 0q-75 60 -150 0q-75 60 -150 0q-75 60 -150 0'
            f'q-75 60 -150 0q-75 60 -150 0q-75 60 -150 0q-75 60 -150 0z" fill="{fold}"/>',
        ]
    )


def portrait(ground: str, skin: str, hair: str, coat: str, *, long: bool) -> str:
    """Return somebody's face."""
    falls = f'<path d="M150 210q0 -130 90 -130t90 130v130h-180z" fill="{hair}"/>' if long else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" width="480" height="480">'
        f'<rect width="480" height="480" fill="{ground}"/>{falls}'
        f'<path d="M70 480q0 -130 120 -140h100q120 10 120 140z" fill="{coat}"/>'
        f'<path d="M205 270h70v80q-35 30 -70 0z" fill="{skin}"/>'
        f'<path d="M205 300q35 34 70 0v22q-35 30 -70 0z" fill="#000" opacity=".12"/>'
        f'<ellipse cx="240" cy="212" rx="82" ry="98" fill="{skin}"/>'
        f'<path d="M156 216q-8 -130 84 -130t84 130q-14 -70 -60 -84q-60 50 -108 84z" fill="{hair}"/>'
        '<circle cx="210" cy="220" r="7" fill="#2c2322"/><circle cx="270" cy="220" r="7" '
        'fill="#2c2322"/><path d="M212 262q28 22 56 0" fill="none" stroke="#8a3b35" '
        'stroke-width="6" stroke-linecap="round"/></svg>'
    )


def _svg(shapes: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">{"".join(shapes)}</svg>'
    )


def _ground(above: str, below: str) -> str:
    return (
        f'<defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="{above}"/>'
        f'<stop offset=".7" stop-color="{below}"/></linearGradient></defs>'
        '<rect width="1200" height="675" fill="url(#g)"/>'
    )


def _lighthouse(rock: str) -> str:
    return (
        f'<path d="M600 560q120 -90 260 -96t300 96z" fill="{rock}"/>'
        '<path d="M842 214h56l16 262h-88z" fill="#fbf7ef"/>'
        '<path d="M838 276h64l3 52h-70zM832 378h76l3 50h-82z" fill="#b23a32"/>'
        f'<rect x="834" y="172" width="72" height="44" fill="{rock}"/>'
        '<rect x="848" y="180" width="44" height="30" fill="#ffd97a"/>'
        f'<path d="M826 172l44 -44 44 44z" fill="{rock}"/>'
        '<path d="M892 186L1200 120v120L892 204z" fill="#ffe9b0" opacity=".4"/>'
    )


def _ferry() -> str:
    return (
        '<path d="M300 470h560l-46 74H352z" fill="#16324f"/>'
        '<path d="M336 420h430l36 50H326z" fill="#fbf7ef"/>'
        '<path d="M420 366h220l22 54H410z" fill="#fbf7ef"/>'
        '<path d="M560 310h56v56h-56z" fill="#b98a2f"/>'
        + "".join(f'<circle cx="{x}" cy="446" r="10" fill="#16324f"/>' for x in range(372, 760, 48))
        + "".join(
            f'<rect x="{x}" y="382" width="30" height="20" fill="#7fa3c4"/>'
            for x in range(436, 640, 44)
        )
    )


def _megaphone(shout: str, mark: str) -> str:
    return (
        f'<g transform="rotate(-14 430 360)"><path d="M250 300h130v130H250q-50 0 -50 -65t50 -65z" '
        f'fill="{mark}"/><path d="M370 300L700 150v430L370 430z" fill="{shout}"/>'
        f'<ellipse cx="700" cy="365" rx="56" ry="218" fill="{mark}"/>'
        f'<path d="M290 430h80l30 150h-84z" fill="{shout}"/>'
        f'<g stroke="{shout}" stroke-width="30" stroke-linecap="round">'
        '<path d="M820 220L930 150M850 365H990M820 510l110 70"/></g></g>'
    )


def _drum(shout: str, mark: str) -> str:
    zigzag = "".join(f"L{x} {610 if n % 2 else 410}" for n, x in enumerate(range(370, 880, 76)))
    return (
        f'<path d="M330 330v250q270 130 540 0V330z" fill="{shout}"/>'
        f'<path d="M330 420{zigzag}" fill="none" stroke="{mark}" stroke-width="20"/>'
        f'<ellipse cx="600" cy="330" rx="270" ry="96" fill="{mark}"/>'
        f'<g stroke="{shout}" stroke-width="26" stroke-linecap="round">'
        '<path d="M560 310L330 90M650 320L900 110"/></g>'
        f'<circle cx="562" cy="312" r="26" fill="{shout}"/><circle cx="648" cy="322" r="26" '
        f'fill="{shout}"/>'
    )


def _bubbles(shout: str, mark: str) -> str:
    def bubble(x: int, y: int, wide: int, high: int, fill: str, sign: str) -> str:
        return (
            f'<path d="M{x} {y}h{wide}q50 0 50 50v{high}q0 50 -50 50h-{wide - 90}l-70 80v-80h-20'
            f'q-50 0 -50 -50v-{high}q0 -50 50 -50z" fill="{fill}"/>'
            + "".join(
                f'<rect x="{x + 40}" y="{y + 46 + 50 * n}" width="{wide - 90 - 70 * (n % 2)}" '
                f'height="24" rx="12" fill="{sign}"/>'
                for n in range(1 + high // 70)
            )
        )

    return bubble(160, 90, 430, 150, shout, mark) + bubble(650, 300, 360, 110, mark, shout)


def _vase(thing: str) -> str:
    twigs = "".join(
        f'<path d="M300 380q{x} -120 {x * 2} -{high}" fill="none" stroke="{thing}" '
        f'stroke-width="5"/><ellipse cx="{300 + x * 2}" cy="{380 - high}" rx="17" ry="30" '
        f'fill="{thing}" transform="rotate({x} {300 + x * 2} {380 - high})"/>'
        for x, high in ((-55, 190), (-22, 260), (8, 300), (38, 230), (64, 170))
    )
    return (
        f'{twigs}<path d="M268 370h64q-6 40 26 80q34 60 -8 120H250q-42 -60 -8 -120q32 -40 26 -80z" '
        f'fill="{thing}"/><path d="M340 460q24 50 2 110h-30q34 -50 28 -110z" fill="#fff" '
        'opacity=".18"/><ellipse cx="400" cy="572" rx="190" ry="10" fill="#000" opacity=".16"/>'
    )


def _books(thing: str) -> str:
    heights = ((240, 34, 530), (260, 40, 490), (225, 30, 460), (250, 36, 424))
    return (
        "".join(
            f'<rect x="{560 - wide - 100}" y="{y}" width="{wide + 60}" height="{high}" rx="3" '
            f'fill="{thing}" opacity="{1 - 0.17 * n:.2f}"/>'
            for n, (wide, high, y) in enumerate(heights)
        )
        + '<ellipse cx="420" cy="570" rx="250" ry="9" fill="#000" opacity=".14"/>'
    )


def _chair(thing: str) -> str:
    return (
        f'<g fill="none" stroke="{thing}" stroke-width="13" stroke-linecap="round">'
        '<path d="M260 240q-12 190 10 320M260 240q80 -34 150 0q12 90 -6 170M270 420h170'
        'q14 60 18 150M300 430l-8 140M410 430l26 140"/></g>'
        f'<path d="M256 402h176q22 0 22 24H262z" fill="{thing}"/>'
        '<ellipse cx="380" cy="574" rx="190" ry="9" fill="#000" opacity=".14"/>'
    )


_LOUD: dict[str, Callable[[str, str], str]] = {
    "megaphone": _megaphone,
    "drum": _drum,
    "bubbles": _bubbles,
}
_QUIET: dict[str, Callable[[str], str]] = {"vase": _vase, "books": _books, "chair": _chair}
