"""What the page costs until the view is complete: bytes, empty pictures, waiting for the graphics card."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

BUDGET = 900_000
"""Bytes, packed as they travel, until the demo city with its 2,500 buildings is complete."""
MISSING = 2_200 * 115
"""What the buildings would add that the city of these tests leaves out: 115 bytes each of the demo's."""

WATCH = """
window.asked = []; // what a page waits for the graphics card with
window.hurried = []; // programs asked while the card was still drawing
const gl = WebGL2RenderingContext.prototype;
window.blank = 0; // pictures of nothing but the background before the first of the city
let drawn = 0;
let idle = 0;
const fences = new WeakMap();
const wrap = (name, told) => {
  const act = gl[name];
  gl[name] = function (...given) {
    const answer = act.apply(this, given);
    told(given, answer);
    return answer;
  };
};
window.early = 0; // WebGL asked for before the page was told that it has been seen
let told = false;
const Observer = PerformanceObserver;
window.PerformanceObserver = class extends Observer {
  constructor(answer) {
    super((list, self) => {
      told ||= list.getEntriesByType("paint").length > 0;
      answer(list, self);
    });
  }
};
window.unready = 0; // WebGL asked for by the page before a worker was answered
let answered = false;
const Hired = Worker;
window.Worker = class extends Hired {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", () => (answered = true));
  }
};
const context = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...given) {
  if (kind === "webgl2" && !told) window.early += 1;
  if (kind === "webgl2" && !answered) window.unready += 1;
  return context.call(this, kind, ...given);
};
window.overtaken = 0; // calls of later pictures while the first one of the city is not done
let ordered = null; // calls of the first picture: it is done once the card has done so many
const begun = () => performance.getEntriesByName("city-twin:first-tile").length > 0;
for (const name of ["drawElements", "drawArrays", "drawElementsInstanced", "drawArraysInstanced"])
  wrap(name, () => {
    if (begun() && ordered === null) ordered = drawn;
    if (ordered !== null && idle < ordered) window.overtaken += 1;
    drawn += 1;
  });
wrap("clear", () => { if (!drawn) window.blank += 1; });
wrap("fenceSync", (_, fence) => fences.set(fence, drawn));
wrap("getSyncParameter", ([fence], state) => {
  if (state === gl.SIGNALED) idle = Math.max(idle, fences.get(fence));
});
for (const name of ["readPixels", "finish", "getError", "getShaderInfoLog", "getProgramInfoLog"])
  wrap(name, () => window.asked.push(name));
wrap("getShaderParameter", () => window.asked.push("getShaderParameter"));
wrap("getProgramParameter", ([_, what]) => {
  if (what === gl.LINK_STATUS) window.asked.push("LINK_STATUS");
  if (what === gl.ACTIVE_UNIFORMS && idle < drawn) window.hurried.push(performance.now());
});
"""


@pytest.fixture(scope="module")
def watched(browser: Any, server: str) -> Iterator[Visit]:
    """A first visit, with all that is asked of the graphics card while it loads."""
    seen = visit(browser, server, before=lambda page: page.add_init_script(WATCH))
    yield seen
    seen.page.context.close()


def test_nobody_who_only_looks_has_the_next_picture_begun_before_the_first_is_done(watched: Visit) -> None:
    assert watched.page.evaluate("window.overtaken") == 0


def test_the_view_is_complete_within_the_budget_of_bytes(watched: Visit) -> None:
    loaded = watched.page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".filter((each) => each.startTime < performance.getEntriesByName('city-twin:complete')[0].startTime)"
        ".map((each) => [new URL(each.name).pathname, each.transferSize])"
    )
    assert len(loaded) > 30
    assert sum(size for _, size in loaded) + MISSING < BUDGET, sorted(loaded, key=lambda each: -each[1])[:12]


def test_nobody_waits_for_the_graphics_card_while_the_city_loads(watched: Visit) -> None:
    assert watched.page.evaluate("window.asked") == []
    assert watched.page.evaluate("window.hurried") == []


def test_webgl_is_asked_for_once_the_page_is_seen(watched: Visit) -> None:
    """Before, the whole page stands still until the graphics are there: up to seconds."""
    assert watched.page.evaluate("window.early") == 0


def test_a_worker_is_the_first_to_wait_for_webgl(watched: Visit) -> None:
    """Whoever asks first stands still until the graphics have done all else: the worker, not the page."""
    assert watched.page.evaluate("window.unready") == 0


def test_nothing_is_shown_once_and_not_each_time_that_a_tile_comes(watched: Visit) -> None:
    """On a slow card the browser would compose its whole window anew, each time before it draws for us."""
    assert watched.page.evaluate("window.blank") <= 4
