/**
 * Takes in the editor: keeps results under names in the graph, shows them, compares two of them in the large view, puts a
 * recipe back, exports all. Whatever changes the graph is a step of undo.
 */
import type { Engine } from "../../browser/protocol";
import { filesIn, withoutData } from "../../graph/recipe";
import { NO_TAKES, readTakes, removeTake, renameTake, type Take, type Takes, withTakes } from "../../graph/takes";
import { download, fileName } from "../../litegraph/download";
import type { Commands } from "../commands/commands";
import type { GraphDocument } from "../document";
import type { Layers } from "../layers";
import type { NodeActions } from "../node-actions";
import type { Toasts } from "../toasts";
import type { CardActions } from "./card";
import { Computing } from "./computing";
import { exportTakes } from "./export";
import { cutOffer, keepFiles, keepTake, type Offer, offersIn } from "./keeping";
import { createPanel } from "./panel";
import { restore } from "./restore";
import "./takes.css";

export interface TakesParts {
  readonly commands: Commands;
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly engine: Engine;
  readonly toasts: Toasts;
  say(text: string): void;
  /** The panel has been opened or closed. */
  opened(open: boolean): void;
  /** What `layers` gives is to be shown, or something else is again. */
  showing(): void;
  /** A take's picture has been computed anew. */
  refresh(): void;
  /** `busy` has changed. */
  onBusy(): void;
}

export interface TakesEditor {
  readonly element: HTMLElement;
  readonly isOpen: boolean;
  /** Takes are being computed. */
  readonly busy: boolean;
  /** What the large view is to show; undefined where it is left to others. */
  readonly layers: Layers | undefined;
  toggle(): void;
  /** Keeps the likeliest result under the name of its prior. */
  keep(): void;
  /** The graph or its selection has changed; `replaced`: it is another, without whose takes there is nothing to show. */
  changed(replaced?: boolean): void;
  /** The large view is wanted for something else. */
  leave(): void;
  /** A person stops everything. */
  stop(): void;
  /** Computes what is looked at again where the engine no longer has it, as when it was started anew. */
  check(): Promise<void>;
}

interface Sides {
  readonly A?: string | undefined;
  readonly B?: string | undefined;
}

export function createTakes(parts: TakesParts): TakesEditor {
  const { document, nodes, engine, toasts } = parts;
  let takes: Takes = NO_TAKES;
  let isOpen = false;
  /** What is compared, by key, and whose prior is looked at. */
  let sides: Sides = {};
  let priorOf: string | undefined;
  /** What is looked at could not be had again. */
  let isLost = false;
  let exporting: { isStopped: boolean; words: string } | undefined;

  const computing = new Computing({
    engine,
    definitions: nodes.definition,
    files: () => filesIn(document.stored()),
    onChange(key) {
      panel.look(key, computing.look(key));
      showState();
      if (shownKeys().includes(key) && computing.look(key).state === "done") {
        parts.showing();
        parts.refresh();
      }
    },
    onBusy: parts.onBusy,
  });
  const panel = createPanel(
    {
      keep: (offer, name) => void keep(offer, name),
      export: () => void exportAll(),
      compute: () => computing.retry(),
      close: () => toggle(false),
      take: cardActions,
    },
    parts.commands,
  );

  const byKey = (key: string | undefined): Take | undefined => takes.list.find((take) => computing.key(take) === key);
  const shownKeys = (): string[] => [sides.A, sides.B, priorOf].filter((key) => key !== undefined);

  function cardActions(key: string): CardActions {
    const act = (verb: string, edit: (index: number) => Takes): void => {
      const index = takes.list.findIndex((take) => computing.key(take) === key);
      if (index >= 0) write(`${verb} take “${takes.list[index]!.name}”`, edit(index));
    };
    return {
      show: (what) => look(what === "prior" ? { prior: key } : { sides: { A: key } }),
      choose: (side) => look({ sides: { ...sides, [side]: sides[side] === key ? undefined : key } }),
      restore: () => void putBack(key),
      rename: (name) => act("rename", (index) => renameTake(takes, index, name)),
      remove: () => act("delete", (index) => removeTake(takes, index)),
    };
  }

  function look({ sides: to = {}, prior }: { sides?: Sides; prior?: string | undefined }): void {
    sides = to;
    priorOf = prior;
    panel.sides(sides.A, sides.B);
    computing.want(shownKeys());
    parts.showing();
  }

  /** Replaces the graph's takes, as one step of undo. */
  function write(label: string, to: Takes): void {
    document.annotate(label, (sftgan) => withTakes(sftgan, to));
    read();
  }

  function read(): void {
    const { takes: found, problems } = readTakes(document.stored());
    takes = found;
    computing.set(takes);
    panel.list(
      takes.list.map((take) => ({ key: computing.key(take), name: take.name })),
      problems,
    );
    for (const take of takes.list) panel.look(computing.key(take), computing.look(computing.key(take)));
    const still = (key: string | undefined) => (byKey(key) ? key : undefined);
    const gone = shownKeys().some((key) => !byKey(key));
    if (gone) look({ sides: { A: still(sides.A), B: still(sides.B) }, prior: still(priorOf) });
    else panel.sides(sides.A, sides.B);
    showState();
  }

  const offers = (): Offer[] =>
    offersIn(document.stored(), nodes, nodes.selected.length === 1 ? nodes.selected[0]!.id : undefined);

  /** Keeps the graph as it is now, whatever becomes of it while files are hashed. */
  async function keep(offer: Offer | undefined, called = ""): Promise<void> {
    try {
      const cut = cutOffer(document.stored(), offer, nodes);
      keepFiles(cut, engine).catch(toasts.fail); // in its own time: the engine may be at work
      const recipe = await withoutData(cut);
      const { takes: after, take, isOld } = keepTake(document.stored(), recipe, offer!, called);
      if (isOld) toasts.show(`This is the take “${take.name}” already.`);
      else write(`keep take “${take.name}”`, after);
      if (!isOpen) toggle(true);
      const shown = takes.list.findIndex(({ name }) => name === take.name);
      panel.reveal(computing.key(takes.list[isOld ? shown : takes.list.length - 1]!));
      if (!isOld) parts.say(`Kept: ${take.name}`);
    } catch (error) {
      toasts.fail(error);
    }
  }

  async function putBack(key: string): Promise<void> {
    const take = byKey(key);
    if (!take) return;
    const files = await filesIn(document.stored());
    toasts.attempt(() => {
      const graph = document.stored();
      const { graph: restored, added, result } = restore(graph, takes, take, nodes.definition, files);
      document.replace(restored, `restore take “${take.name}”`, { fit: false });
      parts.say(`Restored: ${take.name}`);
      if (!added.length) return;
      const list = added.length > 4 ? `${added.length} nodes` : added.join(", ");
      const alone = !restored.links.some((link) => link[1] === result);
      const advice = alone ? " Nothing shows its result yet: connect it to a Preview or a Save." : "";
      toasts.show(`“${take.name}” needed what was gone, so it has been added: ${list}.${advice}`);
    });
  }

  async function exportAll(): Promise<void> {
    if (exporting) return;
    const run = { isStopped: false, words: "" };
    exporting = run;
    try {
      const graph = document.stored();
      const { zip, left } = await exportTakes(graph, {
        engine,
        definitions: nodes.definition,
        isStopped: () => run.isStopped,
        progress(done, total, name) {
          run.words = `Exporting ${done + 1} of ${total}: ${name}`;
          showState();
        },
      });
      download(zip, "application/zip", fileName(`${document.title} takes`, "zip", "graph"));
      for (const message of left) toasts.show(`${message}.`, "error");
      parts.say("Takes exported");
    } catch (error) {
      toasts.fail(error);
    } finally {
      exporting = undefined;
      read();
    }
  }

  const showState = (): void => panel.state({ unfinished: computing.isUnfinished, busy: exporting?.words });

  function toggle(open = !isOpen): void {
    if (open === isOpen) return;
    isOpen = open;
    panel.element.hidden = !open;
    if (open) {
      computing.open();
      read();
      panel.offer(offers());
    } else {
      look({});
      computing.close();
    }
    parts.opened(open);
  }

  async function check(): Promise<void> {
    const { layers } = editor;
    for (const { node, output, scope } of [...(layers?.after ?? []), ...(layers?.before ?? [])]) {
      const view = await engine
        .view({ node, ...(output && { output }), ...(scope && { scope }), width: 1, height: 1 })
        .catch(() => undefined);
      view?.bitmap.close();
      if (!view && !isLost) {
        isLost = true; // it is tried once
        computing.retry();
        return;
      }
      isLost = !view;
    }
  }

  const editor: TakesEditor = {
    element: panel.element,
    get isOpen() {
      return isOpen;
    },
    get busy() {
      return computing.busy;
    },
    get layers() {
      const [a, b, prior] = [byKey(sides.A), byKey(sides.B), byKey(priorOf)];
      const layer = (take: Take | undefined, what: "result" | "prior") => {
        const found = take && computing.isHeld(computing.key(take)) ? computing.layer(take, what) : undefined;
        return found && [found];
      };
      if (prior) return asLayers(layer(prior, "prior"));
      const [left, right] = [layer(a, "result"), layer(b, "result")];
      return right ? asLayers(right, left) : asLayers(left);
    },
    toggle: () => toggle(),
    keep: () => void keep(offers()[0]),
    changed(replaced = false) {
      if (!isOpen) return;
      read();
      if (replaced && !takes.list.length) return toggle(false);
      panel.offer(offers());
    },
    leave() {
      if (shownKeys().length) look({});
    },
    stop() {
      if (computing.busy) engine.cancel();
      computing.stop();
      if (exporting) exporting.isStopped = true;
    },
    check,
  };
  return editor;
}

const asLayers = (after: Layers["after"] | undefined, before?: Layers["after"]): Layers | undefined =>
  after && { after, ...(before && { before }) };
