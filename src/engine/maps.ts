/**
 * Whether a node's outputs are maps of the shapes that their sockets say. Ours are, as the compiler sees to it; a module of somebody
 * else's may be plain JavaScript, and a tensor without its first dimension would go on as a picture of other sizes.
 */
import type { AnyNode, Sockets } from "../graph/node";
import { type Image, isDrawable, type Prior } from "../types";
import { rasterOf } from "./view";

/** Throws an error that names the output, what it is, and what it has to be. */
export function requireMaps(def: AnyNode, outputs: Readonly<Record<string, unknown>> | undefined): void {
  for (const [name, { type }] of Object.entries(def.outputs as Sockets)) {
    if (!isDrawable(type)) continue;
    const value = outputs?.[name] ?? undefined;
    if (value === undefined) throw new Error(`it gave no "${name}": what run returns must hold every output by its name`);
    const { rgb, alpha } = value as Image;
    const { channels } = value as Prior;
    const isImage = type === "image";
    requireShape(isImage ? `${name}.rgb` : `${name}.map`, rasterOf(type, value), isImage ? 3 : undefined);
    if (isImage && alpha) requireShape(`${name}.alpha`, alpha, 1, rgb.shape);
    const count = type === "prior" && rasterOf(type, value).shape[3];
    if (count !== false && channels?.length !== count)
      throw new Error(
        `its "${name}" has a map of ${count} channels, and names for ${channels?.length ?? 0} of them: give one for each`,
      );
  }
}

/** Throws an error where a map is not `[1, h, w, channels]`; `like`: the shape whose h and w it must have. */
function requireShape(
  what: string,
  map: { readonly shape?: readonly number[] } | undefined,
  channels = 0,
  like?: readonly number[],
) {
  const shape = map?.shape;
  const isMap = shape?.length === 4 && shape[0] === 1 && (channels === 0 || shape[3] === channels);
  if (isMap && (!like || (shape[1] === like[1] && shape[2] === like[2]))) return;
  const [height, width] = like ? like.slice(1) : ["height", "width"];
  const found = shape ? `of shape [${shape.join(", ")}]` : "no tensor";
  throw new Error(`its "${what}" is ${found}: it must be [1, ${height}, ${width}, ${channels || "channels"}]`);
}
