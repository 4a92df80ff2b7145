"""What is wrong with a recipe's source before anybody is asked: its address, and its connector's options."""

import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from ingest.faults import line_of, nearest
from ingest.sense import nonsense
from twin.city import City
from twin.errors import SourceDown, TwinError
from twin.layer import Layer

_STANDS_IN = re.compile(r"(.+\.)?example(\.(org|com|net))?|(.+\.)?(test|invalid)")
"""Names that nobody will ever have (RFC 2606); ``twin new`` writes one where it looked at a file."""
_BESIDE = "file:NAME for a file beside city.toml"
_INSIDE = re.compile(r"(.+\.)?(localhost|local|internal|home\.arpa)")


def faults_of(city: City, layer: Layer, file: Path, ready: bool) -> Iterator[str]:
    """What is wrong with how a layer's source is asked: file, line, words and remedy. Nothing is sent.

    Args:
        city: whose borders may stand in the address.
        layer: one of its layers.
        file: its recipe.
        ready: whether it has to be one that can be run, with an address that may be asked.
    """
    if city.generator is not None:
        return
    unknown = list(unknown_options(layer, file))
    yield from unknown
    text = file.read_text("utf-8")
    yield from nonsense(city, layer, text, file.name)
    if ready and city.folder is not None and layer.source.url.startswith("file:"):
        beside = layer.source.url.removeprefix("file:")
        place = f"{file.name}{line_of(text, ['source', 'url'])}"
        if not (city.folder / beside).resolve().is_relative_to(city.folder.resolve()):
            yield f"{place}: source.url leaves the city's folder; put the file beside city.toml"
        elif not (city.folder / beside).exists():
            near = nearest(beside, [each.name for each in sorted(city.folder.iterdir())])
            yield f"{place}: source.url names no file that is here ({beside}){near}"
    address = _address(layer.source.url)
    if address is not None and ready:
        yield f"{file.name}{line_of(text, ['source', 'url'])}: source.url {address}"
    asks = layer.source.url.startswith(("http://", "https://")) and (ready or address is None)
    if asks and not unknown:
        words = _refused(city, layer)
        if words is not None:
            option = re.search(r"options\.(\w+)", words)
            where = ["source", "options", *([option[1]] if option else [])]
            yield f"{file.name}{line_of(text, where)}: {words}"


def unknown_options(layer: Layer, file: Path) -> Iterator[str]:
    """Each option in a recipe that its connector does not document."""
    from ingest.connectors.options import names

    known = names(layer.source.connector)
    text = file.read_text("utf-8")
    for name in layer.source.options:
        if name not in known:
            place = f"{file.name}{line_of(text, ['source', 'options', name])}: source.options.{name}"
            yield f"{place} is no option of the connector {layer.source.connector}{nearest(name, known)}"


def _address(url: str) -> str | None:
    """What is wrong with an address, and the remedy; None if it may be asked."""
    from ingest.addresses import is_local, is_public

    if url.startswith(("demo:", "file:")):
        return None
    if is_local(url):
        return f"is no address; write one with https://, or {_BESIDE}"
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    if _STANDS_IN.fullmatch(host):
        return f"only stands in for an address ({host}); write where the source lies, or {_BESIDE}"
    remedy = f"write its public address, or {_BESIDE}, or give this one by hand: twin run --source LAYER=URL"
    try:
        inside = not is_public(str(ipaddress.ip_address(host)))
    except ValueError:  # a name
        inside = _INSIDE.fullmatch(host) is not None
    return f"is an address of this machine or its own network ({host}); {remedy}" if inside else None


def _refused(city: City, layer: Layer) -> str | None:
    """What the connector says about its options when asked where there is no network; None if nothing."""
    from ingest.addresses import within
    from ingest.connectors import connector
    from ingest.fetch import Fetch
    from ingest.waiting import NEVER
    from twin.settings import Settings

    source = layer.source.model_copy(update={"url": within(layer.source.url, city)})
    with Fetch(Settings(), waiting=NEVER, resolve=_nowhere) as fetch:
        try:
            for _ in connector(source.connector)(source, fetch):
                return None
        except SourceDown:
            return None  # it would have asked: no more is wanted
        except TwinError as error:
            return str(error)
        except (TypeError, ValueError, AttributeError, KeyError):
            return (
                "source.options has a value of a kind its connector cannot use; docs/connectors.md names them"
            )
    return "source.options ask for nothing of the source; name what is wanted (docs/connectors.md)"


def _nowhere(host: str, port: int) -> list[str]:
    raise OSError("no network here")
