/** The sample scene: a landscape with all eight classes, with its exact label map and depth map. The same at every run. */
import { Canvas } from "./canvas";
import { drawDistance } from "./distance";
import { castShadow, drawGround, growRow } from "./ground";
import { seeded } from "./noise";
import { drawBush, drawSheep, drawTower, drawTree } from "./things";
import { HEIGHT, WIDTH } from "./view";

/** What 0 and 65535 of the depth picture stand for, in metres; the scale between them is logarithmic. */
export const NEAREST = 5;
export const FURTHEST = 5000;

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** RGB, 8 bits. */
  readonly rgb: Uint8Array;
  /** Class indices. */
  readonly labels: Uint8Array;
  /** 16 bits, near dark and far bright; the sky is 65535. */
  readonly depth: Uint16Array;
}

interface Thing {
  /** The row where it stands: nearer things, and the grass in front of it, are painted later. */
  readonly y: number;
  shadow(canvas: Canvas): void;
  draw(canvas: Canvas): void;
}

const tree = (x: number, y: number, height: number, spread: number, autumn: number, seed: number): Thing => ({
  y,
  shadow: (canvas) => castShadow(canvas, x, y, spread * 0.9, height * 0.5),
  draw: (canvas) => drawTree(canvas, x, y, height, spread, autumn, seed),
});
const tower = (x: number, y: number): Thing => ({
  y,
  shadow: (canvas) => castShadow(canvas, x, y, 3.4, 8),
  draw: (canvas) => drawTower(canvas, x, y),
});
const sheep = (x: number, y: number, length: number, facing: 1 | -1, seed: number): Thing => ({
  y,
  shadow: (canvas) => castShadow(canvas, x, y, length, 0.7, 0.55),
  draw: (canvas) => drawSheep(canvas, x, y, length, facing, seed),
});
const bush = (x: number, y: number, width: number, seed: number): Thing => ({
  y,
  shadow: (canvas) => castShadow(canvas, x, y, width, 0.5, 0.4),
  draw: (canvas) => drawBush(canvas, x, y, width, seed),
});

const THINGS: readonly Thing[] = [
  tree(40, 286, 4.6, 3.6, 0.05, 3),
  tree(618, 292, 6, 4.6, 0.4, 8),
  bush(566, 297, 2.1, 5),
  tower(486, 300),
  bush(440, 302, 1.5, 6),
  sheep(358, 322, 1.35, -1, 21),
  tree(98, 345, 7, 5, 0.14, 1),
  bush(20, 352, 1.9, 9),
  sheep(262, 338, 1.3, 1, 22),
  sheep(392, 424, 1.5, 1, 23),
];

export function drawScene(): Scene {
  const canvas = new Canvas(WIDTH, HEIGHT);
  drawDistance(canvas);
  drawGround(canvas);
  const random = seeded(2018);
  const waiting = [...THINGS].sort((a, b) => a.y - b.y);
  const unlit = [...waiting];
  for (let y = 246; y < HEIGHT + 20; y++) {
    growRow(canvas, y, random);
    // A shadow lies on grass that stands a little nearer, too.
    while (unlit[0] && unlit[0].y <= y - 3) unlit.shift()?.shadow(canvas);
    while (waiting[0] && waiting[0].y <= y - 4) waiting.shift()?.draw(canvas);
  }
  const { rgb, labels, distance } = canvas.finish();
  const depth = Uint16Array.from(distance, (metres) => {
    const t = Math.log(metres / NEAREST) / Math.log(FURTHEST / NEAREST);
    return Math.round(65535 * Math.min(Math.max(t, 0), 1));
  });
  return { width: WIDTH, height: HEIGHT, rgb, labels, depth };
}
