"""Beside: among the files of a folder or archive lie others under the same ending, such as metadata."""

from collections.abc import Iterable, Iterator

from ingest.files import File

HEAD = 1 << 16
"""Bytes in which a file shows what it is."""


def without_others(files: Iterable[File], ending: str, marks: tuple[bytes, ...]) -> Iterator[File]:
    """Yield the files, without those that only share an ending with what is looked for.

    If no other is there, the first of them is yielded all the same: its reader says what is wrong with it.

    Args:
        files: Of a source.
        ending: The ending under which anything may lie; files with another are yielded unseen.
        marks: Of which one stands in the head of what is looked for. A JSON document larger than `HEAD` is
            yielded without one: its members stand in any order.
    """
    first: File | None = None
    ours = False
    for file in files:
        if file.has_suffix((ending,)) and is_other(_head(file), marks, whole=ending == ".json"):
            first = first or file
            continue
        ours = True
        yield file
    if first is not None and not ours:
        yield first


def is_other(head: bytes, marks: tuple[bytes, ...], *, whole: bool) -> bool:
    """Whether a file is none of ours, by its first `HEAD` bytes and perhaps one more.

    Args:
        head: The bytes.
        marks: As for `without_others`.
        whole: Only what lies in `head` as a whole can be told.
    """
    if not head.strip() or (whole and len(head) > HEAD):
        return False
    text = head.replace(b"\0", b"")  # UTF-16
    return not any(mark in text for mark in marks)


def _head(file: File) -> bytes:
    with file.open() as stream:
        return stream.read(HEAD + 1)
