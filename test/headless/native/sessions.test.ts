/** Sessions that share the memory: which are open, and what makes room for which. */
import { describe, expect, it } from "vitest";
import type { Link } from "../../../src/headless/native/link";
import type { Ask } from "../../../src/headless/native/protocol";
import { Sessions } from "../../../src/headless/native/sessions";
import { costOf } from "../../../src/kernels/cost";
import { head, residualBlocks } from "../../../src/sftgan/generator";
import { disposeModel } from "../../../src/weights/model";
import { tinyModel } from "../../support";

/** Sessions with so much room, and what the process is asked. */
function sessionsWith(room: number) {
  const asked: string[] = [];
  const ask = async (ask: Ask) => {
    if (ask.do === "open") asked.push(`open ${ask.session}${ask.lean ? " lean" : ""}`);
    if (ask.do === "close") asked.push(`close ${ask.session}`);
  };
  return { sessions: new Sessions({ ask, gone: false } as unknown as Link, { device: "cpu", threads: 1, room }), asked };
}

const square = (side: number) => ({ height: side, width: side });

describe("Sessions", () => {
  it("are opened once for a network of a model, and closed with it", () => {
    const model = tinyModel("srresnet");
    const { sessions, asked } = sessionsWith(2 ** 30);
    const { number } = sessions.for(model, head(model), square(16));
    expect(sessions.for(model, head(model), square(99)).number).toBe(number);
    expect(asked).toEqual(["open 0"]);
    disposeModel(model);
    expect(asked).toEqual(["open 0", "close 0"]);
  });

  it("give their room up for one that is wanted, the one used longest ago first, and are opened again", () => {
    const models = [1, 2, 3].map(() => tinyModel("srresnet"));
    const network = head(models[0]!);
    const pixels = sessionsWith(2 ** 24).sessions.pixels(models[0]!, network);
    const { sessions, asked } = sessionsWith(2 ** 24);
    const half = square(Math.floor(Math.sqrt(pixels / 2)));
    const use = (i: number, size = half) => sessions.for(models[i]!, network, size);
    use(0);
    use(1);
    use(0);
    expect(asked).toEqual(["open 0", "open 1"]);
    use(2);
    expect(asked.slice(2)).toEqual(["open 2", "close 1"]);
    use(1);
    expect(asked.slice(4)).toEqual(["open 3", "close 0"]);
    use(1, square(Math.floor(Math.sqrt(pixels)))); // what it has taken it keeps
    expect(asked.slice(6)).toEqual(["close 2"]);
    use(1, square(4));
    use(2);
    expect(asked.slice(7)).toEqual(["open 4", "close 3"]);
  });

  it("take less where γ and β of all blocks would not fit", () => {
    const model = tinyModel("sft-net", { blocks: 16 });
    const network = residualBlocks(model, 0, 16, true);
    const { sessions, asked } = sessionsWith(100 * 3 * costOf(model, network).bytes);
    sessions.for(model, network, square(4));
    sessions.for(model, network, square(10));
    expect(asked).toEqual(["open 0", "open 1 lean", "close 0"]);
  });
});
