/** Mapbox Vector Tiles 2.1, as far as the specification goes: hostile bytes throw, they never loop or swell. */

export type Value = string | number | boolean;
export type Shape = "Point" | "LineString" | "Polygon";

export interface TileFeature {
  shape: Shape;
  properties: Record<string, Value>;
  /** Points, lines or rings: x and y in steps of the tile's extent, one after the other. */
  parts: Int32Array[];
}

export interface TileLayer {
  name: string;
  extent: number;
  features: TileFeature[];
}

const SHAPES: readonly (Shape | null)[] = [null, "Point", "LineString", "Polygon"];
const MOVE = 1;
const LINE = 2;
const CLOSE = 7;
const text = new TextDecoder();

/** Protocol Buffers' wire format over bytes: varints, fixed numbers and lengths, never beyond the end. */
class Reader {
  readonly #view: DataView;
  at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** A number below 2^53; what is larger loses its last digits, as JavaScript's numbers do. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError("a vector tile ends within a number");
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new RangeError("a vector tile has a number without end");
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  part(): Uint8Array {
    const length = this.varint();
    const end = this.at + length;
    if (end > this.bytes.length) throw new RangeError("a vector tile ends too early");
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }

  float(): number {
    this.at += 4;
    return this.#view.getFloat32(this.at - 4, true);
  }

  double(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }

  /** The next field: its number and its kind of content. */
  field(): [number, number] {
    const key = this.varint();
    return [Math.floor(key / 8), key % 8];
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.at += 8;
    else if (wire === 2) this.part();
    else if (wire === 5) this.at += 4;
    else throw new RangeError("a vector tile has a field of an unknown kind");
  }
}

function* fields(bytes: Uint8Array): Generator<[number, number, Reader]> {
  const reader = new Reader(bytes);
  while (!reader.done) {
    const [number, wire] = reader.field();
    const before = reader.at;
    yield [number, wire, reader];
    if (reader.at === before) reader.skip(wire);
  }
  if (reader.at > bytes.length) throw new RangeError("a vector tile ends too early");
}

/** The layers of a tile; throws a `RangeError` where the bytes are none. */
export function decode(bytes: Uint8Array): TileLayer[] {
  const layers: TileLayer[] = [];
  for (const [number, wire, reader] of fields(bytes)) if (number === 3 && wire === 2) layers.push(layer(reader.part()));
  return layers;
}

function layer(bytes: Uint8Array): TileLayer {
  const found: TileLayer = { name: "", extent: 4096, features: [] };
  const keys: string[] = [];
  const values: Value[] = [];
  const raw: Uint8Array[] = [];
  for (const [number, wire, reader] of fields(bytes)) {
    if (number === 5 && wire === 0) found.extent = reader.varint();
    if (wire !== 2) continue;
    if (number === 1) found.name = text.decode(reader.part());
    else if (number === 2) raw.push(reader.part());
    else if (number === 3) keys.push(text.decode(reader.part()));
    else if (number === 4) values.push(value(reader.part()));
  }
  if (!(found.extent > 0)) throw new RangeError("a vector tile has no extent");
  found.features = raw.flatMap((each) => feature(each, keys, values) ?? []);
  return found;
}

function value(bytes: Uint8Array): Value {
  for (const [number, wire, reader] of fields(bytes)) {
    if (number === 1 && wire === 2) return text.decode(reader.part());
    if (number === 2 && wire === 5) return reader.float();
    if (number === 3 && wire === 1) return reader.double();
    if (number === 6 && wire === 0) return reader.signed();
    if (number === 7 && wire === 0) return reader.varint() !== 0;
    if (number > 3 && number < 6 && wire === 0) return reader.varint();
  }
  return "";
}

function feature(bytes: Uint8Array, keys: readonly string[], values: readonly Value[]): TileFeature | null {
  let shape: Shape | null = null;
  let drawn: Uint8Array = new Uint8Array();
  const properties: Record<string, Value> = {};
  for (const [number, wire, reader] of fields(bytes)) {
    if (number === 3 && wire === 0) shape = SHAPES[reader.varint()] ?? null;
    else if (number === 4 && wire === 2) drawn = reader.part();
    else if (number === 2 && wire === 2) {
      const tags = new Reader(reader.part());
      while (!tags.done) {
        const [key, found] = [keys[tags.varint()], values[tags.varint()]];
        if (key !== undefined && found !== undefined) properties[key] = found;
      }
    }
  }
  return shape && { shape, properties, parts: parts(drawn, shape) };
}

function parts(bytes: Uint8Array, shape: Shape): Int32Array[] {
  const reader = new Reader(bytes);
  const found: Int32Array[] = [];
  let part: number[] = [];
  let [x, y] = [0, 0];
  const finish = () => {
    if (part.length >= (shape === "Point" ? 2 : 4)) found.push(Int32Array.from(part));
    part = [];
  };
  while (!reader.done) {
    const command = reader.varint();
    const [what, count] = [command % 8, Math.floor(command / 8)];
    if (what === CLOSE) continue;
    if (what !== MOVE && what !== LINE) throw new RangeError("a vector tile has an unknown command");
    if (count > bytes.length) throw new RangeError("a vector tile ends within a line");
    for (let i = 0; i < count; i++) {
      if (what === MOVE && shape !== "Point") finish();
      x += reader.signed();
      y += reader.signed();
      part.push(x, y);
    }
  }
  finish();
  return found;
}
