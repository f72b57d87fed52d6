/** (g) From the slider to the picture: the weight of Mix Priors changes on a crop, and the result is drawn. */
import * as tf from "@tensorflow/tfjs-core";
import { pixelsOf } from "../src/engine/view";
import type { Graph } from "../src/graph/parse";
import { draw } from "../src/webgl/draw";
import { link, milliseconds, node, type Settings, type Setup } from "./setup";

export async function benchSlider({ executor, stages, row }: Setup, { crop, repeats }: Settings) {
  const side = { height: crop, width: crop };
  const mixed = (weight: number): Graph =>
    stages(0, [
      node("Segment", "segment", { image: link("picture", "image") }, { limit: 768 }),
      node("Constant Prior", "constant-prior", { picture: link("picture", "image") }, { class: "plant" }),
      node("Mix Priors", "mix-priors", { a: link("Segment", "prior"), b: link("Constant Prior", "prior") }, { weight }),
    ]);
  const run = executor(side);
  const shown = async (weight: number) => {
    const { outputs, errors } = await run.run(mixed(weight), ["Upsample"]);
    if (errors.size > 0) throw new Error([...errors.values()][0]);
    const size = { height: 4 * crop, width: 4 * crop };
    const pixels = pixelsOf("image", outputs.get("Upsample")!.image, undefined, size)!;
    const bitmap = draw(pixels);
    tf.dispose(pixels);
    (await bitmap).close();
  };
  const [full, slider]: number[][] = [[], []];
  for (let i = 0; i <= repeats; i++) {
    await run.clear();
    const first = await milliseconds(() => shown(0));
    const second = await milliseconds(() => shown((i + 1) / (repeats + 1)));
    if (i === 0) continue; // shaders, textures, weights
    full!.push(first);
    slider!.push(second);
  }
  row(`(g) full run of a ${crop}² crop, drawn`, full!, "ms");
  row("(g) slider of Mix Priors → picture", slider!, "ms");
  row(
    "(g) slider ÷ full run, pair by pair",
    slider!.map((ms, i) => ms / full![i]!),
    "×",
    3,
  );
  await run.clear();
}
