"""The preview: a local web page that shows an issue as its readers will get it."""

from newsletter.preview.desk import Desk
from newsletter.preview.server import PreviewServer, open_socket

__all__ = [
    "Desk",
    "PreviewServer",
    "open_socket",
]
