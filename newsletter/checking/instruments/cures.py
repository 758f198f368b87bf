"""Cures that several rules give."""

from newsletter.language import say

# The end of a hint, or the whole of it.
IN_TEMPLATE = say(
    "it comes from the templates: look into templates/default.mjml and templates/prose.css"
)
IN_SHEET = say("it comes from the templates: look into templates/screen.css")
