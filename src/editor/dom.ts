/** Elements in one expression, with text as text: nothing in the editor is ever parsed as HTML. */

import { ICONS, type IconName } from "./icons";

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

/** Milliseconds to come, roughly: "a second", "about 25 s", "about 4 min", "about 1 h 20 min". */
export function aboutText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1.5) return "a second";
  if (seconds < 55) return `about ${seconds < 10 ? Math.round(seconds) : 5 * Math.round(seconds / 5)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes} min`;
  const rest = 10 * Math.round((minutes % 60) / 10);
  const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0);
  return `about ${hours} h${rest % 60 ? ` ${rest} min` : ""}`;
}

/** Milliseconds for people: "0.8 ms", "240 ms", "3.2 s", "2 min 5 s". */
export function timeText(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
