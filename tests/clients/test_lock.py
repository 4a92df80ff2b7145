"""The clients that only tests use are pinned like all else."""

import json

from tests.clients.conftest import ROOT


def test_the_lock_names_no_registry_and_pins_exactly() -> None:
    lock = json.loads((ROOT / "deploy" / "clients" / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "deploy" / "clients" / "package.json").read_text())["dependencies"]
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all(package.get("integrity") for package in packages.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
