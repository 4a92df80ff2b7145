"""Build: which program writes the answers.

What is made on demand from known parts is named by these parts, so that nobody has to make it to say whether
a visitor has it already. The name holds as long as the same program would make the same bytes.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_ROOMS = ("api", "catalog", "twin")
_LIBRARIES = ("numpy", "orjson", "pyarrow", "pyogrio", "pyproj", "shapely")
"""Those that write; GDAL and PROJ come with theirs."""


def tag(*parts: bytes) -> str:
    """Name of what is made from these parts, for an ETag."""
    digest = hashlib.sha256(_build())
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:32]


@cache
def _build() -> bytes:
    """Checksum of the program: of its own text, and the versions of what it writes with."""
    digest = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in _LIBRARIES).encode())
    root = Path(__file__).parents[1]
    for path in sorted(path for room in _ROOMS for path in (root / room).rglob("*.py")):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()
