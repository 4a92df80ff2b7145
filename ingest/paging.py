"""Paging: an answer in several pieces, by links or by counting; never endless, never to another host."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ingest.fetch import Body, Fetch
from twin.errors import SourceBroken

MOST_PAGES = 10_000


def by_links(
    fetch: Fetch,
    url: str,
    read: Callable[[Body], Any],
    next_of: Callable[[Any], str | None],
    *,
    params: Mapping[str, str] | None = None,
    accept: tuple[str, ...] = (),
    hosts: Iterable[str] = (),
    most: int = MOST_PAGES,
) -> Iterator[Any]:
    """Yield pages that name the next one (OGC API Features, SensorThings, STAC).

    Args:
        fetch: asks.
        url: of the first page.
        read: makes a document of an answer, and refuses what is none.
        next_of: the link to the next page in a document, None in the last one.
        params: parameters of the first page; links carry their own.
        accept: media types wanted.
        hosts: further hosts that a link may lead to.
        most: pages from which on the source counts as endless.

    Raises:
        SourceBroken: a page that was there already, or too many of them.
        SourceRefused: a link to another host.
    """
    allowed = tuple(hosts)
    body = fetch.get(url, params, accept=accept)
    seen = {url}
    for number in range(1, most + 1):
        document = read(body)
        yield document
        link = next_of(document)
        if link is None:
            return
        # Against the address that was asked: a body's own address has lost what looks like a secret.
        url = fetch.follow(url, link, allowed)
        if url in seen:
            raise SourceBroken(f"{body.place}: its pages lead in a circle (page {number}); ask its publisher")
        seen.add(url)
        if number < most:
            body = fetch.get(url, accept=accept)
    raise SourceBroken(f"{body.place} has too many pages (over {most:,}); ask for more things a page")


def by_count(
    fetch: Fetch,
    url: str,
    params: Callable[[int], Mapping[str, str]],
    read: Callable[[Body, int], tuple[Any, int]],
    *,
    accept: tuple[str, ...] = (),
    most: int = MOST_PAGES,
) -> Iterator[Any]:
    """Yield pages that begin at a number (WFS ``startIndex``, CKAN ``offset``), until one is empty.

    Args:
        fetch: asks.
        url: of all pages.
        params: parameters of the page that begins at a number of things.
        read: makes a document of an answer, given the page's number from 1, and says how many things it has.
        accept: media types wanted.
        most: pages from which on the source counts as endless.

    Raises:
        SourceBroken: too many pages.
    """
    came = 0
    for number in range(1, most + 1):
        body = fetch.get(url, params(came), accept=accept)
        document, count = read(body, number)
        if not count:
            return
        yield document
        came += count
    raise SourceBroken(f"{body.place} has too many pages (over {most:,}); ask for more things a page")
