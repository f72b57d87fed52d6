/** Asks the engine for the pictures that nodes show: as large as they are shown, and again once the result has changed. */
import type { Engine } from "../browser/protocol";
import type { LGraphNode } from "./host";
import { type NodeState, pictureOf } from "./state";

/** The longest side of a picture on a node, in device pixels. */
const LARGEST = 2048;

/**
 * Asks for an output's picture, to be shown at `width` × `height` device pixels, unless it is there or on its way; `came` is
 * called once the state has it. An output of "" is the first that can be drawn.
 */
export function requestPicture(
  engine: Engine,
  node: LGraphNode,
  state: NodeState,
  output: string,
  width: number,
  height: number,
  came: () => void,
): void {
  const picture = pictureOf(state, output);
  if (picture.asking || state.phase !== "finished" || width < 1 || height < 1) return;
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const side = (length: number, own = LARGEST): number => Math.min(own, Math.ceil((length * scale) / 16) * 16);
  const size = picture.stale ? undefined : picture.view?.size; // more pixels than there are show nothing more
  const [w, h] = [side(width, size?.width), side(height, size?.height)];
  const larger = w > picture.width * 1.2 || h > picture.height * 1.2;
  if (!picture.stale && (picture.none || (picture.view && !larger))) return;
  Object.assign(picture, { asking: true, stale: false, width: w, height: h });
  const request = { node: String(node.id), ...(output && { output }), width: w, height: h };
  engine
    .view(request)
    .catch(() => undefined)
    .then((view) => {
      picture.asking = false;
      if (state.pictures.get(output) !== picture) return view?.bitmap.close(); // forgotten meanwhile
      picture.view?.bitmap.close();
      if (view) picture.view = view;
      else delete picture.view;
      picture.none = !view;
      if (view?.face) state.face = view.face;
      came();
    });
}
