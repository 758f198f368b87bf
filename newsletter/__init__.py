"""Turn a folder of Markdown files into a newsletter that is sent once and measured honestly."""

__version__ = "0.1.0"
