"""Links to next pages."""

from urllib.parse import quote, urlencode

import orjson

from api import params
from api.sta.addresses import PLAIN
from api.sta.query import Options
from api.sta.world import World


def by_number(options: Options) -> str:
    """Where the next page begins: so many are passed over."""
    return f"$skip={options.skip + options.top}"


def by_token(name: str) -> str:
    """Where the next page begins: behind the Observation of this id."""
    return f"$skiptoken={name}" if PLAIN.fullmatch(name) else _query({"$skiptoken": name})


def link(world: World, options: Options, path: str, following: str) -> bytes:
    """The member ``@iot.nextLink`` of a set, without its name, as JSON.

    Args:
        world: Of the request.
        options: What is asked of the set.
        path: Its address within the service.
        following: What tells the next page from this one.
    """
    # the instant stays the same from page to page, whatever is published meanwhile
    if options.following is None:
        kept = {n: text for n, text in options.given.items() if n not in ("$skip", "$skiptoken")}
        when = {"datetime": params.pinned(world.asked, world.pin())}
        options.following = (_query(kept) + "&" if kept else "", _query(when))
    before, after = options.following
    return orjson.dumps(f"{world.service.url(path)}?{before}{following}&{after}")


def _query(given: dict[str, str]) -> str:
    return urlencode(given, quote_via=quote, safe="$'(),;:/=")
