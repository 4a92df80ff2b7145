"""What ``/ogc/names`` answers."""

from typing import Any

from api import responses
from api.openapi.write import COUNT, NUMBER, TEXT, TRUTH, WHOLE, Schema, Told, many, record, ref

_LAYER = record(
    {"layer": TEXT},
    {
        "revision": WHOLE,
        "left_out": COUNT,
        "names": many(TEXT),
        "ids": many(TEXT),
        "lon": many(NUMBER),
        "lat": many(NUMBER),
        "reach_m": many(COUNT),
        "damaged": TRUTH,
    },
    "Names of a layer as columns of equal length. Features of one name that lie together are one entry: with "
    "the id and the middle of the feature in its midst, and how far it reaches from there. `left_out`: "
    "entries above the limit. `damaged`: its features cannot be read; then there is nothing else.",
)
SCHEMAS: dict[str, Schema] = {"NamesOfLayer": _LAYER, "Names": record({"layers": many(ref("NamesOfLayer"))})}
EXAMPLES: dict[str, Any] = {
    "Names": {
        "layers": [
            {
                "layer": "demo.streets",
                "revision": 1,
                "left_out": 0,
                "names": ["Amselweg"],
                "ids": ["demo.streets.3"],
                "lon": [11.57231],
                "lat": [48.13514],
                "reach_m": [214],
            }
        ]
    }
}
ANSWERS: dict[str, Told] = {
    "/ogc/names": Told("The names of each layer that has some", {responses.JSON: "Names"}, (400,), stale=True)
}
