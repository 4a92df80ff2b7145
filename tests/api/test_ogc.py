from urllib.parse import parse_qs, urlsplit

import pytest

ITEMS = "/ogc/collections/probe.buildings/items"


def link(document, rel):
    return next((link["href"] for link in document["links"] if link["rel"] == rel), None)


def test_the_landing_page_leads_everywhere(ask):
    landing = ask.json("/ogc")
    for rel in ("service-desc", "service-doc", "conformance", "data", "self"):
        assert ask(link(landing, rel)).status_code == 200
    (city,) = landing["cities"]
    assert city["tileset"] == "/tiles/probe/tileset.json"
    assert city["notice"]["de"] == "Demo – erfundene Daten"
    assert (city["bbox"], city["centre"]) == ([11.5, 48.1, 11.6, 48.2], [11.55, 48.15])
    assert city["gaps"] == [
        {
            "name": "parking",
            "title": {"de": "Parkhäuser", "en": "Car parks"},
            "reason": {"de": "Keine offene Quelle.", "en": "No open source."},
        }
    ]


def test_collections_tell_everything_about_layers_published_or_not(ask):
    found = {c["id"]: c for c in ask.json("/ogc/collections")["collections"]}
    assert list(found) == [
        "probe.buildings",
        "probe.construction-sites",
        "probe.bike-counts",
        "probe.air-quality",
    ]
    told = found["probe.buildings"]["twin"]
    assert (told["revision"], told["features"], told["state"]) == (2, 30, "fresh")
    assert told["state_words"] == {"de": "Zuletzt geprüft vor 4 Minuten.", "en": "Checked 4 minutes ago."}
    assert told["counts"] == {"in": 32, "published": 30, "held": 1, "broken": 1, "duplicate": 0}
    assert told["licence"]["id"] == "DL-DE-BY-2.0"
    assert told["tileset"] == "/tiles/probe.buildings/tileset.json"
    assert (told["geometry"], told["theme"], told["interval_s"]) == ("building", "model", 3600)
    roof = next(c for c in told["columns"] if c["name"] == "roof_type")
    assert roof["choices"][0] == {"value": "flat", "title": {"de": "Flachdach", "en": "flat roof"}}
    never = found["probe.air-quality"]["twin"]
    assert (never["revision"], never["features"], never["state"], never["tileset"]) == (
        None,
        0,
        "silent",
        None,
    )
    assert found["probe.bike-counts"]["twin"]["properties"][0]["unit"] == "1/15min"
    assert ask.json("/ogc/collections/probe.buildings") == found["probe.buildings"]


def test_next_links_lead_through_all_features_and_keep_the_question(ask):
    path, ids = f"{ITEMS}?limit=4&bbox=11.4,48,11.5105,48.2", []
    while path is not None:
        page = ask.json(path)
        assert page["numberReturned"] == len(page["features"])
        ids += [feature["id"] for feature in page["features"]]
        assert page["numberMatched"] == 18
        path = link(page, "next")
        assert path is None or "token" in parse_qs(urlsplit(path).query)
    assert len(ids) == len(set(ids)) == 18


def test_default_limit_is_ten_and_large_ones_are_brought_down(ask):
    assert ask.json(ITEMS)["numberReturned"] == 10
    page = ask.json(f"{ITEMS}?limit=1000000")
    assert page["numberReturned"] == 30
    assert "limit=10000" in link(page, "self")


@pytest.mark.parametrize(
    ("datetime", "features"),
    [
        ("2026-03-01T12:00:00Z", 30),
        ("2026-02-25", 25),
        ("2026-02-01/2026-02-25", 25),
        ("../2026-02-25T00:00:00%2B01:00", 25),
        ("2026-02-20/..", 30),
        ("2020-01-01", 0),
    ],
)
def test_datetime_gives_the_revision_that_held_then(ask, datetime, features):
    page = ask.json(f"{ITEMS}?datetime={datetime}&limit=100")
    assert page["numberMatched"] == len(page["features"]) == features


def test_a_feature_by_id(ask):
    one = ask.json(f"{ITEMS}/probe.buildings.b7")
    assert (one["id"], one["properties"]["source_id"]) == ("probe.buildings.b7", "DEBY_7")
    assert ask.json(link(one, "self")) == one
    then = ask.json(f"{ITEMS}/probe.buildings.b7?datetime=2026-02-25")
    assert (one["properties"]["height_m"], then["properties"]["height_m"]) == (19.0, 17.0)
    assert ask(f"{ITEMS}/probe.buildings.b29?datetime=2026-02-25").status_code == 404
    assert ask(f"{ITEMS}/probe.buildings.b29?datetime=2020-01-01").status_code == 404


def test_sites_have_phases_and_stations_values(ask):
    page = ask.json("/ogc/collections/probe.construction-sites/items")
    phases = {f["properties"]["source_id"]: f["properties"]["phase"] for f in page["features"]}
    assert phases == {"done": "done", "running": "running", "coming": "coming", "open": "running"}
    (busy,) = [
        f["properties"]
        for f in ask.json("/ogc/collections/probe.bike-counts/items")["features"]
        if f["properties"]["station"] == "arnulf"
    ]
    assert busy["latest"]["bicycles"]["value"] == 2.0
    assert busy["last_24h"]["bicycles"] > busy["usual_24h"]["bicycles"]


def test_a_layer_never_published_is_an_empty_collection(ask):
    page = ask.json("/ogc/collections/probe.air-quality/items")
    assert (page["numberMatched"], page["features"]) == (0, [])


def test_the_api_document_is_whole_and_local(ask):
    api = ask.json("/ogc/api")
    assert set(api["paths"]) >= {"/", "/collections/{layer}/items", "/tiles/{name}/tileset.json"}
    assert api["servers"] == [{"url": "/ogc"}]
    assert api["paths"]["/tiles/{name}/tileset.json"]["servers"] == [{"url": "/"}]
    names = {p["name"] for p in api["paths"]["/collections/{layer}/items"]["get"]["parameters"]}
    assert names >= {"layer", "bbox", "datetime", "limit", "offset", "f", "filter", "sortby", "token"}
    assert "http" not in str([v for v in str(api).split("$ref': '")[1:] if not v.startswith("#")])


def test_links_come_from_the_configured_address_and_never_from_the_request(client_of, filled):
    ask = client_of(filled, public_url="https://zwilling.example/")
    answer = ask("/ogc/collections/probe.buildings/items?limit=2", host="evil.example")
    assert "evil.example" not in answer.text
    assert link(answer.json(), "next").startswith("https://zwilling.example/ogc/")
    for path in ("/ogc", "/ogc/collections", "/stac", "/stac/collections/probe.buildings/items"):
        assert "elsewhere.example" not in ask(path).text


def test_the_notice_stands_everywhere(ask):
    for path in ("/ogc", "/ogc/collections", "/ogc/collections/probe.buildings", f"{ITEMS}?limit=1", "/"):
        assert "Demo – made-up data" in ask(path, accept_language="en").text, path
