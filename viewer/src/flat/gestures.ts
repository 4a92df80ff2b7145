/** What fingers, mouse and wheel do to a map: move by pixels, and come closer around a point. */
export interface Moved {
  pan(x: number, y: number): void;
  zoom(factor: number, x: number, y: number): void;
}

const WHEEL = 0.002;
/** A wheel that tells lines instead of pixels. */
const LINE_PX = 20;
const DOUBLE = 2;

/** Listen to a canvas; the way to stop comes back. */
export function listen(canvas: HTMLCanvasElement, moved: Moved): () => void {
  const fingers = new Map<number, { x: number; y: number }>();
  const place = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
    const box = canvas.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  };
  const spread = () => {
    const [a, b] = [...fingers.values()] as [{ x: number; y: number }, { x: number; y: number } | undefined];
    return b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, wide: Math.hypot(a.x - b.x, a.y - b.y) } : { ...a, wide: 0 };
  };
  const down = (event: PointerEvent) => {
    if (fingers.size > 1 || (event.pointerType === "mouse" && event.button !== 0)) return;
    fingers.set(event.pointerId, place(event));
    canvas.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return;
    const before = spread();
    fingers.set(event.pointerId, place(event));
    const after = spread();
    moved.pan(after.x - before.x, after.y - before.y);
    if (before.wide > 1 && after.wide > 1) moved.zoom(after.wide / before.wide, after.x, after.y);
  };
  const up = (event: PointerEvent) => void fingers.delete(event.pointerId);
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { x, y } = place(event);
    moved.zoom(Math.exp(-event.deltaY * (event.deltaMode ? LINE_PX : 1) * WHEEL), x, y);
  };
  const twice = (event: MouseEvent) => moved.zoom(DOUBLE, place(event).x, place(event).y);
  const stop = new AbortController();
  const { signal } = stop;
  canvas.addEventListener("pointerdown", down, { signal });
  canvas.addEventListener("pointermove", move, { signal });
  for (const end of ["pointerup", "pointercancel"] as const) canvas.addEventListener(end, up, { signal });
  canvas.addEventListener("wheel", wheel, { signal, passive: false });
  canvas.addEventListener("dblclick", twice, { signal });
  return () => stop.abort();
}
