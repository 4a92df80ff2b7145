import gzip
import itertools
import re
import zlib

import brotli
import pytest

from ingest.fetch import Fetch
from ingest.waiting import NEVER, CutOff, Unanswered, Waiting, retry_after
from tests.ingest.asking import quick
from tests.replay import Answer, Replay, as_json
from twin.errors import SourceBroken, SourceDown, SourceRefused, SourceWaits, TwinError
from twin.settings import Settings
from twin.times import parse


@pytest.fixture
def replay():
    with Replay() as server:
        yield server


def test_a_body_is_recorded_with_its_inflated_size_and_without_secrets(replay):
    replay.routes["/a"] = [Answer(gzip.compress(b"x" * 1000), headers={"Content-Encoding": "gzip"})]
    address = replay.url.replace("http://", "http://user:pass@") + "/a?token=geheim&id=7"
    with quick() as fetch:
        body = fetch.get(address)
    assert body.data == b"x" * 1000
    (origin,) = fetch.origins
    assert origin.url == replay.url + "/a?id=7"
    assert origin.size == 1000
    assert replay.asked == [("/a", {"token": "geheim", "id": "7"})]


def test_says_who_asks(replay):
    replay.routes["/a"] = [Answer(b"{}")]
    with Fetch(Settings(contact="https://stadt.example"), trusted=True, waiting=NEVER) as fetch:
        fetch.get(replay.url + "/a", accept=("application/json",))
    headers = replay.headers[0]
    assert headers["user-agent"].startswith("Stadtzwilling/")
    assert headers["user-agent"].endswith("(+https://stadt.example)")
    assert headers["accept"] == "application/json"
    assert headers["host"] == replay.url.removeprefix("http://")


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("gzip", gzip.compress(b"ab" * 700_000)),
        ("gzip", gzip.compress(b"ab" * 350_000) + gzip.compress(b"ab" * 350_000)),
        ("deflate", zlib.compress(b"ab" * 700_000)),
        ("deflate", zlib.compress(b"ab" * 700_000, wbits=-15)),
        ("br", brotli.compress(b"ab" * 700_000)),
    ],
)
def test_content_codings_are_undone(replay, coding, data):
    replay.routes["/a"] = [Answer(data, headers={"Content-Encoding": coding})]
    with quick() as fetch:
        assert fetch.get(replay.url + "/a").data == b"ab" * 700_000


@pytest.mark.parametrize("quality", [1, 5, 11])
def test_brotli_of_few_bytes_gives_all_of_many_megabytes(replay, quality):
    body = b"[" + b" " * 5_000_000 + b"]"
    packed = brotli.compress(body, quality=quality)
    assert len(packed) < 2_000, "the decoder takes it all in with its first piece"
    replay.routes["/a"] = [Answer(packed, headers={"Content-Encoding": "br"})]
    with quick(max_body_mb=8) as fetch:
        assert fetch.get(replay.url + "/a").data == body


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_bomb_is_refused_long_before_it_is_inflated(replay, coding):
    body = b"\0" * 20_000_000
    bomb = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda b: brotli.compress(b, quality=1)}[
        coding
    ](body)
    replay.routes["/a"] = [Answer(bomb, headers={"Content-Encoding": coding})]
    with quick(max_body_mb=2) as fetch, pytest.raises(SourceRefused, match="more than 2 MB inflated"):
        fetch.get(replay.url + "/a")
    assert fetch.origins == []


def test_a_body_without_end_was_not_inflated(replay):
    replay.routes["/a"] = [Answer(b"\0" * 3_000_000)]
    with quick(max_body_mb=2) as fetch, pytest.raises(SourceRefused, match="/a: more than 2 MB; if that is"):
        fetch.get(replay.url + "/a")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_compressed_bodies_that_end_early_or_are_damaged_are_broken(replay, coding):
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[coding]
    whole = pack(bytes(range(256)) * 400)
    replay.routes["/cut"] = [Answer(whole[:-20], headers={"Content-Encoding": coding})]
    replay.routes["/bad"] = [Answer(b"\xff\xff" + whole[:40], headers={"Content-Encoding": coding})]
    with quick() as fetch:
        with pytest.raises(SourceBroken, match="/cut: the compressed data end too early"):
            fetch.get(replay.url + "/cut")
        with pytest.raises(SourceBroken, match="/bad"):
            fetch.get(replay.url + "/bad")


def test_a_coding_nobody_asked_for_is_refused(replay):
    replay.routes["/a"] = [Answer(b"x", headers={"Content-Encoding": "compress"})]
    with quick() as fetch, pytest.raises(SourceRefused, match="compress"):
        fetch.get(replay.url + "/a")


def test_asks_again_after_503_and_a_broken_connection(replay):
    replay.routes["/a"] = [Answer(status=503), Answer(b"12", cut=5), Answer(b"1234")]
    waiting = Waiting(attempts=3, first_s=0, longest_s=0, jitter_s=0)
    with quick(waiting=waiting) as fetch:
        assert fetch.get(replay.url + "/a").data == b"1234"
        assert len(fetch.origins) == 1
    assert len(replay.asked) == 3


@pytest.mark.parametrize(
    ("answer", "error", "times"),
    [
        (Answer(status=503), SourceDown, 2),
        (Answer(status=429), SourceDown, 2),
        (Answer(b"12", cut=5), SourceBroken, 2),
        (Answer(status=404), SourceBroken, 1),
        (Answer(status=422), SourceBroken, 1),
        (Answer(status=204), SourceBroken, 1),
        (Answer(status=503, headers={"Retry-After": "3600"}), SourceDown, 1),
    ],
)
def test_gives_up_with_the_right_error_after_few_attempts(replay, answer, error, times):
    replay.routes["/a"] = [answer]
    with quick() as fetch, pytest.raises(error, match=r"127\.0\.0\.1"):
        fetch.get(replay.url + "/a?key=geheim")
    assert len(replay.asked) == times


def test_a_source_that_says_nothing_is_given_up_after_few_attempts(replay):
    replay.routes["/a"] = [Answer(silent=True)]
    with quick(timeout_s=0.1) as fetch, pytest.raises(SourceDown, match=r"127\.0\.0\.1"):
        fetch.get(replay.url + "/a?key=geheim")
    replay.until_asked(2)
    assert len(replay.asked) == 2


def test_a_source_that_drips_does_not_hold_us(replay):
    # A few bytes of a body of a megabyte: who waits for a full buffer sees only that the connection ends.
    replay.routes["/a"] = [Answer(b"xxxx", drip_s=0.01, cut=10**6)]
    ticks = iter(range(0, 10**6, 1000))
    waiting = Waiting(attempts=1, clock=lambda: float(next(ticks)))
    with quick(waiting=waiting) as fetch:
        with pytest.raises(SourceDown, match="too slowly"):
            fetch.get(replay.url + "/a")
        with pytest.raises(SourceDown, match="too slowly"):
            fetch.download(replay.url + "/a")


@pytest.mark.parametrize(("a_byte_takes", "given_up"), [(0.5, True), (0.01, False)])
def test_a_source_that_dribbles_is_given_up_at_the_first_time_out(replay, a_byte_takes, given_up):
    replay.routes["/a"] = [Answer(b"x" * 120, drip_s=0.004)]
    ticks = itertools.count(0, a_byte_takes)
    waiting = Waiting(attempts=1, clock=lambda: next(ticks))
    # A time-out of 1 s would, with 0.02 kB a second, want 20 bytes.
    settings = Settings(timeout_s=1, slowest_kb_s=0.02)
    with Fetch(settings, trusted=True, waiting=waiting) as fetch:
        if not given_up:
            assert len(fetch.get(replay.url + "/a").data) == 120
            return
        with pytest.raises(SourceDown, match=r"too slowly, less than 0\.02 kB a second.*TWIN_SLOWEST_KB_S"):
            fetch.get(replay.url + "/a")


def test_who_waits_says_for_what_and_until_when_and_gives_up_in_words(replay, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    replay.routes["/a"] = [Answer(status=429, headers={"Retry-After": "90"}), Answer(b"1")]
    replay.routes["/b"] = [Answer(status=503, headers={"Retry-After": "7200"})]
    told: list[str] = []
    with Fetch(Settings(), trusted=True, tell=told.append) as fetch:
        assert fetch.get(replay.url + "/a").data == b"1"
        with pytest.raises(
            SourceDown, match=r"asks for a pause of 120 min, longer than the 2 min that a run"
        ):
            fetch.get(replay.url + "/b")
    assert len(told) == 1
    assert re.match(r"waits 90 s, until \d\d:\d\d:\d\d UTC: 127\.0\.0\.1.*/a answered 429$", told[0])


@pytest.mark.parametrize("answer", [Answer(status=422), Answer(b"")])
def test_mobilithek_without_a_packet_is_no_error(replay, answer):
    path = "/mobilithek/api/v1.0/subscription/7/clientPullService"
    replay.routes[path] = [answer]
    with quick() as fetch, pytest.raises(SourceWaits, match="what came last still holds"):
        fetch.download(replay.url + path)
    assert len(replay.asked) == 1


def test_a_source_that_drips_and_ends_in_time_is_read(replay):
    replay.routes["/a"] = [Answer(b"wxyz", drip_s=0.005)]
    with quick(waiting=Waiting(attempts=1, clock=lambda: 0.0)) as fetch:
        assert fetch.get(replay.url + "/a").data == b"wxyz"


def test_waiting_honours_retry_after_within_reason():
    waiting = Waiting(asked_s=60, jitter_s=0)
    assert waiting.pause(Unanswered("", 30), 1) == 30
    assert waiting.pause(Unanswered("", 3600), 1) is None
    assert [waiting.pause(Unanswered(""), number) for number in (1, 2, 3, 4)] == [1, 2, 4, None]
    assert waiting.pause(CutOff(""), 1) == 1
    assert waiting.pause(SourceBroken(""), 1) is None
    assert waiting.pause(SourceRefused(""), 1) is None
    at = parse("2026-03-01T12:00:00Z")
    assert retry_after("120") == 120
    assert retry_after("Sun, 01 Mar 2026 12:00:30 GMT", at) == 30
    assert retry_after("Sun, 01 Mar 2026 11:00:00 GMT", at) == 0
    assert retry_after("bald") is None
    assert retry_after(None) is None


def test_redirects_are_followed_on_the_same_host_only(replay):
    replay.routes["/old"] = [Answer(status=302, headers={"Location": "/new"})]
    replay.routes["/new"] = [as_json({"here": True})]
    replay.routes["/away"] = [Answer(status=301, headers={"Location": "http://other.example/x"})]
    replay.routes["/file"] = [Answer(status=301, headers={"Location": "file:///etc/passwd"})]
    replay.routes["/circle"] = [Answer(status=301, headers={"Location": "/circle"})]
    with quick() as fetch:
        assert fetch.get(replay.url + "/old").url == replay.url + "/new"
        for path, words in (("/away", "another host"), ("/file", "http"), ("/circle", "circles")):
            with pytest.raises(SourceRefused, match=words):
                fetch.get(replay.url + path)


def test_downloads_are_files_that_vanish_with_the_client(replay):
    replay.routes["/x/691_5336.tif"] = [Answer(b"II*" * 10, "image/tiff")]
    with quick() as fetch:
        (file,) = fetch.files(replay.url + "/x/691_5336.tif?key=geheim", (".tif",))
        assert (file.name, file.stem, file.read()) == ("691_5336.tif", "691_5336", b"II*" * 10)
        assert fetch.origins[0].url == replay.url + "/x/691_5336.tif"
    assert not file.path.exists()


def test_local_files_are_named_without_the_machines_folders(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.csv.gz").write_bytes(gzip.compress(b"a,b\n"))
    (tmp_path / "1.csv").write_bytes(b"a\n")
    (tmp_path / "LICENSE.txt").write_bytes(b"...")
    (tmp_path / ".3.csv").write_bytes(b"...")
    with quick() as fetch:
        files = list(fetch.files(str(tmp_path), (".csv",)))
        assert [file.name for file in files] == ["1.csv", "b/2.csv.gz"]
        assert [file.read() for file in files] == [b"a\n", b"a,b\n"]
        assert [(o.url, o.size) for o in fetch.origins] == [("1.csv", 2), ("b/2.csv.gz", 4)]
        assert [f.name for f in fetch.files((tmp_path / "1.csv").as_uri(), (".json",))] == ["1.csv"]


def test_local_files_that_are_missing_oversized_or_truncated(tmp_path):
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"\0" * 5_000_000))
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(bytes(range(256)) * 100)[:-30])
    empty = tmp_path / "empty"
    empty.mkdir()
    for path, error in (
        (tmp_path / "none.csv", SourceDown),
        (bomb, SourceRefused),
        (cut, SourceBroken),
        (empty, SourceBroken),
    ):
        with quick(max_body_mb=2) as fetch, pytest.raises(error) as caught:
            list(fetch.files(str(path), (".csv",)))
        assert path.name in str(caught.value)
        assert str(tmp_path) not in str(caught.value)


def test_messages_never_carry_the_body_or_a_secret(replay):
    replay.routes["/a"] = [Answer(b"Erika Mustermann", "text/html", 500)]
    with quick() as fetch, pytest.raises(TwinError) as caught:
        fetch.get(replay.url.replace("//", "//user:geheim@") + "/a?token=geheim")
    assert "geheim" not in str(caught.value)
    assert "Erika" not in str(caught.value)
