from made import BUILDINGS, SITES

from catalog import revisions
from catalog.cities import run_of
from twin.store import open_store


def test_health_of_a_whole_store(ask):
    answer = ask("/ops/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["damages"]) == (200, "ok", [])


def test_health_of_an_empty_store(client_of):
    answer = client_of(open_store("memory://"))("/ops/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "empty")


def test_damage_that_keeps_the_size_shows_in_health(store, client_of):
    ask = client_of(store)
    assert ask("/ops/health").status_code == 200
    revision = revisions.current(store, SITES.id)
    key = f"layers/{SITES.id}/{revision.snapshot}/features.parquet"
    data = bytearray(store.get(key))
    data[len(data) // 2] ^= 1
    store.put(key, bytes(data))
    fresh = client_of(store)
    health = fresh("/ops/health")
    assert health.status_code == 503
    (words,) = health.json()["damages"]
    assert words.startswith("probe.construction-sites: revision 000001: snapshots/")
    assert fresh(f"/ogc/collections/{SITES.id}/items").status_code == 500
    assert fresh(f"/ogc/collections/{BUILDINGS.id}/items").status_code == 200
    assert fresh("/").status_code == 200


def test_damage_that_was_noticed_and_mended_is_forgotten(store, client_of, monkeypatch):
    monkeypatch.setattr("api.routers.ops._SHARE", 0)  # each question is a look
    revision = revisions.current(store, BUILDINGS.id)
    name = next(name for name in revision.objects if name.endswith(".glb"))
    key = f"layers/{BUILDINGS.id}/{name}"
    whole = store.get(key)
    ask = client_of(store)
    store.put(key, whole[:-1] + b"x")
    assert ask(f"/tiles/{BUILDINGS.id}/{name}").status_code == 500
    assert ask("/ops/health").status_code == 503
    store.put(key, whole)
    assert ask(f"/tiles/{BUILDINGS.id}/{name}").status_code == 200
    assert ask("/ops/health").json()["damages"] == []


def test_an_unreadable_city_is_named(store, client_of):
    store.put("cities/probe.json", b"{")
    ask = client_of(store)
    assert "cities/probe.json" in ask("/ops/health").json()["damages"][0]
    assert ask("/ogc").status_code == 500
    page = ask("/", accept_language="de")
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "nicht lesbar" in page.text


def test_one_unreadable_city_does_not_stop_the_others(store, client_of):
    store.put("cities/aachen.json", b'{"id": "aachen", "contact": "Erika"')
    ask = client_of(store)
    for path in ("/", "/?city=aachen", "/ogc", "/ogc/collections", "/stac", "/ops/freshness", "/ops/privacy"):
        assert ask(path).status_code == 200, path
    assert "Probestadt" in ask("/").text
    assert ask(f"/ogc/collections/{BUILDINGS.id}/items").json()["numberMatched"] == 30
    assert ask("/tiles/probe/tileset.json").status_code == 200
    for path in ("/ogc/collections/aachen.buildings/items", "/tiles/aachen/tileset.json"):
        assert (ask(path).status_code, ask(path).json()["title"]) == (500, "The store is damaged")
    health = ask("/ops/health")
    assert (health.status_code, health.json()["damages"]) == (
        503,
        [f"cities/aachen.json cannot be read; write it again with {run_of('aachen')}"],
    )


def test_an_unreadable_revision_is_never_an_empty_success(store, client_of):
    key = f"layers/{SITES.id}/revisions/000001.json"
    whole = store.get(key)
    paths = [
        f"/ogc/collections/{SITES.id}/items",
        f"/ogc/collections/{SITES.id}/items?datetime=2020-01-01",
        f"/ogc/collections/{SITES.id}/items/x",
        f"/stac/collections/{SITES.id}",
        f"/stac/collections/{SITES.id}/items",
        f"/stac/collections/{SITES.id}/items/000001",
        f"/tiles/{SITES.id}/tileset.json",
        f"/tiles/{SITES.id}/r/000001/tileset.json",
        f"/tiles/{SITES.id}/content/{'0' * 64}.glb",
    ]
    store.put(key, b"junk")
    ask = client_of(store)
    for path in paths:
        assert (ask(path).status_code, ask(path).json()["title"]) == (500, "The store is damaged"), path
    assert ask(f"/ogc/collections/{BUILDINGS.id}/items").status_code == 200
    assert ask("/tiles/probe/tileset.json").status_code == 200
    assert "cannot be read at present" in ask("/", accept_language="en").text
    assert ask("/ops/health").status_code == 503
    store.put(key, whole)
    assert ask(paths[0]).json()["numberMatched"] == 4
    assert client_of(store)("/ops/health").status_code == 200


def test_an_unreadable_static_catalog_shows_in_health_once(store, client_of):
    store.put("stac/catalog.json", b"junk")
    answer = client_of(store)("/ops/health")
    (words,) = answer.json()["damages"]
    assert (answer.status_code, words.startswith("stac/catalog.json is not")) == (503, True)


def test_an_unreadable_status_or_provenance_stops_nothing(store, client_of):
    store.put(f"layers/{BUILDINGS.id}/status.json", b"")
    revision = revisions.current(store, BUILDINGS.id)
    store.put(f"layers/{BUILDINGS.id}/{revision.snapshot}/provenance.json", b"")
    ask = client_of(store)
    told = ask.json(f"/ogc/collections/{BUILDINGS.id}")["twin"]
    assert (told["revision"], told["state"], told["counts"]) == (2, "silent", {})
    assert ask("/").status_code == 200
    assert ask("/ops/health").status_code == 503


def test_freshness_of_every_layer(ask):
    layers = {layer["layer"]: layer for layer in ask.json("/ops/freshness")["layers"]}
    assert layers["probe.buildings"]["state"] == "fresh"
    assert layers["probe.buildings"]["last_success"] == "2026-03-01T12:00:00Z"
    assert layers["probe.air-quality"]["state"] == "silent"


def test_privacy_counts_without_values(ask):
    (told,) = [one for one in ask.json("/ops/privacy")["layers"] if one["layer"] == "probe.buildings"]
    assert told["held"] == {"a phone number": 1}
    assert told["counts"]["held"] == 1
