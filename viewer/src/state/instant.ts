const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
const OPEN = new Set(["", ".."]);

/**
 * The instant that `datetime=` asks for, as the service reads it: RFC 3339, a date (its first moment, UTC), or the
 * end of an interval. Null where the end is open, which is now; undefined for what is no time at all.
 */
export function instantOf(datetime: string): Date | null | undefined {
  const ends = datetime.split("/");
  if (ends.length > 2 || (ends.length === 1 && OPEN.has(datetime))) return undefined;
  const found = ends.map((each) => (OPEN.has(each) ? null : read(each)));
  if (found.includes(undefined)) return undefined;
  const [first, last] = found;
  if (ends.length === 2 && first === null && last === null) return undefined;
  if (first && last && first > last) return undefined;
  return ends.length === 1 ? first : last;
}

/** How the address says an instant: to the second, UTC; the next one, for what holds from a fraction of a second has not begun before. */
export function told(at: Date): string {
  return new Date(Math.ceil(at.getTime() / 1000) * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The first instant, as a Date can tell it, at which what holds from `text` on has begun: services tell microseconds. */
export function begun(text: string): Date {
  return new Date(Date.parse(text) + (/\.\d{3}0*[1-9]/.test(text) ? 1 : 0));
}

function read(text: string): Date | undefined {
  if (!DAY.test(text) && !MOMENT.test(text)) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return undefined;
  // 31 February is no day: `Date` makes March of it.
  return new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(text.slice(8, 10)) ? at : undefined;
}
