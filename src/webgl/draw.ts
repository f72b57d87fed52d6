/** Tensors as bitmaps, the opaque ones without reading the GPU back. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Draws pixels `[h, w, 4]`, opaque, 0 to 1 (clipped), as a bitmap of that size. On WebGL the texture is copied to the
 * backend's canvas, on the GPU; other backends hand over their memory. Does not dispose `pixels`.
 */
export function draw(pixels: tf.Tensor3D): Promise<ImageBitmap> {
  return tf.getBackend() === "webgl" ? drawByGpu(pixels) : drawFromMemory(pixels);
}

async function drawByGpu(pixels: tf.Tensor3D): Promise<ImageBitmap> {
  const { gpgpu } = tf.backend() as MathBackendWebGL;
  const gl = gpgpu.gl as WebGL2RenderingContext;
  const canvas = gl.canvas as OffscreenCanvas | HTMLCanvasElement;
  const [height, width] = pixels.shape;
  const data = onGpu(pixels);
  if (!data) return drawFromMemory(pixels);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.READ_FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, data.texture!, 0);
  gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
  gl.disable(gl.SCISSOR_TEST);
  gl.blitFramebuffer(0, 0, width, height, 0, height, width, 0, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  gl.enable(gl.SCISSOR_TEST);
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
  gl.deleteFramebuffer(framebuffer);
  data.tensorRef.dispose();
  return canvas instanceof HTMLCanvasElement_ ? createImageBitmap(canvas) : (canvas as OffscreenCanvas).transferToImageBitmap();
}

/** In a worker there is no such class, and no such canvas. */
const HTMLCanvasElement_ = typeof HTMLCanvasElement === "undefined" ? class {} : HTMLCanvasElement;

/** The pixels as a texture of one pixel a texel; undefined where they lie on the CPU, as tiny tensors do. */
function onGpu(pixels: tf.Tensor3D): tf.GPUData | undefined {
  const clipped = tf.clipByValue(pixels, 0, 1);
  try {
    return clipped.dataToGPU({ customTexShape: [pixels.shape[0], pixels.shape[1]] });
  } catch {
    return undefined;
  } finally {
    clipped.dispose();
  }
}

/** The same read back, of pixels that need not be opaque: the backend's canvas has no opacity. */
export async function drawFromMemory(pixels: tf.Tensor3D): Promise<ImageBitmap> {
  const [height, width] = pixels.shape;
  const bytes = tf.tidy(() => tf.round(tf.mul(tf.clipByValue(pixels, 0, 1), 255)));
  try {
    return await createImageBitmap(new ImageData(Uint8ClampedArray.from(await bytes.data()), width, height));
  } finally {
    bytes.dispose();
  }
}
