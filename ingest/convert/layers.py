"""Layers: what a conversion makes of city objects, without a recipe of anybody's own."""

from typing import Any

from ingest.load import shared
from ingest.osm.shown import AREAS, LINES
from tiles.attributes import shared_out
from twin.base import Text
from twin.layer import Layer, Mapping, Tiling
from twin.schemas import schema
from twin.source import Source

_BUILDING, _MODEL, _TREE, _OVERLAY = "building/1", "model/1", "tree/1", "overlay/1"
_FILLED_M2 = 1e6
"""Larger areas are drawn as outlines: a district painted all over would hide what lies in it."""
_RADIUS_M = 2.0
"""Of the disc that a single point becomes."""
_WATERS = ("natural=water", "landuse=reservoir", "landuse=basin")
_BARE = ("beach", "sand", "bare_rock", "scree", "glacier")
_MATERIALS = {
    f"{key}={value}": "water" if key == "waterway" or f"{key}={value}" in _WATERS else "green"
    for key in AREAS
    for value in sorted(AREAS[key] - {*_BARE})
} | {f"waterway={value}": "water" for value in sorted(LINES["waterway"])}
"""What OpenStreetMap says that a thing is, and the colour of water and green in which it is drawn."""
_GROUNDED = dict.fromkeys(("roof", "ground"), "ground")
_OF_CLASSES = {
    "transportation": dict.fromkeys(("roof", "wall", "ground"), "line"),
    "water": dict.fromkeys(("roof", "wall", "ground"), "water"),
    "vegetation": dict.fromkeys(("roof", "wall", "ground"), "leaves"),
    "land-use": dict.fromkeys(("roof", "wall", "ground"), "green"),
    **{name: _GROUNDED for name in ("bridge", "tunnel", "furniture", "generic", "relief")},
}
"""What objects that are no buildings are drawn in: their upper faces are no roofs."""
_ROOFS = {  # OpenStreetMap's roof:shape, and words of others, beside AdV's codes
    "flat": "flat",
    "horizontal": "flat",
    "gabled": "gabled",
    "saltbox": "gabled",
    "hipped": "hipped",
    "half-hipped": "half-hipped",
    "half_hipped": "half-hipped",
    "gambrel": "mansard",
    "mansard": "mansard",
    "pyramidal": "pyramid",
    "skillion": "shed",
    "cone": "cone",
    "dome": "dome",
    "onion": "dome",
    "round": "arched",
    "multiple": "mixed",
}
_KINDS = {
    "Bridge": "bridge",
    "Tunnel": "tunnel",
    "Road": "transportation",
    "Railway": "transportation",
    "Square": "transportation",
    "TransportSquare": "transportation",
    "Track": "transportation",
    "Waterway": "transportation",
    "TransportationComplex": "transportation",
    "WaterBody": "water",
    "PlantCover": "vegetation",
    "SolitaryVegetationObject": "vegetation",
    "LandUse": "land-use",
    "CityFurniture": "furniture",
    "ReliefFeature": "relief",
    "TINRelief": "relief",
}
_BOTH = (
    "Building",
    "Bridge",
    "Tunnel",
    "Road",
    "Railway",
    "Waterway",
    "WaterBody",
    "PlantCover",
    "SolitaryVegetationObject",
    "LandUse",
    "CityFurniture",
    "GenericCityObject",
    "OtherConstruction",
)
CLASSES = {
    "citygml": (
        *_BOTH,
        "Square",
        "Track",
        "TransportationComplex",
        "ReliefFeature",
        "GenericOccupiedSpace",
        "GenericUnoccupiedSpace",
        "GenericLogicalSpace",
        "GenericThematicSurface",
    ),
    "cityjson": (*_BOTH, "TransportSquare", "TINRelief"),
}
"""Connector → all its classes; every one is converted."""


def layers(options: dict[str, Any], tiling: dict[str, Any], attribution: str) -> tuple[Layer, ...]:
    """The layers of the buildings, of all other city objects, of trees without a form of their own, and of
    the lines and the areas that lie on the terrain.

    Args:
        options: For the connectors.
        tiling: For the writers; a name under ``attributes`` is for the layer that has it.
        attribution: Written into every tile; may be empty.

    Raises:
        TilingError: none of them has an attribute of that name.
    """
    schemas = [schema(each) for each in (_BUILDING, _MODEL, _TREE, _OVERLAY)]
    wanted = shared_out(tiling["attributes"], schemas)
    of_buildings, of_objects, of_trees, of_overlays = ({**tiling, "attributes": own} for own in wanted)
    of_overlays["materials"], of_objects["materials"] = _MATERIALS, _OF_CLASSES
    of_areas = {**of_overlays, "fill_up_to_m2": _FILLED_M2, "radius_m": _RADIUS_M}
    source = _source(options, attribution)
    recipe = shared("de/by/buildings")
    fields = {name: Mapping.model_validate(mapping) for name, mapping in recipe["fields"].items()}
    roofs = fields["roof_type"].options
    fields["roof_type"] = fields["roof_type"].model_copy(
        update={"options": {**roofs, "map": {**roofs["map"], **_ROOFS}}}
    )
    return (
        _layer("buildings", _BUILDING, fields, source, Tiling(writer="buildings", options=of_buildings)),
        _layer("objects", _MODEL, _object_fields(), source, Tiling(writer="models", options=of_objects)),
        _layer("trees", _TREE, _tree_fields(), source, Tiling(writer="trees", options=of_trees)),
        _layer("lines", _OVERLAY, _overlay_fields(), source, Tiling(writer="lines", options=of_overlays)),
        _layer("areas", _OVERLAY, _overlay_fields(), source, Tiling(writer="areas", options=of_areas)),
    )


def terrain_layer(tiling: dict[str, Any], attribution: str) -> Layer:
    """The layer of height models."""
    return _layer(
        "terrain", "terrain/1", {}, _source({}, attribution), Tiling(writer="terrain", options=tiling)
    )


def cloud_layer(tiling: dict[str, Any], attribution: str) -> Layer:
    """The layer of point clouds."""
    return _layer(
        "points", "point-cloud/1", {}, _source({}, attribution), Tiling(writer="points", options=tiling)
    )


def _source(options: dict[str, Any], attribution: str) -> Source:
    """A conversion publishes nothing, so it asks for no licence: whoever publishes the result has to."""
    return Source.model_construct(
        connector="citygml",
        url="",
        interval="1d",
        licence="",
        publisher="",
        attribution=attribution,
        options=options,
    )


def _object_fields() -> dict[str, Mapping]:
    plain = {"from": "class", "by": "choice", "options": {"map": _KINDS, "otherwise": "generic"}}
    return {
        "class": Mapping.model_validate(plain),
        "name": Mapping.model_validate({"from": "name"}),
        "function_code": Mapping.model_validate({"from": "function"}),
        "height_m": Mapping.model_validate(
            {"from": ["measured_height", "part_heights"], "by": "building_height"}
        ),
    }


def _tree_fields() -> dict[str, Mapping]:
    """What `ingest.planted` found out, as it is."""
    numbers = {name: name for name in ("height_m", "crown_m", "ground_m")} | {"trunk_m": "trunk"}
    words = ("species", "form", "height_source", "crown_source")
    return {
        **{name: Mapping.model_validate({"from": name}) for name in words},
        **{name: Mapping.model_validate({"from": of, "by": "number"}) for name, of in numbers.items()},
        "planted": Mapping.model_validate({"from": "planted", "by": "integer"}),
    }


def _overlay_fields() -> dict[str, Mapping]:
    words = {name: Mapping.model_validate({"from": name}) for name in ("kind", "name", "width_source")}
    return {**words, "width_m": Mapping.model_validate({"from": "width_m", "by": "number"})}


def _layer(name: str, schema_id: str, fields: dict[str, Mapping], source: Source, tiles: Tiling) -> Layer:
    return Layer.model_construct(
        id=f"convert.{name}",
        title=Text(de=name, en=name),
        summary=Text(de=name, en=name),
        theme="model",
        schema_id=schema_id,
        source=source,
        business_key=("gml_id",),
        fields=fields,
        tiles=tiles,
    )
