"""What a visitor does and sees: opens the page, waits for the city, looks at it."""

import json
import time
import urllib.request
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

_COMPLETE = "performance.getEntriesByName('city-twin:complete').length > 0"


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

    def until(self, truth: str, seconds: float = 60) -> None:
        """Wait until a JavaScript expression is true; Playwright's own way needs eval, which we forbid."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.page.evaluate(truth):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not within {seconds:.0f} s: {truth}; console: {self.complaints}")

    def settle(self, seconds: float = 30) -> None:
        """Wait until the window looks the same twice, a quarter of a second apart: nothing moves any more."""
        deadline = time.monotonic() + seconds
        before = self.picture()
        while time.monotonic() < deadline:
            self.page.wait_for_timeout(250)
            now = self.picture()
            if np.array_equal(before, now):
                return
            before = now
        raise AssertionError(f"the window still moves after {seconds:.0f} s")

    def picture(self) -> NDArray[np.float64]:
        """The window as (height, width, 3) values from 0 to 255."""
        from rasterio.errors import NotGeoreferencedWarning
        from rasterio.io import MemoryFile

        data = self.page.screenshot()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it is a picture, not a map
            with MemoryFile(data) as file, file.open() as image:
                return np.moveaxis(image.read()[:3], 0, -1).astype(float)


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
    page.set_default_timeout(30_000)
    page.goto(base + path)
    if scene:
        seen.until(_COMPLETE)
    return seen


def ask(base: str, path: str) -> Any:
    """JSON of the service."""
    with urllib.request.urlopen(base + path, timeout=20) as answer:
        return json.loads(answer.read())
