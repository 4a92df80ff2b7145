"""What a visitor does and sees: opens the page, waits for the city, looks at it."""

import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.viewer.pictures import read

COMPLETE = "performance.getEntriesByName('city-twin:complete').length > 0"
"""All tiles and data have come, and the first picture of them rests."""
_STILL = "document.querySelector('city-twin')?.shadowRoot?.querySelector('canvas')?.dataset.still !== 'false'"
PATIENCE_S = 120
"""Only who would fail waits as long as this: a slow machine is no fault of what is tested."""


@dataclass
class Visit:
    """An open page and all that it said and asked for."""

    page: Any
    base: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Addresses asked for that are not ours."""
        own = (self.base, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]

    def until(self, truth: str | Callable[[], Any]) -> None:
        """Wait until something is so: a JavaScript expression (Playwright's own way needs eval, which we
        forbid) or a function."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self.page.evaluate(truth) if isinstance(truth, str) else truth():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not within {PATIENCE_S} s: {truth}; console: {self.complaints}")

    def settle(self) -> None:
        """Wait until the scene rests, with nothing on its way, and the window looks the same twice."""
        seen = [self.picture()]

        def same() -> bool:
            seen.append(self.picture())
            return np.array_equal(seen.pop(0), seen[0])

        self.until(_STILL)
        self.until(same)
        self.until(_STILL)

    def picture(self) -> NDArray[np.float64]:
        """The window as (height, width, 3) values from 0 to 255."""
        return read(self.page.screenshot())


def visit(
    browser: Any, base: str, path: str = "/", *, scene: bool = True, before: Any = None, **options: Any
) -> Visit:
    """Open the page as a new visitor; with `scene` wait until the view is complete."""
    options = {
        "viewport": {"width": 800, "height": 400},
        "locale": "de-DE",
        "reduced_motion": "reduce",
    } | options
    page = browser.new_context(**options).new_page()
    seen = Visit(page, base)
    page.on("request", lambda request: seen.requests.append(request.url))
    said = {"error": seen.complaints, "warning": seen.warnings}
    page.on("console", lambda message: said.get(message.type, []).append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    if before:
        before(page)
    page.set_default_timeout(1000 * PATIENCE_S)
    page.goto(base + path)
    if scene:
        seen.until(COMPLETE)
    return seen


def ask(base: str, path: str) -> Any:
    """JSON of the service."""
    with urllib.request.urlopen(base + path, timeout=PATIENCE_S) as answer:
        return json.loads(answer.read())
