/** Farther apart the pointer was dragged, not pressed. */
const CLICK_PX = 6;

/** Tells a click on the picture from the end of a drag. */
export class Press {
  #at: { x: number; y: number } | null = null;

  readonly down = (event: PointerEvent): void => {
    this.#at = event.button === 0 && event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
  };

  /** Where in `host` the pointer was pressed and let go, CSS pixels; null after a drag. */
  up(event: PointerEvent, host: Element): { x: number; y: number } | null {
    const at = this.#at;
    this.#at = null;
    if (!at || Math.hypot(event.clientX - at.x, event.clientY - at.y) > CLICK_PX) return null;
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
