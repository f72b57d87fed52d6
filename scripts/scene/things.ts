/** What stands on the meadow: trees, the brick tower and sheep. Each at the foot point (x, y) of the picture. */
import { blend, type Canvas, type Colour, lit } from "./canvas";
import { fractal, hash, mix, noise, seeded, step } from "./noise";
import { distanceAt, FOCAL, HORIZON, pixelsPerMetre } from "./view";

/** A broad-leaved tree: a trunk with branches, and a crown of leaf clusters lit from the upper left. Sizes in metres. */
export function drawTree(
  canvas: Canvas,
  x: number,
  y: number,
  height: number,
  spread: number,
  autumn: number,
  seed: number,
): void {
  const random = seeded(seed);
  const scale = pixelsPerMetre(y);
  const matter = { label: "plant", distance: distanceAt(y) } as const;
  const [h, w] = [height * scale, (spread * scale) / 2];
  const crown = { x, y: y - h * 0.64, a: w, b: h * 0.37 };

  const bark = (u: number, px: number, py: number): Colour =>
    lit([112, 88, 66], (0.92 - 0.5 * u) * (0.62 + 0.7 * fractal(px / 1.5, py / 7, 4, seed)));
  const limb = (x0: number, y0: number, x1: number, y1: number, from: number, to: number) =>
    canvas.fill([Math.min(x0, x1) - from, Math.min(y0, y1), Math.max(x0, x1) + from, Math.max(y0, y1)], matter, (px, py) => {
      const t = (y0 - py) / (y0 - y1);
      const middle = mix(x0, x1, t) + 1.5 * (noise(py / 14, 0, seed) - 0.5) * t;
      const half = mix(from, to, t) / 2 + (t < 0.12 ? (0.12 - t) * from * 2 : 0);
      const u = (px - middle) / half;
      return Math.abs(u) <= 1 ? bark(u, px, py) : undefined;
    });
  const thick = h * 0.062;
  limb(x, y + 2, x + w * 0.04, y - h * 0.62, thick, thick * 0.5);
  for (let i = 0; i < 7; i++) {
    const foot = y - h * (0.3 + 0.05 * i);
    limb(
      x,
      foot,
      x + w * (i % 2 ? 0.62 : -0.62) * (0.6 + 0.5 * random()),
      foot - h * (0.16 + 0.1 * random()),
      thick * 0.42,
      thick * 0.12,
    );
  }

  const clusters = Array.from({ length: 74 }, () => {
    const [angle, radius] = [random() * 2 * Math.PI, Math.sqrt(random()) * 0.86];
    const depth = random() * 2 - 1;
    const lobes = 0.88 + 0.2 * noise(Math.cos(angle) * 2 + 9, Math.sin(angle) * 2 + 9, seed);
    return {
      x: crown.x + crown.a * radius * Math.cos(angle) * lobes,
      y: crown.y + crown.b * radius * Math.sin(angle) * lobes,
      depth,
      r: w * (0.2 + 0.14 * random()),
      hue: random(),
    };
  }).sort((p, q) => p.depth - q.depth);

  const leaf = Math.max(0.85, scale * 0.05);
  for (const cluster of clusters) {
    const count = Math.round(60 + (cluster.r / leaf) ** 2 * 2.1);
    for (let i = 0; i < count; i++) {
      const [angle, radius] = [random() * 2 * Math.PI, Math.sqrt(random())];
      const [dx, dy] = [radius * Math.cos(angle), radius * Math.sin(angle) * 0.82];
      const front = 1 - radius * radius * 0.5;
      // Lit by where the leaf is on its cluster, and the cluster on the crown.
      const across = (cluster.x - crown.x) / crown.a;
      const down = (cluster.y - crown.y) / crown.b;
      const light = 0.66 + 0.2 * cluster.depth - 0.2 * across - 0.24 * down - 0.2 * dx - 0.34 * dy + 0.22 * (front - 0.5);
      const green = blend([64, 98, 34], [124, 146, 52], 0.65 * cluster.hue + 0.35 * random());
      const tint = blend(green, [186, 128, 44], autumn * (0.3 + 0.7 * cluster.hue));
      const bright = Math.max(0.24, light) * (0.74 + 0.5 * random());
      const [px, py] = [cluster.x + dx * cluster.r, cluster.y + dy * cluster.r];
      const turn = random() * Math.PI;
      const length = leaf * (0.8 + 0.6 * random());
      canvas.ellipse(px, py, length, length * 0.52, turn, matter, (u, v) =>
        lit(tint, bright * (Math.abs(v) < 0.16 && scale > 30 ? 1.22 : 1) * (1 - 0.12 * u)),
      );
    }
  }
}

const BRICKS: readonly Colour[] = [
  [172, 92, 66],
  [156, 78, 58],
  [188, 110, 78],
  [142, 76, 64],
  [178, 120, 92],
];
const TOWER = { radius: 1.75, wall: 8.2, ledge: 7.35, roof: 11.3 };

/** A round brick tower with a ledge, windows, a door and a tiled cone for a roof. Lit from the left. */
export function drawTower(canvas: Canvas, x: number, y: number): void {
  const scale = pixelsPerMetre(y);
  const matter = { label: "building", distance: distanceAt(y) } as const;
  const half = TOWER.radius * 1.3 * scale;
  /** The point of a round wall that is seen at (px, py): angle from the front, and height in metres. */
  const onWall = (px: number, py: number, radius: number) => {
    const s = (px - x) / (radius * scale);
    if (Math.abs(s) > 1) return undefined;
    const angle = Math.asin(s);
    // The nearer a point of the wall is, the further it is seen from the horizon.
    const closer = 1 - (radius * Math.cos(angle)) / (matter.distance + radius);
    return { angle, up: ((HORIZON - py) / scale) * closer + (y - HORIZON) / scale };
  };
  const sun = (angle: number) => 0.3 + 0.86 * Math.max(0, Math.cos(angle + 0.72)) + 0.06 * Math.sin(angle);
  const box = [x - half, y - 13 * scale, x + half, y + 6] as const;

  canvas.fill(box, matter, (px, py) => {
    const ring = onWall(px, py, TOWER.radius * 1.12);
    const wide = ring !== undefined && ring.up >= TOWER.ledge && ring.up <= TOWER.wall;
    const point = wide ? ring : onWall(px, py, TOWER.radius);
    if (!point || point.up < -0.12 || point.up > TOWER.wall) return undefined;
    const { angle, up } = point;
    const along = angle * TOWER.radius;
    const light = sun(angle);

    // Corbels carry the ledge.
    if (!wide && up > TOWER.ledge - 0.36) {
      const inside = Math.abs(((((along / 0.42) % 1) + 1.5) % 1) - 0.5) < 0.26;
      return lit(inside ? [176, 158, 136] : [70, 48, 42], light * 0.86);
    }
    if (wide && (up < TOWER.ledge + 0.14 || up > TOWER.wall - 0.13))
      return lit([198, 182, 158], light * (0.86 + 0.2 * noise(px, py, 7)));

    const opening = openingAt(along, up);
    if (opening === "dark") return lit([34, 30, 34], 0.8 + 0.5 * noise(px, py, 9));
    if (opening === "wood") {
      const plank = Math.abs(((along * 7.2) % 1) + 0.5) % 1;
      return lit([104, 70, 42], light * (plank < 0.14 ? 0.5 : 0.8 + 0.4 * noise(along * 30, up * 3, 8)));
    }
    if (opening === "stone") return lit([196, 180, 154], light * (0.8 + 0.3 * noise(px * 0.9, py * 0.9, 6)));

    const course = Math.floor(up / 0.19);
    const brick = Math.floor(along / 0.46 + (course % 2) / 2);
    const inCourse = up / 0.19 - course;
    const inBrick = along / 0.46 + (course % 2) / 2 - brick;
    const grain = 0.86 + 0.28 * fractal(px / 1.2, py / 1.2, 3, 5);
    const stain = 0.8 + 0.3 * fractal(along * 1.3, up * 0.5, 4, 12);
    if (inCourse < 0.2 || inBrick < 0.085) return lit([186, 172, 152], light * 0.86 * grain * stain);
    const colour = BRICKS[Math.floor(hash(brick, course, 3) * BRICKS.length)]!;
    const edge = inCourse > 0.84 ? 1.12 : inCourse < 0.34 ? 0.84 : 1;
    const moss = step(0.9, -0.2, up + 1.1 * (fractal(along * 3, up * 3, 3, 14) - 0.4));
    return blend(
      lit(colour, light * grain * stain * edge * (0.82 + 0.36 * hash(brick, course, 4))),
      lit([96, 112, 58], light),
      0.6 * moss,
    );
  });

  const eaves = { y: y - TOWER.wall * scale + 4, a: TOWER.radius * 1.28 * scale };
  const tip = y - TOWER.roof * scale;
  canvas.fill([x - half, tip, x + half, eaves.y + 8], matter, (px, py) => {
    const t = (py - tip) / (eaves.y - tip);
    const s = (px - x) / (eaves.a * Math.min(t, 1));
    const sag = 5 * Math.sqrt(Math.max(0, 1 - s * s));
    if (Math.abs(s) > 1 || py > eaves.y + sag - 2) return undefined;
    const angle = Math.asin(s);
    const row = (py - 5 * t * Math.cos(angle)) / 4.6;
    const course = Math.floor(row);
    const column = (angle * eaves.a) / 5.2 + (course % 2) / 2;
    const tile = Math.floor(column);
    const drop = row - course;
    const [u, round] = [column - tile - 0.5, 1 - 2.2 * (column - tile - 0.5) ** 2];
    const shade = drop > round - 0.06 ? 0.55 : 0.82 + 0.3 * drop;
    const colour = blend([150, 70, 48], [196, 104, 66], hash(tile, course, 17));
    return lit(colour, sun(angle) * shade * (1.06 - 0.22 * Math.abs(u)) * (0.85 + 0.3 * noise(px * 0.8, py * 0.8, 18)));
  });
  canvas.fill([x - 1.1, tip - 12, x + 1.1, tip + 3], matter, () => [72, 66, 62]);
  canvas.fill([x + 1, tip - 12, x + 15, tip - 3], matter, (px, py) => {
    const wave = 1.1 * Math.sin((px - x) / 2.4);
    const inside = Math.abs(py - (tip - 8) - wave) < 3.4 - (px - x) * 0.1;
    return inside ? lit([196, 52, 48], 0.86 + 0.24 * Math.cos((px - x) / 2.4)) : undefined;
  });
}

/** What a place of the wall is, if not brick: metres along the wall from its front, and up. */
function openingAt(along: number, up: number): "dark" | "wood" | "stone" | undefined {
  const arch = (cx: number, foot: number, width: number, spring: number, frame: number) => {
    const dx = Math.abs(along - cx);
    const over = up - spring;
    const radius = over > 0 ? Math.hypot(dx, over) : dx;
    if (up < foot - (frame > 0.1 ? 0.14 : 0) || radius > width / 2 + frame) return "outside";
    return up >= foot && radius <= width / 2 ? "inside" : "frame";
  };
  const door = arch(-0.5, -1, 1.02, 1.25, 0.17);
  if (door !== "outside") return door === "inside" ? "wood" : "stone";
  for (const [cx, foot] of [
    [-0.35, 5.4],
    [0.72, 3.4],
    [-1.05, 3.2],
  ] as const) {
    const window = arch(cx, foot, 0.42, foot + 0.62, 0.13);
    if (window !== "outside") return window === "inside" ? "dark" : "stone";
  }
  return undefined;
}

/** A sheep, `length` metres long, facing right (`facing` 1) or left (-1). */
export function drawSheep(canvas: Canvas, x: number, y: number, length: number, facing: 1 | -1, seed: number): void {
  const random = seeded(seed);
  const s = (length * FOCAL) / distanceAt(y);
  const matter = { label: "animal", distance: distanceAt(y) } as const;
  const body = { y: y - s * 0.5, a: s * 0.44, b: s * 0.29 };
  const at = (dx: number) => x + facing * dx * s;
  const skin = (base: Colour, light: number, px: number, py: number) =>
    lit(base, light * (0.75 + 0.5 * fractal(px / 1.5, py / 1.5, 3, seed)));

  for (const [dx, tone] of [
    [-0.24, 0.62],
    [0.2, 0.62],
    [-0.31, 1],
    [0.27, 1],
  ] as const) {
    const wide = s * 0.034;
    canvas.fill([at(dx) - wide, y - s * 0.32, at(dx) + wide, y + (tone < 1 ? -s * 0.03 : 0)], matter, (px, py) =>
      skin(py > y - s * 0.05 ? [40, 34, 32] : [104, 90, 78], tone * (0.95 - (0.3 * (px - at(dx))) / wide), px, py),
    );
  }

  const wool = (cx: number, cy: number, a: number, b: number, count: number) => {
    const tufts = Array.from({ length: count }, () => {
      const [angle, radius] = [random() * 2 * Math.PI, Math.sqrt(random())];
      return { u: radius * Math.cos(angle), v: radius * Math.sin(angle), order: random() + 0.8 * (1 - radius) };
    }).sort((p, q) => p.order - q.order);
    for (const { u, v } of tufts) {
      const light = Math.min(1.04, 0.78 - 0.16 * u - 0.4 * v + 0.1 * (random() - 0.5));
      const r = s * (0.034 + 0.02 * random());
      const turn = random() * 6;
      const colour = blend([232, 222, 202], [206, 190, 162], step(0, 1, v) * 0.8 + 0.2 * random());
      canvas.ellipse(cx + u * a, cy + v * b, r, r * 0.86, 0, matter, (p, q) => {
        const radius = Math.hypot(p, q);
        // A lock of wool is a small spiral.
        const curl = 0.5 + 0.5 * Math.cos(7 * radius + Math.atan2(q, p) + turn);
        return lit(colour, light * (1.08 - 0.2 * p * 0.5 - 0.26 * q - 0.34 * radius ** 3) * (0.84 + 0.2 * curl));
      });
    }
  };
  wool(x, body.y, body.a, body.b, 620);
  wool(at(-0.43), y - s * 0.5, s * 0.05, s * 0.1, 40);
  wool(at(0.37), y - s * 0.66, s * 0.13, s * 0.14, 120);

  const head = { x: at(0.53), y: y - s * 0.68 };
  const tilt = facing * 0.62;
  canvas.ellipse(at(0.41), y - s * 0.75, s * 0.085, s * 0.036, facing * -0.35, matter, (u, v) =>
    lit([92, 78, 70], 0.8 - 0.3 * v - 0.1 * u),
  );
  canvas.ellipse(head.x, head.y, s * 0.135, s * 0.083, tilt, matter, (u, v) =>
    skin([88, 76, 70], 1 - 0.36 * v + 0.05 * u * facing, head.x + u * 8, head.y + v * 5),
  );
  canvas.ellipse(at(0.61), y - s * 0.6, s * 0.05, s * 0.042, tilt, matter, (u, v) =>
    lit([118, 100, 92], 0.95 - 0.3 * v - 0.05 * u),
  );
  canvas.ellipse(at(0.635), y - s * 0.585, s * 0.012, s * 0.009, tilt, matter, () => [38, 30, 30]);
  canvas.ellipse(at(0.505), y - s * 0.715, s * 0.02, s * 0.018, 0, matter, (u, v) =>
    Math.hypot(u + 0.4, v + 0.4) < 0.45 ? [240, 236, 226] : [22, 18, 18],
  );
  wool(at(0.43), y - s * 0.77, s * 0.06, s * 0.045, 46);
  canvas.ellipse(at(0.395), y - s * 0.68, s * 0.034, s * 0.085, facing * 0.35, matter, (u, v) =>
    lit([110, 94, 84], 0.95 - 0.35 * v - 0.1 * u),
  );
}

/** A low bush. */
export function drawBush(canvas: Canvas, x: number, y: number, width: number, seed: number): void {
  const random = seeded(seed);
  const scale = pixelsPerMetre(y);
  const matter = { label: "plant", distance: distanceAt(y) } as const;
  const [a, b] = [(width * scale) / 2, width * scale * 0.36];
  const leaf = Math.max(0.8, scale * 0.045);
  const count = Math.round((a * b * 3.4) / leaf ** 2);
  for (let i = 0; i < count; i++) {
    const [angle, radius] = [Math.PI * (1 + random()), Math.sqrt(random())];
    const lobes = 0.82 + 0.3 * noise(angle * 2.4, 1, seed);
    const [u, v] = [radius * Math.cos(angle) * lobes, radius * Math.sin(angle) * lobes];
    const light = (0.62 - 0.26 * u - 0.34 * v - 0.5 * (1 - i / count)) * (0.76 + 0.5 * random()) + 0.12;
    const colour = blend([58, 92, 40], [112, 138, 58], random());
    canvas.ellipse(x + u * a, y + v * b, leaf * (0.8 + 0.6 * random()), leaf * 0.5, random() * 3, matter, () =>
      lit(colour, Math.max(0.22, light)),
    );
  }
}
