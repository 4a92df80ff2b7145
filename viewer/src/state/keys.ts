/** What the keyboard can steer. */
export interface Steered {
  readonly view: { range: number };
  readonly home: Parameters<Steered["eye"]["go"]>[0];
  readonly eye: {
    nudge(by: { zoom?: number; turn?: number; tilt?: number; right?: number; ahead?: number }): void;
    go(view: { lon: number; lat: number; range: number; heading: number; pitch: number }, fly: boolean): void;
  };
  pickMiddle(): void;
}

const STEP = 0.14;
const TURN = 15;
const TILT = 8;
const ZOOM = 1.4;

/** Steer by one key; true where the key meant something. */
export function steer(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">, scene: Steered): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { eye } = scene;
  const step = scene.view.range * STEP;
  const moves: Record<string, () => void> = {
    ArrowLeft: () => eye.nudge(event.shiftKey ? { turn: -TURN } : { right: -step }),
    ArrowRight: () => eye.nudge(event.shiftKey ? { turn: TURN } : { right: step }),
    ArrowUp: () => eye.nudge(event.shiftKey ? { tilt: TILT } : { ahead: step }),
    ArrowDown: () => eye.nudge(event.shiftKey ? { tilt: -TILT } : { ahead: -step }),
    "+": () => eye.nudge({ zoom: ZOOM }),
    "=": () => eye.nudge({ zoom: ZOOM }),
    "-": () => eye.nudge({ zoom: 1 / ZOOM }),
    _: () => eye.nudge({ zoom: 1 / ZOOM }),
    q: () => eye.nudge({ turn: -TURN }),
    e: () => eye.nudge({ turn: TURN }),
    Home: () => eye.go(scene.home, true),
    Enter: () => scene.pickMiddle(),
  };
  const move = moves[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  move?.();
  return Boolean(move);
}
