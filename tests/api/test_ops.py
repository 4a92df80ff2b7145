from made import BUILDINGS, SITES

from catalog import revisions
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


def test_an_unreadable_city_is_named(store, client_of):
    store.put("cities/probe.json", b"{")
    ask = client_of(store)
    assert "cities/probe.json" in ask("/ops/health").json()["damages"][0]
    assert ask("/ogc").status_code == 500


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
