/** The meadow with its grass and flowers, and the gravel path through it. */
import { blend, type Canvas, type Colour, lit } from "./canvas";
import { cells, fractal, hash, mix, noise, type Random, step } from "./noise";
import { acrossAt, distanceAt, FOCAL, HEIGHT, pixelsPerMetre, shore, WIDTH } from "./view";

/** How far right of the middle the path runs, in metres. */
const pathAt = (distance: number): number => -1.35 + 7.6 * step(7, 23, distance) + 0.5 * Math.sin(distance / 2.1);
/** 0 in the middle of the path, 1 at its edge. */
export function offPath(x: number, y: number): number {
  const distance = distanceAt(y);
  const ragged = 0.22 * (fractal(acrossAt(x, y) * 2.3, distance * 1.1, 3, 91) - 0.5);
  return distance > 23 ? 2 : Math.abs(acrossAt(x, y) - pathAt(distance)) / (0.78 + ragged);
}

/** The green of a place: patches of lush and dry grass. */
function green(x: number, y: number): Colour {
  const [across, distance] = [acrossAt(x, y), distanceAt(y)];
  const patch = fractal(across / 4, distance / 5, 4, 61);
  const base = blend([72, 112, 40], [148, 158, 70], step(0.3, 0.72, patch));
  return blend(base, [150, 168, 120], 0.3 * step(15, 45, distance));
}

function gravel(x: number, y: number): Colour {
  const [across, distance] = [acrossAt(x, y), distanceAt(y)];
  const { distance: apart, id } = cells(across * 11, distance * 5.2, 95);
  const stone = blend([150, 132, 108], [206, 194, 172], id);
  const worn = fractal(across * 1.2, distance * 0.6, 4, 97);
  const rut = 0.14 * Math.exp(-(((Math.abs(across - pathAt(distance)) - 0.38) / 0.13) ** 2));
  return lit(stone, mix(1.1, 0.58, step(0.25, 0.75, apart)) * (0.8 + 0.36 * worn) * (1 - rut));
}

/** Bare ground, before grass grows on it. */
export function drawGround(canvas: Canvas): void {
  canvas.fill(
    [0, 240, WIDTH, HEIGHT],
    (x, y) => ({ label: offPath(x, y) < 1 ? "background" : "grass", distance: distanceAt(y) }),
    (x, y) => {
      if (y < shore(x)) return undefined;
      if (offPath(x, y) < 1) return gravel(x, y);
      const bank = step(3, 0, y - shore(x));
      const soil = lit(green(x, y), 0.5 + 0.3 * fractal(x / 1.6, y / 1.2, 3, 63));
      return blend(soil, [112, 98, 70], 0.8 * bank);
    },
  );
}

/** The grass that stands on row `y`, and its flowers. Call it row by row, far to near. */
export function growRow(canvas: Canvas, y: number, random: Random): void {
  const scale = pixelsPerMetre(y);
  const matter = { label: "grass", distance: distanceAt(y) } as const;
  const gap = Math.max(1.15, scale * 0.028);
  for (let x = random() * gap; x < WIDTH; x += gap * (0.55 + 0.9 * random())) {
    const foot = y + random();
    if (foot < shore(x) + 1) continue;
    const beside = offPath(x, foot);
    if (beside < 1.02 && !(beside > 0.86 && random() < 0.25)) continue;
    const tuft = fractal(acrossAt(x, y) * 1.7, distanceAt(y) * 0.9, 3, 67);
    const height = scale * (0.08 + 0.26 * tuft * random()) * step(0.95, 1.5, beside) + 1.6;
    const lean = height * (0.75 * (noise(x / 24, y / 16, 69) - 0.42) + 0.5 * (random() - 0.5));
    const tone = 0.68 + 0.5 * random() + 0.24 * (tuft - 0.5);
    const colour = blend(lit(green(x, foot), tone), [196, 184, 104], random() < 0.07 ? 0.7 : 0.12 * random());
    canvas.blade(x, foot, Math.max(0.9, scale * 0.021), height, lean, matter, (t) => lit(colour, 0.56 + 0.62 * t));
  }
  flowersOn(canvas, y, random);
}

function flowersOn(canvas: Canvas, y: number, random: Random): void {
  const scale = pixelsPerMetre(y);
  const matter = { label: "grass", distance: distanceAt(y) } as const;
  for (let i = 0; i < 3; i++) {
    const x = random() * WIDTH;
    const meadow = fractal(acrossAt(x, y) / 2.4, distanceAt(y) / 2.4, 3, 77);
    if (meadow < 0.53 || y < shore(x) + 6 || offPath(x, y) < 1.2) continue;
    const petals: Colour = hash(i, Math.round(y), 79) < 0.55 ? [250, 246, 236] : [244, 206, 66];
    const [cx, cy, r] = [x, y - scale * (0.12 + 0.14 * random()), Math.max(0.8, scale * 0.034)];
    canvas.ellipse(cx, cy, r, r * 0.72, 0, matter, (u, v) => {
      const radius = Math.hypot(u, v);
      return radius < 0.4 ? [222, 164, 40] : lit(petals, 0.84 + 0.16 * Math.sign(Math.cos(6 * Math.atan2(v, u))));
    });
  }
}

/** The shadow of something `width` metres across and `height` high that stands at (x, y): it falls to the right. */
export function castShadow(canvas: Canvas, x: number, y: number, width: number, height: number, strength = 0.5): void {
  const scale = FOCAL / distanceAt(y);
  const [a, b] = [(width / 2 + height * 0.32) * scale, width * 0.2 * scale + 2];
  const centre = x + height * 0.32 * scale;
  canvas.shadow([centre - a, y - b, centre + a, y + b], (px, py) => {
    const radius = Math.hypot((px - centre) / a, (py - y) / b) + 0.3 * (fractal(px / 7, py / 4, 3, 83) - 0.5);
    return 1 - strength * step(1, 0.62, radius);
  });
}
