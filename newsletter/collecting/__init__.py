"""Collects material for an issue: news of several sources become a list for the editor to prune."""

from newsletter.collecting.cache import FEEDS, Cache
from newsletter.collecting.gathering import Harvest, Source, gather
from newsletter.collecting.items import Item, Window
from newsletter.collecting.material import Material, head_of
from newsletter.collecting.shipped import Preset, presets
from newsletter.collecting.weighing import sift, weigh

__all__ = [
    "FEEDS",
    "Cache",
    "Harvest",
    "Item",
    "Material",
    "Preset",
    "Source",
    "Window",
    "gather",
    "head_of",
    "presets",
    "sift",
    "weigh",
]
