"""Follows every link of every answer, as a visitor could who has nothing but the links."""

import html
import json
import re
from collections import Counter, deque
from urllib.parse import unquote, urljoin, urlsplit

TILE = {"tileMatrix": "14", "tileRow": "5688", "tileCol": "8715", "z": "14", "y": "5688", "x": "8715"}
"""A tile of the made-up city that has something in it."""
_NAMED = re.compile(r"(href|url|uri|tileset|metadata|items|stac|.*Link)\Z")
_HREF = re.compile(r'<a [^>]*href="([^"]+)"')
_ID = re.compile(r"probe\.[\w.-]+|\('[^']*'\)|\b\d{6}\b")
_LEFT = ("/static", "/viewer", "/live")
"""What does not depend on any layer, and what does not end."""


def links(path, answer):
    """Addresses of this service that an answer names, as they stand there."""
    media = answer.headers.get("content-type", "")
    found = []
    if "html" in media:
        found = [html.unescape(href) for href in _HREF.findall(answer.text)]
    elif "json" in media and answer.status_code == 200 and not path.startswith(("/ogc/api", "/openapi")):
        found = list(_named(json.loads(answer.content)))
    found += re.findall(r"<([^>]+)>", answer.headers.get("link", ""))
    here = (urljoin(path, _filled(href)) for href in found)
    return [href for href in here if href.startswith("/") and not href.startswith(_LEFT)]


def _named(value, name=""):
    if isinstance(value, dict) and value.get("method") != "POST":
        for key, each in value.items():
            yield from _named(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each, "href" if name == "tiles" else name)
    elif isinstance(value, str) and _NAMED.match(name) and not value.startswith(("http", "mailto", "#")):
        yield value


def _filled(href):
    for name, value in TILE.items():
        href = href.replace(f"{{{name}}}", value)
    return href


def shape(href):
    """What an address has in common with others of its kind: its path without ids, and its parameters."""
    split = urlsplit(href)
    names = sorted(part.partition("=")[0] for part in split.query.split("&"))
    return re.sub(r"/\d+", "/n", _ID.sub("…", unquote(split.path))), tuple(names)


def crawl(ask, starts, most=3):
    """(path, answer, its links) of all that can be reached; of each kind of address the first `most`."""
    waiting, known, kinds = deque(starts), set(starts), Counter()
    while waiting:
        path = waiting.popleft()
        answer = ask(path)
        found = links(path, answer)
        yield path, answer, found
        for href in found:
            if href not in known and kinds[shape(href)] < most:
                known.add(href)
                kinds[shape(href)] += 1
                waiting.append(href)
