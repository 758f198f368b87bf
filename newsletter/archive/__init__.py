"""The archive: issues that went out, as anybody may read and search them on the web."""

from newsletter.archive.cards import draw_card
from newsletter.archive.catalogue import Archive, ArchivedIssue, Catalogue
from newsletter.archive.destinations import Addresses, Filed, Served
from newsletter.archive.folder import is_strange, write_folder
from newsletter.archive.impersonal import PublicEdition
from newsletter.archive.leaves import Site, fill_index, fill_issue, picture_of_issue
from newsletter.archive.regional_news import RegionalNews, news_of
from newsletter.archive.static_site import StaticFile, static_files
from newsletter.archive.syndication import PAGE, atom_feed, json_feed, regional_feed
from newsletter.archive.visibility import Access, Visibility, visibility_of

__all__ = [
    "PAGE",
    "Access",
    "Addresses",
    "Archive",
    "ArchivedIssue",
    "Catalogue",
    "Filed",
    "PublicEdition",
    "RegionalNews",
    "Served",
    "Site",
    "StaticFile",
    "Visibility",
    "atom_feed",
    "draw_card",
    "fill_index",
    "fill_issue",
    "is_strange",
    "json_feed",
    "news_of",
    "picture_of_issue",
    "regional_feed",
    "static_files",
    "visibility_of",
    "write_folder",
]
