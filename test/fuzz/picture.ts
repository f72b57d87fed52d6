/** What holds for every picture that is read, of whatever kind of file, and pictures read as the command line reads them. */
import { inspectPicture } from "../../src/codec/inspect";
import { MAX_PIXELS, MAX_SIDE } from "../../src/codec/limits";
import { decode } from "../../src/headless/codec";
import { isOwn } from "../../src/headless/own";
import type { Picture } from "../../src/types";
import { checkRefusal, holds, NAME } from "./kind";

export function validPicture({ width, height, bits, rgb, alpha, warnings = [] }: Picture): void {
  holds(Number.isInteger(width) && width >= 1 && width <= MAX_SIDE, `the picture is ${width} wide`);
  holds(Number.isInteger(height) && height >= 1 && height <= MAX_SIDE, `the picture is ${height} high`);
  holds(width * height <= MAX_PIXELS, `the picture is ${width} × ${height}`);
  const Samples = bits === 8 ? Uint8Array : Uint16Array;
  holds(bits === 8 || bits === 16, `the picture has ${bits} bits`);
  holds(rgb instanceof Samples && rgb.length === 3 * width * height, `its colours are ${rgb.length} numbers`);
  holds(!alpha || (alpha instanceof Samples && alpha.length === width * height), `its opacity is ${alpha?.length} numbers`);
  for (const warning of warnings) checkRefusal(new Error(`${NAME}: ${warning}`), NAME);
}

/** Reads a picture through the door and the decoder; what the door says of its size must be so. */
export async function checkPicture(bytes: Uint8Array): Promise<void> {
  holds(typeof (await isOwn(bytes)) === "boolean", "it neither is of our making nor is not");
  const { width, height } = inspectPicture(bytes, NAME);
  const picture = await decode(bytes, NAME);
  validPicture(picture);
  const sides = [picture.width, picture.height].sort().join();
  holds(sides === [width, height].sort().join(), `it is ${sides} and was said to be ${width} × ${height}`);
}
