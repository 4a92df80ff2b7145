import { iconElement } from "../parts/icons.js";
import type { Story } from "../story.js";
import { CityMap } from "./map.js";

const asked = (query: string) => matchMedia(query).matches;

/** Raise the map of a story on a canvas, as the scene is raised where there is WebGL. Throws where there is no canvas. */
export function raiseMap(story: Story, canvas: HTMLCanvasElement, marks: HTMLElement, done: () => void): CityMap {
  const { city, failed } = story.holdings;
  if (!city) throw new Error("a map needs a city");
  let complete = false;
  const ready = () => {
    story.loading = false;
    done();
  };
  return new CityMap({
    canvas,
    marks,
    service: () => story.service,
    centre: city.centre,
    bbox: city.bbox,
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
    onLayer: (layer, broken) => {
      if (broken) failed.add(layer.id);
      else failed.delete(layer.id);
      done();
    },
  });
}
