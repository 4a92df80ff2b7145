"""What stands on the pages of a PDF that Chromium has printed: its text, by the fonts' own tables."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(\bET\b|\bT[dm*]\b)")
_HEX = rb"<([0-9A-Fa-f]+)>"


def texts(pdf: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_text(page, objects) for page in pages]


def _text(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = {
        name: _letters(objects[int(ref)], objects) for name, ref in re.findall(rb"/(F\d+) (\d+) 0 R", page)
    }
    content = re.search(rb"/Contents (\d+) 0 R", page)
    assert content is not None
    font: dict[int, str] = {}
    said = ""
    for name, shown, moved in _SHOWN.findall(_stream(objects[int(content[1])])):
        if name:
            font = fonts[name]
        elif shown:
            said += "".join(font.get(int(shown[i : i + 4], 16), "") for i in range(0, len(shown), 4))
        elif moved == b"ET":
            said += " "
    return " ".join(said.replace("\u00ad", "").split())


def _letters(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    """Number of a glyph → what it stands for."""
    table = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if table is None:
        return {}
    told = _stream(objects[int(table[1])])
    found: dict[int, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", told, re.DOTALL):
        for glyph, letters in re.findall(_HEX + rb"\s*" + _HEX, part):
            found[int(glyph, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", told, re.DOTALL):
        for first, last, letter in re.findall(_HEX + rb"\s*" + _HEX + rb"\s*" + _HEX, part):
            for glyph in range(int(first, 16), int(last, 16) + 1):
                found[glyph] = chr(int(letter, 16) + glyph - int(first, 16))
    return found


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]
