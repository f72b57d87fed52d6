/** One take in the panel: small pictures of its result and its prior, its name, and what can be done with it. */
import type { Commands } from "../commands/commands";
import { keepTyped, listenToKeysOf } from "../commands/keys";
import type { CommandId } from "../commands/table";
import { button, h } from "../dom";
import type { Look } from "./computing";

export interface CardActions {
  /** Shows the take in the large view, or its prior. */
  show(what: "result" | "prior"): void;
  /** Makes the take one side of the slider, or takes it off. */
  choose(side: "A" | "B"): void;
  restore(): void;
  rename(name: string): void;
  remove(): void;
}

export interface Card {
  readonly element: HTMLElement;
  look(look: Look): void;
  sides(a: boolean, b: boolean): void;
  edit(): void;
}

const STATES: Record<Look["state"], string> = {
  waiting: "Waits to be computed",
  computing: "Computing",
  done: "",
  failed: "Failed",
  stopped: "Stopped",
};

export function createCard(name: string, place: string, longest: number, actions: CardActions, commands: Commands): Card {
  const canvases = { result: h("canvas"), prior: h("canvas") };
  const picture = (what: "result" | "prior", tip: string): HTMLButtonElement => {
    const control = h("button", { type: "button", class: "take-picture", title: tip, "aria-label": tip, tabindex: -1 }, [], {
      click: () => actions.show(what),
    });
    control.append(canvases[what]);
    return control;
  };
  const result = picture("result", commands.tip("take.show", `Show “${name}” in the large view`));
  const prior = picture("prior", commands.tip("take.prior", `Show the prior of “${name}” in the large view`));
  const bar = h("progress", { class: "status-progress", max: 1, value: 0, "aria-label": `Progress of ${name}` });
  const words = h("span", {});
  const state = h("div", { class: "take-state", role: "status" }, [words, bar]);
  const title = h("button", { type: "button", class: "take-name", title: commands.tip("take.rename"), tabindex: -1 }, [name], {
    click: edit,
  });
  const field = h(
    "input",
    {
      class: "field take-field",
      value: name,
      maxlength: longest,
      "aria-label": "Name of the take",
      spellcheck: "false",
      hidden: true,
    },
    [],
    {
      keydown: (event) => {
        keepTyped(event);
        if (event.key === "Escape") field.value = name;
        if (event.key === "Enter" || event.key === "Escape") element.focus();
      },
      blur: () => {
        field.hidden = true;
        title.hidden = false;
        if (field.value.trim() && field.value !== name) setTimeout(() => actions.rename(field.value)); // once the focus has moved
      },
    },
  );
  const side = (which: "A" | "B"): HTMLButtonElement => {
    const at = which === "A" ? "left" : "right";
    return button(
      undefined,
      commands.tip(`take.${at}`, `Compare: ${at} of the slider`),
      () => actions.choose(which),
      which,
      "small side",
    );
  };
  const [a, b] = [side("A"), side("B")];
  const restore = button(
    "undo",
    commands.tip("take.restore", "Put its recipe back into the graph"),
    actions.restore,
    undefined,
    "small",
  );
  const remove = button("close", commands.tip("take.remove", "Delete the take"), actions.remove, undefined, "small");
  for (const control of [a, b, restore, remove]) control.tabIndex = -1;

  const act: { readonly [id in CommandId]?: () => void } = {
    "take.show": () => actions.show("result"),
    "take.prior": () => actions.show("prior"),
    "take.left": () => actions.choose("A"),
    "take.right": () => actions.choose("B"),
    "take.restore": actions.restore,
    "take.rename": edit,
    "take.remove": actions.remove,
  };
  const element = h(
    "div",
    {
      class: "take",
      role: "listitem",
      tabindex: -1,
      "aria-label": `${name}, ${place}`,
    },
    [
      h("div", { class: "take-pictures" }, [result, prior, state]),
      h("div", { class: "take-row" }, [title, field, a, b, restore, remove]),
    ],
  );
  // Not those of its buttons.
  listenToKeysOf(
    element,
    "take",
    commands,
    (id) => act[id]?.(),
    ({ target }) => target === element,
  );

  function edit(): void {
    title.hidden = true;
    field.hidden = false;
    field.select();
    field.focus();
  }

  return {
    element,
    edit,
    sides(isA, isB) {
      a.setAttribute("aria-pressed", String(isA));
      b.setAttribute("aria-pressed", String(isB));
      element.classList.toggle("chosen", isA || isB);
    },
    look(look) {
      element.dataset.state = look.state;
      drawInto(canvases.result, look.result);
      drawInto(canvases.prior, look.prior);
      prior.hidden = look.state === "done" && !look.prior;
      bar.hidden = look.state !== "computing";
      bar.value = look.fraction;
      words.textContent = look.message ?? (look.at && look.state === "computing" ? look.at : STATES[look.state]);
      state.title = words.textContent;
      const isSeen = Boolean(look.result) && look.state !== "failed";
      state.hidden = look.state === "done" || (isSeen && look.state !== "computing");
      state.classList.toggle("over", isSeen); // a bar is enough beside the picture
    },
  };
}

const drawn = new WeakMap<HTMLCanvasElement, ImageBitmap>();

function drawInto(canvas: HTMLCanvasElement, bitmap: ImageBitmap | undefined): void {
  if (!bitmap || drawn.get(canvas) === bitmap) return;
  drawn.set(canvas, bitmap);
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
}
