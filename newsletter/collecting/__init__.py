"""Collects material for an issue: news feeds become a list for the editor to prune."""

from newsletter.collecting.cache import Cache
from newsletter.collecting.gathering import Harvest, Source, gather
from newsletter.collecting.items import Item, Window
from newsletter.collecting.material import Material

__all__ = ["Cache", "Harvest", "Item", "Material", "Source", "Window", "gather"]
