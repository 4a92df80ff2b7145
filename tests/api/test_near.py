"""Who asks the machine itself gets whole links; nobody else puts anything into one."""

import pytest
from owslib.ogcapi.features import Features
from pystac_client import Client

from tests.api.listening import listening

PATHS = (
    "/stac",
    "/stac/search?limit=1",
    "/stac/collections",
    "/sta/v1.1",
    "/sta/v1.1/Things?$top=1",
    "/ogc",
    "/ogc/collections",
    "/ogc/collections/probe.buildings/items?limit=1",
    "/ogc/collections/probe.buildings/items/probe.buildings.b1",
    "/ogc/tileMatrixSets",
)


def links(found):
    """Addresses of the service; that of a profile is a name."""
    if isinstance(found, dict) and found.get("rel") != "profile":
        for name, value in found.items():
            if name in ("href", "url") or name.endswith("Link"):
                yield value
            yield from links(value)
    if isinstance(found, list):
        for value in found:
            yield from links(value)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:9", "127.0.0.1", "[::1]:80", "LOCALHOST:8000"])
@pytest.mark.parametrize("path", PATHS)
def test_who_asks_the_machine_itself_gets_whole_links(ask, path, host):
    found = list(links(ask(path, host=host).json()))
    assert found
    assert all(link.startswith((f"http://{host.lower()}/", "https://")) for link in found)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "elsewhere.example"},
        {"host": "localhost.elsewhere.example"},
        {"host": "localhost:80@elsewhere.example"},
        {"host": "127.0.0.1.elsewhere.example"},
        {"host": "localhost:800000"},
        {"host": "localhost:8000/x"},
        {"host": "127.0.0.1", "x_forwarded_for": "192.0.2.1"},
        {"host": "127.0.0.1", "forwarded": "for=192.0.2.1"},
        {"host": "localhost", "x_forwarded_host": "elsewhere.example"},
        {"host": "localhost", "via": "1.1 proxy"},
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_nobody_else_puts_anything_into_a_link(ask, path, headers):
    found = list(links(ask(path, **headers).json()))
    assert found
    assert all(link.startswith(("/", "https://")) and not link.startswith("//") for link in found)


def test_the_description_tells_where_it_was_asked(ask):
    path = "/ogc/api"
    servers = [
        ask(path, host=host).json()["servers"] for host in ("localhost:80", "elsewhere.example", "[::1]")
    ]
    assert servers == [[{"url": url}] for url in ("http://localhost:80/ogc", "/ogc", "http://[::1]/ogc")]


def test_a_configured_address_counts(filled, client_of):
    ask = client_of(filled, public_url="https://twin.example")
    found = list(links(ask("/stac", host="localhost").json()))
    assert all(link.startswith("https://twin.example/") for link in found)


def test_a_client_on_the_machine_needs_no_setting(filled):
    with listening(filled, public_url="") as url:
        features = Features(f"{url}/ogc/")
        assert features.api()["servers"] == [{"url": f"{url}/ogc"}]
        assert features.collection_items("probe.buildings", limit=1)["numberReturned"] == 1
        client = Client.open(f"{url}/stac")
        found = client.search(limit=1)
        assert len(list(found.items())) == found.matched() == 4
        assert client.get_collection("probe.buildings").get_item("000001").id == "000001"
