"""Checks of SensorThings 1.1."""

from collections.abc import Callable
from typing import Any

from api.conformance.asking import Asker, Untested, expect

ROOT = "/sta/v1.1"
_SETS = (
    "Things",
    "Locations",
    "HistoricalLocations",
    "Datastreams",
    "Sensors",
    "ObservedProperties",
    "Observations",
    "FeaturesOfInterest",
)


def _some(ask: Asker, name: str = "Datastreams", **options: Any) -> list[dict[str, Any]]:
    given = {f"${option}": value for option, value in options.items()}
    found: list[dict[str, Any]] = ask.get(f"{ROOT}/{name}", **given)["value"]
    if not found and not options:
        raise Untested(f"this store has no {name}")
    return found


def _sets(ask: Asker) -> None:
    listed = {one["name"] for one in ask.get(ROOT)["value"]}
    expect(set(_SETS) <= listed, f"missing: {', '.join(sorted(set(_SETS) - listed))}")
    for name in _SETS:
        for one in _some(ask, name, top=1):
            expect({"@iot.id", "@iot.selfLink"} <= set(one), f"{name} lack their id or link")


def _paths(ask: Asker) -> None:
    (one, *_) = _some(ask)
    path = f"{ROOT}/Datastreams('{one['@iot.id']}')"
    expect(ask.get(path)["@iot.id"] == one["@iot.id"], f"{path} is another")
    expect(ask.get(f"{path}/name")["name"] == one["name"], "a property cannot be asked for alone")
    expect(ask.ask(f"{path}/name/$value").body.decode() == one["name"], "$value is another")
    for name in ("Thing", "Sensor", "ObservedProperty", "Observations"):
        ask.get(f"{path}/{name}")


def _statuses(ask: Asker) -> None:
    _some(ask)
    ask.refused(f"{ROOT}/Nonsense", 404)
    ask.refused(f"{ROOT}/Things('there-is-none')", 404)
    for option, value in (("$top", "many"), ("$orderby", "nonsense"), ("$nonsense", "1"), ("$skip", "-1")):
        ask.refused(f"{ROOT}/Things", 400, **{option: value})


def _expand(ask: Asker) -> None:
    for one in _some(ask, expand="Thing,Observations($top=1)", top=2):
        expect(
            one["Thing"]["@iot.id"] and len(one["Observations"]) <= 1, "$expand leaves out or takes too many"
        )


def _select(ask: Asker) -> None:
    for one in _some(ask, select="name", top=2):
        expect(set(one) - {"@iot.id", "@iot.selfLink"} == {"name"}, "$select=name gives more or less")


def _order(ask: Asker) -> None:
    _some(ask)
    for word in ("asc", "desc"):
        times = [
            one["phenomenonTime"]
            for one in _some(ask, "Observations", orderby=f"phenomenonTime {word}", top=50)
        ]
        expect(times == sorted(times, reverse=word == "desc"), f"$orderby … {word} does not order")


def _pages(ask: Asker) -> None:
    whole = [one["@iot.id"] for one in _some(ask)]
    expect([one["@iot.id"] for one in _some(ask, top=1)] == whole[:1], "$top=1 is not the first")
    expect([one["@iot.id"] for one in _some(ask, top=1, skip=1)] == whole[1:2], "$skip=1 is not the second")
    if len(whole) > 1:
        page = ask.get(f"{ROOT}/Datastreams", **{"$top": 1})
        following = ask.get(page["@iot.nextLink"])["value"]
        expect([one["@iot.id"] for one in following] == whole[1:2], "@iot.nextLink is not the second")


def _count(ask: Asker) -> None:
    _some(ask)
    page = ask.get(f"{ROOT}/Datastreams", **{"$count": "true", "$top": 1})
    expect(page["@iot.count"] >= len(page["value"]), "@iot.count is less than what is there")
    expect("@iot.count" not in ask.get(f"{ROOT}/Datastreams", **{"$count": "false"}), "$count=false counts")


def _filter(ask: Asker) -> None:
    (one, *_) = _some(ask)
    name = one["name"].replace("'", "''")
    found = _some(ask, filter=f"name eq '{name}'")
    expect(found and all(other["name"] == one["name"] for other in found), "$filter with eq finds others")
    others = _some(ask, filter=f"not (name eq '{name}')", top=20)
    expect(all(other["name"] != one["name"] for other in others), "$filter with not finds the same")
    (value, *_) = _some(ask, "Observations", top=1)
    through = f"Observations/phenomenonTime ge {value['phenomenonTime']}"
    streams = {one["@iot.id"] for one in _some(ask, filter=through, top=1000)}
    expect(streams, "$filter through Observations finds nothing")
    ask.refused(f"{ROOT}/Datastreams", 400, **{"$filter": "name eq"})
    ask.refused(f"{ROOT}/Datastreams", 400, **{"$filter": "nonsense eq 1"})


def _operators(ask: Asker) -> None:
    _some(ask)
    least = [
        one["result"] for one in _some(ask, "Observations", filter="result ge 1 and result lt 5", top=20)
    ]
    expect(all(1 <= value < 5 for value in least), "ge and lt find others")
    added = [one["result"] for one in _some(ask, "Observations", filter="result add 1 gt 3", top=20)]
    expect(all(value > 2 for value in added), "add finds others")


def _functions(ask: Asker) -> None:
    (one, *_) = _some(ask)
    start = one["name"][:3].replace("'", "''")
    for text in (f"startswith(name,'{start}')", f"substringof('{start}',name)", "length(name) gt 0"):
        expect(_some(ask, filter=text, top=1), f"{text.partition('(')[0]} finds nothing")
    for text in ("year(phenomenonTime) gt 1900", "phenomenonTime le now()"):
        _some(ask, "Observations", filter=text, top=1)
    _some(ask, "Locations", filter="st_within(location,geography'POLYGON((0 0,1 0,1 1,0 1,0 0))')", top=1)


def _array(ask: Asker) -> None:
    (one, *_) = _some(ask)
    path = f"{ROOT}/Datastreams('{one['@iot.id']}')/Observations"
    plain = ask.get(path, **{"$top": 2})["value"]
    (table, *_) = ask.get(path, **{"$top": 2, "$resultFormat": "dataArray"})["value"]
    place = table["components"].index("result")
    rows = [row[place] for row in table["dataArray"]]
    expect(rows == [other["result"] for other in plain], "dataArray has other results")


def _data(ask: Asker) -> None:
    for check in (_statuses, _order, _expand, _select, _pages, _count, _filter, _operators, _functions):
        check(ask)


_SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
_DATA = f"{_SPEC}request-data/"

CHECKS: dict[str, Callable[[Asker], None]] = {
    f"{_SPEC}datamodel": _sets,
    f"{_SPEC}resource-path/resource-path-to-entities": _paths,
    f"{_SPEC}request-data": _data,
    f"{_DATA}status-code": _statuses,
    f"{_DATA}query-status-code": _statuses,
    f"{_DATA}order": _order,
    f"{_DATA}orderby": _order,
    f"{_DATA}expand": _expand,
    f"{_DATA}select": _select,
    f"{_DATA}top": _pages,
    f"{_DATA}skip": _pages,
    f"{_DATA}pagination": _pages,
    f"{_DATA}count": _count,
    f"{_DATA}filter": _filter,
    f"{_DATA}built-in-filter-operations": _operators,
    f"{_DATA}built-in-query-functions": _functions,
    f"{_SPEC}data-array/data-array": _array,
}
"""Class → its check."""
