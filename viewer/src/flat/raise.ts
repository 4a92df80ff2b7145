import { raising } from "../raising.js";
import type { Story } from "../story.js";
import { CityMap } from "./map.js";

/** Raise the map of a story on a canvas, as the scene is raised where there is WebGL. Throws where there is no canvas. */
export function raiseMap(story: Story, canvas: HTMLCanvasElement, marks: HTMLElement, done: () => void): CityMap {
  const { city, failed } = story.holdings;
  if (!city) throw new Error("a map needs a city");
  const { ready: _, ...usual } = raising(story, city, canvas, marks, done);
  return new CityMap({
    ...usual,
    service: () => story.service,
    onLayer: (layer, broken) => {
      if (broken) failed.add(layer.id);
      else failed.delete(layer.id);
      done();
    },
  });
}
