import type { View } from "../state/address.js";

/** Web Mercator (EPSG:3857) as a square of side 1, its origin in the north-west. */
export interface Spot {
  x: number;
  y: number;
}

const RAD = Math.PI / 180;
const EARTH_M = 2 * Math.PI * 6_378_137;
/** The angle of the scene's camera: a link shows as much on the map as from above. */
const FOV = 36;
/** Latitude at which the square ends. */
const END = 85.051_128_78;

export function spotOf({ lon, lat }: { lon: number; lat: number }): Spot {
  const sine = Math.sin(Math.min(Math.max(lat, -END), END) * RAD);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function lonLatOf({ x, y }: Spot): { lon: number; lat: number } {
  return { lon: (x - 0.5) * 360, lat: Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) / RAD };
}

/** Pixels for the whole width of the world, where a camera at a view's range sees as much in a window of this height. */
export function scaleOf({ lat, range }: Pick<View, "lat" | "range">, height: number): number {
  const metres = 2 * range * Math.tan((FOV / 2) * RAD);
  return (height / metres) * EARTH_M * Math.cos(lat * RAD);
}

/** A view's range for a scale: the other way round. */
export function rangeOf(scale: number, lat: number, height: number): number {
  const metres = (height / scale) * EARTH_M * Math.cos(lat * RAD);
  return metres / (2 * Math.tan((FOV / 2) * RAD));
}

/** The level whose tiles are drawn at between 256 and 512 pixels, of those that there are. */
export function levelOf(scale: number, least: number, most: number): number {
  return Math.min(Math.max(Math.floor(Math.log2(scale / 256)), least), most);
}

export interface TileAt {
  level: number;
  row: number;
  column: number;
}

/** What the service draws around a tile is a little more, in sides of one. */
const AROUND = 1 / 65;

/** Whether a tile, with what is drawn around it, meets a box (west, south, east, north): elsewhere there is none. */
export function meets({ level, row, column }: TileAt, [west = -180, south = -90, east = 180, north = 90]: readonly number[]): boolean {
  const first = spotOf({ lon: west, lat: north });
  const last = spotOf({ lon: east, lat: south });
  const within = (at: number, from: number, to: number) => at + 1 + AROUND > from * 2 ** level && at - AROUND < to * 2 ** level;
  return within(column, first.x, last.x) && within(row, first.y, last.y);
}

/** The tiles of a level that a box of the square touches, at most `most`, those in its middle first. */
export function tilesIn(level: number, west: number, north: number, east: number, south: number, most: number): TileAt[] {
  const count = 2 ** level;
  const at = (value: number) => Math.min(Math.max(Math.floor(value * count), 0), count - 1);
  const [rows, columns] = [
    [at(north), at(south)],
    [at(west), at(east)],
  ] as [[number, number], [number, number]];
  const found: TileAt[] = [];
  for (let row = rows[0]; row <= rows[1] && found.length < most * 4; row++) {
    for (let column = columns[0]; column <= columns[1] && found.length < most * 4; column++) found.push({ level, row, column });
  }
  const middle = { x: ((west + east) / 2) * count - 0.5, y: ((north + south) / 2) * count - 0.5 };
  const far = ({ row, column }: TileAt) => Math.hypot(column - middle.x, row - middle.y);
  return found.sort((a, b) => far(a) - far(b)).slice(0, most);
}
