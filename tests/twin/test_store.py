"""The store: the same manners on disk and in memory, whole objects or none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import AlreadyExists, NotFound, StoreError
from twin.store import FileStore, Store, open_store


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "s") if request.param == "file" else "memory://")


def test_put_replaces_create_does_not(store: Store) -> None:
    store.put("a/b", b"1")
    store.put("a/b", b"22")
    assert store.get("a/b") == b"22"
    assert store.size("a/b") == 2
    store.create("a/c", b"1")
    with pytest.raises(AlreadyExists, match="a/c"):
        store.create("a/c", b"2")
    assert store.get("a/c") == b"1"


def test_what_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound, match="a/x"):
        store.get("a/x")
    assert store.size("a/x") is None
    assert list(store.list("a")) == []


def test_list_is_in_order_and_only_below(store: Store) -> None:
    for key in ("b/2", "b/10", "a/1", "bb/1"):
        store.put(key, b"")
    assert list(store.list("b")) == ["b/10", "b/2"]


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../../x", "a\\b", "a\0b"])
def test_keys_do_not_climb(store: Store, key: str) -> None:
    for call in (store.get, store.size):
        with pytest.raises(StoreError):
            call(key)
    with pytest.raises(StoreError):
        store.put(key, b"")


def test_a_failed_write_leaves_the_old_object_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(tmp_path)
    store.put("a", b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(StoreError, match="No space left"):
        store.put("a", b"new")
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert store.get("a") == b"old"
    assert list(store.list("")) == ["a"]


def test_everything_is_durable_before_a_name_is_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    synced: list[str] = []
    real = os.fsync

    def watch(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr("os.fsync", watch)
    store = FileStore(tmp_path)
    store.put("layers/x/snapshots/1/tileset.json", b"{}")
    assert synced == []
    store.create("layers/x/revisions/000001.json", b"{}")
    claim = next(i for i, path in enumerate(synced) if "/revisions/" in path)
    before = synced[:claim]
    for needed in ("layers/x/snapshots/1/tileset.json", "layers/x/snapshots/1", "layers/x", "layers"):
        assert str(tmp_path / needed) in before


def test_two_claims_one_winner(tmp_path: Path) -> None:
    first, second = FileStore(tmp_path), FileStore(tmp_path)
    first.create("r/1", b"first")
    with pytest.raises(AlreadyExists):
        second.create("r/1", b"second")
    assert second.get("r/1") == b"first"


def test_unknown_places_are_refused() -> None:
    with pytest.raises(StoreError, match="ftp"):
        open_store("ftp://example.org/x")


def test_one_half_of_the_credentials_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    with pytest.raises(StoreError, match=r"s3://twin/a cannot be opened.*AWS_ACCESS_KEY_ID") as refused:
        open_store("s3://twin/a")
    assert "hidden" not in str(refused.value)


def test_an_endpoint_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "s3.example.org")
    with pytest.raises(StoreError, match="AWS_ENDPOINT_URL is no address; write https://"):
        open_store("s3://twin/a")


@given(st.binary(max_size=2000))
def test_bytes_come_back_as_they_went(data: bytes) -> None:
    store = open_store("memory://")
    store.put("x", data)
    assert store.get("x") == data


def test_a_disk_without_hard_links_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(tmp_path)

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    with pytest.raises(StoreError, match=r"a/b cannot be claimed: Operation not permitted; .* hard links"):
        store.create("a/b", b"1")
    assert list(store.list("")) == []
    assert [*tmp_path.rglob(".tmp-*")] == []
