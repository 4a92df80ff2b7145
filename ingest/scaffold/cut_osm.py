"""OpenStreetMap cut down to a few ways and their nodes, as XML that people can read."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ingest.files import File
from ingest.osm.form import readable
from ingest.osm.roads import TAGS
from ingest.osm.tags import kept as form
from ingest.scaffold.mask import Mask

_MOST = 40_000_000_000
_USE = (
    "leisure",
    "landuse",
    "natural",
    "waterway",
    "water",
    "access",
    "service",
    "area",
    "tunnel",
    "covered",
)
_OF_RELATION = ("type", "building", "leisure", "landuse", "natural", "water", "waterway")
_LONGEST = 60
"""Nodes of a way that is small enough to be read."""


def cut_osm(source: Path, ids: Iterable[str], mask: Mask) -> dict[str, bytes]:
    """The ways and relations named, with what they are made of; no mapper, no address, no contact.

    Args:
        source: XML or PBF.
        ids: such as ``way/7`` and ``relation/9``.
        mask: hides what is personal in names.
    """
    import osmium
    from lxml import etree

    wanted = set(ids)
    with readable(File(source.name, source, _MOST)) as (path, kind):
        file = osmium.io.File(str(path), kind)
        relations = _relations(file, wanted)
        ways = {int(each[4:]) for each in wanted if each.startswith("way/")}
        ways |= {ref for members, _ in relations.values() for ref, _ in members}
        found: dict[int, tuple[list[int], dict[str, str]]] = {}
        way: Any
        for way in osmium.FileProcessor(file, osmium.osm.WAY):
            if way.id in ways:
                found[way.id] = [node.ref for node in way.nodes], _tags(way.tags, mask)
        nodes = {ref for refs, _ in found.values() for ref in refs}
        root = etree.Element("osm", version="0.6", generator="cut down")
        node: Any
        for node in osmium.FileProcessor(file, osmium.osm.NODE):
            if node.id in nodes:
                place = {"lat": f"{node.location.lat:.7f}", "lon": f"{node.location.lon:.7f}"}
                etree.SubElement(root, "node", {"id": str(node.id), **place})
    for number, (refs, tags) in sorted(found.items()):
        element = etree.SubElement(root, "way", id=str(number))
        for ref in refs:
            etree.SubElement(element, "nd", ref=str(ref))
        _write(element, tags)
    for number, (members, tags) in sorted(relations.items()):
        element = etree.SubElement(root, "relation", id=str(number))
        for ref, role in members:
            etree.SubElement(element, "member", type="way", ref=str(ref), role=role)
        _write(element, tags)
    etree.indent(root, " ")
    return {"answer.osm": etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"}


def small(source: Path, ids: Iterable[str], most: int) -> list[str]:
    """Of some things the first that are ways of few nodes; else the first of them."""
    import osmium

    named = list(dict.fromkeys(ids))
    wanted = set(named)
    light: set[str] = set()
    with readable(File(source.name, source, _MOST)) as (path, kind):
        way: Any
        for way in osmium.FileProcessor(osmium.io.File(str(path), kind), osmium.osm.WAY):
            if f"way/{way.id}" in wanted and len(way.nodes) <= _LONGEST:
                light.add(f"way/{way.id}")
    return [each for each in named if each in light][:most] or named[:1]


def _relations(file: Any, wanted: set[str]) -> dict[int, tuple[list[tuple[int, str]], dict[str, str]]]:
    import osmium

    found = {}
    relation: Any
    for relation in osmium.FileProcessor(file, osmium.osm.RELATION):
        if f"relation/{relation.id}" in wanted:
            members = [(member.ref, member.role) for member in relation.members if member.type == "w"]
            found[relation.id] = members, {tag.k: tag.v for tag in relation.tags if tag.k in _OF_RELATION}
    return found


def _tags(tags: Any, mask: Mask) -> dict[str, str]:
    """What is read of a way; a name only of roads, areas and public buildings, as the connector does."""
    found = form(tags)
    of_way = "highway" in tags or any(tag.k in _USE for tag in tags)
    for tag in tags:
        if tag.k in _USE or (of_way and tag.k in TAGS):
            found[tag.k] = tag.v
    return {key: str(mask.value(value)) for key, value in found.items()}


def _write(element: Any, tags: dict[str, str]) -> None:
    from lxml import etree

    for key, value in sorted(tags.items()):
        etree.SubElement(element, "tag", k=key, v=value)
