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
_LOSSES: dict[Impact, dict[Wording, str]] = {
    Impact.LOST: {
        say("the words it adds are not there"): (
            "css-pseudo-element-before css-pseudo-element-after"
        ),
        say("the film is not there"): "html-video image-mp4",
        say("the sound cannot be played"): "html-audio",
        say("what it shows is not there"): "html-object",
        say("the drawing is not there"): "html-svg",
        say("it cannot be opened"): "html-dialog html-popover",
        say("the figure is not shown"): "html-meter html-progress",
        say("its areas cannot be clicked"): "html-image-maps",
        say("the link does nothing"): "html-mailto-links",
        say("the picture is not there"): (
            "image-base64 image-svg image-webp image-avif image-heif image-tiff image-bmp image-ico"
        ),
    },
    Impact.UNREADABLE: {
        # Colours come in pairs: if one is dropped, the other remains.
        say("the colour is dropped"): "css-rgba css-modern-color css-function-light-dark",
        say("the text has no background"): (
            "css-background-image css-linear-gradient css-radial-gradient css-conic-gradient"
        ),
    },
    Impact.BROKEN: {
        say("what should be side by side is not"): (
            "css-display-flex css-display-grid css-grid-template"
        ),
        say("the parts run in another direction"): "css-flex-direction",
        say("the parts do not fit a phone"): "css-flex-wrap",
        say("the text does not run beside it"): "css-float",
        say("it is where the text has it, not where it should be"): "css-position",
        say("what should be hidden is visible"): "css-visibility css-display-none html-hidden",
        say("it has another width"): "css-inline-size",
        say("it has another height"): "css-block-inline-size",
        say("the lines run in another direction"): "css-writing-mode",
        say("the ends of lines are lost"): "css-white-space",
        say("what it should open stays as it is"): "css-pseudo-class-checked",
        # Without its value a property has no effect.
        say("the value is dropped"): (
            "css-variables css-unit-calc css-function-clamp css-function-min css-function-max "
            "css-intrinsic-size css-unit-rem css-unit-ch css-unit-vh css-unit-vw css-unit-vmin "
            "css-unit-vmax"
        ),
    },
}
CONSEQUENCE = {
    slug: (impact, loss)
    for impact, losses in _LOSSES.items()
    for loss, slugs in losses.items()
    for slug in slugs.split()
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
