import pytest

from ingest import addresses
from tests.ingest.asking import quick
from tests.replay import Answer, Replay
from twin.errors import SourceDown, SourceRefused


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_private_addresses_in_all_disguises(address):
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["193.99.144.80", "2a02:2e0:3fe:1001::1", "64:ff9b::c163:9050"])
def test_public_addresses(address):
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://localhost:1/x",
        "http://[::1]:1/x",
        "http://2130706433:1/x",
        "http://0x7f.1:1/x",
    ],
)
def test_recipes_may_not_name_this_machine_however_it_is_written(url):
    with quick(trusted=False) as fetch, pytest.raises((SourceRefused, SourceDown)):
        fetch.get(url)
    disguised = quick(trusted=False, resolve=lambda host, port: ["127.0.0.1"])
    with disguised as fetch, pytest.raises(SourceRefused, match="--source"):
        fetch.get("http://harmlos.example/x")


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    two = quick(trusted=False, resolve=lambda host, port: ["193.99.144.80", "10.0.0.1"])
    with two as fetch, pytest.raises(SourceRefused):
        fetch.get("https://two.example/x")


def test_dns_that_changes_its_mind_after_the_check_is_not_asked_twice():
    with Replay() as replay:
        replay.routes["/a"] = [Answer(b"1")]
        answers = []

        def resolve(host, port):
            answers.append(host)
            return ["127.0.0.1"]

        with quick(resolve=resolve) as fetch:
            fetch.get(replay.url.replace("127.0.0.1", "stadt.example") + "/a")
        assert replay.headers[0]["host"].startswith("stadt.example:")
        assert set(answers) == {"stadt.example"}  # the connection itself looked nothing up


def test_unknown_names_are_a_source_that_is_down():
    def unknown(host, port):
        raise OSError("no such host")

    with quick(trusted=False, resolve=unknown) as fetch, pytest.raises(SourceDown, match="DNS"):
        fetch.get("https://gibt-es-nicht.example/x")


@pytest.mark.parametrize(
    "url", ["ftp://stadt.example/x", "gopher://x/", "http://", "https://stadt.example:99999/"]
)
def test_only_http_addresses(url):
    with quick() as fetch, pytest.raises(SourceRefused):
        fetch.get(url)


def test_recipes_may_not_name_files_of_this_machine(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a\n")
    for url in (str(path), path.as_uri(), "/etc/passwd"):
        with quick(trusted=False) as fetch, pytest.raises(SourceRefused, match="--source"):
            list(fetch.files(url, (".csv",)))


def test_links_lead_to_the_same_host_or_to_one_the_recipe_names():
    base = "https://stadt.example/api"
    assert addresses.linked(base, "/b.csv") == "https://stadt.example/b.csv"
    assert addresses.linked(base, "https://cdn.example/b", ("cdn.example",)) == "https://cdn.example/b"
    with pytest.raises(SourceRefused, match=r"options\.hosts"):
        addresses.linked(base, "https://cdn.example/b")
    with pytest.raises(SourceRefused):
        addresses.linked(base, "file:///etc/passwd")


def test_a_mirror_that_the_operator_typed_is_asked_for_everything():
    with Replay() as replay:
        replay.routes["/a"] = [Answer(b"1")]
        replay.routes["/other"] = [Answer(b"2")]
        with quick() as fetch:
            fetch.get(replay.url + "/a")
            link = fetch.follow(replay.url + "/a", "https://opendata.example/other")
            assert link == replay.url + "/other"
            assert fetch.follow(replay.url + "/a/b", "../other") == link
            assert fetch.get("https://opendata.example/other").data == b"2"
        assert [path for path, _ in replay.asked] == ["/a", "/other"]


def test_redirects_to_a_private_address_are_refused_after_dns(monkeypatch):
    with Replay() as replay:
        replay.routes["/a"] = [Answer(status=302, headers={"Location": "/b"})]
        answers = iter([["127.0.0.1"], ["10.0.0.1"]])
        monkeypatch.setattr(addresses, "is_public", lambda ip: ip == "127.0.0.1")
        changing = quick(trusted=False, resolve=lambda host, port: next(answers))
        with changing as fetch, pytest.raises(SourceRefused, match="private"):
            fetch.get(replay.url + "/a")
        assert [path for path, _ in replay.asked] == ["/a"]
    with pytest.raises(SourceRefused, match="https to http"):
        addresses.redirected("https://stadt.example/", "http://stadt.example/")


def test_addresses_are_written_down_without_secrets():
    url = "https://user:pass@stadt.example/wfs?service=WFS&apikey=1&access_token=2&CQL_FILTER=art='x'#f"
    assert addresses.plain(url) == "https://stadt.example/wfs?service=WFS&CQL_FILTER=art=%27x%27"
    assert addresses.place(url) == "stadt.example/wfs"
    assert addresses.with_query("https://a.example/?A=1&b=2", [("a", "3")]) == "https://a.example/?b=2&a=3"
