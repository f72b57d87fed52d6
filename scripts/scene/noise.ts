/** Deterministic randomness for the sample scene: numbers from a seed, and smooth noise over the plane. */

/** A source of numbers in [0, 1). */
export type Random = () => number;

/** Mulberry32. */
export function seeded(seed: number): Random {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The number in [0, 1) that belongs to a point of the integer grid. */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

const ease = (t: number) => t * t * t * (t * (6 * t - 15) + 10);

/** Value noise: smooth, 0 to 1, about one bump per unit. */
export function noise(x: number, y: number, seed: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [ease(x - i), ease(y - j)];
  const top = mix(hash(i, j, seed), hash(i + 1, j, seed), u);
  return mix(top, mix(hash(i, j + 1, seed), hash(i + 1, j + 1, seed), u), v);
}

/** Noise at `octaves` scales, each half as large and half as strong as the one before; 0 to 1. */
export function fractal(x: number, y: number, octaves: number, seed: number): number {
  let [sum, total, weight] = [0, 0, 1];
  for (let o = 0; o < octaves; o++) {
    // Turned a little each time, so that the grids do not line up.
    sum += weight * noise(x, y, seed + o);
    total += weight;
    [x, y, weight] = [1.62 * x + 1.18 * y + 7.3, -1.18 * x + 1.62 * y + 2.9, weight / 2];
  }
  return sum / total;
}

/** Fractal noise folded at its middle, so that it has crests; 0 to 1. */
export function ridged(x: number, y: number, octaves: number, seed: number): number {
  let [sum, total, weight] = [0, 0, 1];
  for (let o = 0; o < octaves; o++) {
    sum += weight * (1 - Math.abs(2 * noise(x, y, seed + o) - 1));
    total += weight;
    [x, y, weight] = [1.62 * x + 1.18 * y + 3.1, -1.18 * x + 1.62 * y + 5.7, weight / 2];
  }
  return sum / total;
}

/** Distance to the nearest of scattered points, one to a unit cell, and that point's own number in [0, 1). */
export function cells(x: number, y: number, seed: number): { distance: number; id: number } {
  let nearest = { distance: Number.POSITIVE_INFINITY, id: 0 };
  const [i, j] = [Math.floor(x), Math.floor(y)];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [a, b] = [i + dx, j + dy];
      const distance = Math.hypot(a + hash(a, b, seed) - x, b + hash(a, b, seed + 1) - y);
      if (distance < nearest.distance) nearest = { distance, id: hash(a, b, seed + 2) };
    }
  }
  return nearest;
}

export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

/** 0 below `from`, 1 above `to`, smooth between them. */
export function step(from: number, to: number, x: number): number {
  const t = Math.min(Math.max((x - from) / (to - from), 0), 1);
  return t * t * (3 - 2 * t);
}
