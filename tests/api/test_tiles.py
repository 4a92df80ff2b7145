from datetime import timedelta

import numpy as np
import pytest
from made import BUILDINGS, CITY, NOON, Faulty, buildings, glb, publish, tileset

from catalog import revisions
from catalog.publish import Publication, rollback
from twin import volumes


def resolved(base, uri):
    from urllib.parse import urljoin

    return urljoin(base, uri)


def test_every_tile_is_reached_from_the_city(ask):
    seen = []
    stack = ["/tiles/probe/tileset.json"]
    while stack:
        path = stack.pop()
        answer = ask(path)
        assert answer.status_code == 200, path
        seen.append(path)
        if path.endswith(".json"):
            tiles = [answer.json()["root"]]
            while tiles:
                tile = tiles.pop()
                tiles += tile.get("children", [])
                if "content" in tile:
                    stack.append(resolved(path, tile["content"]["uri"]))
    assert [path.rpartition(".")[2] for path in seen].count("glb") == 2
    assert "/tiles/probe.buildings/tileset.json" in seen
    assert "/tiles/probe.buildings/r/000002/tileset.json" in seen


def test_datetime_leads_to_the_tiles_of_then(ask):
    city = ask.json("/tiles/probe/tileset.json?datetime=2026-02-25")
    (child,) = city["root"]["children"]
    path = resolved("/tiles/probe/tileset.json", child["content"]["uri"])
    assert path == "/tiles/probe.buildings/tileset.json?datetime=2026-02-25"
    assert ask.json(path)["root"]["content"]["uri"] == "r/000001/tileset.json"
    assert ask("/tiles/probe.buildings/tileset.json?datetime=2020-01-01").status_code == 404
    assert ask("/tiles/probe/tileset.json?datetime=2020-01-01").status_code == 404


def test_a_client_may_carry_the_time_on_to_all_that_it_opens(ask):
    """CesiumJS puts the query of the tileset that it was given behind every address that this leads to."""
    then = "?datetime=2026-02-25T12:00:00Z"
    stored = "/tiles/probe.buildings/r/000001/tileset.json"
    uri = ask.json(stored)["root"]["children"][0]["content"]["uri"]
    for path in (stored, resolved(stored, uri)):
        plain, carried = ask(path), ask(path + then)
        assert carried.status_code == 200
        assert (carried.content, carried.headers["etag"]) == (plain.content, plain.headers["etag"])
        for query in (
            "?datetime=tomorrow",
            f"{then}&datetime=2026",
            "?datetime=",
            "?datetime=%00",
            "?time=1",
        ):
            assert ask(path + query).status_code == 400, query


def test_what_never_changes_is_cached_for_a_year(ask):
    stored = ask("/tiles/probe.buildings/r/000001/tileset.json")
    uri = stored.json()["root"]["children"][0]["content"]["uri"]
    content = ask(resolved("/tiles/probe.buildings/r/000001/tileset.json", uri))
    for answer in (stored, content):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert content.headers["content-type"] == "model/gltf-binary"
    assert content.headers["etag"].strip('"') in uri
    assert "immutable" not in ask("/tiles/probe.buildings/tileset.json").headers["cache-control"]


def content_key(store):
    revision = revisions.current(store, BUILDINGS.id)
    return next(f"layers/{BUILDINGS.id}/{name}" for name in revision.objects if name.startswith("content/"))


@pytest.mark.parametrize("how", ["other bytes", "truncated", "missing"])
def test_a_damaged_tile_is_never_served(store, client_of, how):
    ask = client_of(store)
    key = content_key(store)
    match how:
        case "other bytes":
            store.put(key, glb(99))
        case "truncated":
            store.put(key, store.get(key)[:-1])
        case _:
            store.path(key).unlink()
    answer = ask("/tiles/probe.buildings/" + key.partition("probe.buildings/")[2])
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert "publish the layer again" in answer.json()["detail"]
    health = ask("/ops/health")
    assert (health.status_code, health.json()["status"]) == (503, "damaged")
    assert key.rpartition("/")[2] in health.json()["damages"][0]


def test_a_damaged_tileset_is_never_served(store, client_of):
    revision = revisions.current(store, BUILDINGS.id)
    store.put(f"layers/{BUILDINGS.id}/{revision.snapshot}/tileset.json", b'{"asset": {}}')
    ask = client_of(store)
    for path in (
        "probe.buildings/tileset.json",
        "probe.buildings/r/000002/tileset.json",
        "probe/tileset.json",
    ):
        assert ask(f"/tiles/{path}").status_code == 500
    assert ask("/tiles/probe.buildings/r/000001/tileset.json").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "probe.buildings/content/" + "a" * 64 + ".glb",
        "probe.buildings/content/..%2F..%2F..%2Fcities%2Fprobe.glb",
        "probe.nothing/content/" + "a" * 64 + ".glb",
        "probe.buildings/r/000009/tileset.json",
        "probe.buildings/r/2/tileset.json",
        "probe.buildings/r/٠٠٠٠٠٢/tileset.json",
        "probe.construction-sites/r/000001/tileset.json",
        "probe.construction-sites/tileset.json",
        "nowhere/tileset.json",
    ],
)
def test_what_is_not_there_is_a_404(ask, path):
    answer = ask(f"/tiles/{path}")
    assert answer.status_code == 404
    assert answer.json()["type"].startswith("/docs#problem-")


def test_a_new_revision_and_a_rollback_are_served_at_once(store, client_of):
    ask = client_of(store)
    path = "/tiles/probe.buildings/tileset.json"
    publish(store, BUILDINGS, buildings(4), NOON + timedelta(minutes=1), (glb(7),))
    assert ask.json(path)["root"]["content"]["uri"] == "r/000003/tileset.json"
    rollback(store, CITY, BUILDINGS.id, 1, now=NOON + timedelta(minutes=2))
    assert ask.json(path)["root"]["content"]["uri"] == "r/000004/tileset.json"
    assert ask.json("/ogc/collections/probe.buildings/items")["numberMatched"] == 25


def test_while_a_publication_fails_the_old_tiles_are_served(store, client_of):
    from twin.errors import StoreError

    ask = client_of(store)
    before = ask("/tiles/probe.buildings/tileset.json").content
    with pytest.raises(StoreError):
        publish(Faulty(store, 4), BUILDINGS, buildings(4), NOON + timedelta(minutes=1), (glb(7),))
    assert ask("/tiles/probe.buildings/tileset.json").content == before
    assert ask("/ops/health").status_code == 200


def test_a_box_around_boxes_contains_them():
    rng = np.random.default_rng(7)
    boxes = []
    for _ in range(4):
        axes, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        half = axes * rng.uniform(1, 9, size=(3, 1))
        boxes.append([*rng.normal(size=3) * 50, *half.ravel()])
    outer = np.array(volumes.around(boxes)).reshape(4, 3)
    unit = outer[1:] / np.linalg.norm(outer[1:], axis=1, keepdims=True)
    reach = np.linalg.norm(outer[1:], axis=1)
    for box in boxes:
        corners = volumes._corners(np.array(box).reshape(4, 3))
        assert (np.abs((corners - outer[0]) @ unit.T) <= reach + 1e-9).all()


def test_the_transform_of_the_root_is_part_of_its_box():
    turned = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 100, 200, 300, 1]
    tile = {"boundingVolume": {"box": [1, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7]}, "transform": turned}
    assert volumes.outer_box(tile) == [100, 201, 300, 0, 5, 0, -6, 0, 0, 0, 0, 7]


def test_tiles_without_a_box_are_damage(store, client_of):
    publication = Publication(store, BUILDINGS, CITY)
    name = publication.put(glb(5), "glb")
    tiles = tileset([name])
    tiles["root"]["boundingVolume"] = {"sphere": [0, 0, 0, 1]}
    from made import provenance

    story = provenance(BUILDINGS, NOON + timedelta(minutes=1), 1)
    publication.publish(buildings(1), story, tiles, [], "e" * 64, now=NOON + timedelta(minutes=1))
    assert client_of(store)("/tiles/probe.buildings/tileset.json").status_code == 500
