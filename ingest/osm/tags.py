"""Which of OpenStreetMap's tags are read: those of form and use, from closed lists."""

from collections.abc import Mapping
from typing import Any

from ingest.extrusion.columns import Columns

_FORM = (
    "building", "roof", "height", "min_height", "levels", "min_level", "amenity", "shop", "office", "tourism",
    "leisure", "historic", "heritage", "man_made", "religion", "start_date", "wheelchair", "architecture",
)  # fmt: skip
"""Tags, or the beginnings of tags before a colon, that are read at all."""
_NOT_FORM = ("building:name", "building:owner", "building:operator", "building:note", "building:ref")
_PUBLIC_BUILDINGS = {
    "cathedral", "chapel", "church", "mosque", "synagogue", "temple", "monastery", "castle", "civic",
    "college", "fire_station", "government", "hospital", "kindergarten", "library", "museum", "public",
    "school", "stadium", "sports_hall", "theatre", "tower", "townhall", "train_station", "transportation",
    "university",
}  # fmt: skip
_PUBLIC_AMENITIES = {
    "arts_centre", "college", "community_centre", "courthouse", "fire_station", "hospital", "kindergarten",
    "library", "music_school", "place_of_worship", "police", "school", "theatre", "townhall", "university",
}  # fmt: skip
OTHERS = (
    "natural", "landuse", "leisure", "waterway", "highway", "railway", "boundary", "landcover", "barrier",
)  # fmt: skip
"""Keys of what has an area but is no building, unless it is tagged as one as well."""
BUILDINGS = ("building", "building:part")
"""Keys of buildings and of their parts."""
_NOT_BUILDINGS = ("no", "entrance")
_COLUMNS = Columns()


def kept(tags: Any) -> dict[str, str]:
    """The tags of an object that may be read. A name only of a building that is everybody's."""
    found: dict[str, str] = {}
    for tag in tags:
        name = tag.k
        if name.partition(":")[0] in _FORM and not name.startswith(_NOT_FORM):
            found[name] = tag.v
    if "name" in tags and (
        found.get("building") in _PUBLIC_BUILDINGS
        or found.get("amenity") in _PUBLIC_AMENITIES
        or found.get("tourism") == "museum"
    ):
        found["name"] = tags["name"]
    return found


def other_than_building(tags: Mapping[str, Any]) -> str | None:
    """The key that says that a thing is no building: a lake, a meadow, a street; None if none does."""
    if any(tags.get(key) not in (None, "", "no") for key in ("building", "building:part")):
        return None
    return next((key for key in OTHERS if tags.get(key) not in (None, "")), None)


def said_of(tags: Mapping[str, str]) -> dict[str, Any]:
    """What the tags say of form and use; ``yes`` says nothing."""
    said = _COLUMNS.of(tags)
    if said.get("function") in ("yes", "part"):
        del said["function"]
    return said


def told_of(tags: Mapping[str, str]) -> dict[str, Any]:
    """All kept tags, for generic attributes."""
    return {name: value[:1000] for name, value in tags.items()}


def is_building(tags: Any) -> bool:
    """True for what is tagged as a building."""
    return "building" in tags and value(tags, "building") not in _NOT_BUILDINGS


def is_part(tags: Any) -> bool:
    """True for a part of a building."""
    return "building:part" in tags and value(tags, "building:part") != "no"


def value(tags: Any, key: str) -> str:
    """A tag's value; ``yes`` for text that is none."""
    try:
        return str(tags[key])
    except UnicodeDecodeError:
        return "yes"


def names(tags: Any) -> list[str]:
    """Keys of all tags; one that is empty for text that is none."""
    try:
        return [tag.k for tag in tags]
    except UnicodeDecodeError:
        return [""]
