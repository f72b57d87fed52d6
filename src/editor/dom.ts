/** Elements in one expression, with text as text: nothing in the editor is ever parsed as HTML. */

type Listener<K extends keyof HTMLElementEventMap> = (event: HTMLElementEventMap[K]) => void;
export type Listeners = { readonly [K in keyof HTMLElementEventMap]?: Listener<K> };
export type Child = Node | string | undefined | false;

/**
 * An element with attributes (`true` sets an empty one, `false` and `undefined` none), children and listeners. `style` is set
 * as a property: the page's Content-Security-Policy lets nothing that is written as an attribute style it.
 */
export function h<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  children: readonly Child[] = [],
  listeners: Listeners = {},
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (name === "style") element.style.cssText = String(value ?? "");
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  element.append(...children.filter((child) => child !== undefined && child !== false));
  for (const [type, listener] of Object.entries(listeners)) element.addEventListener(type, listener as EventListener);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Strokes on a 16 × 16 grid. */
const ICONS = {
  run: "M4.5 2.8v10.4L13 8z",
  stop: "M4 4h8v8H4z",
  pause: "M5.5 3v10M10.5 3v10",
  undo: "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5 6 3.5M3 6.5l3 3",
  redo: "M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M13 6.5 10 3.5M13 6.5l-3 3",
  open: "M1.8 12.5v-9h4l1.5 2h6.9v7zM1.8 7.5h12.4",
  save: "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 10.5v3h11v-3",
  picture: "M2 3h12v10H2zM2 11l3.5-3.5L9 11l2-2 3 3M10.5 6.2h.01",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 14 14",
  down: "M4 6l4 4 4-4",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  pin: "M6 2.5h4l-.5 4 2.5 2.5H4l2.5-2.5zM8 9v5",
  compare: "M2 3h12v10H2zM8 1.5v13M4.3 8l1.2-1.3M4.3 8l1.2 1.3M11.7 8l-1.2-1.3M11.7 8l-1.2 1.3",
  legend: "M2 3.5h3v3H2zM2 9.5h3v3H2zM8 5h6M8 11h6",
  right: "M2 3h12v10H2zM10 3v10",
  bottom: "M2 3h12v10H2zM2 9.5h12",
  list: "M2 3h12v10H2zM6 3v10",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  brush: "M13.6 2.4 7.4 8.9M5.3 8.5a2.4 2.4 0 0 1 2.3 2.4c0 1.7-1.4 2.6-3.4 2.6H2c1-.6 1.2-1.4 1.2-2.5a2.1 2.1 0 0 1 2.1-2.5z",
  fill: "M6.2 2.4 12 8.2 7.2 13a1 1 0 0 1-1.4 0L1.9 9.1a1 1 0 0 1 0-1.4l4.6-4.6M1.8 8.6h9.8M14 10.4c-.8 1.1-1 1.6-1 2a1 1 0 0 0 2 0c0-.4-.3-.9-1-2z",
  lasso:
    "M8 2.4c3.4 0 6 1.7 6 3.9s-2.6 3.9-6 3.9-6-1.7-6-3.9 2.6-3.9 6-3.9zM4.9 9.7c-1.4.6-1.5 2-.5 2.3.9.3 1.6-.7.9-1.5M4.6 12.1c.2.8-.1 1.4-.8 1.8",
  eraser: "M9.6 2.8 13.4 6.6 7 13H4.7l-2.4-2.4a1 1 0 0 1 0-1.4zM5.7 6.7l3.8 3.8M7 13h6.5",
  expand: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5l-4.7 4.7M2.5 13.5l4.7-4.7",
  takes: "M2 6h9v7.5H2zM5 6V2.5h9V10h-3",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.3 1.6",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.3 6.3a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.6-.8 1.2M8 11.2h.01",
} as const;
export type IconName = keyof typeof ICONS;

/** A decorative drawing; the control around it carries the name. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon, a tooltip that is also its name for screen readers, and an optional text. */
export function button(
  name: IconName | undefined,
  tip: string,
  press: (event: MouseEvent) => void,
  label?: string,
  className = "",
): HTMLButtonElement {
  return h(
    "button",
    {
      type: "button",
      class: `button ${label ? "" : "icon-only"} ${className}`.trim(),
      title: tip,
      "aria-label": label ? undefined : tip,
    },
    [name && icon(name), label && h("span", {}, [label])],
    { click: press },
  );
}

/** Bytes for people: "812 KB", "34.5 MB". */
export function bytesText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Milliseconds for people: "0.8 ms", "240 ms", "3.2 s", "2 min 5 s". */
export function timeText(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
