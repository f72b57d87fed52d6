/**
 * The contact sheet in the place of the large view: one crop of the photo under every prior. A click on a cell puts that prior
 * into the graph, for the whole picture or for the region under the pointer, as one step of undo.
 */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { EngineEvent, View, ViewRequest } from "../../browser/protocol";
import { type Cell, type Choice, isChoice } from "../../prior/contact-sheet";
import { formatPicks, parsePicks } from "../../prior/picks";
import type { Commands } from "../commands/commands";
import type { EditOptions } from "../document";
import { h } from "../dom";
import type { Spot } from "../viewer/tool";
import type { Viewer } from "../viewer/viewer";
import { createSheetBar } from "./bar";
import { createGrid } from "./grid";
import { cellHelp, choiceName, clippedText } from "./layout";
import { createOverview } from "./overview";
import { type Pictures, SheetPictures } from "./pictures";
import type { SheetPlace } from "./place";
import { SheetSettings } from "./settings";
import { createWaiting } from "./waiting";
import "./contact-sheet.css";

export interface ContactSheetOptions {
  readonly commands: Commands;
  readonly viewer: Viewer;
  view(request: ViewRequest): Promise<View | undefined>;
  place(id: number): SheetPlace | undefined;
  node(id: number): LGraphNode | undefined;
  /** Runs an edit of the graph as one step of undo. */
  edit(label: string, act: () => void, options?: EditOptions): void;
  run(id: number): void;
  stop(): void;
  /** The view has the whole page. */
  readonly wide: boolean;
  /** Gives it the whole page, or its own place again. */
  setWide(on: boolean): void;
  say(note: string): void;
  /** The sheet is left by its own controls. */
  leave(): void;
}

export interface ContactSheet {
  /** Shows this node's sheet, as the graph is now; false where it has none. */
  open(id: number): boolean;
  close(): void;
  /** Gives the cells the keys. */
  focus(): void;
  hear(event: EngineEvent): void;
}

const HINT =
  "Click uses a prior everywhere · Alt-click in one region · wheel zooms and dragging pans all cells · arrow keys, Enter · 0 fits";

export function createContactSheet(options: ContactSheetOptions): ContactSheet {
  let id: number | undefined;
  let place: SheetPlace | undefined;
  let regional = false;
  let failure: string | undefined;
  /** Something computes; done of the sheet, while that does. */
  let busy = false;
  let fraction: number | undefined;
  /** What stands below the cells while nothing computes. */
  let said = HINT;
  /** What was in use when that was said. */
  let saidOf = "";

  let shown: Pictures | undefined;
  const pictures = new SheetPictures(options.view, (picture) => settings.crop(picture), show);

  const note = h("p", { class: "sheet-note", role: "status" }, [HINT]);
  const waiting = createWaiting({
    compute: () => id !== undefined && options.run(id),
    stop: () => options.stop(),
  });
  const overview = createOverview((left, top) => write("move the crop", { left, top }, `crop ${id}`));
  const grid = createGrid({ commands: options.commands, pick, hover });
  const bar = createSheetBar(overview.element, {
    regional(on) {
      regional = on;
      update();
    },
    clear: () => write(`use ${choiceName(settings.choice)} everywhere`, { regions: "" }),
    fit: () => grid.fit(),
    wide: () => options.setWide(!options.wide),
    done: () => options.leave(),
  });
  const element = h("div", { class: "sheet" }, [
    bar.element,
    h("div", { class: "sheet-body" }, [grid.element, waiting.element]),
    note,
  ]);

  // The graph's side

  const node = (): LGraphNode | undefined => (id === undefined ? undefined : options.node(id));
  const settings = new SheetSettings(node);

  /** Sets parameters as one step of undo, and runs at once. */
  function write(label: string, to: Readonly<Record<string, string | number>>, merge?: string): void {
    if (id === undefined || !node()) return;
    options.edit(label, () => settings.write(to), merge === undefined ? {} : { merge });
    options.run(id);
    update();
  }

  function pick(cell: Cell, spot: Spot, other: boolean): void {
    if (!isChoice(cell) || (cell === "yours" && !place?.hasYours)) {
      say(isChoice(cell) ? "Nothing is connected to “yours”: connect a prior, such as a painted one" : cellHelp(cell));
      return;
    }
    if (regional === other) {
      write(`use ${choiceName(cell)} everywhere`, { choice: cell, regions: "" });
      say(`In use everywhere: ${choiceName(cell)}`);
      return;
    }
    const at = pictures.placeOf(spot);
    if (!at) {
      say("Regions are not known yet: run the sheet first");
      return;
    }
    try {
      const text = formatPicks([
        ...(pictures.now?.regions?.beside(settings.picks, at) ?? settings.picks),
        { choice: cell, ...at },
      ]);
      parsePicks(text);
      write(`use ${choiceName(cell)} in one region`, { regions: text });
      say(`In use in one region: ${choiceName(cell)}`);
    } catch (error) {
      say((error as Error).message);
    }
  }

  // The page's side

  let pointer: { readonly spot: Spot | undefined; readonly other: boolean } = { spot: undefined, other: false };
  function hover(spot: Spot | undefined, other: boolean): void {
    pointer = { spot, other };
    const found = spot && regional !== other ? pictures.regionAt(spot) : undefined;
    grid.outline(found?.outline, found?.crop);
  }

  /** Something new has come from the engine. */
  function show(): void {
    const { now } = pictures;
    if (now !== shown) grid.show(now && { ...now, hasYours: Boolean(place?.hasYours) });
    shown = now;
    update();
    hover(pointer.spot, pointer.other);
  }

  function clear(): void {
    pictures.drop();
    show();
  }

  function update(): void {
    const chosen = settings.picks;
    const counts = new Map<Choice, number>();
    for (const { choice } of chosen) counts.set(choice, (counts.get(choice) ?? 0) + 1);
    grid.mark(settings.choice, counts);
    const apart = chosen.length ? `, but for ${chosen.length} ${chosen.length === 1 ? "region" : "regions"}` : "";
    const photo = pictures.now?.photo;
    const crop = photo && settings.crop(photo.picture);
    bar.update({
      regional,
      wide: options.wide,
      inUse: `In use: ${choiceName(settings.choice)}${apart}`,
      clipped: crop && clippedText(crop, settings.size),
      hasRegions: settings.regions !== "",
    });
    overview.show(photo && { ...photo, crop: crop ?? photo.crop });
    element.classList.toggle("stale", Boolean(crop && JSON.stringify(crop) !== JSON.stringify(photo.crop)));
    wait();
  }

  function wait(): void {
    waiting.update({ hidden: Boolean(pictures.now), computing: busy ? (fraction ?? "before") : undefined, failure });
  }

  /** What stood below the cells is true no longer. */
  function unsay(): void {
    if (note.textContent === said) note.textContent = HINT;
    said = HINT;
    saidOf = settings.inUse;
  }

  function say(text: string): void {
    said = text;
    saidOf = settings.inUse;
    note.textContent = text;
    options.say(text);
  }

  const sheet: ContactSheet = {
    open(next) {
      const found = options.place(next);
      if (!found) return false;
      const same = id === next && JSON.stringify(found) === JSON.stringify(place);
      if (id !== next) [failure, note.textContent] = [undefined, said];
      id = next;
      if (saidOf !== settings.inUse) unsay();
      place = found;
      options.viewer.put({ title: found.label, element });
      if (!same) void pictures.load(found);
      update();
      return true;
    },
    close() {
      if (id === undefined) return;
      id = undefined;
      place = undefined;
      clear();
      options.viewer.put(undefined);
    },
    focus: () => grid.focus(),
    hear(event) {
      if (event.kind === "status") {
        busy = event.busy;
        if (!busy) {
          fraction = undefined; // it may have been stopped
          note.textContent = said;
        }
        wait();
      }
      if (!("node" in event) || event.node !== String(id) || event.scope !== undefined) return;
      if (event.kind === "started") {
        failure = undefined;
        fraction = 0;
        note.textContent = "Computing the sheet…";
      } else if (event.kind === "progress") {
        fraction = event.fraction;
        note.textContent = `Computing the sheet: ${Math.round(100 * fraction)} %`;
      } else if (event.kind === "failed") {
        failure = event.message;
        clear();
      } else if (event.kind === "finished" || event.kind === "cached") {
        failure = undefined;
        note.textContent = said;
        if (place) void pictures.load(place);
      }
      wait();
    },
  };
  return sheet;
}
