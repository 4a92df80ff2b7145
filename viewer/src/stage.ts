import { iconElement } from "./parts/icons.js";
import type { CityScene } from "./scene/scene.js";
import type { Story } from "./story.js";

const asked = (query: string) => matchMedia(query).matches;

/**
 * Raise the scene of a story on a canvas, as light, calm and clear as the visitor's system asks for.
 *
 * Throws where the browser draws no WebGL.
 */
export function raise(Scene: typeof CityScene, story: Story, canvas: HTMLCanvasElement, marks: HTMLElement, done: () => void): CityScene {
  const { city } = story.holdings;
  const context = canvas.getContext("webgl2", { antialias: true, alpha: false, powerPreference: "high-performance" });
  if (!context) throw new Error("this browser draws no WebGL");
  if (!city) throw new Error("a scene needs a city");
  const ready = () => {
    story.loading = false;
    done();
  };
  let complete = false;
  const scene = new Scene({
    canvas,
    context,
    marks,
    tileset: city.tileset ? timeless(story.service.at(city.tileset)) : null,
    datetime: story.service.datetime,
    there: story.holdings.tiled,
    centre: city.centre,
    bbox: city.bbox,
    at: story.now,
    night: asked("(prefers-color-scheme: dark)"),
    calm: asked("(prefers-reduced-motion: reduce)"),
    contrast: asked("(prefers-contrast: more), (forced-colors: active)"),
    count: (sites) => story.words.sitesHere(sites),
    iconOf: iconElement,
    onView: () => story.viewed(),
    onPick: (hit) => story.picked(hit),
    onFirst: () => {
      performance.mark("city-twin:first-tile");
      ready();
    },
    onRest: (resting) => {
      canvas.dataset["still"] = String(resting);
      if (!resting || complete) return;
      complete = true;
      performance.mark("city-twin:complete");
      story.settle();
      ready();
    },
    onTilesFailed: () => {
      story.trouble = "no-tiles";
      story.list.set(true); // not by the visitor's hand: no way back to keep
      ready();
    },
    onChanged: (outcome) => {
      if (outcome === "failed") story.lost = true; // what was shown stays
      else story.trouble = outcome === "none" ? "no-tiles-then" : "none";
      done();
    },
  });
  if (city.tileset && !story.holdings.tiled) story.trouble = "no-tiles-then";
  if (!city.tileset || !story.holdings.tiled) ready();
  return scene;
}

/** The address without the instant that the city was asked for: the scene says itself which one it shows. */
function timeless(address: URL): string {
  const plain = new URL(address);
  plain.searchParams.delete("datetime");
  return plain.href;
}
