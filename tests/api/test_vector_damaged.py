"""One damaged layer costs a map of all layers that layer, and the answer says so."""

import pytest

from tests.api import mvt

import made  # isort: skip

TILE = "/ogc/tiles/WebMercatorQuad/10/355/544"
HEADER = "stadtzwilling-damaged"


@pytest.fixture
def hurt(store, client_of):
    for file in (store.root / f"layers/{made.BUILDINGS.id}/snapshots").rglob("features.parquet"):
        file.write_bytes(b"PAR1")
    return client_of(store)


def shown(answer):
    return {layer.name for layer in mvt.layers(answer.content)}


def test_the_others_are_there_and_the_damaged_one_is_named(ask, hurt):
    whole, rest = ask(TILE), hurt(TILE)
    layers = shown(whole)
    assert made.BUILDINGS.id in layers
    assert HEADER not in whole.headers
    for answer in (rest, hurt(TILE)):  # neither is the second one from memory
        assert answer.status_code == 200
        assert answer.headers[HEADER] == f'?1;layers="{made.BUILDINGS.id}"'
        assert shown(answer) == layers - {made.BUILDINGS.id}
    assert rest.headers["etag"] != whole.headers["etag"]
    assert hurt(TILE, if_none_match=rest.headers["etag"]).headers[HEADER]
    assert hurt("/ogc/tiles/WebMercatorQuad/style.json").status_code == 200


def test_health_names_it(hurt):
    hurt(TILE)
    health = hurt("/ops/health").json()
    assert health["status"] == "damaged"
    assert made.BUILDINGS.id in str(health)


def test_who_asks_for_the_damaged_one_by_name_hears_that_it_cannot_be_had(hurt):
    for path in (
        f"{TILE}?collections={made.BUILDINGS.id},{made.COUNTS.id}",
        f"/ogc/collections/{made.BUILDINGS.id}/tiles/WebMercatorQuad/10/355/544",
    ):
        answer = hurt(path)
        assert answer.status_code == 500
        assert answer.json()["type"] == "/docs#problem-damaged"


def test_a_damaged_layer_is_read_again_after_a_while_and_not_before(store, client_of, monkeypatch):
    from api.vector import joined, kept

    files = list((store.root / f"layers/{made.BUILDINGS.id}/snapshots").rglob("features.parquet"))
    good = [path.read_bytes() for path in files]
    for path in files:
        path.write_bytes(b"PAR1")
    reads = []
    load = kept.parts.load
    monkeypatch.setattr(kept.parts, "load", lambda *given: (reads.append(given[1].layer), load(*given))[1])
    ask = client_of(store)
    for _ in range(5):
        assert ask(TILE).headers[HEADER]
    assert reads.count(made.BUILDINGS.id) == 1
    for path, data in zip(files, good, strict=True):
        path.write_bytes(data)
    monkeypatch.setattr(joined, "_AGAIN_S", 0.0)
    assert HEADER not in ask(TILE).headers
