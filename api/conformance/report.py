"""Report: every class that the service claims, and whether its own check found it kept."""

from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp

from api.conformance import features, filters, json_fg, sensors, stac, stac_collections, stac_filters, tiles
from api.conformance.asking import Asker, Missed, Untested

Claims = Callable[[Asker], list[str]]

DOORS: dict[str, tuple[Claims, dict[str, Callable[[Asker], None]]]] = {
    "/ogc": (
        lambda ask: ask.get("/ogc/conformance")["conformsTo"],
        features.CHECKS | filters.CHECKS | json_fg.CHECKS | tiles.CHECKS,
    ),
    "/stac": (
        lambda ask: ask.get("/stac")["conformsTo"],
        stac.CHECKS | stac_collections.CHECKS | stac_filters.CHECKS,
    ),
    sensors.ROOT: (lambda ask: ask.get(sensors.ROOT)["serverSettings"]["conformance"], sensors.CHECKS),
}
"""Door → what it claims, and the checks of its classes."""


_NOT_YET = "its check is under way; ask again in a moment"


class Report:
    """Asks an app about every class that it claims; what is found can be read meanwhile."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._found: dict[tuple[str, str], dict[str, Any]] = {}

    def check(self) -> None:
        """Go through all classes: once, in one thread."""
        with Asker(self._app) as ask:
            tried: list[tuple[str, str, Callable[[Asker], None] | None]] = []
            for door, (claims, checks) in DOORS.items():
                try:
                    tried += [(door, name, checks.get(name)) for name in claims(ask)]
                except (Missed, LookupError, TypeError) as error:
                    self._tell(door, "", "missed", f"it claims nothing: {error}")
            for door, name, _ in tried:
                self._tell(door, name, "untested", _NOT_YET)
            for door, name, check in tried:
                self._tell(door, name, *_tried(ask, check))

    def classes(self) -> list[dict[str, Any]]:
        """What has been found.

        Returns:
            door, class, result (``kept``, ``missed``, ``untested``) and, unless kept, the reason in words.
        """
        return list(self._found.values())

    def _tell(self, door: str, name: str, result: str, reason: str) -> None:
        told = {"door": door, "class": name, "result": result}
        self._found[door, name] = told | ({"reason": reason} if reason else {})


def report(app: ASGIApp) -> list[dict[str, Any]]:
    """What an app claims and keeps; see `Report.classes`."""
    found = Report(app)
    found.check()
    return found.classes()


def _tried(ask: Asker, check: Callable[[Asker], None] | None) -> tuple[str, str]:
    if check is None:
        return "untested", "there is no check of this class here"
    try:
        check(ask)
    except Untested as error:
        return "untested", str(error)
    except Missed as error:
        return "missed", str(error)
    except Exception as error:  # noqa: BLE001 - whatever an answer did to a check, the others go on
        return "missed", f"an answer has another form than the class wants ({type(error).__name__}: {error})"
    return "kept", ""
