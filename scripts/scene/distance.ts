/** Sky, mountains, the far bank and the lake. */
import { blend, type Canvas, type Colour, lit } from "./canvas";
import { fractal, mix, noise, ridged, seeded, step } from "./noise";
import { acrossAt, distanceAt, FAR_SHORE, HORIZON, shore, WIDTH } from "./view";

const HAZE: Colour = [196, 212, 226];
/** Far enough to count as the sky in a depth picture. */
const SKY_DISTANCE = Number.POSITIVE_INFINITY;

function sky(x: number, y: number): Colour {
  const air = blend([70, 124, 196], [214, 226, 232], step(-30, HORIZON, y) ** 0.8);
  // Clouds flatten towards the horizon.
  const depth = 90 / (HORIZON + 60 - y);
  const [u, v] = [((x - 250) / 150) * (0.4 + depth), 6.5 * depth];
  const warp = fractal(u * 1.3, v * 1.3, 3, 5);
  const density = (dx: number, dy: number) => fractal(u * 1.9 + warp + dx, v * 2.4 + warp + dy, 7, 11);
  const here = density(0, 0);
  const cover = step(0.47, 0.66, here);
  const sunny = 0.5 + 3.4 * (here - density(-0.16, -0.2));
  const cloud = blend([176, 188, 206], [255, 252, 246], Math.min(Math.max(sunny, 0), 1));
  return blend(air, cloud, cover * mix(0.95, 0.55, y / HORIZON));
}

interface Range {
  readonly distance: number;
  readonly haze: number;
  readonly seed: number;
  /** The crest's row. */
  crest(x: number): number;
  readonly snow: number;
}

const RANGES: readonly Range[] = [
  {
    distance: 4200,
    haze: 0.4,
    seed: 31,
    snow: 58,
    crest: (x) =>
      168 -
      58 * ridged(x / 210 + 3.35, 0.5, 3, 21) -
      26 * ridged(x / 52, 1.5, 5, 22) * (0.4 + Math.exp(-(((x - 255) / 120) ** 2))) -
      52 * Math.exp(-(Math.abs(x - 262) / 74)) +
      10 * step(400, 640, x),
  },
  {
    distance: 2100,
    haze: 0.24,
    seed: 47,
    snow: 16,
    crest: (x) =>
      196 -
      40 * ridged(x / 165 + 8.2, 4.5, 3, 27) * step(700, 330, x) -
      20 * ridged(x / 40, 2.5, 5, 28) * step(660, 400, x) -
      44 * Math.exp(-(((x - 372) / 78) ** 2)) -
      30 * Math.exp(-(((x - 60) / 90) ** 2)),
  },
];

function rock({ haze, seed, crest, snow }: Range, x: number, y: number): Colour | undefined {
  const below = y - crest(x);
  if (below < 0) return undefined;
  // Spurs run down and outwards from the crest; the sun is at the left.
  const relief = (dx: number, dy: number) => {
    const [px, py] = [x + dx, y + dy];
    const bend = 18 * fractal(px / 60, py / 60, 3, seed + 9);
    return (
      ridged((px + 0.5 * py + bend) / 44, (py - 0.35 * px + 1.3 * bend) / 62, 6, seed) * 26 +
      2.2 * fractal(px / 2.6, py / 2, 3, seed + 5)
    );
  };
  const slope = relief(1.1, 0.4) - relief(-1.1, -0.4);
  const light = Math.min(Math.max(0.86 - 0.2 * slope, 0.34), 1.3);
  const strata = 0.9 + 0.2 * noise(x / 30, (y + 0.22 * x) / 2.1, seed + 3);
  const stone = lit(blend([112, 100, 92], [146, 132, 116], fractal(x / 18, y / 11, 4, seed + 1)), light * strata);
  const wood = lit(blend([52, 74, 50], [84, 104, 66], fractal(x / 2.2, y / 1.7, 3, seed + 2)), 0.62 + 0.42 * light);
  const snowy = step(
    -9,
    9,
    snow + 26 * (fractal(x / 13, y / 8, 4, seed + 4) - 0.5) - below - 20 * Math.max(Math.abs(slope) - 0.5, -0.3),
  );
  const white: Colour = light < 0.85 ? blend([150, 170, 206], [226, 232, 242], step(0.34, 0.85, light)) : [250, 249, 246];
  const bare = blend(stone, white, snowy);
  const green = step(0, 26, y - (HORIZON - 26) + 34 * (fractal(x / 22, y / 16, 4, seed + 7) - 0.5));
  return blend(blend(bare, wood, green), HAZE, haze * mix(0.75, 1.1, step(60, HORIZON, y)));
}

/** Sky and mountains along one line of sight, for the lake to mirror. */
function beyond(x: number, y: number): Colour {
  for (const range of [...RANGES].reverse()) {
    const colour = rock(range, x, y);
    if (colour) return colour;
  }
  return sky(x, y);
}

function lake(x: number, y: number): Colour | undefined {
  if (y >= shore(x)) return undefined;
  const [across, distance] = [acrossAt(x, y), distanceAt(y)];
  const near = step(FAR_SHORE, 262, y);
  // Waves are long across the view, and their rows crowd together towards the far bank.
  const wave = (phase: number, size: number) =>
    fractal(across / (size * 2.6) + phase, (Math.log(distance) * 26) / size + 0.22 * across + phase, 4, 71);
  const swell = wave(0, 1.5) - 0.5;
  const ripple = wave(40, 0.42) - 0.5;
  const tilt = (swell * 26 + ripple * 34) * mix(0.25, 1, near);
  const mirrored = beyond(x + tilt * 0.35, Math.max(2 * FAR_SHORE - y - 5 - (y - FAR_SHORE) * 1.2 + tilt, 2));
  const depth = blend([44, 92, 108], [34, 84, 92], near);
  const body = blend(mirrored, depth, 0.34 + 0.24 * near + 0.5 * Math.max(-ripple, 0));
  const glint = step(0.15, 0.26, ripple + 0.35 * swell) * mix(0.25, 0.5, near);
  const shallows = step(16, 0, shore(x) - y + 10 * ripple);
  const water = blend(blend(body, [236, 242, 244], glint), [122, 130, 96], 0.55 * shallows);
  return lit(water, mix(0.7, 1, step(0, 7, y - FAR_SHORE)));
}

/** A dark line of small conifers on the far bank. */
function farBank(canvas: Canvas): void {
  const random = seeded(13);
  const distance = distanceAt(FAR_SHORE);
  const matter = { label: "plant", distance } as const;
  canvas.fill([0, FAR_SHORE - 8, WIDTH, FAR_SHORE], matter, (x, y) =>
    y < FAR_SHORE - 3 - 5 * fractal(x / 14, 0, 4, 3)
      ? undefined
      : lit([74, 96, 58], 0.55 + 0.6 * fractal(x / 1.4, y / 1.1, 3, 4)),
  );
  for (let i = 0; i < 330; i++) {
    const x = random() * (WIDTH + 10) - 5;
    const thick = fractal(x / 40, 2, 3, 8);
    if (thick < 0.36) continue;
    const [height, tone, foot] = [(5 + 11 * random()) * (0.35 + thick), 0.5 + 0.5 * random(), FAR_SHORE - random() * 2];
    const width = height * (0.36 + 0.12 * random());
    canvas.fill([x - width, foot - height, x + width, foot], matter, (px, py) => {
      const t = (foot - py) / height;
      const tier = 1 - t + 0.22 * (((1 - t) * 5) % 1) - 0.16;
      if (Math.abs(px - x) > (width / 2) * tier) return undefined;
      const light = tone * (px < x ? 1.15 : 0.78) * (0.75 + 0.5 * noise(px * 1.3, py * 1.3, 15));
      return blend(lit([62, 88, 58], light), HAZE, 0.16);
    });
  }
}

export function drawDistance(canvas: Canvas): void {
  canvas.fill([0, 0, WIDTH, HORIZON + 20], { label: "sky", distance: SKY_DISTANCE }, sky);
  for (const range of RANGES) {
    canvas.fill([0, 0, WIDTH, FAR_SHORE], { label: "mountain", distance: range.distance }, (x, y) => rock(range, x, y));
  }
  canvas.fill([0, FAR_SHORE, WIDTH, 290], (_, y) => ({ label: "water", distance: distanceAt(y) }), lake);
  farBank(canvas);
}
