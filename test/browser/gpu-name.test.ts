import { describe, expect, it } from "vitest";
import { gpuName, isSoftwareRenderer } from "../../src/browser/gpu-name";

describe("A GPU's name", () => {
  it.each([
    ["ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)", "NVIDIA GeForce RTX 3060"],
    ["ANGLE (Apple, ANGLE Metal Renderer: Apple M1 Pro, Unspecified Version)", "Apple M1 Pro"],
    ["ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)", "Intel(R) UHD Graphics 620 (KBL GT2)"],
    ["NVIDIA GeForce GTX 1080/PCIe/SSE2", "NVIDIA GeForce GTX 1080"],
    ["Adreno (TM) 640", "Adreno (TM) 640"],
    ["", undefined],
  ])("is taken out of %j", (renderer, name) => {
    expect(gpuName(renderer)).toBe(name);
  });

  it.each([
    "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
    "ANGLE (Mesa, llvmpipe (LLVM 15.0.7 256 bits), OpenGL 4.5)",
    "ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0, D3D11)",
  ])("is none where there is no GPU: %j", (renderer) => {
    expect([isSoftwareRenderer(renderer), gpuName(renderer)]).toEqual([true, undefined]);
  });
});
