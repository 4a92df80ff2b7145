import type { BufferAttribute } from "three";
import { BufferAttribute as Attribute, BufferGeometry, Float32BufferAttribute, Uint8BufferAttribute } from "three";

/**
 * Line segments as strips whose width belongs to the screen, because WebGL draws lines a pixel wide.
 *
 * Four corners to a segment: `position`, the segment's `other` end, and `aside`, the pixels by which the corner
 * moves off the line to its left (seen from itself). The `feature` bytes are those of the line's first end.
 */
export function ribbon(lines: BufferGeometry, pixels: number): BufferGeometry {
  const position = lines.getAttribute("position") as BufferAttribute;
  const feature = lines.getAttribute("feature") as BufferAttribute | undefined;
  const index = lines.getIndex();
  const segments = Math.floor((index ? index.count : position.count) / 2);
  const places = new Float32Array(segments * 12);
  const others = new Float32Array(segments * 12);
  const asides = new Float32Array(segments * 4);
  const features = new Uint8Array(segments * 16);
  const corners = new Uint32Array(segments * 6);
  for (let i = 0; i < segments; i++) {
    const ends = [0, 1].map((k) => (index ? index.getX(i * 2 + k) : i * 2 + k)) as [number, number];
    for (let corner = 0; corner < 4; corner++) {
      const at = i * 4 + corner;
      const far = corner >> 1;
      const [own, other] = [ends[far] as number, ends[1 - far] as number];
      places.set([position.getX(own), position.getY(own), position.getZ(own)], at * 3);
      others.set([position.getX(other), position.getY(other), position.getZ(other)], at * 3);
      // The left of one end is the right of the other.
      asides[at] = (corner & 1) === far ? pixels : -pixels;
      if (feature) features.set([feature.getX(own), feature.getY(own), feature.getZ(own), feature.getW(own)], at * 4);
    }
    corners.set([0, 1, 2, 2, 1, 3].map((each) => i * 4 + each), i * 6);
  }
  return new BufferGeometry()
    .setAttribute("position", new Float32BufferAttribute(places, 3))
    .setAttribute("other", new Float32BufferAttribute(others, 3))
    .setAttribute("aside", new Float32BufferAttribute(asides, 1))
    .setAttribute("feature", new Uint8BufferAttribute(features, 4))
    .setIndex(new Attribute(corners, 1));
}
