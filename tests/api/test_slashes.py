"""An address with one slash behind it answers as without it, at every door."""

import pytest


@pytest.mark.parametrize(
    "path",
    [
        *("/ogc", "/stac", "/sta/v1.1", "/docs", "/ops/health", "/ogc/collections", "/stac/collections"),
        *("/ogc/collections/probe.buildings", "/ogc/collections/probe.buildings/items", "/sta/v1.1/Things"),
        *("/stac/search", "/stac/collections/probe.buildings/items", "/ogc/conformance", "/ogc/nothing"),
    ],
)
def test_a_slash_behind_an_address_changes_nothing(ask, path):
    for query in ("", "?limit=1" if "items" in path or "search" in path else ""):
        plain, slashed = ask(path + query), ask(f"{path}/{query}")
        assert slashed.status_code == plain.status_code
        if path != "/ogc/nothing" and path != "/ops/health":
            assert plain.status_code == 200
            assert slashed.content == plain.content
            assert slashed.headers["etag"] == plain.headers["etag"]
    options = ask(f"{path}/", "OPTIONS")
    assert (options.status_code, options.headers["allow"]) == (204, ask(path, "OPTIONS").headers["allow"])


def test_two_slashes_and_those_of_files_and_names_are_others(ask):
    for path in (
        *("/ogc//", "/stac//", "/tiles/probe/tileset.json/", "/store/stac/catalog.json/"),
        *("/ogc/collections/probe.buildings/items/probe.buildings.b1%2F",),
    ):
        assert ask(path).status_code == 404, path
