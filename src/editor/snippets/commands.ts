/** Snippets as commands: the selection is kept under a name, and inserted again. */
import { download, fileName } from "../../litegraph/download";
import { about, DEFAULT_TITLE } from "../about";
import { ask } from "../ask";
import type { GraphCanvas, Point } from "../canvas";
import { titlesOf } from "../change";
import type { Commands, GraphPoint } from "../commands/commands";
import { PastePlaces } from "../edits/paste-places";
import { choose, graphIn } from "../files";
import type { NodeActions } from "../node-actions";
import type { Choice } from "../picker";
import type { Toasts } from "../toasts";
import { openSnippets } from "./dialog";
import { type Snippet, Snippets } from "./store";

export interface SnippetParts {
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly toasts: Toasts;
  say(text: string): void;
}

export interface SnippetCommands {
  /** Each, as the palette offers it. */
  choices(): Choice[];
}

export function provideSnippetCommands(commands: Commands, { canvas, nodes, toasts, say }: SnippetParts): SnippetCommands {
  const snippets = new Snippets(() => localStorage);
  const places = new PastePlaces();

  function insert({ name, graph }: Snippet, at?: GraphPoint): void {
    const [x, y] = canvas.middle();
    const place: Point = places.next(at ? [...at] : [x - 150, y - 80]);
    toasts.attempt(() => nodes.insert(graph, place, `insert the snippet “${name}”`));
  }
  const keep = (name: string, graph: Snippet["graph"]): void =>
    void toasts.attempt(() => say(`Kept as a snippet: ${snippets.add(name, graph)}`));

  async function saveSelected(): Promise<void> {
    const part = nodes.copySelected();
    if (!part) return;
    const name = await ask("Name of the snippet", titlesOf(nodes.selected), "Save");
    if (name !== undefined) keep(name, part);
  }

  async function load(): Promise<void> {
    const file = await choose(".json,application/json");
    if (!file) return;
    try {
      const graph = await graphIn(file);
      const { title } = about(graph);
      keep(title === DEFAULT_TITLE ? file.name.replace(/\.json$/i, "") : title, graph);
    } catch (error) {
      toasts.fail(error);
    }
  }

  commands.provide({
    "snippet.save": { run: saveSelected, available: () => nodes.selected.length > 0 },
    "snippet.insert": (at) =>
      openSnippets({
        all: () => snippets.all,
        insert: (one) => insert(one, at),
        save: ({ name, graph }) =>
          download(
            JSON.stringify(
              { ...graph, extra: { ...graph.extra, sftgan: { ...(graph.extra.sftgan as object), title: name } } },
              null,
              1,
            ),
            "application/json",
            fileName(name, "json", "snippet"),
          ),
        remove: ({ name }) => void toasts.attempt(() => snippets.remove(name)),
        load,
      }),
  });
  return {
    choices: () =>
      snippets.all.map((snippet) => ({
        title: snippet.name,
        words: "insert snippet",
        hint: "Insert the snippet",
        pick: () => insert(snippet),
      })),
  };
}
