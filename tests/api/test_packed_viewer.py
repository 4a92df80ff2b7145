import brotli
import pytest

from api import viewer

SCRIPT = b"export const city = 1;\n" * 100


@pytest.fixture
def built(tmp_path):
    assets = tmp_path / "assets"
    assets.mkdir()
    for name in ("main-AbCd1234.js", "plain.js"):
        (assets / name).write_bytes(SCRIPT)
        (assets / f"{name}.br").write_bytes(brotli.compress(SCRIPT, quality=11))
    return tmp_path


@pytest.fixture
def ask(built, filled, client_of):
    client = client_of(filled, viewer=built)
    return lambda name, **headers: client(f"/viewer/assets/{name}", **headers)


def test_a_script_travels_as_the_build_packed_it(built, ask):
    answer = ask("main-AbCd1234.js", accept_encoding="gzip, br")
    packed = (built / "assets" / "main-AbCd1234.js.br").stat().st_size
    assert (answer.headers["content-encoding"], answer.headers["content-length"]) == ("br", str(packed))
    assert answer.content == SCRIPT
    again = ask("main-AbCd1234.js", accept_encoding="br", if_none_match=answer.headers["etag"])
    assert again.status_code == 304


@pytest.mark.parametrize(("accepted", "coding"), [("gzip", "gzip"), ("identity", None), ("br;q=0", None)])
def test_who_does_not_read_brotli_gets_what_it_reads(ask, accepted, coding):
    answer = ask("main-AbCd1234.js", accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == coding
    assert answer.content == SCRIPT


def test_what_may_have_been_replaced_is_not_sent_as_it_was_packed_once(built):
    assert viewer.packed(built, "assets/plain.js", ["br"]) is None
    assert viewer.packed(built, "assets/main-AbCd1234.js", ["gzip"]) is None
    assert viewer.packed(built, "assets/main-AbCd1234.js", ["gzip", "br"]) is not None
