import { readAttributes } from "./state/own.js";
import type { Attributes } from "./state/own.js";
import type { Story } from "./story.js";
import { titleOf } from "./parts/list.js";
import { registerOf } from "./words/register.js";

/** What `city-twin:chosen` tells the page around: the thing that is chosen now, or null. */
export interface ChosenDetail {
  layer: string;
  id: string;
  title: string;
  lon: number | null;
  lat: number | null;
}

/** An attribute was changed by the page: what is shown follows. What makes no sense counts as left out. */
export function follow(story: Story, name: string, attributes: Attributes & { lang?: string | null }): void {
  const { layers, datetime, view } = readAttributes(attributes);
  if (name === "time") void story.time.show(datetime ?? null);
  else if (name === "view") story.scene?.eye.go(view ?? story.scene.home, true);
  else if (name === "layers") {
    if (layers) story.address.layers = layers;
    else delete story.address.layers;
    story.showing.forget();
    story.changed();
    story.remember();
    for (const layer of story.layers) if (story.shown(layer)) void story.holdings.fetch(layer, () => story.changed());
  } else if (name === "lang") {
    const register = registerOf(attributes.lang);
    if (register && register !== story.register) story.speak(register);
  }
}

/** What is chosen, in plain words and numbers. */
export function chosenDetail({ chosen, words }: Story): ChosenDetail | null {
  if (!chosen) return null;
  const { layer, feature, lon, lat } = chosen;
  const placed = Number.isFinite(lon);
  return { layer: layer.id, id: feature.id, title: titleOf(chosen, words), lon: placed ? lon : null, lat: placed ? lat : null };
}
