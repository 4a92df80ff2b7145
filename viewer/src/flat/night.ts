/** The service's style has the colours of the day; by night the map shows those that the scene has then. */
const NIGHT: Record<string, string> = {
  "#fbf6ec": "#8f98a3", // walls and roofs
  "#ece9d8": "#3d4650", // ground
  "#a7c4d4": "#2a5a8a", // water
  "#c9d6b0": "#4a5f38", // green
  "#d0cabd": "#2f363e", // streets
  "#a6ba88": "#58795c", // trees
  "#5a4f44": "#20262d", // edges
  "#1f68a8": "#6db6f2", // traffic
  "#e8740c": "#ff9433", // construction
  "#2b7350": "#83cfa5", // environment
  "#8a7f8f": "#b7abc2", // model
  "#9a8f80": "#7d776e", // what is over
  "#1b78d0": "#7fc4ff", // chosen
  // Of the ramp the same step from the other end: much stands out from the ground.
  "#fde725": "#440154",
  "#a0da39": "#46327e",
  "#4ac16d": "#365c8d",
  "#1fa187": "#277f8e",
  "#277f8e": "#1fa187",
  "#365c8d": "#4ac16d",
  "#46327e": "#a0da39",
  "#440154": "#fde725",
};

/** The colour of the night for one of the day; Okabe and Ito's are the same at both. */
export function nightly(colour: string): string {
  return NIGHT[colour] ?? colour;
}

export const GROUND = "#ece9d8";
export const CHOSEN = "#1b78d0";
