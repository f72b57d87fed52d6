/** The cells of a contact sheet on the page: one zoom and one place for all, drawn from one bitmap of the sheet. */
import { CELLS, type Cell, type Choice, cellRegion, isChoice } from "../../prior/contact-sheet";
import { sameSize } from "../../region";
import type { Region, Size } from "../../types";
import { Camera } from "../camera";
import type { Commands } from "../commands/commands";
import { listenToKeysOf } from "../commands/keys";
import type { CommandId } from "../commands/table";
import { h } from "../dom";
import { colourOf } from "../painter/stroke-drawing";
import type { Spot } from "../viewer/tool";
import { type Point, pointerCanvas } from "./cell-pointer";
import { CELL_GAP, cellHelp, cellTitle, classOf, gridLayout, LABEL_HEIGHT, neighbour } from "./layout";
import type { Outline } from "./regions";

/** What the cells show. */
export interface Shown {
  /** The whole sheet, at its own size. */
  readonly bitmap: ImageBitmap;
  readonly cell: Size;
  /** Something is connected to yours. */
  readonly hasYours: boolean;
}

export interface GridOptions {
  readonly commands: Commands;
  /** A cell was clicked, or Enter pressed on it; `spot` is where in it, `other` asks for the other of the two uses. */
  pick(cell: Cell, spot: Spot, other: boolean): void;
  /** The pointer is at the same place of every cell; undefined where it is in none. `other` as above. */
  hover(spot: Spot | undefined, other: boolean): void;
}

export interface Grid {
  readonly element: HTMLElement;
  show(shown: Shown | undefined): void;
  /** Marks the choice everywhere, and says in how many regions each other is. */
  mark(choice: Choice, regions: ReadonlyMap<Choice, number>): void;
  /** Draws a region's edge in every cell. `crop`: what the cells show, in places of the map that the region lies in. */
  outline(outline: Outline | undefined, crop?: Region): void;
  fit(): void;
  focus(): void;
}

const KEY_PAN = 32;
const ZOOM = 1.25;

export function createGrid(options: GridOptions): Grid {
  let shown: Shown | undefined;
  const camera = new Camera(() => paint());
  let columns = 4;
  let current = 1;
  let cross: Spot | undefined;
  let edge: { readonly outline: Outline; readonly crop: Region } | undefined;
  let queued = false;

  const canvases = CELLS.map((_, index) =>
    pointerCanvas("sheet-picture", {
      click: (at, event) => click(index, at, event.altKey),
      hover: (at, altKey) => hover(at && spotAt(at), altKey),
      pan: (dx, dy) => camera.pan(dx, dy),
      zoom: (factor, about) => camera.zoom(factor, about),
    }),
  );
  const contexts = canvases.map((canvas) => canvas.getContext("2d")!);
  const badges = CELLS.map(() => h("span", { class: "sheet-badge" }));
  const cells = CELLS.map((cell, i) => {
    const label = classOf(cell);
    return h(
      "div",
      { class: "sheet-cell", role: "option", tabindex: i === current ? 0 : -1, "aria-label": cellTitle(cell), "data-cell": cell },
      [
        h("span", { class: "sheet-label" }, [
          label !== undefined && h("i", { style: `background: ${colourOf(label)}` }),
          h("b", {}, [cellTitle(cell)]),
          badges[i]!,
        ]),
        canvases[i]!,
        cell === "yours" && h("p", { class: "sheet-missing" }, ["Connect a prior to “yours”, such as a painted one"]),
      ],
    );
  });
  const element = h(
    "div",
    {
      class: "sheet-grid",
      role: "listbox",
      "aria-label": "Results, one for each prior. Enter uses a prior, Shift and arrows pan.",
    },
    cells,
  );

  function paint(): void {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      for (const i of CELLS.keys()) draw(i);
    });
  }

  function draw(index: number): void {
    const context = contexts[index]!;
    context.clearRect(0, 0, camera.viewport.width, camera.viewport.height);
    const { placed } = camera;
    if (!shown || !placed || (CELLS[index] === "yours" && !shown.hasYours)) return;
    const { bitmap, cell } = shown;
    const { at } = placed;
    const { left, top } = cellRegion(index, cell);
    const [width, height] = [cell.width * at.scale, cell.height * at.scale];
    context.imageSmoothingEnabled = at.scale < 1;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, left, top, cell.width, cell.height, at.x, at.y, width, height);
    if (edge) {
      const { box, edge: line } = edge.outline;
      const [sx, sy] = [width / edge.crop.width, height / edge.crop.height];
      context.save();
      context.beginPath();
      context.rect(at.x, at.y, width, height);
      context.clip();
      context.imageSmoothingEnabled = false;
      const [x, y] = [at.x + (box.left - edge.crop.left) * sx, at.y + (box.top - edge.crop.top) * sy];
      context.drawImage(line, x, y, box.width * sx, box.height * sy);
      context.restore();
    }
    if (cross) ring(context, at.x + cross.x * width, at.y + cross.y * height);
  }

  /** The pointer's place in every cell. */
  function ring(context: CanvasRenderingContext2D, x: number, y: number): void {
    for (const [colour, line] of [
      ["rgb(0 0 0 / 70%)", 3],
      ["#fff", 1.25],
    ] as const) {
      context.beginPath();
      context.arc(x, y, 5 * devicePixelRatio, 0, 2 * Math.PI);
      context.strokeStyle = colour;
      context.lineWidth = line * devicePixelRatio;
      context.stroke();
    }
  }

  function layOut(): void {
    const room = { width: element.clientWidth, height: element.clientHeight };
    if (!room.width || !room.height) return;
    const layout = gridLayout(room, shown?.cell ?? { width: 1, height: 1 });
    columns = layout.columns;
    const { width, height } = layout.picture;
    element.style.setProperty("--columns", String(columns));
    element.style.setProperty("--gap", `${CELL_GAP}px`);
    element.style.setProperty("--label", `${LABEL_HEIGHT}px`);
    const viewport = { width: Math.round(width * devicePixelRatio), height: Math.round(height * devicePixelRatio) };
    for (const canvas of canvases) {
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      if (canvas.width !== viewport.width || canvas.height !== viewport.height) Object.assign(canvas, viewport);
    }
    camera.resize(viewport, 0);
  }

  function spotAt(point: Point): Spot | undefined {
    const spot = camera.spotAt(point);
    return spot && spot.x >= 0 && spot.y >= 0 && spot.x < 1 && spot.y < 1 ? spot : undefined;
  }
  function hover(spot: Spot | undefined, other: boolean): void {
    cross = spot;
    options.hover(spot, other);
    paint();
  }
  /** The middle of what is seen, for a key where no pointer is. */
  const middle = (): Spot => spotAt({ x: camera.viewport.width / 2, y: camera.viewport.height / 2 }) ?? { x: 0.5, y: 0.5 };

  function click(index: number, at: Point, other: boolean): void {
    const spot = spotAt(at);
    activate(index);
    if (spot || (CELLS[index] === "yours" && !shown?.hasYours)) options.pick(CELLS[index]!, spot ?? middle(), other);
  }

  /** The cell that Tab leads to. */
  function activate(index: number, focus = false): void {
    cells[current]!.tabIndex = -1;
    current = index;
    cells[current]!.tabIndex = 0;
    if (focus) cells[current]!.focus({ preventScroll: true });
  }

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const arrow = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const next = neighbour(current, columns, event.key);
    if (arrow && event.shiftKey) camera.pan(arrow[0]! * KEY_PAN * devicePixelRatio, arrow[1]! * KEY_PAN * devicePixelRatio);
    else if (arrow || next !== undefined) activate(next ?? current, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const act: { readonly [id in CommandId]?: () => void } = {
    "sheet.use": () => options.pick(CELLS[current]!, cross ?? middle(), false),
    "sheet.useHere": () => options.pick(CELLS[current]!, cross ?? middle(), true),
    "sheet.zoomIn": () => camera.zoom(ZOOM),
    "sheet.zoomOut": () => camera.zoom(1 / ZOOM),
    "sheet.fit": () => grid.fit(),
  };
  listenToKeysOf(element, "sheet", options.commands, (id) => act[id]?.());
  element.addEventListener("focusin", ({ target }) => {
    const index = cells.indexOf(target as HTMLDivElement);
    if (index >= 0) activate(index);
  });
  for (const type of ["keydown", "keyup"] as const)
    document.addEventListener(type, ({ key, altKey }) => {
      if (key === "Alt" && cross) hover(cross, altKey);
    });
  new ResizeObserver(layOut).observe(element);

  const grid: Grid = {
    element,
    show(next) {
      const same = next && shown && sameSize(next.cell, shown.cell);
      shown = next;
      camera.show(next?.cell);
      if (!same) camera.fit();
      element.classList.toggle("without-yours", Boolean(next && !next.hasYours));
      layOut();
    },
    mark(choice, regions) {
      for (const [i, cell] of CELLS.entries()) {
        const count = isChoice(cell) ? regions.get(cell) : undefined;
        const here = cell === choice;
        cells[i]!.setAttribute("aria-selected", String(here));
        const badge = here ? "in use" : count ? `${count} ${count === 1 ? "region" : "regions"}` : "";
        badges[i]!.dataset.text = badge; // drawn by the style sheet: it is no part of the cell's name
        cells[i]!.setAttribute("aria-description", badge);
        cells[i]!.title = `${cellHelp(cell)}${isChoice(cell) ? ". Click: use it everywhere; Alt-click: in this region" : ""}`;
      }
    },
    outline(outline, crop) {
      edge = outline && crop && { outline, crop };
      paint();
    },
    fit: () => camera.fit(),
    focus: () => cells[current]!.focus({ preventScroll: true }),
  };
  return grid;
}
