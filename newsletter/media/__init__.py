"""Pictures -> a static host that readers load them from: folder, S3 store or SFTP server."""

from newsletter.media.pushing import Missing, Pushed, find_missing, push_pictures
from newsletter.media.stores import Store, Target, open_store

__all__ = [
    "Missing",
    "Pushed",
    "Store",
    "Target",
    "find_missing",
    "open_store",
    "push_pictures",
]
