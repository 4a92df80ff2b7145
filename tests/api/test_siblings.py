"""Prepared siblings: what was packed at publication is what visitors get."""

import gzip
import hashlib
import json

import brotli
import pytest
from made import BUILDINGS, NOON, buildings, publish

from api import responses
from catalog import keys
from twin.compress import siblings

TILE = b"glTF" + b"wall roof ground " * 400


@pytest.fixture
def packed_only(monkeypatch):
    """Packing at request time is a fault here."""

    def never(coding, body):
        raise AssertionError("packed while somebody waits")

    monkeypatch.setattr(responses, "pack", never)


@pytest.fixture
def told(store):
    """The newest revision with siblings of its tile; the tile's key inside the layer."""
    revision = publish(store, BUILDINGS, buildings(3), NOON.replace(hour=13), (TILE,))
    name = f"content/{hashlib.sha256(TILE).hexdigest()}.glb"
    path = keys.revision(BUILDINGS.id, revision.number)
    document = json.loads(store.get(path))
    for end, data in siblings(TILE, "glb").items():
        store.put(keys.inside(BUILDINGS.id, f"{name}.{end}"), data)
        entry = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        document["objects"][f"{name}.{end}"] = entry
    store.path(path).unlink()
    store.create(path, json.dumps(document).encode())
    return name


@pytest.mark.usefixtures("packed_only")
def test_each_visitor_gets_the_form_it_reads(store, told, client_of):
    ask, address = client_of(store), f"/tiles/probe.buildings/{told}"
    forms = siblings(TILE, "glb")
    tags = set()
    for _ in range(2):  # from the store, then from memory
        for accepted, coding, data in (
            ("gzip, deflate, br, zstd", "br", forms["br"]),
            ("gzip", "gzip", forms["gz"]),
            ("br;q=0.1, gzip;q=0.9", "gzip", forms["gz"]),
            ("br;q=0, gzip;q=0", None, TILE),
            ("identity", None, TILE),
        ):
            answer = ask(address, accept_encoding=accepted)
            assert answer.status_code == 200
            assert answer.content == TILE  # the client unpacks
            assert answer.headers.get("content-encoding") == coding
            assert int(answer.headers["content-length"]) == len(data)
            assert answer.headers["vary"] == "Accept-Encoding"
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["content-type"] == "model/gltf-binary"
            tags.add((coding, answer.headers["etag"]))
    assert len(tags) == len({tag for _, tag in tags}) == 3
    assert not any(tag.startswith("W/") for _, tag in tags)
    for coding, tag in tags:
        again = ask(address, accept_encoding=coding or "identity", if_none_match=tag)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    head = ask(address, method="HEAD", accept_encoding="br")
    assert int(head.headers["content-length"]) == len(forms["br"])
    assert head.headers["content-encoding"] == "br"


@pytest.mark.parametrize("accepted", ["br", "gzip", "gzip, br", "identity"])
def test_a_part_is_of_the_plain_file_but_for_who_goes_on_with_a_packed_one(store, told, client_of, accepted):
    ask, address = client_of(store), f"/tiles/probe.buildings/{told}"
    whole = ask(address, accept_encoding=accepted)
    coding, tag = whole.headers.get("content-encoding"), whole.headers["etag"]
    form = {"br": siblings(TILE, "glb")["br"], "gzip": siblings(TILE, "glb")["gz"]}.get(coding, TILE)
    part = ask(address, range="bytes=4-20", accept_encoding=accepted)
    assert (part.status_code, part.content) == (206, TILE[4:21])
    assert part.headers["content-range"] == f"bytes 4-20/{len(TILE)}"
    on = ask(address, range="bytes=0-", accept_encoding=accepted, if_range=tag)
    assert (on.status_code, on.headers.get("content-encoding"), on.content) == (206, coding, TILE)
    assert on.headers["content-range"] == f"bytes 0-{len(form) - 1}/{len(form)}"
    plain = ask(address, range="bytes=4-20", accept_encoding=accepted, if_range=part.headers["etag"])
    assert (plain.status_code, plain.content) == (206, TILE[4:21])
    again = ask(address, range="bytes=4-20", accept_encoding=accepted, if_range='"another-br"')
    assert (again.status_code, again.content) == (200, TILE)


def test_without_siblings_it_is_packed_on_the_way(store, client_of):
    publish(store, BUILDINGS, buildings(3), NOON.replace(hour=13), (TILE,))
    answer = client_of(store)(
        f"/tiles/probe.buildings/content/{hashlib.sha256(TILE).hexdigest()}.glb", accept_encoding="br"
    )
    assert (answer.headers["content-encoding"], answer.content) == ("br", TILE)


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
@pytest.mark.parametrize("part", ["", ".br", ".gz"])
@pytest.mark.parametrize("how", ["other bytes", "truncated", "missing"])
def test_a_tile_with_a_damaged_form_is_not_served_in_it(store, told, client_of, accepted, part, how):
    key = keys.inside(BUILDINGS.id, f"{told}{part}")
    match how:
        case "other bytes":
            wrong = {"": b"glTF" + bytes(500), ".br": brotli.compress(b"x"), ".gz": gzip.compress(b"x")}
            store.put(key, wrong[part])
        case "truncated":
            store.put(key, store.get(key)[:-1])
        case _:
            store.path(key).unlink()
    answer = client_of(store)(f"/tiles/probe.buildings/{told}", accept_encoding=accepted)
    if part in ("", {"br": ".br", "gzip": ".gz", "identity": ""}[accepted]):
        assert answer.status_code == 500
        assert answer.headers["cache-control"] == "no-store"
        assert "publish the layer again" in answer.json()["detail"]
    else:
        assert (answer.status_code, answer.content) == (200, TILE)
