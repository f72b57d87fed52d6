/** What a GPU is called for people. */

/** Renderers without a GPU. */
export const isSoftwareRenderer = (renderer: string): boolean => /llvmpipe|softpipe|swiftshader|basic render/i.test(renderer);

/**
 * The name in what WebGL says of its renderer, without what is round it: "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x2504)
 * Direct3D11 vs_5_0 ps_5_0, D3D11)" is "NVIDIA GeForce RTX 3060". Undefined where nothing is left, or there is no GPU.
 */
export function gpuName(renderer: string): string | undefined {
  if (isSoftwareRenderer(renderer)) return undefined;
  const inAngle = /^ANGLE \(([^,]*), (.*), [^,]*\)$/.exec(renderer);
  const name = (inAngle?.[2] ?? renderer)
    .replace(/^ANGLE Metal Renderer: /, "")
    .replace(/^Mesa (DRI )?/, "")
    .split(/ Direct3D| OpenGL| \(0x|\/PCIe|, /)[0]!
    .trim();
  return name.slice(0, 60) || undefined;
}
