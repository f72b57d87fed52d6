/** What all commands do, said to them where the page's parts are known. */
import type { Engine } from "../browser/protocol";
import { provideAppCommands } from "./app/sharing";
import type { Autosave } from "./autosave";
import type { GraphCanvas } from "./canvas";
import { openCards } from "./cards/cards";
import type { Commands } from "./commands/commands";
import { provideEditCommands } from "./edits/commands";
import { provideGroupCommands } from "./edits/groups";
import { provideNodeCommands } from "./edits/node-commands";
import { provideGraphCommands } from "./graph-commands";
import type { Announcer } from "./keyboard/announcer";
import { provideKeyboardCommands } from "./keyboard/commands";
import type { NodeList } from "./node-list";
import { provideNodePictures } from "./node-pictures";
import { type PageCommandParts, providePageCommands } from "./page-commands";
import type { ParamPanel } from "./params/panel";
import { provideSnippetCommands } from "./snippets/commands";
import { provideSubgraphCommands } from "./subgraphs/commands";

export interface AllCommandParts extends Omit<PageCommandParts, "snippets" | "cards" | "find"> {
  readonly canvas: GraphCanvas;
  readonly engine: Engine;
  readonly autosave: Autosave;
  readonly announcer: Announcer;
  readonly list: NodeList;
  readonly params: ParamPanel;
}

export function provideAllCommands(commands: Commands, parts: AllCommandParts): void {
  const { canvas, nodes, layout, list, params, longRuns, fileExport } = parts;
  const snippets = provideSnippetCommands(commands, parts);
  provideGraphCommands(commands, {
    ...parts,
    run: (node) => longRuns.start([String(node.id)]),
    exportOnnx: (node) => fileExport.exportOnnx(node),
    help: (node) => {
      layout.change({ list: true });
      list.help(nodes.definitionOf(node));
    },
  });
  provideNodeCommands(commands, { document: parts.document, canvas, nodes });
  provideSubgraphCommands(commands, parts);
  provideGroupCommands(commands, {
    ...parts,
    commands,
    run: (inside) => void longRuns.start(inside.map(({ id }) => String(id))),
  });
  provideKeyboardCommands(commands, {
    ...parts,
    openParams() {
      layout.change({ list: true });
      params.focus();
    },
  });
  provideNodePictures(commands, parts);
  provideEditCommands(commands, parts);
  providePageCommands(commands, {
    ...parts,
    snippets: () => snippets.choices(),
    cards: () => openCards(parts),
    find: () => list.focus(),
  });
  provideAppCommands(commands, parts);
}
