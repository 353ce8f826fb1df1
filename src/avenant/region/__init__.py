"""Boxes of leaves and nothing else: terms, their index, regions, and the one search that answers
every question.

    space     a box is one mask of leaves an axis; a point has one leaf on each
    index     which terms possibly and which certainly hold on a box
    algebra   regions: unions of terms under `&`, `|`, `~`
    search    a point of a region, and the first one; whether terms cover a box; the budget
    verdict   permitted, refused or undetermined: one box
    mixture   several values on an axis, and every combination of them a box
    missing   the axes that matter to what is undetermined
    boxes     a region as a short list of maximal boxes
    count     how many points a region has

This folder knows no application: no vocabulary, no rule, no name of an axis.

>>> permits, forbids = [(0b111, 0b11)], [(0b010, 0b11), (0b100, 0b01)]
>>> index = Index(Space((3, 2)), [*permits, *forbids])
>>> text = permitted(index.union(permits), index.union(forbids))
>>> find(index, text, (0b110, 0b11), Budget())
(4, 2)
"""

from avenant.region.algebra import EVERYTHING, NOTHING, Part, Region, permitted, union
from avenant.region.boxes import Boxes, Listener, MaximalBox, hull, maximal_boxes
from avenant.region.count import count
from avenant.region.index import Index
from avenant.region.missing import missing
from avenant.region.mixture import Mixture, bounds_of, coarsest, holding, parts
from avenant.region.search import Budget, Exhausted, covers, escape, find, first
from avenant.region.space import Box, Space, contains, first_point, leaves, meet, on, points, volume
from avenant.region.verdict import Verdict, judged, verdict, verdict_by_search, verdict_from_bounds

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "Box",
    "Boxes",
    "Budget",
    "Exhausted",
    "Index",
    "Listener",
    "MaximalBox",
    "Mixture",
    "Part",
    "Region",
    "Space",
    "Verdict",
    "bounds_of",
    "coarsest",
    "contains",
    "count",
    "covers",
    "escape",
    "find",
    "first",
    "first_point",
    "holding",
    "hull",
    "judged",
    "leaves",
    "maximal_boxes",
    "meet",
    "missing",
    "on",
    "parts",
    "permitted",
    "points",
    "union",
    "verdict",
    "verdict_by_search",
    "verdict_from_bounds",
    "volume",
]
