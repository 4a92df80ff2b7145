/** Rules of Leichte Sprache that can be measured (Netzwerk Leichte Sprache, DIN SPEC 33429), for one text. */

export const MOST_WORDS = 12;
const MOST_LETTERS = 13;
const MOST_COMMAS = 1;

const FORBIDDEN: [RegExp, string][] = [
  [/(?<!\p{L})(des|eines|keines|meines|seines|ihres|unseres|dieses|jenes|dessen|deren|wessen|wegen|trotz|während|mithilfe|bezüglich)(?!\p{L})/iu, "genitive"],
  [/(?<!\p{L})(würden?|könnten?|hätten?|wären?|sollten?|dürften?|müssten?)(?!\p{L})/iu, "subjunctive"],
  [/(?<!\p{L})(wird|werden|wurden?|worden)(?!\p{L})/iu, "passive or future"],
  [/(?<!\p{L})(zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)(?!\p{L})/iu, "a number in letters"],
  [/(?<!\p{L})(z\. ?B|u\. ?a|d\. ?h|ca|bzw|usw|etc|ggf|inkl|evtl)\./iu, "a short form"],
  [/(?<!\p{L})man(?!\p{L})/u, "nobody in particular"],
  [/[()[\]{};§%&„“«»…–—/]/u, "a sign that has to be known"],
  [/(?<!\p{L})(voraussichtlich|aktuell|verfügbar|publiziert|Revision|Provenienz|Feature|Layer|Snapshot|Attribution|deaktivier\p{L}*|aktivier\p{L}*)(?!\p{L})/iu, "a hard word"],
];

/** What is against the rules in a text; nothing where it keeps them. */
export function faults(text: string): string[] {
  const found = FORBIDDEN.flatMap(([pattern, name]) => (pattern.test(text) ? [`${name}: ${text}`] : []));
  for (const word of text.match(/\p{L}+/gu) ?? []) if (word.length > MOST_LETTERS) found.push(`a long word without a hyphen: ${word}`);
  for (const sentence of text.split(/(?<=[.!?:])\s+|\n/u)) {
    const words = sentence.match(/[\p{L}\p{N}][\p{L}\p{N}.,'-]*/gu) ?? [];
    if (words.length > MOST_WORDS) found.push(`${words.length} words: ${sentence}`);
    if ((sentence.match(/,\s/g) ?? []).length > MOST_COMMAS) found.push(`several thoughts: ${sentence}`);
  }
  return found;
}

/** All texts in a value: of functions what they answer, for the sorts of arguments that they may be given. */
export function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "function") return [anything, one, none, null].flatMap((each) => answers(value as Answering, each));
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}

type Answering = (...parts: unknown[]) => unknown;

function answers(ask: Answering, argument: unknown): string[] {
  try {
    return texts(ask(argument, argument, argument, argument));
  } catch (error) {
    // Not every text can be told of a number, or of nothing; of anything it can.
    if (argument === anything) throw error;
    return [];
  }
}

const one = 1;
const none = 0;
/** Whatever a text wants to be told: a short word, a number, a list of two, an object of such. */
const anything: unknown = new Proxy(() => undefined, {
  get: (_target, name) => {
    if (name === Symbol.toPrimitive) return (hint: string) => (hint === "number" ? 3 : "Mitte");
    if (name === Symbol.iterator) return () => ["Mitte", "Rand"][Symbol.iterator]();
    if (name === "toString" || name === "toLocaleString") return () => "Mitte";
    if (name === "length") return 5;
    return anything;
  },
});
