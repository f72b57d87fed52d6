/**
 * The contact sheet in the place of the large view: one crop of the photo under every prior. A click on a cell puts that prior
 * into the graph, for the whole picture or for the region under the pointer, as one step of undo.
 */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { EngineEvent, View, ViewRequest } from "../../browser/protocol";
import { type Cell, CHOICES, type Choice, cellSize, cropRegion, enlarged, isChoice } from "../../image/contact-sheet";
import { formatPicks, parsePicks, type RegionPick } from "../../image/picks";
import type { Region, Size } from "../../types";
import { button, h } from "../dom";
import type { Spot, Viewer } from "../viewer";
import { createSheetBar } from "./bar";
import { createGrid } from "./grid";
import { cellHelp, choiceName } from "./layout";
import { createOverview, OVERVIEW } from "./overview";
import type { SheetPlace, Source } from "./place";
import { RegionMap } from "./regions";
import "./contact-sheet.css";

export interface ContactSheetOptions {
  readonly viewer: Viewer;
  view(request: ViewRequest): Promise<View | undefined>;
  place(id: number): SheetPlace | undefined;
  node(id: number): LGraphNode | undefined;
  /** Runs an edit of the graph as one step of undo. */
  edit(act: () => void): void;
  run(id: number): void;
  /** The view takes the whole page, or its own place again. */
  wide(on: boolean): void;
  say(note: string): void;
  /** The sheet was left by its own controls. */
  left(): void;
}

export interface ContactSheet {
  /** The node whose sheet is shown. */
  readonly node: number | undefined;
  /** Shows this node's sheet; false where it has none. */
  open(id: number, wide: boolean): boolean;
  close(): void;
  /** The graph has changed. */
  refresh(): void;
  hear(event: EngineEvent): void;
}

/** What is drawn at present, and of which part of the photo. */
interface Loaded {
  readonly bitmap: ImageBitmap;
  readonly cell: Size;
  photo?: { readonly bitmap: ImageBitmap; readonly picture: Size; readonly crop: Region };
  regions?: RegionMap;
}

const HINT =
  "Click uses a prior everywhere · Alt-click in one region · wheel zooms and dragging pans all cells · arrow keys, Enter · 0 fits";
/** Longest side of the map that regions are looked up on. */
const REGION_SIDE = 1024;

export function createContactSheet(options: ContactSheetOptions): ContactSheet {
  let id: number | undefined;
  let place: SheetPlace | undefined;
  let loaded: Loaded | undefined;
  let regional = false;
  let wide = false;
  let failure: string | undefined;
  let turn = 0;

  const note = h("p", { class: "sheet-note", role: "status" }, [HINT]);
  const message = h("p", {});
  const empty = h("div", { class: "sheet-empty" }, [
    h("strong", {}, ["No sheet yet"]),
    message,
    button("run", "Compute the sheet", () => id !== undefined && options.run(id), "Compute", "primary"),
  ]);
  const overview = createOverview((left, top) => write({ left, top }));
  const grid = createGrid({ pick, hover });
  const bar = createSheetBar(overview.element, {
    regional(on) {
      regional = on;
      update();
    },
    clear: () => write({ regions: "" }),
    fit: () => grid.fit(),
    wide: () => setWide(!wide),
    done() {
      sheet.close();
      options.left();
    },
  });
  const element = h("div", { class: "sheet" }, [bar.element, h("div", { class: "sheet-body" }, [grid.element, empty]), note]);

  // The graph's side

  const node = (): LGraphNode | undefined => (id === undefined ? undefined : options.node(id));
  const property = (name: string): unknown => node()?.properties[name];
  const choice = (): Choice => CHOICES.find((one) => one === property("choice")) ?? "predicted";
  /** What cannot be read is taken for nothing: the node says so. */
  function picks(): RegionPick[] {
    try {
      return parsePicks(String(property("regions") ?? ""));
    } catch {
      return [];
    }
  }
  function cropOf(picture: Size): Region | undefined {
    try {
      const [left, top, size] = ["left", "top", "size"].map((name) => Number(property(name)));
      return cropRegion(picture, { left: left!, top: top!, size: size! });
    } catch {
      return undefined;
    }
  }

  /** Sets parameters as one step of undo, and runs at once. */
  function write(to: Readonly<Record<string, string | number>>): void {
    const target = node();
    if (!target || id === undefined) return;
    options.edit(() => {
      for (const [name, value] of Object.entries(to)) if (target.properties[name] !== value) target.setProperty(name, value);
    });
    options.run(id);
    update();
  }

  function pick(cell: Cell, spot: Spot, other: boolean): void {
    if (!isChoice(cell) || (cell === "yours" && !place?.hasYours)) {
      say(isChoice(cell) ? "Nothing is connected to “yours”: connect a prior, such as a painted one" : cellHelp(cell));
      return;
    }
    if (regional === other) {
      write({ choice: cell, regions: "" });
      say(`In use everywhere: ${choiceName(cell)}`);
      return;
    }
    const at = placeOf(spot);
    if (!at) {
      say("Regions are not known yet: run the sheet first");
      return;
    }
    try {
      const text = formatPicks([...(loaded?.regions?.beside(picks(), at) ?? picks()), { choice: cell, ...at }]);
      parsePicks(text);
      write({ regions: text });
      say(`In use in one region: ${choiceName(cell)}`);
    } catch (error) {
      say((error as Error).message);
    }
  }

  // The engine's side

  /** A picture of the last run, shrunk to fit `most`; undefined where there is none. */
  async function drawn({ node, output }: Source, most: Size): Promise<View | undefined> {
    const ask = (size: Size, region?: Region) =>
      options.view({ node, output, ...size, ...(region && { region }) }).catch(() => undefined);
    const probe = await ask({ width: 1, height: 1 }, { left: 0, top: 0, width: 1, height: 1 });
    if (!probe) return undefined;
    probe.bitmap.close();
    const { width, height } = probe.size;
    const scale = Math.min(1, most.width / width, most.height / height);
    return ask({ width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) });
  }

  /** Fetches the sheet, the photo, and the regions; a newer call takes over. */
  async function load(): Promise<void> {
    const mine = ++turn;
    const from = place;
    if (!from) return;
    const all = { width: Infinity, height: Infinity };
    const view = await drawn(from.sheet, all);
    if (mine !== turn) return view?.bitmap.close();
    drop();
    if (view) loaded = { bitmap: view.bitmap, cell: cellSize(view.size) };
    grid.show(loaded && { ...loaded, hasYours: from.hasYours });
    update();
    const fine = { width: OVERVIEW.width * devicePixelRatio, height: OVERVIEW.height * devicePixelRatio };
    const photo = from.photo && (await drawn(from.photo, fine));
    if (mine !== turn || !loaded) return photo?.bitmap.close();
    const crop = photo && cropOf(photo.size);
    if (!photo || !crop) return photo?.bitmap.close();
    loaded.photo = { bitmap: photo.bitmap, picture: photo.size, crop };
    update();
    const regions = await drawn(from.regions, { width: REGION_SIDE, height: REGION_SIDE });
    if (mine === turn && loaded && regions) loaded.regions = RegionMap.of(regions.bitmap, photo.size);
    regions?.bitmap.close();
  }

  function drop(): void {
    loaded?.bitmap.close();
    loaded?.photo?.bitmap.close();
    loaded = undefined;
  }

  // The page's side

  /** A place of a cell in low-resolution pixels of the photo; undefined where the cells show another crop than is set. */
  function placeOf({ x, y }: Spot): { x: number; y: number } | undefined {
    const crop = loaded?.photo?.crop;
    if (!crop || !isOfCrop(crop)) return undefined;
    return { x: crop.left + x * crop.width, y: crop.top + y * crop.height };
  }
  const isOfCrop = (crop: Region): boolean => {
    const { width, height } = enlarged(crop);
    return loaded?.cell.width === width && loaded.cell.height === height;
  };

  function hover(spot: Spot | undefined, other: boolean): void {
    const { regions, photo } = loaded ?? {};
    const at = spot && regional !== other ? placeOf(spot) : undefined;
    const found = at && regions?.at(at);
    if (!found || !regions || !photo) {
      grid.outline(undefined);
      return;
    }
    const [across, down] = [regions.size.width / photo.picture.width, regions.size.height / photo.picture.height];
    const { left, top, width, height } = photo.crop;
    grid.outline(found, { left: left * across, top: top * down, width: width * across, height: height * down });
  }

  function update(): void {
    const chosen = picks();
    const counts = new Map<Choice, number>();
    for (const { choice } of chosen) counts.set(choice, (counts.get(choice) ?? 0) + 1);
    grid.mark(choice(), counts);
    const apart = chosen.length ? `, but for ${chosen.length} ${chosen.length === 1 ? "region" : "regions"}` : "";
    const stored = String(property("regions") ?? "") !== "";
    bar.update({ regional, wide, inUse: `In use: ${choiceName(choice())}${apart}`, regions: stored ? 1 : 0 });
    const crop = loaded?.photo && cropOf(loaded.photo.picture);
    overview.show(loaded?.photo && { ...loaded.photo, crop: crop ?? loaded.photo.crop });
    element.classList.toggle("stale", Boolean(crop && JSON.stringify(crop) !== JSON.stringify(loaded?.photo?.crop)));
    empty.hidden = Boolean(loaded);
    message.textContent = failure ?? "Twelve cells are computed, each of the crop only, and kept.";
  }

  function say(text: string): void {
    note.textContent = text;
    options.say(text);
  }

  function setWide(on: boolean): void {
    wide = on;
    options.wide(on);
    update();
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (id === undefined || !wide || event.key !== "Escape" || document.querySelector("dialog[open], .menu")) return;
      setWide(false);
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  const sheet: ContactSheet = {
    get node() {
      return id;
    },
    open(next, asWide) {
      const found = options.place(next);
      if (!found) return false;
      const same = id === next && JSON.stringify(found) === JSON.stringify(place);
      if (id !== next) [failure, note.textContent] = [undefined, HINT];
      id = next;
      place = found;
      options.viewer.put({ title: found.label, element });
      if (asWide && !wide) setWide(true);
      if (!same) void load();
      update();
      if (asWide) grid.focus();
      return true;
    },
    close() {
      if (id === undefined) return;
      turn++;
      id = undefined;
      place = undefined;
      drop();
      grid.show(undefined);
      overview.show(undefined);
      if (wide) setWide(false);
      options.viewer.put(undefined);
    },
    refresh() {
      if (id !== undefined && (!node() || !this.open(id, false))) this.close();
    },
    hear(event) {
      if (!("node" in event) || event.node !== String(id)) return;
      if (event.kind === "started") note.textContent = "Computing the sheet…";
      else if (event.kind === "progress") note.textContent = `Computing the sheet: ${Math.round(100 * event.fraction)} %`;
      else if (event.kind === "failed") {
        failure = event.message;
        turn++;
        drop();
        grid.show(undefined);
        update();
      } else if (event.kind === "finished" || event.kind === "cached") {
        failure = undefined;
        if (note.textContent?.startsWith("Computing")) note.textContent = HINT;
        void load();
      }
    },
  };
  return sheet;
}
