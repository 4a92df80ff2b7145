"""Reads vector tiles by the specification: Google's protocol buffers for the wire, commands by hand."""

from dataclasses import dataclass

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.unknown_fields import UnknownFieldSet

LABELS = {"optional": 1, "required": 2, "repeated": 3}
TYPES = {"double": 1, "int64": 3, "uint64": 4, "bool": 8, "string": 9, "uint32": 13}
FIELDS = {
    "Value": [
        ("optional", "string", "string_value", 1),
        ("optional", "double", "double_value", 3),
        ("optional", "int64", "int_value", 4),
        ("optional", "bool", "bool_value", 7),
    ],
    "Feature": [
        ("optional", "uint64", "id", 1),
        ("repeated", "uint32", "tags", 2),
        ("optional", "uint32", "type", 3),
        ("repeated", "uint32", "geometry", 4),
    ],
    "Layer": [
        ("required", "string", "name", 1),
        ("repeated", "Feature", "features", 2),
        ("repeated", "string", "keys", 3),
        ("repeated", "Value", "values", 4),
        ("optional", "uint32", "extent", 5),
        ("required", "uint32", "version", 15),
    ],
    "Tile": [("repeated", "Layer", "layers", 3)],
}


def _tile():
    file = descriptor_pb2.FileDescriptorProto(name="probe_tile.proto", package="probe", syntax="proto2")
    for name, fields in FIELDS.items():
        message = file.message_type.add(name=name)
        for label, kind, field, number in fields:
            told = message.field.add(name=field, number=number, label=LABELS[label])
            if kind in TYPES:
                told.type = TYPES[kind]
                told.options.packed = label == "repeated" and kind == "uint32"
            else:
                told.type, told.type_name = 11, f".probe.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("probe.Tile"))


TILE = _tile()


@dataclass
class Read:
    id: int
    kind: int
    paths: list[list[tuple[int, int]]]
    """Points of each path; rings without their last point, in order."""
    properties: dict


def layers(data):
    """The layers of a tile; fails where there is anything that the specification does not know."""
    tile = TILE.FromString(data)
    for layer in tile.layers:
        for message in (tile, layer, *layer.features, *layer.values):
            assert len(UnknownFieldSet(message)) == 0
    return list(tile.layers)


def read(data):
    """The features of a tile of one layer."""
    (layer,) = layers(data)
    assert (layer.version, layer.extent) == (2, 4096)
    assert len(set(layer.keys)) == len(layer.keys)
    values = [next(iter(value.ListFields()))[1] for value in layer.values]
    assert all(len(value.ListFields()) == 1 for value in layer.values)
    return [
        Read(
            feature.id,
            feature.type,
            paths(feature),
            {
                layer.keys[key]: values[value]
                for key, value in zip(feature.tags[::2], feature.tags[1::2], strict=True)
            },
        )
        for feature in layer.features
    ]


def paths(feature):
    numbers, found, x, y = iter(feature.geometry), [], 0, 0
    closed = 0
    for command in numbers:
        name, count = command & 7, command >> 3
        if name == 7:
            assert feature.type == 3
            assert count == 1
            closed += 1
            continue
        for _ in range(count):
            dx, dy = next(numbers), next(numbers)
            x, y = x + (dx >> 1 ^ -(dx & 1)), y + (dy >> 1 ^ -(dy & 1))
            if name == 1:
                found.append([])
            else:
                assert name == 2
                assert (x, y) != found[-1][-1], "a line without a length"
            found[-1].append((x, y))
    if feature.type == 3:
        assert closed == len(found)
        assert all(len(path) >= 3 and path[0] != path[-1] for path in found)
    if feature.type == 2:
        assert all(len(path) >= 2 for path in found)
    return found


def area(ring):
    """The surveyor's formula: positive for an outer ring."""
    return sum(a * d - c * b for (a, b), (c, d) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def polygons(feature):
    """(outer ring, inner rings) of each polygon, by winding alone."""
    found = []
    for ring in feature.paths:
        assert area(ring) != 0
        if area(ring) > 0:
            found.append((ring, []))
        else:
            found[-1][1].append(ring)
    return found
