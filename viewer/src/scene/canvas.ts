/** A phone's picture has more pixels than anybody sees. */
const MOST_PIXELS_RATIO = 2;

/** Give a canvas as many pixels as it is seen with, as the library will: its size, CSS pixels, and pixels in each. */
export function measured(canvas: HTMLCanvasElement): { width: number; height: number; ratio: number } {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = Math.min(window.devicePixelRatio, MOST_PIXELS_RATIO);
  const [wide, high] = [Math.floor(width * ratio), Math.floor(height * ratio)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  return { width, height, ratio };
}
