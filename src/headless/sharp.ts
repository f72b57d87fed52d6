/** sharp (libvips), loaded where a picture needs it: that takes as long as loading all else that a start needs. */
import { createRequire } from "node:module";

type Sharp = typeof import("sharp").default;

const load = createRequire(import.meta.url); // an import would read its CommonJS through for names first

/** A picture that is to be read, changed or written: sharp's own function. */
export const sharp = (...args: Parameters<Sharp>): ReturnType<Sharp> => (load("sharp") as Sharp)(...args);
