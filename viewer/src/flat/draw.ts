import { levelOf, tilesIn } from "./mercator.js";
import type { TileAt } from "./mercator.js";
import { CHOSEN, GROUND, nightly } from "./night.js";
import type { Manner, Painted, Stroke } from "./paint.js";
import { trace } from "./paint.js";
import type { Sheet, Store } from "./store.js";

/** The part of the square that is seen: its north-western corner, and pixels for the square's side. */
export interface Seen {
  scale: number;
  width: number;
  height: number;
  west: number;
  north: number;
}

const MOST_TILES = 30;
const EARTH_M = 2 * Math.PI * 6_378_137;
const ORDER = { fill: 0, line: 1, circle: 2 };
/** What lies on the ground, from below; everything else lies on it. */
const GROUNDS = ["green", "water", "street", "tree", "building", "model"];

/** A tile to draw: itself, and the part of the square that it stands for, which is smaller where a coarser one stands in. */
export interface Laid {
  sheet: Sheet;
  painted: Painted;
  at: TileAt;
  part: TileAt;
}

/** Draw the map; true if nothing that is seen is still to come. */
export function draw(
  context: CanvasRenderingContext2D,
  seen: Seen,
  sheets: readonly Sheet[],
  store: Store,
  how: Manner & { chosen: ReadonlySet<string> | null },
): boolean {
  const fine = context.canvas.width / seen.width;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = how.night ? nightly(GROUND) : GROUND;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.lineJoin = context.lineCap = "round";
  const { laid, whole } = lay(seen, sheets, store, true);
  const strokes = laid.flatMap((each) => each.painted.strokes.map((stroke) => ({ each, stroke })));
  strokes.sort((a, b) => ORDER[a.stroke.type] - ORDER[b.stroke.type] || rank(a.each.sheet) - rank(b.each.sheet));
  for (const { each, stroke } of strokes) one(context, seen, fine, each, stroke);
  if (how.chosen !== null) for (const each of laid) outline(context, seen, fine, each, how.chosen, how.night ? nightly(CHOSEN) : CHOSEN);
  return whole;
}

/** The tiles of all layers that are seen, coarser ones in place of those to come. */
export function lay(seen: Seen, sheets: readonly Sheet[], store: Store, ask: boolean): { laid: Laid[]; whole: boolean } {
  const laid: Laid[] = [];
  let whole = true;
  const { scale, west, north } = seen;
  for (const sheet of sheets) {
    if (!sheet.source) {
      whole &&= sheet.failed;
      continue;
    }
    const level = levelOf(scale, sheet.source.least, sheet.source.most);
    for (const part of tilesIn(level, west, north, west + seen.width / scale, north + seen.height / scale, MOST_TILES)) {
      const own = store.tile(sheet, part, ask);
      const found = own === undefined ? above(sheet, part, store) : own && { painted: own, at: part };
      if (found) laid.push({ sheet, ...found, part });
      whole &&= own !== undefined || sheet.tiles.get(`${part.level}/${part.row}/${part.column}`)?.state === "failed";
    }
  }
  return { laid, whole };
}

function above(sheet: Sheet, { level, row, column }: TileAt, store: Store): { painted: Painted; at: TileAt } | null {
  for (let up = 1; up <= level; up++) {
    const at = { level: level - up, row: row >> up, column: column >> up };
    const painted = store.tile(sheet, at, false);
    if (painted) return { painted, at };
  }
  return null;
}

function rank({ layer }: Sheet): number {
  const place = GROUNDS.indexOf(layer.schema.split("/")[0] ?? "");
  return place < 0 ? GROUNDS.length : place;
}

/** Put the canvas into a tile's steps, and let nothing out of the part that it stands for; pixels of a step. */
function enter(context: CanvasRenderingContext2D, { scale, west, north }: Seen, fine: number, { at, part, painted }: Laid): number {
  const side = (scale * fine) / 2 ** part.level;
  const corner = { x: (part.column / 2 ** part.level - west) * scale * fine, y: (part.row / 2 ** part.level - north) * scale * fine };
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.beginPath();
  const [left, top] = [Math.round(corner.x), Math.round(corner.y)];
  context.rect(left, top, Math.round(corner.x + side) - left, Math.round(corner.y + side) - top);
  context.clip();
  const step = (scale * fine) / 2 ** at.level / painted.extent;
  const count = 2 ** at.level;
  context.setTransform(step, 0, 0, step, (at.column / count - west) * scale * fine, (at.row / count - north) * scale * fine);
  return step;
}

function one(context: CanvasRenderingContext2D, seen: Seen, fine: number, laid: Laid, stroke: Stroke): void {
  context.save();
  const step = enter(context, seen, fine, laid);
  context.globalAlpha = stroke.opacity;
  context.fillStyle = context.strokeStyle = stroke.colour;
  if (stroke.type === "fill") context.fill(stroke.path, "evenodd");
  else if (stroke.type === "line") {
    const metres = stroke.metres && (stroke.metres / EARTH_M / Math.cos(latitude(seen))) * seen.scale;
    context.lineWidth = (Math.max(stroke.width, metres) * fine) / step;
    if (stroke.dash.length > 0) context.lineCap = "butt"; // round ends would fill the gaps
    context.setLineDash(stroke.dash.map((each) => each * context.lineWidth));
    context.stroke(stroke.path);
  } else dots(context, stroke, fine / step);
  context.restore();
}

function dots(context: CanvasRenderingContext2D, { points, width, rim, rimWidth }: Stroke, pixel: number): void {
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] as number, points[i + 1] as number];
    context.moveTo(x + width * pixel, y);
    context.arc(x, y, width * pixel, 0, 2 * Math.PI);
  }
  context.fill();
  if (!rim) return;
  context.strokeStyle = rim;
  context.lineWidth = rimWidth * pixel;
  context.stroke();
}

function outline(context: CanvasRenderingContext2D, seen: Seen, fine: number, laid: Laid, ids: ReadonlySet<string>, colour: string): void {
  const mine = laid.painted.features.filter((each) => ids.has(String(each.properties["id"])));
  if (mine.length === 0) return;
  context.save();
  const step = enter(context, seen, fine, laid);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = (3 * fine) / step;
  for (const feature of mine) {
    const path = new Path2D();
    trace(path, feature);
    context.globalAlpha = 0.35;
    if (feature.shape === "Polygon") context.fill(path, "evenodd");
    context.globalAlpha = 1;
    context.stroke(path);
  }
  context.restore();
}

/** Latitude in the middle, radians: of it metres become pixels. */
function latitude({ north, height, scale }: Seen): number {
  return Math.atan(Math.sinh((0.5 - (north + height / 2 / scale)) * 2 * Math.PI));
}
