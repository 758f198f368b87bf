"""Reads the sources of templates, and finds what MJML and mail programs would drop in silence."""

from newsletter.render.lint.linting import lint_templates

__all__ = ["lint_templates"]
