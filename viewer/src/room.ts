/** A sheet covers at most this part of the scene; what it covers beyond is not worth looking around. */
const MOST_COVERED = 0.66;
const BELOW_TOOLS_PX = 8;
const MOST_FOOT_PX = 40;

/** What the written parts leave of the window for the scene, CSS pixels. */
export interface Room {
  width: number;
  height: number;
  phone: boolean;
  left: number;
  top: number;
  bottom: number;
  over: { left: number; right: number; top: number; bottom: number }[];
}

/** What stands over the scene and leaves it its margins. */
const OVER = ".field, .tools, .time";

/** Measure what panel, tools and foot cover of an element. */
export function roomOf(host: Element, root: ParentNode): Room {
  const box = host.getBoundingClientRect();
  const covered = root.querySelector(".sheet")?.getBoundingClientRect();
  const tools = root.querySelector(".tools")?.getBoundingClientRect();
  // Large letters make a phone of a wide window: the styles decide, and only there the sheet is as wide as all.
  const phone = covered !== undefined && covered.width >= box.width - 1;
  const foot = root.querySelector(".foot summary")?.clientHeight ?? 0;
  return {
    width: box.width,
    height: box.height,
    phone,
    left: phone || !covered ? 0 : covered.right - box.left,
    top: phone && tools ? tools.bottom - box.top + BELOW_TOOLS_PX : 0,
    bottom: phone && covered ? Math.min(box.bottom - covered.top, box.height * MOST_COVERED) : Math.min(foot, MOST_FOOT_PX),
    over: [...root.querySelectorAll(OVER)].map((each) => {
      const { left, right, top, bottom } = each.getBoundingClientRect();
      return { left: left - box.left, right: right - box.left, top: top - box.top, bottom: bottom - box.top };
    }),
  };
}
