/** Writes ICC profiles for tests. */
export type Tag = readonly [name: string, data: readonly number[]];
export const u32 = (v: number) => [(v >>> 24) & 255, (v >>> 16) & 255, (v >>> 8) & 255, v & 255];
export const u16 = (v: number) => [(v >> 8) & 255, v & 255];
export const s15 = (v: number) => u32(Math.round(v * 65536));
export const name = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
export const xyz = (x: number, y: number, z: number) => [...name("XYZ "), 0, 0, 0, 0, ...s15(x), ...s15(y), ...s15(z)];
export const gamma = (g: number) => [...name("curv"), 0, 0, 0, 0, ...u32(1), ...u16(Math.round(g * 256))];
export const parametric = (type: number, ...p: number[]) => [...name("para"), 0, 0, 0, 0, ...u16(type), 0, 0, ...p.flatMap(s15)];
export const SRGB_CURVE = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);

/** A profile of a colour space, connected by XYZ or Lab, with these tags. */
export function icc(space: string, connection: "XYZ " | "Lab ", ...tags: Tag[]): Uint8Array {
  const header = [
    ...Array(16).fill(0),
    ...name(space),
    ...name(connection),
    ...Array(12).fill(0),
    ...name("acsp"),
    ...Array(88).fill(0),
  ];
  let at = 132 + 12 * tags.length;
  const table = tags.flatMap(([tag, data]) => {
    at += data.length;
    return [...name(tag), ...u32(at - data.length), ...u32(data.length)];
  });
  return Uint8Array.from([...header, ...u32(tags.length), ...table, ...tags.flatMap(([, data]) => data)]);
}

/** sRGB's colorants under D50, from the profile that the ICC publishes. */
export const SRGB_COLORANTS: Tag[] = [
  ["rXYZ", xyz(0.43607, 0.22249, 0.01392)],
  ["gXYZ", xyz(0.38515, 0.71687, 0.09708)],
  ["bXYZ", xyz(0.14307, 0.06061, 0.7141)],
];
