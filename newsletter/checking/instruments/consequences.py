"""What readers lose when their mail program lacks a feature of HTML or CSS.

Outlook for Windows lacks two thirds of the features that caniemail.com tests, and most of them do
no harm: a corner is square, a shadow is missing. A feature is reported only if, without it,
something is lost, unreadable or misplaced.
"""

from enum import Enum

from newsletter.language import Wording, say


class Impact(Enum):
    """How bad a loss is, the worst first."""

    LOST = 1  # words or pictures are missing
    UNREADABLE = 2  # they are there but cannot be read
    BROKEN = 3  # they can be read but are in the wrong place or shape


# What a reader misses is a full clause that follows a colon.
#
# Features without a row degrade, or make no difference. Why, by family:
# - ornament (radius, shadow, filter, transition, gradients on a coloured background): plainer;
# - typography beyond family, size and weight: the text looks different;
# - limits (min-*, max-*, overflow, box-sizing): sizes differ within the bounds of tables;
# - selectors, queries, states: the style attributes stay in force, and the rule css-inline-survival
#   makes sure that those are enough;
# - semantics for machines (role, aria-*, semantics, lang): the page looks the same.
CONSEQUENCE: dict[str, tuple[Impact, Wording]] = {
    # --- missing words and pictures
    "css-pseudo-element-before": (Impact.LOST, say("the words it adds are not there")),
    "css-pseudo-element-after": (Impact.LOST, say("the words it adds are not there")),
    "html-video": (Impact.LOST, say("the film is not there")),
    "html-audio": (Impact.LOST, say("the sound cannot be played")),
    "html-object": (Impact.LOST, say("what it shows is not there")),
    "html-svg": (Impact.LOST, say("the drawing is not there")),
    "html-dialog": (Impact.LOST, say("it cannot be opened")),
    "html-popover": (Impact.LOST, say("it cannot be opened")),
    "html-meter": (Impact.LOST, say("the figure is not shown")),
    "html-progress": (Impact.LOST, say("the figure is not shown")),
    "html-image-maps": (Impact.LOST, say("its areas cannot be clicked")),
    "html-mailto-links": (Impact.LOST, say("the link does nothing")),
    "image-base64": (Impact.LOST, say("the picture is not there")),
    "image-svg": (Impact.LOST, say("the picture is not there")),
    "image-webp": (Impact.LOST, say("the picture is not there")),
    "image-avif": (Impact.LOST, say("the picture is not there")),
    "image-heif": (Impact.LOST, say("the picture is not there")),
    "image-tiff": (Impact.LOST, say("the picture is not there")),
    "image-bmp": (Impact.LOST, say("the picture is not there")),
    "image-ico": (Impact.LOST, say("the picture is not there")),
    "image-mp4": (Impact.LOST, say("the film is not there")),
    # --- colours that come in pairs: if one is dropped, the other remains
    "css-rgba": (Impact.UNREADABLE, say("the colour is dropped")),
    "css-modern-color": (Impact.UNREADABLE, say("the colour is dropped")),
    "css-function-light-dark": (Impact.UNREADABLE, say("the colour is dropped")),
    "css-background-image": (Impact.UNREADABLE, say("the text has no background")),
    "css-linear-gradient": (Impact.UNREADABLE, say("the text has no background")),
    "css-radial-gradient": (Impact.UNREADABLE, say("the text has no background")),
    "css-conic-gradient": (Impact.UNREADABLE, say("the text has no background")),
    # --- place and shape
    "css-display-flex": (Impact.BROKEN, say("what should be side by side is not")),
    "css-display-grid": (Impact.BROKEN, say("what should be side by side is not")),
    "css-flex-direction": (Impact.BROKEN, say("the parts run in another direction")),
    "css-flex-wrap": (Impact.BROKEN, say("the parts do not fit a phone")),
    "css-grid-template": (Impact.BROKEN, say("what should be side by side is not")),
    "css-float": (Impact.BROKEN, say("the text does not run beside it")),
    "css-position": (Impact.BROKEN, say("it is where the text has it, not where it should be")),
    "css-visibility": (Impact.BROKEN, say("what should be hidden is visible")),
    "css-display-none": (Impact.BROKEN, say("what should be hidden is visible")),
    "html-hidden": (Impact.BROKEN, say("what should be hidden is visible")),
    "css-inline-size": (Impact.BROKEN, say("it has another width")),
    "css-block-inline-size": (Impact.BROKEN, say("it has another height")),
    "css-writing-mode": (Impact.BROKEN, say("the lines run in another direction")),
    "css-white-space": (Impact.BROKEN, say("the ends of lines are lost")),
    "css-pseudo-class-checked": (Impact.BROKEN, say("what it should open stays as it is")),
    # --- sizes: without its value a property has no effect
    "css-variables": (Impact.BROKEN, say("the value is dropped")),
    "css-unit-calc": (Impact.BROKEN, say("the value is dropped")),
    "css-function-clamp": (Impact.BROKEN, say("the value is dropped")),
    "css-function-min": (Impact.BROKEN, say("the value is dropped")),
    "css-function-max": (Impact.BROKEN, say("the value is dropped")),
    "css-intrinsic-size": (Impact.BROKEN, say("the value is dropped")),
    "css-unit-rem": (Impact.BROKEN, say("the value is dropped")),
    "css-unit-ch": (Impact.BROKEN, say("the value is dropped")),
    "css-unit-vh": (Impact.BROKEN, say("the value is dropped")),
    "css-unit-vw": (Impact.BROKEN, say("the value is dropped")),
    "css-unit-vmin": (Impact.BROKEN, say("the value is dropped")),
    "css-unit-vmax": (Impact.BROKEN, say("the value is dropped")),
}

# Only in these does a dropped value do harm; a border's radius may go.
SIZES = frozenset({"width", "height", "font-size", "line-height", "padding", "margin", "font"})
COLOURS = frozenset({"color", "background", "background-color", "background-image"})
# Values that change nothing where the property is not supported.
HARMLESS = {
    "position": frozenset({"static", "relative", "sticky"}),
    "float": frozenset({"none"}),
    "visibility": frozenset({"visible"}),
    "white-space": frozenset({"normal", "nowrap"}),
    "writing-mode": frozenset({"horizontal-tb"}),
    "background-image": frozenset({"none"}),
}
