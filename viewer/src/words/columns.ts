import type { Feature, Layer } from "../data/types.js";
import { clock, date, dayNumber, longDate } from "./dates.js";
import type { Words } from "./index.js";
import { measured } from "./numbers.js";
import { tidy } from "./tidy.js";

type Column = Layer["columns"][number];

const MOST_WINDOWS = 6;
const INTERVALS = /^\d{4}-\d\d-\d\d[^/,]{0,32}\/[^/,]{0,40}(?:, |$)/;

/** A column's value in words and with its unit, or null where there is none. */
export function told(column: Column, value: unknown, words: Words): string | null {
  if (value === null || value === undefined || value === "") return null;
  const choice = column.choices?.find((each) => each.value === value);
  if (choice) return choice.title[words.language];
  switch (column.kind) {
    case "boolean":
      return value === true ? words.yes : words.no;
    case "time": {
      const at = date(value);
      return at && instant(at, words);
    }
    case "integer":
    case "number":
      // A whole number without a unit may be a year: nobody groups its digits.
      if (!column.unit && Number.isInteger(value)) return String(value);
      return Number.isFinite(Number(value)) ? sized(Number(value), unitOf(column), words) : null;
    case "texts":
      return (Array.isArray(value) ? value.map((each) => tidy(String(each))).filter(Boolean).join(", ") : tidy(String(value))) || null;
    default: {
      const text = tidy(String(value));
      return INTERVALS.test(text) ? windows(text, words) : inWords(column, text, words) || null;
    }
  }
}

/** A source's text with words in place of the codes within it ("asphalt", "northBound"), the longest first. */
function inWords({ codelist = [] }: Column, text: string, { language }: Words): string {
  const titles = new Map(codelist.map(({ value, title }) => [value, title[language]]));
  const codes = [...titles.keys()].sort((a, b) => b.length - a.length).join("|");
  return codes && text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])(?:${codes})(?![\\p{L}\\p{N}_])`, "giu"), (code) => titles.get(code.toLowerCase()) ?? code) || text;
}

/** Nobody says that a trunk is 0.293 m thick. */
function sized(value: number, unit: string | null, words: Words): string {
  return unit === "m" && value > 0 && value < 1 ? measured(Math.round(value * 100), "cm", words) : measured(value, unit, words);
}

/** How often something happens is said by the column's title already: "Kraftfahrzeuge je Tag". */
function unitOf({ unit }: Column): string | null {
  return unit?.startsWith("1/") ? "1" : unit;
}

/** What a feature says in a column; null where it says nothing. */
export function tell(layer: Layer, feature: Feature, name: string, words: Words): string | null {
  const column = layer.columns?.find((each) => each.name === name);
  return column ? told(column, feature.properties[name], words) : null;
}

/** ISO 8601 intervals as people write times: the first few, each on a line. */
function windows(text: string, words: Words): string {
  const all = text.split(", ").map((each) => {
    const [from, to] = each.split("/").map((end) => date(end));
    const last = to && from && dayNumber(from) === dayNumber(to) ? clock(to, words) : to && instant(to, words);
    return [from && instant(from, words), last].filter(Boolean).join(" – ");
  });
  const more = all.length - MOST_WINDOWS;
  return [...all.slice(0, MOST_WINDOWS), ...(more > 0 ? [`… (+ ${more})`] : [])].join("\n");
}

function instant(at: Date, words: Words): string {
  const time = clock(at, words);
  return time === "00:00" ? longDate(at, words) : `${longDate(at, words)}, ${time}`;
}
