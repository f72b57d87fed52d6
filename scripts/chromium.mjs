/** Where Chromium is and how it is started for tests: headless, quiet, with software WebGL. */
import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];
const QUIET = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];
/** Mesa's llvmpipe is about four times as fast as SwiftShader, which comes with Chromium. */
const MESA = ["--use-gl=angle", "--use-angle=gl-egl", "--ignore-gpu-blocklist"];
export const SWIFTSHADER = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

/** WebGPU by SwiftShader, beside either. */
export const SWIFTSHADER_WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
/** By Mesa's llvmpipe, through OpenGL ES. Chromium takes SwiftShader where it cannot. */
const MESA_WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=opengles", "--force-webgpu-compat"];

/** No WebGL at all, so that the page computes with WebAssembly: without a GPU that is several times as fast. */
export const NO_WEBGL = ["--disable-gpu", "--disable-software-rasterizer"];

/** What the machine has of a GPU, on Linux without a screen too. */
export const GPU = [
  "--use-angle=vulkan",
  "--enable-features=Vulkan",
  "--disable-vulkan-surface",
  "--enable-unsafe-webgpu",
  "--ignore-gpu-blocklist",
];

export const findChromium = () => [process.env.CHROMIUM, ...PLACES].find((path) => path && existsSync(path));
export const hasMesa = () =>
  ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"].some((d) => existsSync(`${d}/libEGL_mesa.so.0`));

/** WebGPU in software, the faster one that there is. */
export const SOFTWARE_WEBGPU = hasMesa() ? MESA_WEBGPU : SWIFTSHADER_WEBGPU;

/**
 * Playwright's launch options. Without a Chromium found, Playwright's own is used where there is one.
 * @param {readonly string[]} software
 * @param {readonly string[]} more
 */
export function chromium(software = hasMesa() ? MESA : SWIFTSHADER, more = []) {
  return { executablePath: findChromium(), args: [...QUIET, ...software, ...more] };
}
