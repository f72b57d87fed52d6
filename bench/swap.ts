/** (c) The whole ready graph cold, then with another prior. */
import sftGan from "../graphs/sft-gan.json";
import { definitions } from "../nodes";
import { cleanGraph } from "../src/graph/clean";
import { type Graph, parseGraph } from "../src/graph/parse";
import { milliseconds, type Settings, type Setup } from "./setup";

export async function benchSwap({ executor, row }: Setup, { side, repeats }: Settings) {
  const ready = cleanGraph(sftGan);
  const whole = (priorFor: "segment" | "constant"): Graph => {
    const graph = new Map(parseGraph(ready, definitions));
    if (priorFor === "constant") {
      const seg = [...graph.values()].find((n) => n.type === "sftgan/segment")!;
      graph.set(seg.id, {
        ...seg,
        type: "sftgan/constant-prior",
        params: { class: "plant" },
        inputs: { picture: seg.inputs.image! },
      });
    }
    return graph;
  };
  const up = [...whole("segment").values()].find((n) => n.type === "sftgan/upsample")!.id;
  const cold: number[] = [];
  const swapped: number[] = [];
  const full = executor({ height: side, width: side });
  for (let i = 0; i <= repeats; i++) {
    await full.clear();
    const [first, second] = [
      await milliseconds(() => full.run(whole("segment"), [up])),
      await milliseconds(() => full.run(whole("constant"), [up])),
    ];
    if (i > 0) {
      cold.push(first);
      swapped.push(second);
    }
  }
  row("(c) cold run with Segment", cold, "ms");
  row("(c) prior swapped", swapped, "ms");
  row(
    "(c) swap ÷ cold",
    swapped.map((ms, i) => ms / cold[i]!),
    "×",
    3,
  );

  await full.clear();
}
