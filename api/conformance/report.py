"""Report: every class that the service claims, and whether its own check found it kept."""

from collections.abc import Callable, Iterator
from typing import Any

from starlette.types import ASGIApp

from api.conformance import features, filters, sensors, stac, stac_collections, stac_filters, tiles
from api.conformance.asking import Asker, Missed, Untested

Claims = Callable[[Asker], list[str]]

DOORS: dict[str, tuple[Claims, dict[str, Callable[[Asker], None]]]] = {
    "/ogc": (
        lambda ask: ask.get("/ogc/conformance")["conformsTo"],
        features.CHECKS | filters.CHECKS | tiles.CHECKS,
    ),
    "/stac": (
        lambda ask: ask.get("/stac")["conformsTo"],
        stac.CHECKS | stac_collections.CHECKS | stac_filters.CHECKS,
    ),
    sensors.ROOT: (lambda ask: ask.get(sensors.ROOT)["serverSettings"]["conformance"], sensors.CHECKS),
}
"""Door → what it claims, and the checks of its classes."""


def report(app: ASGIApp) -> list[dict[str, Any]]:
    """Ask an app about every class that it claims.

    Returns:
        door, class, result (``kept``, ``missed``, ``untested``) and, unless kept, the reason in words.
    """
    with Asker(app) as ask:
        return list(_results(ask))


def _results(ask: Asker) -> Iterator[dict[str, Any]]:
    for door, (claims, checks) in DOORS.items():
        try:
            names = claims(ask)
        except (Missed, LookupError, TypeError) as error:
            yield {"door": door, "class": "", "result": "missed", "reason": f"it claims nothing: {error}"}
            continue
        for name in names:
            result, reason = _tried(ask, checks.get(name))
            yield {"door": door, "class": name, "result": result} | ({"reason": reason} if reason else {})


def _tried(ask: Asker, check: Callable[[Asker], None] | None) -> tuple[str, str]:
    if check is None:
        return "untested", "there is no check of this class here"
    try:
        check(ask)
    except Untested as error:
        return "untested", str(error)
    except Missed as error:
        return "missed", str(error)
    except (LookupError, TypeError, ValueError) as error:
        return "missed", f"an answer has another form than the class wants ({type(error).__name__}: {error})"
    return "kept", ""
