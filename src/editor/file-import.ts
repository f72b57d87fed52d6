/**
 * Files on their way in, from the picker, dropped or pasted: all that come together are one step of undo, none takes the place of
 * another, and what cannot be taken is said before anything is replaced.
 */
import type { Engine } from "../browser/protocol";
import type { FileRef } from "../graph/node";
import type { StoredGraph } from "../graph/stored";
import type { GraphCanvas, Point } from "./canvas";
import { paramEntries } from "./catalog";
import type { GraphDocument } from "./document";
import { bytesOf, choose, graphIn, graphInside, lookAt } from "./files";
import type { Gift, NodeActions } from "./node-actions";
import { type Kind, PHOTO_NODES, type Route, route, routeAll, type Target } from "./routing";
import type { StatusNote } from "./status-note";
import type { ToastAction, Toasts } from "./toasts";
import { graphsInZip } from "./zipped-graphs";

export interface FileImportParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly engine: Pick<Engine, "addFile" | "listen">;
  readonly toasts: Toasts;
  /** Lists photos that have come together, to be run one after another, and gives what takes them back; undefined where the graph has no place for them. */
  several(files: readonly File[]): (() => void) | undefined;
  /** Offers a photo to a graph that has been opened with its own and keeps that; false where it takes the photo. */
  offer(photo: FileRef): boolean;
  readonly status: Pick<StatusNote, "say" | "doing">;
}

export interface FileImport {
  /** Takes files in at a point of the graph, over a node that takes files or over none. */
  take(files: readonly File[], at: Point, over?: Target): Promise<void>;
  /** Gives up what has been brought last and has not landed, and says what that is; undefined where all has. */
  giveUp(): string | undefined;
  /** Lets the user choose a graph, or a picture that carries one. */
  open(): Promise<void>;
  /** Replaces the graph, and tells the user where that cannot be done. */
  openGraph(graph: StoredGraph, name: string): boolean;
}

/** A file whose first bytes have been looked at. */
interface Seen {
  readonly file: File;
  readonly kind: Kind;
}
/** A file that the engine keeps. */
interface Kept {
  readonly kind: Kind;
  readonly name: string;
  readonly ref: FileRef;
}

/** Lines and offers in one message; more would not be read. */
const MOST_LINES = 6;
const MOST_OFFERS = 3;

export function createFileImport(parts: FileImportParts): FileImport {
  const { document, canvas, nodes, engine, toasts, several, offer, status } = parts;
  /** Counts the graphs that have been opened: a file is never given to a node of another graph with the same id. */
  let graph = 0;
  /** What has been brought and has not landed, the last at the end. */
  const underWay = new Set<{ readonly names: string; isGivenUp: boolean }>();
  /** Names of the files that have landed last, of which it is not known yet whether they can be decoded. */
  let landed = new Set<string>();
  /** Takes away the message by which the graph that was opened last is given up: what undo takes back then is something else. */
  let withdraw = (): void => {};
  document.listen((change) => {
    withdraw();
    if (change !== "restored" && change.replaced) graph++;
  });
  engine.listen((event) => {
    if (event.kind !== "failed" || event.scope !== undefined) return;
    const name = [...landed].find((name) => event.message.startsWith(name));
    if (name === undefined) return;
    landed.delete(name);
    toasts.show(inQuotes(name, event.message), "error");
    status.say(`“${name}” cannot be read`);
  });

  const openGraph = (graph: StoredGraph, name: string): boolean =>
    toasts.attempt(() => document.replace(graph, `open “${name}”`));
  /** What files can be for: nodes that are shown and, where no photo is for one of these, those in other parts of the graph. */
  const targets = (): Target[] => {
    const shown = nodes.all.flatMap((node) => nodes.target(node) ?? []);
    if (shown.some(({ title }) => PHOTO_NODES.includes(title))) return shown;
    return [...shown, ...nodes.elsewhere.flatMap((node) => nodes.target(node) ?? [])];
  };

  /** The node type and the parameter that a route leads to, and what it accepts. */
  function destinationOf(route: Route): { to: number | string; param: string; accept: string } | undefined {
    if (route.do === "set") return { to: route.node, param: route.param, accept: route.accept };
    const definition = route.do === "add" ? nodes.definitions.find((node) => node.title === route.title) : undefined;
    const found = paramEntries(definition?.params ?? {}).find(([, { kind }]) => kind === "file");
    return definition && found && { to: definition.type, param: found[0], accept: found[1].accept ?? "" };
  }

  /** Opens the first of these that is a graph, offers the others, and says what is wrong with them. */
  async function openFirst(files: readonly File[], problems: string[]): Promise<boolean> {
    let opened: File | undefined;
    const others: ToastAction[] = [];
    for (const file of files)
      try {
        const graph = await graphIn(file);
        if (opened) others.push({ label: `Open “${file.name}”`, act: () => void openGraph(graph, file.name) });
        else if (openGraph(graph, file.name)) opened = file;
      } catch (error) {
        problems.push(saying(file, error));
      }
    if (others.length)
      toasts.show(
        `“${opened!.name}” is open, and ${others.length} more ${others.length === 1 ? "graph has" : "graphs have"} come with it.`,
        "info",
        others.slice(0, MOST_OFFERS),
      );
    return opened !== undefined;
  }

  /** A picture of ours that comes alone opens the graph inside; true where it has. */
  function openPicture(file: File, bytes: Uint8Array, at: Point): boolean {
    const graph = graphInside(bytes);
    if (!graph || !openGraph(graph, file.name)) return false;
    const undo = {
      label: "Undo",
      act: () => {
        document.undo();
        status.say(`Undone: open “${file.name}”`);
      },
    };
    const asPicture = {
      label: "Use as picture",
      act: () => {
        undo.act();
        void takeIn([file], at, undefined, true);
      },
    };
    withdraw = toasts.show(`The graph that made “${file.name}” is open.`, "info", [undo, asPicture]);
    status.say(`The graph of “${file.name}” is open`);
    return true;
  }

  function give(kept: readonly Kept[], at: Point, over: Target | undefined, byName: boolean): void {
    const gifts = routeAll(kept, over, targets(), byName).flatMap((way, i): Gift[] => {
      const end = destinationOf(way);
      return end ? [{ to: end.to, param: end.param, value: kept[i]!.ref }] : [];
    });
    landed = new Set(kept.map(({ name }) => name));
    if (gifts.length) nodes.give(gifts, at);
  }

  /** Gives what was brought to a graph that another has taken the place of: as if it came now, but a graph that keeps its own photo is asked for. */
  function giveLate(kept: readonly Kept[]): void {
    const [first, ...more] = kept;
    if (first?.kind !== "picture" || more.length || !offer(first.ref)) give(kept, canvas.middle(), undefined, false);
  }

  /** Takes files in, and says so until they have landed. */
  async function takeIn(files: readonly File[], at: Point, over: Target | undefined, asPictures: boolean): Promise<void> {
    const [first, ...more] = files;
    if (!first) return;
    const names = more.length ? `${files.length} files` : `“${first.name}”`;
    const task = { names, isGivenUp: false };
    underWay.add(task);
    status.doing(`Reading ${names}…`);
    try {
      await readIn(files, at, over, asPictures, task);
    } finally {
      underWay.delete(task);
    }
  }

  async function readIn(
    files: readonly File[],
    at: Point,
    over: Target | undefined,
    asPictures: boolean,
    task: { readonly names: string; readonly isGivenUp: boolean },
  ): Promise<void> {
    const home = graph;
    const problems: string[] = [];
    const seen: Seen[] = [];
    for (const file of files)
      try {
        const kind = await lookAt(file);
        const graphs = kind === "weights" && /\.zip$/i.test(file.name) ? await graphsInZip(file) : [];
        seen.push(...(graphs.length ? graphs.map((one): Seen => ({ file: one, kind: "graph" })) : [{ file, kind }]));
      } catch (error) {
        problems.push(saying(file, error));
      }
    if (task.isGivenUp) return;
    const isMany = !asPictures && seen.length > 1 && seen.every(({ kind }) => kind === "picture") && isForAll(over);
    const takeBack = isMany ? several(files) : undefined;
    if (takeBack) {
      const asNodes = {
        label: "Add them as nodes instead",
        act: () => {
          takeBack();
          void takeIn(files, at, over, true);
        },
      };
      toasts.show(`${files.length} photos are listed: run the graph for all of them.`, "info", [asNodes]);
      if (problems.length) toasts.show(lines(problems), "error");
      status.say(`${files.length} photos are listed`);
      return;
    }
    const isOpened = await openFirst(
      seen.filter(({ kind }) => kind === "graph").map(({ file }) => file),
      problems,
    );
    const target = isOpened ? undefined : over;
    /** The node it was brought to is there no more, and neither is its graph. */
    const isLate = (): boolean => !isOpened && graph !== home;
    const kept: Kept[] = [];
    const offers: ToastAction[] = [];
    for (const { file, kind } of seen) {
      if (kind === "graph") continue;
      try {
        const way = route(kind, file.name, isLate() ? undefined : target, targets());
        if (way.do === "refuse") {
          problems.push(way.message);
          continue;
        }
        const bytes = await bytesOf(file);
        if (task.isGivenUp) return;
        if (kind === "picture" && !asPictures && !target?.files.length) {
          if (files.length === 1 && openPicture(file, bytes, at)) return;
          const inside = files.length > 1 ? graphInside(bytes) : undefined;
          if (inside) offers.push({ label: `Open that of “${file.name}”`, act: () => void openGraph(inside, file.name) });
        }
        const ref = await engine.addFile(bytes, file.name, { accept: destinationOf(way)?.accept ?? "" });
        kept.push({ kind, name: file.name, ref });
      } catch (error) {
        problems.push(saying(file, error));
      }
    }
    if (task.isGivenUp) return;
    const isLost = isLate() && !isForAny(target);
    if (isLost)
      problems.push(...kept.map(({ name }) => `“${name}”: its node was in the graph before this one, so bring it again`));
    else if (isLate()) giveLate(kept);
    else give(kept, at, target && sameNode(target), isOpened);
    if (offers.length)
      toasts.show("Some of these pictures carry the graph that made them.", "info", offers.slice(0, MOST_OFFERS));
    if (problems.length) toasts.show(lines(problems), "error");
    const isTaken = isOpened || (kept.length > 0 && !isLost);
    const how = files.length > 1 ? "are here" : kept.length ? "is here" : "is open";
    status.say(`${task.names} ${isTaken ? how : "could not be taken"}`);
  }

  /** Several photos on the empty canvas, or on a node that is given photos, are for the graph; on another each is for a node. */
  const isForAll = (over: Target | undefined): boolean => !over?.files.length || PHOTO_NODES.includes(over.title);

  /** What was brought to the graph or to the node of its photo goes into the graph that is opened before it is here; what is for another node does not. */
  const isForAny = (over: Target | undefined): boolean => isForAll(over) && !over?.renamed;

  /** The node as it is now: it may have been deleted meanwhile. */
  const sameNode = ({ id, title }: Target): Target | undefined => targets().find((now) => now.id === id && now.title === title);

  return {
    openGraph,
    giveUp() {
      const last = [...underWay].at(-1);
      if (!last) return undefined;
      last.isGivenUp = true;
      underWay.delete(last);
      return `bringing ${last.names}`;
    },
    take: (files, at, over) => takeIn(files, at, over, false),
    async open() {
      const file = await choose(".json,.png,.zip,application/json,image/png,application/zip");
      if (file) await this.take([file], canvas.middle());
    },
  };
}

/** What was thrown about a file, which it begins with. */
function saying({ name }: File, error: unknown): string {
  return inQuotes(name, error instanceof Error ? error.message : String(error));
}

const inQuotes = (name: string, message: string): string =>
  message.startsWith(name) ? `“${name}”${message.slice(name.length)}` : `“${name}”: ${message}`;

const lines = (messages: readonly string[]): string =>
  [
    ...messages.slice(0, MOST_LINES),
    ...(messages.length > MOST_LINES ? [`… and ${messages.length - MOST_LINES} more files.`] : []),
  ].join("\n");
