"""What it does to readers when their mail program lacks a feature of HTML or CSS.

Outlook for Windows lacks two thirds of the features that caniemail.com tests, and most of them do
no harm: a corner is square, a shadow is missing. A feature is told of only where, without it,
something is lost, cannot be read, or stands where it should not.
"""

from enum import Enum

from newsletter.language.wording import Wording, say


class Harm(Enum):
    """How bad it is, the worst first."""

    LOST = 1  # words or pictures are not there
    UNREADABLE = 2  # they are there and cannot be read
    BROKEN = 3  # they can be read, and stand in the wrong place or shape


# What a reader misses is a whole sentence, to stand after a colon.
#
# What has no row here degrades, or makes no difference at all. Why, by family:
# - ornament (radius, shadow, filter, transition, gradients on a coloured ground): plainer;
# - typography beyond family, size and weight: the text stands in another dress;
# - limits (min-*, max-*, overflow, box-sizing): sizes differ within what tables hold together;
# - selectors, queries, states: what they would change stays as the style attributes have it,
#   and the rule css-inline-survival sees to it that those suffice;
# - meaning for machines (role, aria-*, semantics, lang): others see the same page.
CONSEQUENCE: dict[str, tuple[Harm, Wording]] = {
    # --- words and pictures that are not there
    "css-pseudo-element-before": (Harm.LOST, say("the words it adds are not there")),
    "css-pseudo-element-after": (Harm.LOST, say("the words it adds are not there")),
    "html-video": (Harm.LOST, say("the film is not there")),
    "html-audio": (Harm.LOST, say("the sound cannot be played")),
    "html-object": (Harm.LOST, say("what it shows is not there")),
    "html-svg": (Harm.LOST, say("the drawing is not there")),
    "html-dialog": (Harm.LOST, say("it cannot be opened")),
    "html-popover": (Harm.LOST, say("it cannot be opened")),
    "html-meter": (Harm.LOST, say("the figure is not shown")),
    "html-progress": (Harm.LOST, say("the figure is not shown")),
    "html-image-maps": (Harm.LOST, say("its places cannot be pressed")),
    "html-mailto-links": (Harm.LOST, say("the link does nothing")),
    "image-base64": (Harm.LOST, say("the picture is not there")),
    "image-svg": (Harm.LOST, say("the picture is not there")),
    "image-webp": (Harm.LOST, say("the picture is not there")),
    "image-avif": (Harm.LOST, say("the picture is not there")),
    "image-heif": (Harm.LOST, say("the picture is not there")),
    "image-tiff": (Harm.LOST, say("the picture is not there")),
    "image-bmp": (Harm.LOST, say("the picture is not there")),
    "image-ico": (Harm.LOST, say("the picture is not there")),
    "image-mp4": (Harm.LOST, say("the film is not there")),
    # --- colours that pairs are made of: where the one half is dropped, the other stays
    "css-rgba": (Harm.UNREADABLE, say("the colour is dropped")),
    "css-modern-color": (Harm.UNREADABLE, say("the colour is dropped")),
    "css-function-light-dark": (Harm.UNREADABLE, say("the colour is dropped")),
    "css-background-image": (Harm.UNREADABLE, say("the text stands on no ground")),
    "css-linear-gradient": (Harm.UNREADABLE, say("the text stands on no ground")),
    "css-radial-gradient": (Harm.UNREADABLE, say("the text stands on no ground")),
    "css-conic-gradient": (Harm.UNREADABLE, say("the text stands on no ground")),
    # --- place and shape
    "css-display-flex": (Harm.BROKEN, say("what should stand side by side does not")),
    "css-display-grid": (Harm.BROKEN, say("what should stand side by side does not")),
    "css-flex-direction": (Harm.BROKEN, say("the parts stand in another direction")),
    "css-flex-wrap": (Harm.BROKEN, say("the parts do not fit a phone")),
    "css-grid-template": (Harm.BROKEN, say("what should stand side by side does not")),
    "css-float": (Harm.BROKEN, say("the text does not run beside it")),
    "css-position": (Harm.BROKEN, say("it stands where the text has it, not where it should")),
    "css-visibility": (Harm.BROKEN, say("what should be hidden is seen")),
    "css-display-none": (Harm.BROKEN, say("what should be hidden is seen")),
    "html-hidden": (Harm.BROKEN, say("what should be hidden is seen")),
    "css-inline-size": (Harm.BROKEN, say("it has another width")),
    "css-block-inline-size": (Harm.BROKEN, say("it has another height")),
    "css-writing-mode": (Harm.BROKEN, say("the lines run in another direction")),
    "css-white-space": (Harm.BROKEN, say("the ends of lines are lost")),
    "css-pseudo-class-checked": (Harm.BROKEN, say("what it should open stays as it is")),
    # --- sizes: without its value a property is as if it were not there
    "css-variables": (Harm.BROKEN, say("the value is dropped")),
    "css-unit-calc": (Harm.BROKEN, say("the value is dropped")),
    "css-function-clamp": (Harm.BROKEN, say("the value is dropped")),
    "css-function-min": (Harm.BROKEN, say("the value is dropped")),
    "css-function-max": (Harm.BROKEN, say("the value is dropped")),
    "css-intrinsic-size": (Harm.BROKEN, say("the value is dropped")),
    "css-unit-rem": (Harm.BROKEN, say("the value is dropped")),
    "css-unit-ch": (Harm.BROKEN, say("the value is dropped")),
    "css-unit-vh": (Harm.BROKEN, say("the value is dropped")),
    "css-unit-vw": (Harm.BROKEN, say("the value is dropped")),
    "css-unit-vmin": (Harm.BROKEN, say("the value is dropped")),
    "css-unit-vmax": (Harm.BROKEN, say("the value is dropped")),
}

# Only in these does a dropped value do harm; a border's radius may go.
SIZES = frozenset({"width", "height", "font-size", "line-height", "padding", "margin", "font"})
COLOURS = frozenset({"color", "background", "background-color", "background-image"})
# Values that change nothing where the property is not known.
HARMLESS = {
    "position": frozenset({"static", "relative", "sticky"}),
    "float": frozenset({"none"}),
    "visibility": frozenset({"visible"}),
    "white-space": frozenset({"normal", "nowrap"}),
    "writing-mode": frozenset({"horizontal-tb"}),
    "background-image": frozenset({"none"}),
}
