/** What the commands on the page do: running, files, undo, panels. */
import type { Attachment } from "../litegraph/attachment";
import type { Batches } from "./batch/batches";
import type { Commands } from "./commands/commands";
import { openHelp } from "./commands/help";
import { isCovered } from "./commands/keys";
import { openPalette } from "./commands/palette";
import type { GraphDocument } from "./document";
import type { FileExport } from "./file-export";
import type { FileImport } from "./file-import";
import { placedChoices } from "./graph-commands";
import type { ReadyGraph } from "./graphs";
import type { Layout } from "./layout";
import type { LongRuns } from "./long-runs/long-runs";
import { closeMenu } from "./menu";
import type { NodeActions } from "./node-actions";
import { canInstall, install } from "./offline/install";
import type { Choice } from "./picker";
import type { ResultOffer } from "./result-offer";
import type { Runs } from "./runs";
import type { Settings } from "./settings";
import type { TakesEditor } from "./takes/takes";
import type { Toasts } from "./toasts";

export interface PageCommandParts {
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly settings: Settings;
  readonly layout: Layout;
  readonly runs: Runs;
  readonly longRuns: LongRuns;
  readonly resultOffer: ResultOffer;
  readonly runner: Attachment;
  readonly takes: TakesEditor;
  readonly batches: Batches;
  readonly fileImport: FileImport;
  readonly fileExport: FileExport;
  readonly ready: readonly ReadyGraph[];
  openReady(one: ReadyGraph): void;
  /** As the palette offers them. */
  snippets(): readonly Choice[];
  /** Shows ready graphs and recent ones. */
  cards(): void;
  /** Gives the search of the list of nodes the focus. */
  find(): void;
  readonly toasts: Toasts;
  say(text: string): void;
}

export function providePageCommands(commands: Commands, parts: PageCommandParts): void {
  const { document, nodes, settings, layout, runs, runner, takes, batches, fileImport, fileExport, ready } = parts;
  const step = (done: string, act: () => string | undefined) => (): void => {
    const label = act();
    if (label) parts.say(`${done}: ${label}`);
  };
  commands.provide({
    "run.start": async () => parts.resultOffer.make(await parts.longRuns.start()),
    "run.stop": () => {
      const isIdle = !runs.busy && !takes.busy && !batches.busy && !isCovered();
      closeMenu();
      takes.stop();
      batches.stop();
      runs.stop();
      if (isIdle) commands.run("subgraph.leave"); // Esc leads out of it where nothing is to be stopped
    },
    "run.auto": {
      run: () => {
        runner.auto = !settings.auto;
        layout.change({ auto: !settings.auto });
      },
      checked: () => settings.auto,
    },
    "file.new": () => document.clear(),
    "file.open": () => fileImport.open(),
    "file.graphs": () => parts.cards(),
    "file.save": () => fileExport.saveGraph(),
    "file.export": () => fileExport.exportWithFiles(),
    "file.picture": () => fileExport.savePicture(),
    "file.photos": () => batches.toggle(true),
    "edit.undo": step("Undone", () => fileImport.giveUp() ?? document.undo()),
    "edit.redo": step("Done again", () => document.redo()),
    "page.palette": () =>
      openPalette(commands, [
        ...placedChoices(document, nodes, parts.toasts),
        ...parts.snippets(),
        ...nodes.choices(nodes.definitions, (type) => nodes.add(type)).map((one) => ({ ...one, hint: "Add the node" })),
        ...ready.map((one) => ({
          title: one.title,
          words: "open ready graph",
          ...(one.description && { detail: one.description }),
          hint: "Open the graph",
          pick: () => parts.openReady(one),
        })),
      ]),
    "page.find": () => {
      layout.change({ list: true });
      parts.find();
    },
    "page.list": { run: () => layout.change({ list: !settings.list }), checked: () => settings.list },
    "page.view": { run: () => layout.change({ viewer: !settings.viewer }), checked: () => settings.viewer },
    "page.dock": () => layout.change({ viewer: true, dock: settings.dock === "right" ? "bottom" : "right" }),
    "page.install": { run: install, available: canInstall },
    "page.help": () => openHelp(commands.bindings),
    "takes.toggle": { run: () => takes.toggle(), checked: () => takes.isOpen },
    "takes.keep": () => takes.keep(),
  });
}
