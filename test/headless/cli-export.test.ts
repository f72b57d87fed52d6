/** `sftgan export`, and what it wrote under onnxruntime. */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { readNpy } from "../../src/weights/npy";
import { fixture } from "../fixture";
import { Program } from "./program";

const program = Program.prepare();

/** An array `[h, w, c]` of test/fixtures as a tensor `[1, c, h, w]`. */
async function tensor(name: string): Promise<Tensor> {
  const { shape, data } = readNpy(await fixture(`net-${name}.npy`), name);
  const [height, width, channels] = shape as [number, number, number];
  const turned = Float32Array.from(data, (_, i) => {
    const [c, place] = [Math.floor(i / (height * width)), i % (height * width)];
    return data[place * channels + c]!;
  });
  return new Tensor("float32", turned, [1, channels, height, width]);
}
const worst = (a: Tensor, b: Tensor) => {
  const [x, y] = [a.data as Float32Array, b.data as Float32Array];
  return x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i]!)), 0);
};

describe("sftgan export", () => {
  it.each(["sftgan", "lite", "twin"])("writes %s, which gives the PyTorch network's picture elsewhere", async (name) => {
    const ended = await program.run("export", "--model", name, `${name}.onnx`);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toMatch(new RegExp(`^${name}.onnx  [\\d.]+ MB\\n$`));
    const session = await InferenceSession.create(await program.bytes(`${name}.onnx`));
    const given: Record<string, Tensor> = { image: await tensor("shipped-picture") };
    if (name !== "twin") given.prior = await tensor("shipped-prior");
    const { picture } = await session.run(given);
    const expected = await tensor(`shipped-${name}`);
    expect(picture!.dims).toEqual(expected.dims);
    expect(worst(picture as Tensor, expected)).toBeLessThan(1e-4);
  });

  it("writes segment with its preparation, and a file of one's own by its path", async () => {
    expect(await program.run("export", "--model", "segment", "segment.onnx")).toMatchObject({ code: 0 });
    const own = await program.fixture("net-outdoor-scene-seg.pth");
    expect(await program.run("export", "--model", own, "official.onnx")).toMatchObject({ code: 0 });
    for (const [file, name] of [
      ["segment.onnx", "shipped-segment"],
      ["official.onnx", "outdoor-scene-seg"],
    ] as const) {
      const session = await InferenceSession.create(await program.bytes(file));
      const { prior } = await session.run({ image: await tensor(`${name}.in`) });
      const expected = await tensor(name === "shipped-segment" ? name : `${name}.out`);
      expect(worst(prior as Tensor, expected)).toBeLessThan(1e-4);
    }
  });

  it("replaces what it wrote itself, and nothing else", async () => {
    expect(await program.run("export", "--model", "lite", "again.onnx")).toMatchObject({ code: 0 });
    expect(await program.run("export", "--model", "twin", "again.onnx")).toMatchObject({ code: 0 });
    await program.write("other.onnx", "somebody else's");
    expect(await program.fails(4, "export", "other.onnx")).toContain("not of this program's making");
    expect(new TextDecoder().decode(await program.bytes("other.onnx"))).toBe("somebody else's");
  });

  it("says what is wrong with a name", async () => {
    expect(await program.fails(2, "export", "x.onn")).toBe('OUT "x.onn" must end in .onnx');
    expect(await program.fails(2, "export")).toContain("one file to write is needed");
    expect(await program.fails(1, "export", "--model", "nobody", "x.onnx")).toMatch(/nobody.*it is a file, or one of sftgan/);
  });
});
