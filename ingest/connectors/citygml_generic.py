"""Generic attributes of CityGML 1, 2 and 3, typed; sets are flattened with dots."""

from typing import Any

from lxml import etree

from ingest.connectors.citygml_roles import ROLES, Role, local
from ingest.connectors.citygml_values import GenericValue, typed


def read_generic(element: etree._Element, values: dict[str, Any], *, wanted: bool) -> None:
    """Take over a generic attribute, or a set of them.

    Args:
        element: ``gen:stringAttribute`` (1, 2), ``gen:StringAttribute`` (3) and the like.
        values: those of the record. The municipality's key is always taken.
        wanted: take all of them, into ``generic``.
    """
    role, kind = ROLES[element.tag]
    if role is Role.GENERIC:
        name, written = _name(element), _value(element)
        if name == "Gemeindeschluessel" and kind is str:
            values["municipality_key"] = values["municipality_key"] or written
    if wanted:
        _flatten(element, "", values["generic"])


def _flatten(element: etree._Element, prefix: str, into: dict[str, GenericValue]) -> None:
    role, kind = ROLES[element.tag]
    name = _name(element)
    if name is None:
        return
    if role is Role.GENERIC:
        value = typed(_value(element), kind)
        if value is not None:
            into.setdefault(prefix + name, value)
    elif role is Role.GENERIC_SET:
        for child in element:
            inner = next(iter(child), None) if ROLES[child.tag][0] is Role.GENERIC_3 else child
            if inner is not None and ROLES[inner.tag][0] in (Role.GENERIC, Role.GENERIC_SET):
                _flatten(inner, f"{prefix}{name}.", into)


def _name(element: etree._Element) -> str | None:
    return (element.get("name") or _child(element, "name") or "").strip() or None


def _value(element: etree._Element) -> str | None:
    return _child(element, "value")


def _child(element: etree._Element, name: str) -> str | None:
    for child in element:
        if local(child.tag) == name:
            return (child.text or "").strip() or None
    return None
