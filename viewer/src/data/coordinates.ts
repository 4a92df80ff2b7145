/** A place on the ground, degrees. */
export interface Place {
  lon: number;
  lat: number;
}

type Box = readonly [number, number, number, number];

const MOST_LETTERS = 80;
/** Degrees beyond the city in which a place still tells which number is which. */
const MARGIN = 0.5;
const ANGLE = /([NSEWO])?\s*([+-]?\d{1,3}(?:[.,]\d{1,12})?)\s*(?:°|º|deg)?\s*(?:(\d{1,2}(?:[.,]\d{1,12})?)\s*['’′]\s*)?(?:(\d{1,2}(?:[.,]\d{1,12})?)\s*(?:["”″]|'')\s*)?([NSEWO](?![A-Z]))?/iy;
const UTM = /^(?:UTM\s*)?(3[1-3])\s*([C-HJ-NP-X])?\s*[, ]\s*(?:E\s*)?(\d{6}(?:[.,]\d{1,3})?)\s*(?:m\s*)?(?:E\s*)?[,; ]\s*(?:N\s*)?(\d{7}(?:[.,]\d{1,3})?)\s*(?:m\s*)?(?:N\s*)?$/i;

/**
 * The place that a text names: degrees (`48,137 11,575`, `48.137 N, 11.575 E`, `48°08'14" N 11°34'30" O`, `geo:…`) or
 * UTM (`32U 691608 5334757`). Without letters latitude comes first, unless only the other way round lies near the city.
 */
export function readPlace(text: string, city: Box | null = null): Place | null {
  const tidy = text.trim().replace(/^geo:/i, "").replace(/[;?].*$/, "");
  if (tidy.length > MOST_LETTERS || !/\d/.test(tidy)) return null;
  const grid = UTM.exec(tidy);
  if (grid) return fromUtm(Number(grid[1]), number(grid[3] as string), number(grid[4] as string));
  const angles = read(tidy);
  if (!angles) return null;
  const [first, second] = angles;
  const way = (angle: Angle) => (angle.way === "" ? null : "NS".includes(angle.way) ? "lat" : "lon");
  if (way(first) !== null && way(first) === way(second)) return null;
  const swapped = way(first) === "lon" || way(second) === "lat";
  const named = way(first) !== null || way(second) !== null;
  const place = swapped ? { lon: first.value, lat: second.value } : { lon: second.value, lat: first.value };
  const other = { lon: place.lat, lat: place.lon };
  if (!named && city && !near(place, city) && near(other, city)) return other;
  return Math.abs(place.lat) <= 90 && Math.abs(place.lon) <= 180 ? place : null;
}

interface Angle {
  value: number;
  way: string;
}

function read(text: string): [Angle, Angle] | null {
  const found: Angle[] = [];
  let at = 0;
  // A comma parts two numbers only where it cannot be the decimal one: "48,137, 11,575" and "48.137,11.575".
  const source = /\d\.\d/.test(text) ? text.replaceAll(",", " ") : text.replace(/,(?=\s)/g, " ");
  while (at < source.length && found.length < 3) {
    const blank = /[\s,/]*/y;
    blank.lastIndex = at;
    at += blank.exec(source)?.[0].length ?? 0;
    if (at >= source.length) break;
    ANGLE.lastIndex = at;
    const match = ANGLE.exec(source);
    if (!match || match[0].length === 0) return null;
    at += match[0].length;
    const [, before = "", degrees = "", minutes = "0", seconds = "0", after = ""] = match;
    if (before) at -= after.length; // it belongs to the next: "N 48.1 E 11.5"
    const way = (before || after).toUpperCase().replace("O", "E");
    const whole = number(degrees);
    const size = Math.abs(whole) + number(minutes) / 60 + number(seconds) / 3600;
    const negative = degrees.startsWith("-") !== (way === "S" || way === "W");
    found.push({ value: negative ? -size : size, way });
  }
  // Whole numbers may be anything; who means a place says a little more.
  const exact = /[.,°º'’′NSEWO]/i.test(text);
  return found.length === 2 && exact ? (found as [Angle, Angle]) : null;
}

function number(text: string): number {
  return Number(text.replace(",", "."));
}

function near({ lon, lat }: Place, [west, south, east, north]: Box): boolean {
  return lon > west - MARGIN && lon < east + MARGIN && lat > south - MARGIN && lat < north + MARGIN;
}

/** Whether a place lies in the box around a city (west, south, east, north). */
export function inCity({ lon, lat }: Place, [west, south, east, north]: Box): boolean {
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

const RAD = Math.PI / 180;

/**
 * Degrees of a northern UTM place (ETRS89/WGS 84, metres); by Krüger's series to the fourth order (Karney 2011), which
 * is good to millimetres within a zone.
 */
export function fromUtm(zone: number, easting: number, northing: number): Place {
  const [axis, flat] = [6_378_137, 1 / 298.257_223_563];
  const n = flat / (2 - flat);
  const radius = (axis / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
  const xi = northing / (0.9996 * radius);
  const eta = (easting - 500_000) / (0.9996 * radius);
  const beta = [n / 2 - (2 * n ** 2) / 3 + (37 * n ** 3) / 96 - n ** 4 / 360, n ** 2 / 48 + n ** 3 / 15 - (437 * n ** 4) / 1440, (17 * n ** 3) / 480 - (37 * n ** 4) / 840, (4397 * n ** 4) / 161_280];
  let [north, east] = [xi, eta];
  beta.forEach((each, i) => {
    const k = 2 * (i + 1);
    north -= each * Math.sin(k * xi) * Math.cosh(k * eta);
    east -= each * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  const conformal = Math.asin(Math.sin(north) / Math.cosh(east));
  const delta = [2 * n - (2 * n ** 2) / 3 - 2 * n ** 3 + (116 * n ** 4) / 45, (7 * n ** 2) / 3 - (8 * n ** 3) / 5 - (227 * n ** 4) / 45, (56 * n ** 3) / 15 - (136 * n ** 4) / 35, (4279 * n ** 4) / 630];
  const lat = delta.reduce((sum, each, i) => sum + each * Math.sin(2 * (i + 1) * conformal), conformal);
  return { lon: zone * 6 - 183 + Math.atan2(Math.sinh(east), Math.cos(north)) / RAD, lat: lat / RAD };
}
