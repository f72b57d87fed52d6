/** The bar at the bottom: what computes, how much it holds, how far the run is, and how long each node took. */
import { type EngineEvent, type EngineStatus, KERNEL_SETTINGS, type KernelSetting } from "../browser/protocol";
import { aboutText, timeText } from "../time-text";
import { button, bytesText, h } from "./dom";
import { openMenu } from "./menu";
import { createStatusNote, type StatusNote } from "./status-note";

export interface StatusBar extends Pick<StatusNote, "say" | "doing"> {
  readonly element: HTMLElement;
  /** Takes in every event of the engine. */
  event(event: EngineEvent): void;
  /** A run begins: times and progress start anew. */
  begin(): void;
  /** A run has ended; `note` says how, in a few words, and `bad` that something went wrong. */
  end(note: string, bad: boolean): void;
  /** Nothing has run: what was going to does not, or the graph is another. */
  rest(): void;
}

interface NodeTime {
  readonly ms: number;
  readonly cached: boolean;
  readonly summary: string;
}

const BACKENDS: Record<EngineStatus["backend"], string> = { webgpu: "WebGPU", webgl: "WebGL", wasm: "WebAssembly", cpu: "CPU" };

/** What is said of each, in the menu of what runs the networks. */
const KERNEL_DETAILS: Readonly<Record<KernelSetting, string>> = {
  auto: "The fastest on this device, found at the first run",
  stock: "tfjs's own kernels",
  "2×2×8": "Eight render targets, weights in uniform buffers",
  "2×2×4": "Four render targets, weights in uniform buffers",
  "2×2×8 texture": "Eight render targets, weights in a texture",
  "1×1×32": "A pixel by all channels of a draw",
  "2×2×8 half": "As 2×2×8, maps in half floats: half the memory, pictures off by up to 5 of 255 levels",
  "WebGPU 8×8": "All of it on WebGPU; eight pixels by eight channels",
  "WebGPU 4×8": "All of it on WebGPU; four pixels by eight channels",
  "WebGPU 8×8 half": "As 8×8, maps in half floats: half the memory, pictures off by up to 1 of 255 levels",
};

const WRONG: Readonly<Record<NonNullable<EngineStatus["wrong"]>[number], string>> = {
  general: "Segment",
  resample: "resizing",
  squares: "checking results",
  assemble: "joining tiles",
};

/** What runs which network, and what of ours is not used as it came out wrong. */
function kernelsText({ kernels, segment, wrong }: EngineStatus): string[] {
  const known = [
    ...(kernels ? [`the generator by ${kernels === "stock" ? "tfjs" : `kernels ${kernels.replace("WebGPU ", "")}`}`] : []),
    ...(segment ? [`Segment by ${segment === "stock" ? "tfjs" : "kernels of its own"}`] : []),
  ];
  const failed = wrong?.map((one) => WRONG[one]).join(", ");
  return [
    ...(known.length > 0 ? [known.join(", ")] : []),
    ...(failed ? [`this driver computes our kernels wrong for ${failed}: tfjs's do that`] : []),
  ];
}

/** Pixels of a picture whose size a summary is, and 0 of anything else. */
function areaOf(summary: string): number {
  const [, width, height] = /^(\d+) × (\d+)$/.exec(summary) ?? [];
  return Number(width ?? 0) * Number(height ?? 0);
}

/**
 * `title` names a node for people; `isPhoto` says that it gives what a run starts from; `select` shows it on the canvas; `kernels` is what runs the networks on the GPU, which a click on
 * the backend's name changes.
 */
export function createStatusBar(
  title: (node: string) => string,
  isPhoto: (node: string) => boolean,
  select: (node: string) => void,
  kernels: { readonly setting: KernelSetting; choose(setting: KernelSetting): void },
): StatusBar {
  const choices = () =>
    KERNEL_SETTINGS.map((setting) => ({
      label: setting === "auto" ? "Automatic" : setting === "stock" ? "tfjs" : setting,
      detail: KERNEL_DETAILS[setting],
      checked: setting === kernels.setting,
      act: () => kernels.choose(setting),
    }));
  const backend = h("button", { type: "button", class: "status-backend", "aria-haspopup": "menu" }, ["Starting…"], {
    click: () => openMenu(backend, ["What runs the networks on the GPU", ...choices()], "Kernels"),
  });
  const memory = h("span", { class: "status-memory", title: "Results and weights that are kept" });
  const bar = h("progress", { class: "status-progress", max: 1, value: 0, "aria-label": "Progress of the run", hidden: true });
  const words = h("span", { class: "status-note", role: "status" });
  const note = createStatusNote(words);
  note.stand("Ready");
  const times = new Map<string, NodeTime>();
  /** The node at work. */
  let at: string | undefined;
  /** The size of the largest picture that the run has made. */
  let made = "";
  let started = 0;

  const table = h("div", { class: "popover times", role: "dialog", "aria-label": "Time per node", hidden: true });
  const toggle = button(
    "clock",
    "Time per node of the last run",
    () => {
      table.hidden = !table.hidden;
      toggle.setAttribute("aria-expanded", String(!table.hidden));
      fill();
    },
    "Times",
    "small quiet",
  );
  toggle.setAttribute("aria-expanded", "false");
  document.addEventListener("pointerdown", (event) => {
    if (!table.hidden && event.target instanceof Node && !table.contains(event.target) && !toggle.contains(event.target)) hide();
  });
  table.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      hide();
      toggle.focus();
      event.stopPropagation();
    }
  });
  const hide = (): void => {
    table.hidden = true;
    toggle.setAttribute("aria-expanded", "false");
  };

  function fill(): void {
    if (table.hidden) return;
    const rows = [...times].sort(([, a], [, b]) => Number(a.cached) - Number(b.cached) || b.ms - a.ms);
    const longest = Math.max(1, ...rows.map(([, time]) => (time.cached ? 0 : time.ms)));
    const sum = rows.reduce((ms, [, time]) => ms + (time.cached ? 0 : time.ms), 0);
    table.replaceChildren(
      h("h2", {}, ["Time per node"]),
      rows.length
        ? h("table", {}, [
            h("thead", {}, [
              h("tr", {}, [
                h("th", { scope: "col" }, ["Node"]),
                h("th", { scope: "col" }, ["Result"]),
                h("th", { scope: "col" }, ["Time"]),
              ]),
            ]),
            h(
              "tbody",
              {},
              rows.map(([node, time]) =>
                h("tr", { class: time.cached ? "cached" : "" }, [
                  h("td", {}, [h("button", { type: "button", class: "link" }, [title(node)], { click: () => select(node) })]),
                  h("td", {}, [time.summary]),
                  h("td", { class: "number" }, [
                    time.cached
                      ? "cached"
                      : h("span", { class: "bar", style: `--part: ${(time.ms / longest).toFixed(3)}` }, [timeText(time.ms)]),
                  ]),
                ]),
              ),
            ),
            h("tfoot", {}, [
              h("tr", {}, [h("th", { scope: "row", colspan: 2 }, ["Computed"]), h("td", { class: "number" }, [timeText(sum)])]),
            ]),
          ])
        : h("p", { class: "empty" }, ["Nothing has run yet."]),
    );
  }

  /** Times below a few seconds are no use to anybody. */
  const SOON_MS = 4000;
  /** Quarters of the run are spoken of by a screen reader, not every percent. */
  let quarter = 0;
  function showProgress(left?: number): void {
    if (at === undefined) return;
    const percent = `${Math.round(100 * bar.value)} %`;
    const now = Math.floor(4 * bar.value);
    note.stand([title(at), percent, ...(left && left > SOON_MS ? [`${aboutText(left)} left`] : [])].join(" · "), {
      quiet: now <= quarter,
    });
    quarter = now;
  }

  return {
    element: h("footer", { class: "status" }, [backend, memory, h("span", { class: "spacer" }), words, bar, toggle, table]),
    begin() {
      times.clear();
      at = undefined;
      made = "";
      started = performance.now();
      bar.hidden = false;
      bar.value = 0;
      quarter = 0;
      note.stand("Running…");
      fill();
    },
    end(text, bad) {
      at = undefined;
      bar.hidden = true;
      note.stand([text, ...(made && !bad ? [made] : []), timeText(performance.now() - started)].join(" · "), { bad });
      fill();
    },
    rest() {
      times.clear();
      at = undefined;
      bar.hidden = true;
      note.stand("Ready");
      fill();
    },
    say: note.say,
    doing: note.doing,
    event(event) {
      switch (event.kind) {
        case "status":
          backend.textContent = [BACKENDS[event.backend], event.reason ?? event.gpu].filter(Boolean).join(" · ");
          backend.title = [
            `Computed with ${BACKENDS[event.backend]}${event.gpu ? `, ${event.gpu}` : ""}`,
            ...kernelsText(event),
            ...(event.reason ? [event.reason] : []),
            "click to choose",
          ].join("; ");
          backend.dataset.backend = event.backend;
          backend.dataset.kernels = event.kernels ?? "";
          backend.dataset.segment = event.segment ?? "";
          memory.textContent = `${bytesText(event.bytes)} in memory`;
          memory.title = `Results and weights that are kept, in ${event.tensors} tensors`;
          break;
        case "overall":
          bar.value = event.fraction;
          showProgress(event.left);
          break;
        case "started":
          at = event.node;
          showProgress();
          break;
        case "finished":
        case "cached":
          if (!isPhoto(event.node) && areaOf(event.summary) > areaOf(made)) made = event.summary;
          times.set(event.node, { ms: event.ms, cached: event.kind === "cached", summary: event.summary });
          fill();
          break;
      }
    },
  };
}
