/** Waiting for the GPU in a WebGL context, while messages come in. */
import { nextTask } from "../next-task";

/** How long to sleep between looks at a fence, in milliseconds: at first not at all. */
const NAPS = [0, 0, 1, 2, 4, 8];

/** Contexts on which something is drawn that a driver may compile for, for seconds: until that is done. */
const slow = new WeakMap<WebGL2RenderingContext, Promise<unknown>>();

/** Waits until the GPU has passed `sync`, and lets messages in. Returns at once on a lost context. */
async function passed(gl: WebGL2RenderingContext, sync: WebGLSync | null): Promise<void> {
  await nextTask();
  if (!sync) return;
  for (let i = 0; !gl.isContextLost() && gl.clientWaitSync(sync, 0, 0) === gl.TIMEOUT_EXPIRED; i++) {
    const nap = NAPS[Math.min(i, NAPS.length - 1)]!;
    await (nap === 0 ? nextTask() : new Promise((resolve) => setTimeout(resolve, nap)));
  }
  gl.deleteSync(sync);
}

function fence(gl: WebGL2RenderingContext): WebGLSync | null {
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  return sync;
}

/** What asks the context for an answer would hold up its whole thread behind a slow draw, also one that came after its fence. */
async function slowOnesPassed(gl: WebGL2RenderingContext): Promise<void> {
  for (let drawn = slow.get(gl); drawn; drawn = slow.get(gl)) await drawn;
}

/**
 * Waits until the GPU has done what was asked of it so far, and what was drawn slowly since. The context answers at once then,
 * until something else is awaited. Returns at once on a lost context.
 */
export async function finished(gl: WebGL2RenderingContext): Promise<void> {
  await passed(gl, fence(gl));
  await slowOnesPassed(gl);
}

/** The same for what has just been drawn that may be slow: whoever waits for the GPU in the meantime waits for that too. */
export async function drawnSlowly(gl: WebGL2RenderingContext): Promise<void> {
  const own = passed(gl, fence(gl));
  const all = Promise.all([slow.get(gl), own]).then(() => {
    if (slow.get(gl) === all) slow.delete(gl);
  });
  slow.set(gl, all);
  await own;
}

/**
 * Paces the GPU: each call waits until what was asked of it before the *previous* call is done, and what was drawn slowly, and
 * lets messages in. So there is always work for the GPU, and never more than what lies between two calls beyond what it is
 * doing. Returns at once on a lost context.
 */
export function pacer(gl: WebGL2RenderingContext): () => Promise<void> {
  let previous: WebGLSync | null = null;
  return async () => {
    const sync = previous;
    previous = fence(gl);
    await passed(gl, sync);
    await slowOnesPassed(gl);
  };
}
