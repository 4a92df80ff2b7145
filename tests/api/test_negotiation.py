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


def test_a_collection_links_to_its_items_in_every_format(ask):
    links = ask.json("/ogc/collections/probe.buildings")["links"]
    found = [link["type"].partition(";")[0] for link in links if link["rel"] == "items"]
    assert found[:2] == ["application/geo+json", "text/html"]
    assert len(set(found)) == len(negotiation.ALL) == 7


def test_next_links_keep_the_format_that_was_asked_for(ask):
    page = ask.json(f"{ITEMS}?limit=4&f=jsonfg")
    (following,) = [link for link in page["links"] if link["rel"] == "next"]
    assert following["type"] == "application/vnd.ogc.fg+json"
    assert kind(ask(following["href"])) == "application/vnd.ogc.fg+json"


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
