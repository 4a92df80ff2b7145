import { describe, expect, it } from "vitest";
import { decode } from "../src/flat/mvt.js";

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
const signed = (value: number) => varint(value < 0 ? -value * 2 - 1 : value * 2);
const part = (field: number, bytes: number[]) => [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
const number = (field: number, value: number) => [...varint(field * 8), ...varint(value)];
const word = (field: number, text: string) => part(field, [...new TextEncoder().encode(text)]);
const bytesOf = (numbers: ArrayBufferView) => [...new Uint8Array(numbers.buffer)];

/** A square with a hole, a line of two parts and two points in one feature, with a value of each kind. */
const SQUARE = [9, ...signed(10), ...signed(10), 26, ...[20, 0, 0, 20, -20, 0].flatMap(signed), 15, 9, ...signed(5), ...signed(-15), 26, ...[0, 10, 10, 0, 0, -10].flatMap(signed), 15];
const LINES = [9, ...signed(-64), ...signed(4160), 10, ...signed(300), ...signed(-5000), 9, ...signed(1), ...signed(1), 10, ...signed(2), ...signed(2)];
const POINTS = [17, ...signed(7), ...signed(8), ...signed(-2), ...signed(1)];

function tile(): number[] {
  const values = [
    word(1, "Straße"),
    [...varint(2 * 8 + 5), ...bytesOf(new Float32Array([1.5]))],
    [...varint(3 * 8 + 1), ...bytesOf(new Float64Array([48.125]))],
    number(4, 2 ** 40),
    number(5, 7),
    [...varint(6 * 8), ...signed(-3)],
    number(7, 1),
  ];
  const feature = (shape: number, drawn: number[], tags: number[]) => part(2, [...number(1, 2 ** 53 - 1), ...part(2, tags), ...number(3, shape), ...part(4, drawn)]);
  return part(3, [
    ...number(15, 2),
    ...word(1, "my-town.streets"),
    ...feature(3, SQUARE, [0, 0, 1, 1, 2, 2, 3, 3]),
    ...feature(2, LINES, [4, 4, 5, 5, 6, 6]),
    ...feature(1, POINTS, []),
    ...["name", "a", "b", "c", "d", "e", "f"].flatMap((each) => word(3, each)),
    ...values.flatMap((each) => part(4, each)),
    ...number(5, 4096),
    ...word(99, "a field from next year"),
  ]);
}

describe("a vector tile", () => {
  it("is read whole", () => {
    const [layer] = decode(Uint8Array.from(tile()));
    expect(layer).toMatchObject({ name: "my-town.streets", extent: 4096 });
    const [square, lines, points] = layer?.features ?? [];
    expect(square?.properties).toEqual({ name: "Straße", a: 1.5, b: 48.125, c: 2 ** 40 });
    expect(square?.parts.map((each) => [...each])).toEqual([
      [10, 10, 30, 10, 30, 30, 10, 30],
      [15, 15, 15, 25, 25, 25, 25, 15],
    ]);
    expect(lines?.properties).toEqual({ d: 7, e: -3, f: true });
    expect(lines?.parts.map((each) => [...each])).toEqual([
      [-64, 4160, 236, -840],
      [237, -839, 239, -837],
    ]);
    expect(points?.parts.map((each) => [...each])).toEqual([[7, 8, 5, 9]]);
  });

  it("may be empty", () => {
    expect(decode(new Uint8Array())).toEqual([]);
  });

  it("that is cut off or changed throws or is read, and ends", () => {
    const whole = tile();
    let thrown = 0;
    for (let i = 0; i < whole.length * 9; i++) {
      const bytes = Uint8Array.from(i % 9 === 0 ? whole.slice(0, i / 9) : whole);
      const at = Math.floor(i / 9);
      if (i % 9) bytes[at] = (bytes[at] as number) ^ (1 << ((i % 9) - 1));
      try {
        decode(bytes);
      } catch (error) {
        thrown += 1;
        expect(error).toBeInstanceOf(RangeError);
      }
    }
    expect(thrown).toBeGreaterThan(100);
  });

  it.each([
    ["a page", [...new TextEncoder().encode("<!doctype html><title>502 Bad Gateway</title>")]],
    ["a line of billions of points", part(3, [...word(1, "x"), ...part(2, [...number(3, 2), ...part(4, [...varint(2 ** 31 * 8 + 2)])])])],
    ["no extent", part(3, [...word(1, "x"), ...number(5, 0)])],
    ["a number without end", new Array<number>(20).fill(255)],
  ])("that is none throws: %s", (_, bytes) => {
    expect(() => decode(Uint8Array.from(bytes))).toThrow(RangeError);
  });
});
