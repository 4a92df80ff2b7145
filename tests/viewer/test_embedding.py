"""docs/embedding.md as it stands: a foreign page with strict rules, two elements, a service under a path."""

import re
import threading
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.error import HTTPError

import pytest

from tests.viewer.conftest import ROOT
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

BOTH = "[...document.querySelectorAll('city-twin')]"
EXAMPLE = "https://twin.my-town.example"


def example(name: str) -> str:
    """A block of the page by its name."""
    text = (ROOT / "docs" / "embedding.md").read_text("utf-8")
    (code,) = re.findall(rf"^```\w+ {re.escape(name)}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return code


class _Site(BaseHTTPRequestHandler):
    """Another site: pages with rules of their own; and below /karte/ a web server before the service."""

    pages: ClassVar[dict[str, str]] = {}
    rules: ClassVar[str] = ""
    service: ClassVar[str] = ""

    def do_GET(self) -> None:
        if self.path.startswith("/karte/"):
            return self._pass_on(self.service + self.path.removeprefix("/karte"))
        body = self.pages.get(self.path.lstrip("/").partition("?")[0], "")
        kind = {"css": "text/css", "js": "text/javascript"}.get(self.path.rpartition(".")[2], "text/html")
        self._answer(200, {"Content-Type": kind, "Content-Security-Policy": self.rules}, body.encode())

    def _pass_on(self, address: str) -> None:
        asked = urllib.request.Request(address, headers={"Host": self.headers["Host"]})
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                self._answer(answer.status, dict(answer.headers), answer.read())
        except HTTPError as error:
            self._answer(error.code, dict(error.headers), error.read())

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(server: str) -> Iterator[tuple[str, type[_Site]]]:
    """Address of the other site, and what it holds."""
    rules = " ".join(example("csp").split()).replace(EXAMPLE, server)
    handler = type("Site", (_Site,), {"pages": {}, "rules": rules, "service": server})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler)) as other:
        thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://localhost:{other.server_port}", handler
        other.shutdown()
        thread.join()


@pytest.fixture
def embedded(browser: Any, server: str, site: Any) -> Iterator[Visit]:
    """The example as it stands, both elements with their words."""
    base, handler = site
    for name in ("embedded.html", "embedded.css", "embedded.js"):
        handler.pages[name] = example(name).replace(EXAMPLE, server)
    size = {"width": 700, "height": 900}
    seen = visit(browser, base, "/embedded.html", scene=False, viewport=size, contrast="more")
    seen.until(f"{BOTH}.every((each) => each.shadowRoot?.querySelector('.card li'))")
    yield seen
    seen.page.context.close()


def test_two_in_a_foreign_page_keep_to_themselves(embedded: Visit, server: str) -> None:
    seen, page = embedded, embedded.page
    assert seen.complaints == []
    assert [url for url in seen.outside if not url.startswith(server)] == []
    assert len([url for url in seen.requests if "/assets/scene-" in url]) == 1
    sites, air = page.locator("#sites"), page.locator("#air")
    sites.get_by_role("heading", name="Heute hier").wait_for()
    air.get_by_role("heading", name="Here today").wait_for()
    assert page.evaluate("document.documentElement.lang") == "de"
    assert sites.get_by_role("checkbox", name="Baustellen").is_checked()
    assert not air.get_by_role("checkbox", name="Construction sites").is_checked()
    for each in (sites, air):
        box = each.bounding_box()
        assert (box["width"], box["height"]) == (320, 400)
        seen.until(lambda: each.locator("canvas").get_attribute("data-still") is not None)  # noqa: B023
        panel = each.locator(".panel").bounding_box()
        assert panel["y"] > box["y"] + 80, "the layout is that of the window, not of the box"

    sites.get_by_role("button", name="Als Liste").click()
    sites.locator("ul.things button").filter(has_text="Baustelle").first.click()
    region = sites.get_by_role("region", name=re.compile("^Auskunft: "))
    region.wait_for()
    seen.until("document.title.startsWith('sites: ')")
    assert air.get_by_role("region", name=re.compile("^Information: ")).count() == 0
    air.get_by_role("application").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    air.locator("ul.things button").first.wait_for()
    assert region.is_visible()
    assert page.url == f"{seen.base}/embedded.html"
    assert page.evaluate("history.length") <= 2
    assert page.evaluate("history.state") is None
    assert seen.complaints == []


def test_attributes_are_followed(embedded: Visit) -> None:
    seen, page = embedded, embedded.page
    air = page.locator("#air")
    change = "([name, value]) => document.querySelector('#air').setAttribute(name, value)"
    page.evaluate(change, ["layers", "buildings, construction-sites"])
    box = air.get_by_role("checkbox", name="Construction sites")
    seen.until(box.is_checked)
    air.locator(".mark").first.wait_for(state="attached")
    page.evaluate(change, ["view", "11.56900,48.13800,400,90,60"])
    needle = air.get_by_role("button", name="North up").locator("g")
    seen.until(lambda: needle.get_attribute("transform") == "rotate(-90 12 12)")
    page.evaluate(change, ["lang", "de-simple"])
    air.get_by_role("button", name="Leichte Sprache", pressed=True).wait_for()
    page.evaluate(change, ["time", "2001-01-01"])
    air.get_by_text("1. Januar 2001").first.wait_for()
    page.evaluate(change, ["time", "gestern"])
    air.get_by_text("1. Januar 2001").first.wait_for(state="detached")
    page.evaluate(change, ["src", "http://localhost:9/"])
    air.get_by_text("Die Daten von der Stadt fehlen").wait_for()
    assert [text for text in seen.complaints if "localhost:9" not in text and "404" not in text] == []


HOST = """<!doctype html><html lang="de"><meta charset="utf-8" /><title>Gastgeber</title>
<link rel="stylesheet" href="embedded.css" />
<script type="module" src="{service}/viewer/city-twin.js"></script>
<h1>Unsere Stadt</h1><our-town></our-town><iframe src="framed.html" title="Die Stadt im Rahmen"></iframe>
<script type="module" src="host.js"></script></html>"""
HOSTED = """customElements.define("our-town", class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync("city-twin { display: block; width: 320px; height: 400px }");
    root.adoptedStyleSheets = [style];
    const twin = document.createElement("city-twin");
    twin.src = "{service}/";
    twin.setAttribute("layers", "buildings,construction-sites");
    root.append(twin);
  }
});
addEventListener("city-twin:chosen", ({ detail }) => (document.title = detail ? detail.title : "nichts"));"""
FRAMED = """<!doctype html><html lang="en"><meta charset="utf-8" /><title>Rahmen</title>
<link rel="stylesheet" href="embedded.css" />
<script type="module" src="{service}/viewer/city-twin.js"></script>
<city-twin src="{service}/" layers="buildings,air-quality" lang="en"></city-twin></html>"""
"""A page whose own element holds ours in its shadow, and a frame beside it with another."""


def test_in_a_shadow_and_in_a_frame_it_works_by_keys_and_tells_what_is_chosen(
    browser: Any, server: str, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, handler = site
    pages = {
        "host.html": HOST,
        "host.js": HOSTED,
        "framed.html": FRAMED,
        "embedded.css": example("embedded.css"),
    }
    handler.pages.update({name: text.replace("{service}", server) for name, text in pages.items()})
    monkeypatch.setattr(handler, "rules", handler.rules.rstrip("; ") + "; frame-src 'self'")
    seen = visit(
        browser, base, "/host.html", scene=False, viewport={"width": 700, "height": 900}, contrast="more"
    )
    page = seen.page
    try:
        framed = page.frame_locator("iframe")
        for each in (page.locator("our-town city-twin"), framed.locator("city-twin")):
            still = each.locator("canvas")
            seen.until(lambda: still.get_attribute("data-still") == "true")  # noqa: B023
            each.locator(".card li").first.wait_for()
        hosted = page.locator("our-town city-twin")
        hosted.get_by_role("application").focus()
        page.keyboard.press("l")
        hosted.locator("ul.things button").filter(has_text="Baustelle").first.click()
        hosted.get_by_role("region", name=re.compile("^Auskunft: ")).wait_for()
        seen.until("!['Gastgeber', 'nichts'].includes(document.title)")
        page.keyboard.press("Escape")
        seen.until("document.title === 'nichts'")
        assert hosted.locator("ul.things button:focus").count() == 1, "the focus is lost"

        framed.get_by_role("heading", name="Here today").wait_for()
        framed.get_by_role("application").focus()
        needle = framed.get_by_role("button", name="North up").locator("g")
        page.keyboard.press("e")
        seen.until(lambda: needle.get_attribute("transform") != "rotate(0 12 12)")
        framed.get_by_role("button", name="View from above (2D)").click()
        framed.get_by_role("button", name="Angled view (3D)").wait_for()
        assert page.url == f"{base}/host.html"
        assert seen.complaints == []
    finally:
        page.context.close()


def test_under_a_path_nothing_leaves_it(browser: Any, site: Any) -> None:
    base, _ = site
    seen = visit(browser, base, "/karte/", contrast="more", viewport={"width": 360, "height": 480})
    try:
        assert seen.complaints == []
        assert seen.outside == []
        astray = [url for url in seen.requests if not url.startswith((f"{base}/karte/", "blob:", "data:"))]
        assert astray == []
        assert any("/karte/tiles/" in url and url.endswith(".glb") for url in seen.requests)
        assert "#view=" in seen.page.url
    finally:
        seen.page.context.close()
