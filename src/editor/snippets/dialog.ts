/** The dialog of snippets: a card for each, to be inserted, exported as a file or deleted; files of graphs are imported. */
import { cardOf } from "../cards/cards";
import { button, h } from "../dom";
import type { Snippet } from "./store";

export interface SnippetActions {
  all(): readonly Snippet[];
  insert(snippet: Snippet): void;
  save(snippet: Snippet): void;
  remove(snippet: Snippet): void;
  /** Resolves once a file was chosen and read, or none. */
  load(): Promise<void>;
}

export function openSnippets(actions: SnippetActions): void {
  const dialog = h("dialog", { class: "cards-dialog", "aria-label": "Snippets" });
  const cards = h("div", { class: "cards" });

  function fill(): void {
    const all = actions.all();
    cards.replaceChildren(
      ...all.map((snippet) => {
        const { name, graph } = snippet;
        const count = graph.nodes.length;
        return h("div", { class: "snippet" }, [
          cardOf({ title: name, detail: count === 1 ? "1 node" : `${count} nodes`, graph }, () => {
            dialog.close();
            actions.insert(snippet);
          }),
          h("div", { class: "snippet-buttons" }, [
            button(undefined, `Export ${name} as a file`, () => actions.save(snippet), "Export", "small quiet"),
            button(
              undefined,
              `Delete ${name}`,
              () => {
                actions.remove(snippet);
                fill();
              },
              "Delete",
              "small quiet",
            ),
          ]),
        ]);
      }),
    );
    if (!all.length)
      cards.append(h("p", { class: "empty" }, ["None yet. Select nodes and save them as a snippet, or import a graph's file."]));
  }

  dialog.append(
    h("header", { class: "panel-header" }, [
      h("h2", {}, ["Snippets"]),
      h("span", { class: "spacer" }),
      button(undefined, "Keep the graph of a file as a snippet", () => void actions.load().then(fill), "Import…", "small"),
      button("close", "Close", () => dialog.close()),
    ]),
    cards,
  );
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  fill();
  dialog.showModal();
  dialog.querySelector<HTMLElement>(".graph-card")?.focus();
}
