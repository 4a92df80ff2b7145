import { knocked } from "./knock.js";
import { painted } from "./painted.js";
import { raising } from "./raising.js";
import { Card } from "./scene/card.js";
import { measured } from "./scene/canvas.js";
import type { CityScene } from "./scene/scene.js";
import type { Story } from "./story.js";

/** A graphics card that has lost the picture gets so long to have it again. */
const PATIENCE_MS = 10_000;

/** Raise the scene of a story on a canvas; `gone` once its picture is lost for good. Throws where the browser draws no WebGL. */
export async function raise(Scene: typeof CityScene, story: Story, canvas: HTMLCanvasElement, marks: HTMLElement, done: () => void, gone: () => void): Promise<CityScene> {
  const { city, tiled } = story.holdings;
  await painted();
  await knocked();
  const context = canvas.getContext("webgl2", { antialias: true, alpha: false, powerPreference: "high-performance" });
  if (!context) throw new Error("this browser draws no WebGL");
  if (!city) throw new Error("a scene needs a city");
  const card = new Card(context);
  await card.quiet();
  measured(canvas); // who gives it its size waits for the card: a task of its own
  await card.wake();
  // At an instant before its first model a city names none; who moves on in time needs to know where it will be.
  const tileset = city.tileset ?? (story.service.datetime ? `/tiles/${city.id}/tileset.json` : null);
  const { ready, ...usual } = raising(story, city, canvas, marks, done);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const scene = new Scene({
    ...usual,
    context,
    tileset: tileset ? timeless(story.service.at(tileset)) : null,
    datetime: story.service.datetime,
    there: tiled,
    at: story.now,
    onLost: (lost) => {
      story.loading = lost;
      clearTimeout(waiting);
      if (lost) waiting = setTimeout(gone, PATIENCE_MS);
      done();
    },
    onTilesFailed: () => {
      story.trouble = "no-tiles";
      story.list.set(true); // not by the visitor's hand: no way back to keep
      ready();
    },
    onBroken: (count) => {
      story.broken = count;
      done();
    },
    onChanged: (outcome) => {
      if (outcome === "failed") story.lost = true; // what was shown stays
      else story.trouble = outcome === "none" ? "no-tiles-then" : "none";
      done();
    },
  });
  if (tileset && !tiled) story.trouble = "no-tiles-then";
  if (!tileset || !tiled) ready();
  return scene;
}

/** The address without the instant that the city was asked for: the scene says itself which one it shows. */
function timeless(address: URL): string {
  const plain = new URL(address);
  plain.searchParams.delete("datetime");
  return plain.href;
}
