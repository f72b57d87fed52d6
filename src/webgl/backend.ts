/** The WebGL backend as we use it: a canvas of our own, and a context that can be replaced when it is lost. */

import { MathBackendWebGL, setWebGLContext } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { finished } from "./fences";
import { registerConvolutions } from "./shapes";
import { SharedBackend } from "./shared";

/**
 * Flags for any tfjs WebGL backend that runs our networks. 3×3 convolutions without the im2col matrix take a ninth of its
 * memory and, measured, the same time; freed textures are kept for reuse up to a bound; software WebGL is allowed.
 * Shapes are constants in shaders: see shapes.ts.
 */
export function configureWebGL(keptTextureBytes = 256 * 2 ** 20): void {
  tf.env().set("SOFTWARE_WEBGL_ENABLED", true);
  tf.env().set("WEBGL_EXP_CONV", true);
  tf.env().set("WEBGL_DELETE_TEXTURE_THRESHOLD", keptTextureBytes);
  registerConvolutions();
}

/** One WebGL context with its backend, registered as "webgl" until it is closed. */
export interface WebGL {
  readonly gl: WebGL2RenderingContext;
  /** Resolves once the context is lost. */
  readonly lost: Promise<undefined>;
  /** True from the moment of the loss, and for ever. */
  isLost(): boolean;
  close(): void;
}

const ATTRIBUTES: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  depth: false,
  stencil: false,
  premultipliedAlpha: false,
  preserveDrawingBuffer: false,
  powerPreference: "high-performance",
};

const shared = new SharedBackend(open);

/**
 * Makes "webgl" tfjs's backend, on a new context, or on the one that is in use already. Throws an error where there is no
 * WebGL 2, or it cannot render to float32 textures: half floats are too coarse for the networks.
 */
export const startWebGL = (): Promise<WebGL> => shared.start();

async function open(): Promise<WebGL> {
  configureWebGL();
  unregister();
  const canvas = createCanvas();
  let gone = false;
  const lost = new Promise<undefined>((resolve) => {
    canvas.addEventListener("webglcontextlost", (event) => {
      event.stopImmediatePropagation(); // tfjs would have the browser restore it, empty
      gone = true;
      resolve(undefined);
    });
  });
  const gl = canvas.getContext("webgl2", ATTRIBUTES) as WebGL2RenderingContext | null;
  if (!gl) throw new Error("this browser has no WebGL 2");
  setWebGLContext(2, gl); // tfjs tries its flags on this context, and makes none of its own
  const end = () => {
    gl.getExtension("WEBGL_lose_context")?.loseContext(); // its memory is free at once, not when it is collected
  };
  try {
    if (!tf.env().getBool("WEBGL_RENDER_FLOAT32_CAPABLE"))
      throw new Error("this browser's WebGL cannot render to float32 textures");
    tf.registerBackend("webgl", () => new MathBackendWebGL(canvas), 2);
    if (!(await tf.setBackend("webgl"))) throw new Error("this browser's WebGL could not be started");
  } catch (error) {
    unregister();
    end();
    throw error;
  }
  const backend = tf.backend() as MathBackendWebGL;
  // tfjs polls its own fence for ever on a lost context, and `tensor.data()` with it; and it knows nothing of slow draws.
  backend.gpgpu.createAndWaitForFence = () => finished(gl);
  return {
    gl,
    lost,
    isLost: () => gone || gl.isContextLost(),
    close() {
      if (tf.findBackend("webgl") === backend) unregister();
      else backend.dispose();
      end();
    },
  };
}

/** tfjs uses no OffscreenCanvas on Safari. */
function createCanvas(): OffscreenCanvas | HTMLCanvasElement {
  if (typeof OffscreenCanvas !== "undefined" && !tf.env().getBool("IS_SAFARI")) return new OffscreenCanvas(1, 1);
  if (typeof document === "undefined") throw new Error("this browser has no WebGL in a worker");
  return document.createElement("canvas");
}

function unregister(): void {
  if (tf.findBackendFactory("webgl")) tf.removeBackend("webgl");
}
