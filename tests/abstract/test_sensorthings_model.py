"""SensorThings 1.1 (18-088): the entities, what they have and lead to, and the paths to them."""

import pytest

from tests.abstract import named
from tests.sensorthings import PROPERTIES, RELATIONS, SETS

MODEL = "iot_sensing/1.1/req/datamodel"
model, path = named.of(MODEL), named.of("iot_sensing/1.1/req/resource-path")
ROOT = "/sta/v1.1"
DEEP = 4
USED = {kind: {"$filter": "Datastreams/id ne ''"} for kind in ("Sensors", "ObservedProperties")}


def first(ask, kind, count=2):
    """The first entities; of sensors and observed properties those that have been used."""
    found = ask.json(f"{ROOT}/{kind}", {"$top": count, **USED.get(kind, {})})["value"]
    assert found
    return found


@model("thing/properties", "location/properties", "historical-location/properties", "datastream/properties")
@model("sensor/properties", "observed-property/properties", "observation/properties")
@model("feature-of-interest/properties")
@pytest.mark.parametrize("kind", PROPERTIES)
def test_properties(ask, kind):
    """Entities have the properties of their kind; each can be read alone, and as a bare value."""
    for entity in first(ask, kind):
        assert PROPERTIES[kind] <= set(entity)
        for name in PROPERTIES[kind]:
            answer = ask(f"{entity['@iot.selfLink']}/{name}")
            raw = ask(f"{entity['@iot.selfLink']}/{name}/$value")
            if entity[name] is None:
                assert (answer.status_code, raw.status_code) == (204, 204)
                continue
            assert answer.json() == {name: entity[name]}
            text = raw.text
            assert text == entity[name] if isinstance(entity[name], str) else raw.json() == entity[name]


@model("thing/relations", "location/relations", "historical-location/relations", "datastream/relations")
@model("sensor/relations", "observed-property/relations", "observation/relations")
@model("feature-of-interest/relations")
@pytest.mark.parametrize("kind", RELATIONS)
def test_relations(ask, kind):
    """Entities lead to those of the model, one or many, and back."""
    for entity in first(ask, kind):
        links = {
            name.removesuffix("@iot.navigationLink")
            for name in entity
            if name.endswith("@iot.navigationLink")
        }
        assert links == RELATIONS[kind]
        for name in links:
            beyond = ask.json(entity[f"{name}@iot.navigationLink"])
            many = name == SETS[name]
            found = beyond["value"] if many else [beyond]
            assert found
            assert all(PROPERTIES[SETS[name]] <= set(one) for one in found)


@model("entity-control-information/common-control-information")
@pytest.mark.parametrize("kind", PROPERTIES)
def test_common_control_information(ask, kind):
    """Every entity has an id and the address at which it is."""
    for entity in first(ask, kind):
        assert entity["@iot.id"]
        assert entity["@iot.selfLink"].startswith(f"{ask.BASE}{ROOT}/{kind}(")
        assert ask.json(entity["@iot.selfLink"]) == entity


@path("resource-path-to-entities")
def test_resource_path_to_entities(ask):
    """The root lists all sets by their addresses, and says what it keeps to."""
    root = ask.json(ROOT)
    assert {one["name"]: one["url"] for one in root["value"]} == {
        name: f"{ask.BASE}{ROOT}/{name}" for name in PROPERTIES
    }
    assert root["serverSettings"]["conformance"]
    assert ask.json(f"{ROOT}/")["value"] == root["value"]


@path("resource-path-to-entities")
@pytest.mark.parametrize("kind", PROPERTIES)
def test_resource_path_to_entities_four_deep(ask, kind):
    """Paths lead from entity to entity, four sets deep as in OGC's suite; ``$ref`` gives addresses only."""
    seen = set()

    def walk(address, at, depth):
        used = USED.get(at, {}) if depth == 1 else {}
        found = ask.json(address, {"$top": 1, **used})["value"]
        refs = ask.json(f"{address}/$ref", {"$top": 1})["value"]
        assert all(set(one) == {"@iot.selfLink"} for one in refs)
        assert found
        if depth == DEEP or (at, depth) in seen:
            return
        seen.add((at, depth))
        name = found[0]["@iot.id"].replace("'", "''")
        for relation in RELATIONS[at]:
            beyond = f"{address}('{name}')/{relation}"
            if relation == SETS[relation]:
                walk(beyond, relation, depth + 1)
            else:
                assert ask.json(beyond)["@iot.id"]

    walk(f"{ROOT}/{kind}", kind, 1)
