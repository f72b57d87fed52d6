/** The WebGL backend as we use it: a canvas of our own, a context that can be replaced when it is lost, and a fence. */

import { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Flags for any tfjs WebGL backend that runs our networks. 3×3 convolutions without the im2col matrix take a ninth of its
 * memory and, measured, the same time; freed textures are kept for reuse up to a bound; software WebGL is allowed.
 */
export function configureWebGL(keptTextureBytes = 256 * 2 ** 20): void {
  tf.env().set("SOFTWARE_WEBGL_ENABLED", true);
  tf.env().set("WEBGL_EXP_CONV", true);
  tf.env().set("WEBGL_DELETE_TEXTURE_THRESHOLD", keptTextureBytes);
}

/** One WebGL context with its backend, registered as "webgl" until it is closed. */
export interface WebGL {
  readonly gl: WebGL2RenderingContext;
  /** Resolves once the context is lost. */
  readonly lost: Promise<void>;
  close(): void;
}

/**
 * Makes "webgl" tfjs's backend, on a new context. Throws a sentence where there is no WebGL 2, or it cannot render to
 * float32 textures: half floats are too coarse for the networks.
 */
export async function startWebGL(): Promise<WebGL> {
  configureWebGL();
  if (tf.findBackend("webgl") || tf.findBackendFactory("webgl")) tf.removeBackend("webgl");
  const canvas =
    typeof OffscreenCanvas === "undefined" || tf.env().getBool("IS_SAFARI")
      ? document.createElement("canvas")
      : new OffscreenCanvas(1, 1);
  const lost = new Promise<void>((resolve) => {
    canvas.addEventListener("webglcontextlost", () => resolve(), { once: true });
  });
  if (tf.env().getNumber("WEBGL_VERSION") !== 2) throw new Error("this browser has no WebGL 2");
  if (!tf.env().getBool("WEBGL_RENDER_FLOAT32_CAPABLE"))
    throw new Error("this browser's WebGL cannot render to float32 textures");
  tf.registerBackend("webgl", () => new MathBackendWebGL(canvas), 2);
  if (!(await tf.setBackend("webgl"))) throw new Error("this browser's WebGL could not be started");
  const gl = (tf.backend() as MathBackendWebGL).gpgpu.gl as WebGL2RenderingContext;
  return { gl, lost, close: () => tf.removeBackend("webgl") };
}

/** How long to sleep between looks at a fence, in milliseconds: at first not at all. */
const NAPS = [0, 0, 1, 2, 4, 8];

/**
 * Paces the GPU: each call waits until what was asked of it before the *previous* call is done, and lets messages in. So
 * there is always work for the GPU, and never more than what lies between two calls beyond what it is doing. Returns at once
 * on a lost context.
 */
export function pacer(gl: WebGL2RenderingContext): () => Promise<void> {
  let previous: WebGLSync | null = null;
  return async () => {
    const sync = previous;
    previous = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    await nextTask();
    if (!sync) return;
    for (let i = 0; gl.clientWaitSync(sync, 0, 0) === gl.TIMEOUT_EXPIRED; i++) {
      const nap = NAPS[Math.min(i, NAPS.length - 1)]!;
      await (nap === 0 ? nextTask() : new Promise((resolve) => setTimeout(resolve, nap)));
    }
    gl.deleteSync(sync);
  };
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** A turn of the event loop, without the delay that timers have. */
export const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
