"""The preview: a local web page that shows an issue as its readers will get it."""

from newsletter.web.desk import Desk
from newsletter.web.server import PreviewServer, open_socket

__all__ = ["Desk", "PreviewServer", "open_socket"]
