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
