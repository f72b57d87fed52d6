/** Decodes what it is sent and encodes it again, for test/browser/codec.test.ts. */
import { decode, encode } from "../../src/browser/codec";

const sum = (samples: ArrayLike<number> = []) => Array.prototype.reduce.call(samples, (a, b) => (a as number) + (b as number), 0);

self.onmessage = async ({ data }: MessageEvent<Uint8Array>) => {
  const picture = await decode(data, "sent");
  const png = await encode(picture, "image/png", {});
  const jpeg = await encode(picture, "image/jpeg", {});
  self.postMessage({ alpha: sum(picture.alpha), rgb: sum(picture.rgb), png: png.type, jpeg: jpeg.type });
};
