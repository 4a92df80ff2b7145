import type { City } from "./data/types.js";
import { iconElement } from "./parts/icons.js";
import type { Picked } from "./state/choice.js";
import type { Story } from "./story.js";

const asked = (query: string) => matchMedia(query).matches;

/** What every picture of a story, scene or map, is told, as light, calm and clear as the visitor's system asks for, and what it tells the story. */
export function raising(story: Story, city: City, canvas: HTMLCanvasElement, marks: HTMLElement, done: () => void) {
  let complete = false;
  /** There is something to see. */
  const ready = () => {
    story.loading = false;
    done();
  };
  return {
    canvas,
    marks,
    centre: city.centre,
    bbox: city.bbox,
    placed: story.address.view !== undefined,
    night: asked("(prefers-color-scheme: dark)"),
    calm: asked("(prefers-reduced-motion: reduce)"),
    contrast: asked("(prefers-contrast: more), (forced-colors: active)"),
    count: (sites: number) => story.words.sitesHere(sites),
    iconOf: iconElement,
    onView: () => story.viewed(),
    onPick: (hit: Picked) => story.picked(hit),
    onFirst: () => {
      performance.mark("city-twin:first-tile");
      ready();
    },
    onRest: (resting: boolean) => {
      canvas.dataset["still"] = String(resting);
      if (!resting || complete) return;
      complete = true;
      performance.mark("city-twin:complete");
      story.settle();
      ready();
    },
    ready,
  };
}
