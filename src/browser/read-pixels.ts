/**
 * Reads the exact bytes of an ImageBitmap. A 2D canvas multiplies colours by opacity and so loses them where opacity is low;
 * WebGL does not, and reads bitmaps that were decoded with `premultiplyAlpha: "none"` as they are.
 */

/** The side of the squares that are read one after another, within every canvas's and texture's limit. */
const BLOCK = 2048;

type Read = (bitmap: ImageBitmap) => Promise<Uint8Array | Uint8ClampedArray> | Uint8Array | Uint8ClampedArray;

/** A reader by a WebGL context of its own, and how it is let go. Undefined where there is no WebGL. */
function byWebGL(): { read: Read; release(): void } | undefined {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl");
  if (!gl) return undefined;
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  return {
    read(bitmap) {
      const pixels = new Uint8Array(4 * bitmap.width * bitmap.height);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, gl.getParameter(gl.TEXTURE_BINDING_2D), 0);
      gl.readPixels(0, 0, bitmap.width, bitmap.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      if (gl.getError() !== gl.NO_ERROR) throw new Error("The graphics driver could not read the picture back; try again.");
      return pixels;
    },
    release: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
  };
}

/** A reader by a 2D canvas: exact where the bitmap is opaque. */
function byCanvas(): { read: Read; release(): void } {
  return {
    read(bitmap) {
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true })!;
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    },
    release: () => undefined,
  };
}

/**
 * RGBA of 8 bits `[h, w, 4]`, not premultiplied, rows from the top. `alpha` says whether the bitmap may be anything but
 * opaque; if so it is read by WebGL, or where there is none by a canvas, which rounds colours that are nearly transparent.
 */
export async function readPixels(bitmap: ImageBitmap, alpha: boolean): Promise<Uint8Array> {
  const { width, height } = bitmap;
  const out = new Uint8Array(4 * width * height);
  const { read, release } = (alpha && byWebGL()) || byCanvas();
  try {
    for (let top = 0; top < height; top += BLOCK) {
      for (let left = 0; left < width; left += BLOCK) {
        const w = Math.min(BLOCK, width - left);
        const h = Math.min(BLOCK, height - top);
        const whole = w === width && h === height;
        const block = whole ? bitmap : await createImageBitmap(bitmap, left, top, w, h, { premultiplyAlpha: "none" });
        const pixels = await read(block);
        if (!whole) block.close();
        for (let y = 0; y < h; y++) out.set(pixels.subarray(4 * w * y, 4 * w * (y + 1)), 4 * ((top + y) * width + left));
      }
    }
  } finally {
    release();
  }
  return out;
}
