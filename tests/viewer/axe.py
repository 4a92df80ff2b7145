"""axe-core in a page: what it finds against WCAG 2.2 AA and its own best practices."""

from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).resolve().parents[2] / "viewer" / "node_modules" / "axe-core" / "axe.min.js"


def faults(page: Any) -> list[str]:
    """Rules that the page breaks, each with the first places where; all rules, target sizes as well."""
    if not AXE.is_file():
        pytest.skip("axe-core is missing; `npm ci` in viewer/ brings it")
    if not page.evaluate("typeof window.axe === 'object'"):
        # As the debugger does: the page itself allows no such script.
        page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations'],"
        " rules: {'target-size': {enabled: true}}})).violations"
    )
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} {(node.get('failureSummary') or '')[:200]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]
