"""Lines: the routes of a feed under the name that stands on the bus."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.gtfs.feed import Feed, whole
from ingest.gtfs.modes import mode


@dataclass(slots=True)
class Line:
    """One line of one operator."""

    key: str
    """Means, name and operator: feeds number their routes anew with every version, but this lasts."""
    name: str
    long_name: str | None
    mode: str
    operator: str | None


class Lines:
    """The lines of a feed; several routes with the same means, name and operator are one line.

    Args:
        feed: Read from its ``routes.txt`` and ``agency.txt``; of agencies only the name.
        named: As `ingest.gtfs.modes.mode` takes it.
    """

    def __init__(self, feed: Feed, named: Mapping[str, str]) -> None:
        agencies = {
            agency or "": name for agency, name in feed.rows("agency", (), ("agency_id", "agency_name"))
        }
        only = next(iter(agencies.values())) if len(agencies) == 1 else None
        self.lines: list[Line] = []
        self.routes: dict[str, int] = {}
        """Route → number of its line."""
        numbers: dict[str, int] = {}
        columns = ("route_type", "route_short_name", "route_long_name", "agency_id")
        for route, kind, short, long, agency in feed.rows("routes", ("route_id",), columns):
            if not route or route in self.routes:
                continue
            name = short or long or route
            operator = agencies.get(agency or "", only)
            means = mode(whole(kind or ""), name, named)
            key = ":".join((means, name, operator or ""))
            number = numbers.setdefault(key, len(numbers))
            if number == len(self.lines):
                self.lines.append(Line(key, name, long if short else None, means, operator))
            self.routes[route] = number
