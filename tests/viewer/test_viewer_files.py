"""The viewer's files: budget, lock file, and the glTF validator on what the writers make."""

import json
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[2]
VIEWER = ROOT / "viewer"


def _built() -> Path:
    assets = VIEWER / "dist" / "assets"
    if not assets.is_dir():
        pytest.skip("the viewer is not built; run `make test`, which builds it")
    return assets


def test_the_entry_is_small_and_no_script_needs_eval() -> None:
    scripts = {path.name: path.read_bytes() for path in _built().glob("*.js")}
    sizes = {name: len(brotli.compress(data, quality=11)) for name, data in scripts.items()}
    assert min(sizes.values()) < 40_000, "the entry is to stay small; the scene comes later"
    for name, data in scripts.items():
        assert b"new Function(" not in data, name
        assert b"eval(" not in data.replace(b".eval(", b"").replace(b"_eval(", b""), name


def test_the_manifest_names_one_entry_with_a_hash() -> None:
    manifest = json.loads((_built().parent / "manifest.json").read_text())
    entries = [part for part in manifest.values() if part.get("isEntry")]
    assert len(entries) == 1
    assert entries[0]["file"].startswith("assets/main-")


def test_the_lock_names_no_registry_and_pins_exactly() -> None:
    lock = json.loads((VIEWER / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all(package.get("integrity") for name, package in lock["packages"].items() if name)
    wanted = json.loads((VIEWER / "package.json").read_text())
    for version in {**wanted["dependencies"], **wanted["devDependencies"]}.values():
        assert version[0].isdigit(), version


@pytest.mark.node
def test_published_tiles_are_valid_gltf(store: Path) -> None:
    if shutil.which("node") is None or not (VIEWER / "node_modules" / "gltf-validator").is_dir():
        pytest.skip("Node or the viewer's packages are missing; run `make test`, which brings them")
    folders = [str(path) for path in sorted((store / "layers").glob("*/content"))]
    command = ["node", str(VIEWER / "scripts" / "validate-gltf.mjs"), *folders]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    summary = json.loads(done.stdout)
    assert summary["errors"] == 0, summary["failing"][:3]
    assert done.returncode == 0
    assert summary["files"] > 5
