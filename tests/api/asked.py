"""The service as schemathesis asks it: its own document, with names of things that there are."""

import asyncio
from threading import Thread

import httpx
import requests

ITEMS = "probe.buildings.b1", "probe.construction-sites.running", "probe.bike-counts.arnulf"
STREAM = "probe.bike-counts:probe.bike-counts.arnulf:bicycles"
THING = "probe.bike-counts:probe.bike-counts.arnulf"
THERE = {
    "layer": ("probe.buildings", "probe.construction-sites", "probe.bike-counts", "probe.air-quality"),
    "name": ("probe", "probe.buildings", "probe.bike-counts"),
    "feature": ITEMS,
    "revision": ("000001", "000002", "999999"),
    "z": (0, 14, 16),
    "y": (0, 5675, 99999999),
    "x": (0, 8716, 99999999),
    "datetime": ("2026-02-20T00:00:00Z", "2026-03-01T11:00:00Z", "../2026-02-25", "1900-01-01T00:00:00Z"),
    "bbox": ("11.5,48.1,11.51,48.11", "-180,-90,180,90", "11.5,48.1,0,11.51,48.11,9"),
    "crs": ("http://www.opengis.net/def/crs/EPSG/0/25832", "http://www.opengis.net/def/crs/EPSG/0/4258"),
    "bbox-crs": ("http://www.opengis.net/def/crs/EPSG/0/4258",),
    "filter": (
        "height_m > 20",
        "S_INTERSECTS(geometry, POINT(11.5 48.1))",
        "id LIKE '%1' OR CASEI(id) = 'x'",
        "T_BEFORE(observed_at, DATE('2026-03-01'))",
        "table:row_count > 1",
    ),
    "sortby": ("-height_m,id", "id", "-datetime"),
    "properties": ("height_m", "id"),
    "fields": ("-assets", "id,properties.title", "-geometry,-links"),
    "query": ('{"table:row_count": {"gt": 1}}',),
    "ids": ("000001",),
    "collections": ("probe.buildings,probe.bike-counts",),
    "q": ("b1", "straße", "Buildings"),
    "resource": (
        "Things",
        "Datastreams",
        "Observations",
        "Sensors/$ref",
        f"Things('{THING}')/name",
        f"Things('{THING}')/name/$value",
        f"Things('{THING}')/Locations",
        f"Datastreams('{STREAM}')/Observations",
        f"Datastreams('{STREAM}')/unitOfMeasurement/$value",
    ),
    "$filter": ("result gt 1", "contains(name, 'a')", "st_within(location, geography'POINT(1 2)')"),
    "$expand": ("Datastreams/Observations($top=1)", "Datastreams", "Thing($select=name)"),
    "$select": ("name", "@iot.id,description", "result"),
    "$orderby": ("phenomenonTime desc", "name"),
    "layers": ("probe.buildings",),
}
"""Parameter → values that make an answer."""
_CLOSED = {"layer", "name", "feature", "revision", "z", "y", "x"}
"""Anything else is nowhere."""


def with_names(document):
    """The document, its parameters with names of what the made-up city has."""
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [_named(parameter) for parameter in operation.get("parameters", ())]
    return document


def _named(parameter):
    name = parameter["name"]
    parameter["schema"].pop("maxLength", None)  # to find what is longer takes long; test_hostile.py has it
    if name not in THERE:
        return parameter
    kind, values = parameter["schema"]["type"], list(THERE[name])
    known = {"type": kind, "enum": [text.split(",") for text in values] if kind == "array" else values}
    schema = known if name in _CLOSED else {"anyOf": [known, parameter["schema"]]}
    return {key: value for key, value in parameter.items() if key != "example"} | {"schema": schema}


class Asker:
    """Asks an app, one after the other, in a loop of its own."""

    def __init__(self, app):
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        transport = httpx.ASGITransport(app)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://made.example", trust_env=False)

    def __call__(self, case):
        prepared = requests.Request(**self._plain(case)).prepare()
        asked = self._client.build_request(
            prepared.method, prepared.url, headers=list(prepared.headers.items()), content=prepared.body
        )
        return self.send(asked)

    def send(self, asked):
        answer = asyncio.run_coroutine_threadsafe(self._client.send(asked), self._loop).result(60)
        answer.elapsed = answer._elapsed if hasattr(answer, "_elapsed") else None
        return answer

    def close(self):
        asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @staticmethod
    def _plain(case):
        told = case.as_transport_kwargs(base_url="http://made.example")
        known = ("method", "url", "headers", "params", "json", "data", "files", "cookies")
        return {name: told[name] for name in known if name in told}
