"""Which format a visitor of /ogc gets."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from api import negotiation
from twin.errors import NotAcceptable

ITEMS = "/ogc/collections/probe.buildings/items"
ROOT = Path(__file__).parents[2]
PROFILE = "http://www.opengis.net/def/profile/OGC/0/"
CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
DOCUMENTS = [
    "/ogc",
    "/ogc/conformance",
    "/ogc/collections",
    "/ogc/collections/probe.buildings",
    "/ogc/collections/probe.buildings/schema",
    "/ogc/collections/probe.buildings/queryables",
    "/ogc/collections/probe.buildings/items/probe.buildings.b1/history",
]


def kind(answer):
    return answer.headers["content-type"].partition(";")[0]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/geo+json"),
        ("", "application/geo+json"),
        ("application/json", "application/geo+json"),
        ("application/geo+json;q=0.9, application/json;q=0.8", "application/geo+json"),
        (CHROMIUM, "text/html"),
        ("text/csv", "text/csv"),
        ("text/*", "text/html"),
        ("text/*;q=0.5, text/html;q=0", "text/csv"),
        ("text/html;q=0.2, text/csv;q=0.3", "text/csv"),
        ("application/flatgeobuf", "application/flatgeobuf"),
        ("application/geopackage+sqlite3", "application/geopackage+sqlite3"),
        ("application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("application/vnd.ogc.fg+json", "application/vnd.ogc.fg+json"),
        ("application/fg+json", "application/fg+json"),
        ("application/geo+json;profile=jsonfg", "application/geo+json"),
        ("image/png, */*;q=0.1", "application/geo+json"),
        ("APPLICATION/GEO+JSON", "application/geo+json"),
        ("nonsense", "application/geo+json"),
    ],
)
def test_accept_decides_by_weight_and_exactness(ask, accept, expected):
    answer = ask(ITEMS, accept=accept)
    assert (answer.status_code, kind(answer)) == (200, expected)
    assert "accept" in answer.headers["vary"].lower().split(", ")


def test_f_goes_before_accept(ask):
    assert kind(ask(f"{ITEMS}?f=csv", accept="text/html")) == "text/csv"
    assert kind(ask(f"{ITEMS}?f=json", accept=CHROMIUM)) == "application/geo+json"


@pytest.mark.parametrize("path", [ITEMS, *DOCUMENTS])
def test_accept_that_fits_nothing_is_a_406_that_says_what_there_is(ask, path):
    answer = ask(path, accept="image/png")
    assert (answer.status_code, kind(answer)) == (406, "application/problem+json")
    assert "text/html (f=html)" in answer.json()["detail"]


@pytest.mark.parametrize("path", [ITEMS, *DOCUMENTS])
@pytest.mark.parametrize("form", ["xml", "JSON", "", "html,json", "é" * 5000])
def test_a_wrong_f_is_a_400_that_names_all_there_are(ask, path, form):
    answer = ask(f"{path}?f={form}")
    assert answer.status_code == 400
    assert "'json'" in answer.json()["detail"]
    assert "'html'" in answer.json()["detail"]
    assert ("'gpkg'" in answer.json()["detail"]) == (path == ITEMS)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_documents_are_json_for_machines_and_pages_for_people(ask, path):
    assert kind(ask(path)).endswith("json")
    assert kind(ask(path, accept=CHROMIUM)) == "text/html"
    assert kind(ask(f"{path}?f=html")) == "text/html"
    assert ask(path).headers["vary"] == "Accept, Accept-Encoding"
    assert ask(path, accept=CHROMIUM).headers["vary"] == "Accept, Accept-Encoding, Accept-Language"


@pytest.mark.parametrize("path", ["/ogc", "/ogc/collections", "/ogc/collections/probe.buildings", ITEMS])
def test_every_link_to_another_format_leads_to_it(ask, path):
    links = ask.json(f"{path}?f=json")["links"]
    others = [link for link in links if link["rel"] in ("alternate", "items") and "f=" in link["href"]]
    assert others
    for link in others:
        answer = ask(link["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].replace("; charset=utf-8", "") == link["type"]


def test_a_collection_links_to_its_items_once_in_every_media_type(ask):
    links = ask.json("/ogc/collections/probe.buildings")["links"]
    found = [link["type"].partition(";")[0] for link in links if link["rel"] == "items"]
    assert found[0] == "application/geo+json"
    assert len(set(found)) == len(found) == len(negotiation.ALL) - 1  # of JSON-FG and GeoJSON it is the same
    (plain,) = [link for link in links if link["rel"] == "items" and link["type"] == "application/geo+json"]
    page = ask.json(plain["href"])
    assert "conformsTo" not in page
    (solid,) = [link for link in page["links"] if link.get("profile") == [f"{PROFILE}jsonfg"]]
    assert (solid["rel"], solid["type"]) == ("alternate", "application/geo+json")
    assert "conformsTo" in ask.json(solid["href"])
    people = ask("/ogc/collections/probe.buildings?f=html").text
    assert all(f">{format_.title}</a>" in people for format_ in negotiation.FEATURES)


def test_next_links_keep_the_format_that_was_asked_for(ask):
    page = ask.json(f"{ITEMS}?limit=4&f=jsonfg")
    (following,) = [link for link in page["links"] if link["rel"] == "next"]
    assert (following["type"], following["profile"]) == ("application/geo+json", [PROFILE + "jsonfg"])
    assert "conformsTo" in ask(following["href"]).json()


@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}/probe.buildings.b1"])
@pytest.mark.parametrize(
    ("asked", "accept", "profile"),
    [
        ("", "*/*", "rfc7946"),
        ("profile=rfc7946", "*/*", "rfc7946"),
        ("profile=jsonfg", "*/*", "jsonfg"),
        ("profile=jsonfg&f=json", CHROMIUM, "jsonfg"),
        ("f=jsonfg", "*/*", "jsonfg"),
        ("profile=none-such,jsonfg", "", "jsonfg"),
        ("profile=none-such", "", "rfc7946"),
        ("profile=rfc7946,jsonfg", "", "rfc7946"),
        (f"profile={PROFILE}jsonfg", "", "jsonfg"),
        (f"profile={PROFILE.replace('OGC', 'ogc')}jsonfg", "", "jsonfg"),
        ("profile=[ogc-profile:jsonfg]", "", "jsonfg"),
        ("profile=[other:jsonfg]", "", "rfc7946"),
        ("", "application/geo+json; profile=jsonfg", "jsonfg"),
        ("", f'application/geo+json;q=0.9;profile="{PROFILE}jsonfg", */*;q=0.1', "jsonfg"),
        ("profile=rfc7946", "application/geo+json; profile=jsonfg", "rfc7946"),
        ("", "application/geo+json; profile=other", "rfc7946"),
    ],
)
def test_a_profile_of_geojson_is_asked_for_and_told(ask, path, asked, accept, profile):
    answer = ask(f"{path}?{asked}" if asked else path, accept=accept)
    page = answer.json()
    assert (answer.status_code, kind(answer)) == (200, "application/geo+json")
    assert ("conformsTo" in page) == (profile == "jsonfg")
    assert f'<{PROFILE}{profile}>; rel="profile"' in answer.headers["link"].split(", ")
    assert [link["href"] for link in page["links"] if link["rel"] == "profile"] == [PROFILE + profile]
    (own,) = [link for link in page["links"] if link["rel"] == "self"]
    assert ask(own["href"], accept=accept).content == answer.content
    assert ask(f"{path}?f=csv&profile=jsonfg").headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("wrong", ["", ",", "jsonfg,", "a b", "<x>", "x" * 501, "[jsonfg]", "é", "%00"])
def test_what_is_no_profile_is_refused(ask, wrong):
    answer = ask(f"{ITEMS}?profile={wrong}")
    assert answer.status_code == 400
    assert "profile" in answer.json()["detail"]


def test_the_same_under_another_media_type_has_another_tag(ask):
    tags = {
        ask(f"{ITEMS}?f=jsonfg", accept=accept).headers["etag"]
        for accept in ("application/geo+json", "application/fg+json", "application/vnd.ogc.fg+json")
    }
    assert len(tags) == 3


def test_the_interface_describes_its_formats(ask):
    parameters = ask.json("/openapi.json")["paths"]["/ogc/collections/{layer}/items"]["get"]["parameters"]
    (told,) = [parameter for parameter in parameters if parameter["name"] == "f"]
    assert set(re.findall(r"'(\w+)'", str(told["schema"]))) >= {f.name for f in negotiation.ALL}
    content = ask.json("/openapi.json")["paths"]["/ogc/collections/{layer}/items"]["get"]["responses"]["200"][
        "content"
    ]
    assert set(content) >= {f.accepted[0] for f in negotiation.ALL}


def test_pages_are_claimed(ask):
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html"
        in ask.json("/ogc/conformance")["conformsTo"]
    )


@given(st.text(alphabet=st.sampled_from("textcsvhml/*;q=0.19,- \t\u00e9"), max_size=200))
def test_no_accept_header_breaks_anything(accept):
    request = Request(
        {"type": "http", "headers": [(b"accept", accept.encode("latin-1"))], "query_string": b""}
    )
    try:
        assert negotiation.chosen(request, None, negotiation.ALL) in negotiation.ALL
    except NotAcceptable:
        assert "/" in accept


def test_the_addresses_of_the_documentation_are_there(ask):
    page = (ROOT / "docs/api-formats.md").read_text("utf-8").replace("demo.", "probe.")
    page = page.replace("{id}", "probe.buildings.b1")
    addresses = re.findall(r"/ogc/[^\s`\"]+", page)
    assert len(addresses) == page.count("/ogc/") >= 5
    for address in addresses:
        assert ask(address).status_code == 200, address
    for format_ in negotiation.ALL:
        assert f"| `{format_.name}` |" in page
        assert f"| `{format_.accepted[0]}` |" in page
