/** The package for programs, as it is built: pictures in, pictures out. */
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../src/codec/png-decode";
import { readPngText } from "../../src/codec/png-text";
import { sniff } from "../../src/codec/sniff";
import { root } from "../built";
import { refusal } from "../message";
import { Program } from "./program";

type Api = typeof import("../../src/headless");
const program = Program.prepare();
const api = async (): Promise<Api> => import(/* @vite-ignore */ `${root}dist/headless/index.js`);
const small = () => program.noise("small.png", { width: 9, height: 7 });

describe("upscale", () => {
  it("takes a path or bytes and gives the command line's picture, with progress on the way", async () => {
    const { upscale } = await api();
    const path = await small();
    const fractions: number[] = [];
    const onProgress = (fraction: number) => void fractions.push(fraction);
    const made = await upscale(path, { model: "lite", onProgress });
    expect(made).toMatchObject({ type: "image/png", width: 36, height: 28 });
    expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
    expect(fractions.at(-1)).toBe(1);
    const again = await upscale(await program.bytes("small.png"), { model: "lite", threads: 1, memory: 1 });
    expect(await program.run("upscale", path, "cli.png", "--model", "lite")).toMatchObject({ code: 0 });
    const [a, b, c] = await Promise.all(
      [made.bytes, again.bytes, await program.bytes("cli.png")].map((bytes) => decodePng(bytes, "picture")),
    );
    const far = (x: typeof a, y: typeof a) => Math.max(...[...x!.rgb].map((value, i) => Math.abs(value - (y!.rgb[i] as number))));
    expect([far(a, b), far(a, c)].every((most) => most <= 1)).toBe(true);
    expect(readPngText(made.bytes).sftgan).toContain("sftgan/upsample");
  });

  it("encodes as it is told", async () => {
    const { Upscaler } = await api();
    const upscaler = await Upscaler.start({ model: "lite" });
    const path = await small();
    for (const format of ["jpeg", "webp"] as const) {
      const { bytes, type } = await upscaler.upscale(path, { format, quality: 50 });
      expect([sniff(bytes), type]).toEqual([format, `image/${format}`]);
    }
    expect((await decodePng((await upscaler.upscale(path, { bits: 16 })).bytes, "picture"))!.bits).toBe(16);
    await upscaler.close();
  });

  it("stops when it is told, and goes on with the next picture", async () => {
    const { Upscaler } = await api();
    const upscaler = await Upscaler.start({ threads: 1 });
    const large = await program.noise("large.png", { width: 500, height: 400 });
    const stop = new AbortController();
    const onProgress = (part: number) => part > 0 && stop.abort(); // it computes
    const stopped = upscaler.upscale(large, { signal: stop.signal, onProgress }).then(
      () => "done",
      (error: Error) => error.name,
    );
    expect(await stopped).toBe("AbortError");
    expect(await upscaler.upscale(await small())).toMatchObject({ width: 36, height: 28 });
    const over = AbortSignal.abort(new Error("it is too late"));
    expect(await refusal(() => upscaler.upscale(large, { signal: over }))).toBe("it is too late");
    await upscaler.close();
  });

  it("stops at once what is still to start, waits for its turn or is being encoded", async () => {
    const { upscale, Upscaler } = await api();
    const path = await program.noise("medium.png", { width: 150, height: 100 });
    const reason = "nobody waits for it";
    const starting = new AbortController();
    const alone = refusal(() => upscale(path, { model: "lite", signal: starting.signal }));
    setTimeout(() => starting.abort(new Error(reason)));
    expect(await Promise.race([alone, delay(100)])).toBe(reason); // to start takes longer

    const upscaler = await Upscaler.start({ model: "lite" });
    const order: string[] = [];
    const waiting = new AbortController();
    const first = upscaler.upscale(path).then(() => order.push("first"));
    const second = refusal(() => upscaler.upscale(path, { signal: waiting.signal })).finally(() => order.push("second"));
    setTimeout(() => waiting.abort(new Error(reason)));
    expect(await second).toBe(reason);
    await first;
    expect(order).toEqual(["second", "first"]);

    const encoding = new AbortController();
    const onProgress = (part: number) => void (part === 1 && setTimeout(() => encoding.abort(new Error(reason)), 50));
    const options = { format: "avif", signal: encoding.signal, onProgress } as const;
    expect(await refusal(() => upscaler.upscale(path, options))).toBe(reason);
    await upscaler.close();
  });

  it("ends what is under way when it is closed, and then refuses", async () => {
    const { Upscaler } = await api();
    const upscaler = await Upscaler.start({ model: "lite" });
    const last = upscaler.upscale(await small());
    await upscaler.close();
    expect(await last).toMatchObject({ width: 36, height: 28 });
    expect(await refusal(() => upscaler.upscale("small.png"))).toBe("this Upscaler is closed: start another");
    await upscaler.close();
  });

  it("says what is wrong with a picture, and with an option", async () => {
    const { upscale } = await api();
    const refused = (...args: Parameters<Api["upscale"]>) => refusal(() => upscale(...args));
    expect(await refused("gone.png")).toContain('"gone.png" does not exist');
    expect(await refused(Uint8Array.of(1, 2, 3))).toContain("is not a picture");
    for (const other of [null, 5, new URL("file:///small.png"), new ArrayBuffer(3)])
      expect(await refused(other as unknown as string)).toBe(
        "a picture must be a path, as a string, or its bytes, as a Uint8Array",
      );
    const path = await small();
    expect(await refused(path, { format: "gif" as "png" })).toBe(
      'format is "gif": it must be one of png, jpeg, webp, avif, tiff',
    );
    expect(await refused(path, { model: "nobody" })).toMatch(/nobody.*one of sftgan/);
    expect(await refused(path, { quality: 500 })).toBe("quality is 500: it must be a whole number from 1 to 100");
    expect(await refused(path, { quality: 50 })).toBe(
      "quality is for jpeg, webp and avif, and png loses nothing: leave it out, or give a format",
    );
    expect(await refused(path, { format: "webp", bits: 16 })).toBe(
      "bits 16 is for png and tiff, and webp has 8: leave it out, or give a format",
    );
  });

  it("refuses options that nothing reads", async () => {
    const { upscale, Upscaler } = await api();
    const path = await small();
    expect(await refusal(() => upscale(path, { modle: "lite" } as object))).toMatch(
      /^there is no option "modle": upscale takes model, prior, /,
    );
    expect(await refusal(() => Upscaler.start({ scale: 2 } as object))).toMatch(
      /^there is no option "scale": Upscaler.start takes model, /,
    );
    const upscaler = await Upscaler.start({ model: "lite" });
    expect(await refusal(() => upscaler.upscale(path, { model: "real" } as object))).toMatch(
      /^there is no option "model": an Upscaler's upscale takes format, scale, /,
    );
    await upscaler.close();
  });
});
