/** Small pictures of photos: made when their rows are looked at, one at a time, and dropped with the rows. */

/** Longest side in device pixels. */
const SIDE = 96;
/** Larger files are not decoded for a small picture. */
const MOST_BYTES = 64 * 2 ** 20;

export interface Thumbs {
  /** Draws a file's picture on the canvas once that is in view, or marks it as having none. */
  watch(canvas: HTMLCanvasElement, file: File): void;
  forget(canvas: HTMLCanvasElement): void;
}

export function createThumbs(): Thumbs {
  const files = new WeakMap<Element, File>();
  const waiting = new Set<HTMLCanvasElement>();
  let isBusy = false;
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries)
      if (isIntersecting) waiting.add(target as HTMLCanvasElement);
      else waiting.delete(target as HTMLCanvasElement);
    void work();
  });

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (const canvas of waiting) {
      waiting.delete(canvas);
      observer.unobserve(canvas);
      const file = files.get(canvas);
      if (file) await draw(canvas, file).catch(() => canvas.classList.add("none"));
    }
    isBusy = false;
  }

  return {
    watch(canvas, file) {
      files.set(canvas, file);
      observer.observe(canvas);
    },
    forget(canvas) {
      waiting.delete(canvas);
      observer.unobserve(canvas);
    },
  };
}

/** Throws an error where the browser cannot decode the file. */
async function draw(canvas: HTMLCanvasElement, file: File): Promise<void> {
  if (file.size > MOST_BYTES) throw new Error("too large for a small picture");
  const bitmap = await createImageBitmap(file, { resizeHeight: SIDE, resizeQuality: "medium" });
  try {
    Object.assign(canvas, { width: Math.min(bitmap.width, 2 * SIDE), height: bitmap.height });
    const left = Math.max(0, (bitmap.width - canvas.width) / 2);
    canvas.getContext("2d")?.drawImage(bitmap, -left, 0);
  } finally {
    bitmap.close();
  }
}
