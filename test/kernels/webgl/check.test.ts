/** What is checked before any of our kernels is used: drivers here are made wrong in their shaders. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { CHECKED, type Checked, checkKernels } from "../../../src/kernels/webgl/check";
import { Device } from "../../../src/kernels/webgl/device";
import { nextTask } from "../../../src/next-task";
import { withDriver } from "../../driver";
import { tensorCount } from "../../support";

/** As on a page that has compiled nothing. */
const newDevice = () => new Device(tf.backend() as MathBackendWebGL);
const check = (checked: Checked, device = newDevice()) => checkKernels(device, checked, nextTask);

/** In each a kernel's own lines, made wrong in one place; what the check says. */
const WRONG: readonly [Checked, RegExp, string, RegExp][] = [
  ["general", /sum5 \+= m1 \* y1;/, "sum5 += 1.001 * (m1 * y1);", /^conv: it differs by/],
  ["general", /sum0 \+= w0 \* mix/, "sum0 += 0.999 * w0 * mix", /^depthwise: it differs/],
  ["general", /ivec3\(at >> 1, \(at\.y & 1\) \* 2/, "ivec3(at >> 1, (at.y & 1) * 1", /^conv: it differs/],
  ["general", /reversed \? vec4\(y\.zyx/, "reversed ? vec4(y.xyz", /^copy: it differs/],
  ["general", /vec2 part = from - vec2\(low\);/, "vec2 part = vec2(0.5);", /^resize: it differs/],
  ["general", /return sum \/ float\(count\);/, "return sum / float(count + 1);", /^mean: it differs/],
  ["general", /exp\(xAt\(p, v\) - most\)/, "exp2(xAt(p, v) - most)", /^softmax: it differs/],
  ["general", /greaterThan\(y, most\)/, "lessThan(y, most)", /^maxPool: it differs/],
  ["general", /ivec2 tap = place - at \* stride;/, "ivec2 tap = at * stride - place;", /^upConv: it differs/],
  ["general", /return mix\(y, vec4\(0\.0\), isMissing\(v\)\);/, "return mix(vec4(0.0), y, isMissing(v));", /^conv: it differs/],
  ["general", /lessThanEqual\(floatBitsToUint\(y\)/, "greaterThan(floatBitsToUint(y)", /it differs/],
  ["general", /#version 300 es\nprecision highp float;\n/, "#version 300 es\nno shader", /does not compile/],
  ["resample", /tap\.g \* pairAt/, "0.99 * tap.g * pairAt", /it differs/],
  ["resample", /\(pixel\.x & 1\) == 0 \? y\.xy : y\.zw/, "(pixel.x & 1) == 1 ? y.xy : y.zw", /it differs/],
  ["squares", /place % columns, place \/ columns/, "place % columns, 0", /it differs/],
  ["assemble", /ivec2 at = pixel - place;/, "ivec2 at = pixel - place.yx;", /it differs/],
  ["assemble", /\(pixel\.x & 1\) == lane/, "(pixel.x & 1) != lane", /it differs/],
  ["squares", /isIn\.x && isIn\.y\)/, "isIn.x)", /it differs/],
];

describe("Kernels that are checked", () => {
  it("are right on this machine, also where fewer textures can be rendered to at once; nothing is left behind", async () => {
    const device = newDevice();
    const before = tensorCount();
    for (const checked of CHECKED) expect(await check(checked, device)).toBeUndefined();
    expect(tensorCount()).toBe(before);
    const { textures, bytes } = device.maps.memory;
    const { count } = device.programs;
    for (const checked of CHECKED) expect(await check(checked, device)).toBeUndefined();
    expect([device.maps.memory.textures, device.maps.memory.bytes, device.programs.count]).toEqual([textures, bytes, count]);
    const fewer = Object.assign(newDevice(), { limits: { ...device.limits, targets: 4 } });
    expect(await check("general", fewer)).toBeUndefined();
  });

  it("are found wrong where a driver makes something else of one line, each by its name", async () => {
    for (const [checked, line, instead, said] of WRONG)
      await withDriver(line, instead, async () => {
        expect(await check(checked), String(line)).toMatch(said);
      });
  });
});
