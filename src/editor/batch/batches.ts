/** Several photos in the editor: taken in, run through the graph as it is, saved as a .zip or into a folder. */
import type { Engine } from "../../browser/protocol";
import { type Ends, endsOf } from "../../engine/ends";
import type { Param } from "../../graph/node";
import { parseGraph } from "../../graph/parse";
import { paramEntries } from "../catalog";
import type { GraphDocument } from "../document";
import { bytesOf } from "../files";
import type { NodeActions } from "../node-actions";
import type { Toasts } from "../toasts";
import { Batch, type Job, MOST_PHOTOS, type Tally } from "./batch";
import { type Folder, hasFolders, reopenFolder } from "./folder";
import { choosePhotos, droppedPhotos, hasFolder } from "./found";
import { Handover } from "./handover";
import { KeptList, type Restored } from "./kept";
import { createPanel } from "./panel";
import { countOf, type Found, type Photo } from "./photo";
import "./batch.css";

export interface BatchesParts {
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly engine: Engine;
  readonly toasts: Toasts;
  /** The name of this tab, and what takes that of one which is gone. */
  readonly tab: string;
  claim(tab: string): Promise<boolean>;
  say(text: string): void;
}

export interface Batches {
  readonly element: HTMLElement;
  /** A batch is under way, or paused. */
  readonly busy: boolean;
  toggle(open?: boolean): void;
  /** Lists photos that have come together, where the graph has a place for them, and gives what takes them off the list again. */
  take(files: readonly File[]): (() => void) | undefined;
  /** The graph has changed. */
  changed(): void;
  /** A person stops everything. */
  stop(): void;
  /** Shows what an earlier page has left, and says what has become of it; true where a batch was under way. */
  restore(): Promise<boolean>;
}

export function createBatches({ document: graph, nodes, engine, toasts, tab, claim, say }: BatchesParts): Batches {
  const kept = new KeptList(tab, claim);
  let isRestoring = false;
  const batch = new Batch({
    engine,
    onChange(photo) {
      if (photo) panel.photo(photo);
      else panel.list();
      if (!isRestoring) kept.note(batch.photos, photo);
      warnWhileListed();
    },
  });
  const panel = createPanel(
    batch,
    {
      choose: (what) => void choosePhotos(what).then((found) => found && addSome(found)),
      run: (to) => void run(to),
      pause: () => batch.pause(),
      resume: () => batch.resume(),
      stop: () => batch.stop(),
      clear() {
        handover.wait([]);
        batch.clear();
      },
      saveDone: () => void saveDone(),
      close: () => toggle(false),
      use: (photo) => void use(photo),
      remove: (photo) => batch.remove(photo),
    },
    hasFolders(),
  );
  const { element } = panel;
  const handover = new Handover({ kept, title: () => graph.title, onWaiting: (count) => panel.unsaved(count) });

  function toggle(open = element.hidden): void {
    element.hidden = !open;
    if (!open) return;
    changed();
    panel.list();
    element.querySelector<HTMLElement>("button:not([hidden], :disabled)")?.focus({ preventScroll: true });
  }

  function add(found: readonly Found[]): void {
    const left = batch.add(found);
    toggle(true);
    if (left > 0) toasts.show(`${left} photos are left out: a list has at most ${MOST_PHOTOS}. Run these first.`, "error");
  }

  function addSome(found: readonly Found[]): void {
    if (found.length > 0) add(found);
    else toasts.show("There are no pictures in this folder.", "error");
  }

  const parsed = () => parseGraph(graph.stored(), nodes.definitions);
  /** Throws an error where the graph has no place for photos. */
  const ends = (): Ends =>
    endsOf(
      parsed(),
      nodes.selected.map(({ id }) => String(id)),
    );
  const problem = (error: unknown): string => `This graph cannot run photos: ${(error as Error).message}.`;

  /** What the graph's node that is given the photos takes. */
  function acceptOf(picture: string): string {
    const params = paramEntries(nodes.definition(parsed().get(picture)?.type ?? "")?.params ?? {}) as [string, Param][];
    return params.find(([, { kind }]) => kind === "file")?.[1].accept ?? "";
  }

  function changed(): void {
    if (element.hidden) return;
    try {
      const { picture, save } = ends();
      panel.graph(
        `“${graph.title}”: each goes into ${nodes.titleOf(picture)}, its result comes from ${nodes.titleOf(save)}.`,
        true,
      );
    } catch (error) {
      panel.graph(problem(error), false);
    }
  }

  /** The graph as it is now. Throws an error that says what keeps it from being run. */
  function job(): Job {
    const { picture, save } = ends();
    const now = parsed();
    const titles = new Map([...now.values()].map(({ id, title }) => [id, title]));
    return {
      graph: graph.stored(),
      picture,
      save,
      source: now.get(save)!.inputs.image!.node,
      accept: acceptOf(picture),
      titleOf: (id) => titles.get(id) ?? `node ${id}`,
    };
  }

  /** `again`: the folder of an earlier page. */
  async function run(to: "zip" | "folder", again?: Folder): Promise<void> {
    try {
      const todo = job();
      const folder = to === "folder" ? await reopenFolder(again) : undefined;
      if (to === "folder" && !folder) return;
      kept.begin(folder);
      try {
        const { sink, before } = await handover.begin(folder);
        const tally = await batch.start(todo, sink);
        report({ ...tally, done: tally.done + before }, folder);
      } finally {
        kept.end();
      }
    } catch (error) {
      toasts.fail(error);
    }
  }

  async function saveDone(): Promise<void> {
    try {
      const { sink, before: done } = await handover.begin(undefined);
      await sink.close();
      kept.end();
      report({ done, failed: 0 }, undefined);
    } catch (error) {
      toasts.fail(error);
    }
  }

  async function restore(): Promise<boolean> {
    const found = await kept.restore();
    if (!found || batch.photos.length) return false;
    isRestoring = true;
    batch.restore(found.photos);
    isRestoring = false;
    handover.wait(found.results);
    toggle(true);
    if (found.isUnderWay || found.missing) sayRestored(found);
    return found.isUnderWay;
  }

  function sayRestored({ photos, missing, results, isUnderWay, folder, isOwn }: Restored): void {
    const { done } = countOf(photos);
    const todo = photos.length - done;
    const words = [
      isUnderWay &&
        (isOwn
          ? `The page was loaded again while photos were run: ${done} of ${photos.length} are done, and the rest is still listed.`
          : `Another page was closed while photos were run: ${done} of ${photos.length} are done, and the rest is listed here.`),
      missing > 0 && `${missing} photo${missing === 1 ? "" : "s"} could not be kept for this page: add them again.`,
    ];
    toasts.show(words.filter(Boolean).join(" "), "info", [
      ...(isUnderWay && todo ? [{ label: "Go on", act: () => void run(folder ? "folder" : "zip", folder) }] : []),
      ...(results.length ? [{ label: `Save the ${results.length} done`, act: () => void saveDone() }] : []),
    ]);
  }

  /** The page asks before it goes: a batch stops with it, and what is not kept is gone. */
  function warnWhileListed(): void {
    const isLost = countOf(batch.photos).waiting > 0 && !kept.isWhole;
    if (batch.phase !== "idle" || isLost) addEventListener("beforeunload", warn);
    else removeEventListener("beforeunload", warn);
  }
  const warn = (event: BeforeUnloadEvent): void => event.preventDefault();

  function report({ done, failed }: Tally, folder: Folder | undefined): void {
    const { waiting } = countOf(batch.photos);
    const photos = (count: number) => `${count} photo${count === 1 ? "" : "s"}`;
    const place = folder ? `written into “${folder.name}”` : "in a .zip among your downloads";
    const words = [
      done > 0 ? `${photos(done)} done, ${place}` : "No photo is done",
      failed > 0 && `${failed} failed: the list says why`,
      waiting > 0 && `${waiting} not begun`,
    ];
    const text = `${words.filter(Boolean).join("; ")}.`;
    say(text);
    toasts.show(text, failed > 0 ? "error" : "info");
  }

  /** Gives the graph one of the photos, as if it had come alone. */
  async function use({ file }: Photo): Promise<void> {
    try {
      const { picture } = ends();
      const ref = await engine.addFile(await bytesOf(file), file.name, { accept: acceptOf(picture) });
      nodes.give([{ to: Number(picture), param: "file", value: ref }], [0, 0]);
    } catch (error) {
      toasts.fail(error);
    }
  }

  /** Folders dropped anywhere, and whatever is dropped on the panel. */
  window.addEventListener(
    "drop",
    (event) => {
      const data = event.dataTransfer;
      element.classList.remove("dropping");
      const onPanel = event.target instanceof Node && element.contains(event.target);
      if (!data?.types.includes("Files") || !(onPanel || hasFolder(data))) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // or the graph would take it too
      for (const marked of document.querySelectorAll(".stage.dropping")) marked.classList.remove("dropping");
      droppedPhotos(data).then(addSome, toasts.fail);
    },
    true,
  );
  element.addEventListener("dragover", () => element.classList.add("dropping"));
  element.addEventListener("dragleave", () => element.classList.remove("dropping"));

  return {
    element,
    get busy() {
      return batch.phase !== "idle";
    },
    toggle,
    take(files) {
      try {
        ends();
      } catch {
        return undefined;
      }
      const before = new Set(batch.photos);
      add(files.map((file) => ({ file, path: file.name })));
      const added = batch.photos.filter((photo) => !before.has(photo));
      return () => {
        for (const photo of added) batch.remove(photo);
        if (!batch.photos.length) toggle(false);
      };
    },
    changed,
    stop: () => batch.pause(),
    restore,
  };
}
