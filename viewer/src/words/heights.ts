import type { Layer } from "../data/types.js";
import { format } from "./numbers.js";
import type { Words } from "./words.js";

/** How heights were made comparable, as a sentence; null where the layer has none. */
export function heightsOf({ heights }: Pick<Layer, "heights">, words: Words): string | null {
  if (!heights) return null;
  const number = (value: number) => format(words, 3).format(value);
  const error = heights.error_m === null ? null : `${number(heights.error_m)} m`;
  const stated = /^(-?\d+(?:\.\d+)?) m$/.exec(heights.detail);
  if (heights.method === "stated" && stated) return words.heightsStated(`${number(Number(stated[1]))} m`, error);
  return words.heightsGrid(heights.detail, error);
}
