/** A person's hands on the page: a pointer, or fingers where the screen is touched; and the screens that they are tried on. */
import type { BrowserContextOptions, Locator, Page } from "playwright";
import type { EditorHandle } from "../../src/editor/handle";
import type { Stage } from "./browser";
import { type At, frame, idle, open } from "./page";

declare const window: { __editor?: EditorHandle };

/** A laptop's, a large fine one, and a phone's. */
export const SCREENS: readonly (readonly [name: string, screen: BrowserContextOptions])[] = [
  ["1280 × 720", { viewport: { width: 1280, height: 720 } }],
  ["1440 × 900 at two pixels a pixel", { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2 }],
  ["a phone's 390 × 844", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }],
];

/** Has fingers touch these points from now on, and no others. */
export type Fingers = (type: "touchStart" | "touchMove" | "touchEnd", ...points: readonly At[]) => Promise<unknown>;

export async function fingersOn(page: Page): Promise<Fingers> {
  const touches = await page.context().newCDPSession(page);
  return (type, ...points) =>
    touches.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
}

/** Moves one finger, in steps that a page sees. */
export async function swipe(fingers: Fingers, from: At, to: At, steps = 4): Promise<void> {
  await fingers("touchStart", from);
  for (let i = 1; i <= steps; i++)
    await fingers("touchMove", [from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps]);
  await fingers("touchEnd");
}

export interface Hands {
  readonly fingers: Fingers;
  /** A click, or a tap: at a point, or in the middle of a control. */
  press(on: At | Locator): Promise<void>;
  /** A button is held, or a finger, from one point to another. */
  drag(from: At, to: At): Promise<void>;
  /** The menu of what lies there: a right click, or a finger that rests. */
  menuAt(at: At): Promise<Locator>;
  /** Chooses from the menu that is open. */
  choose(name: RegExp): Promise<void>;
}

/** The editor on such a screen with a graph that is open, hands on it; what is waited for may take `timeout` milliseconds. */
export async function openWithHands(stage: Stage, screen: BrowserContextOptions, graph: unknown, timeout: number) {
  const { page, errors } = await stage.open("", { screen });
  await page.waitForFunction(() => window.__editor);
  page.setDefaultTimeout(timeout);
  const hands = await handsOn(page, screen.hasTouch === true);
  await open(page, graph);
  await idle(page);
  return { page, errors, hands };
}

/** Fingers where `isTouched`, else a mouse. */
export async function handsOn(page: Page, isTouched: boolean): Promise<Hands> {
  const fingers = await fingersOn(page);
  const press = async (on: At | Locator): Promise<void> => {
    if (!("click" in on)) {
      if (!isTouched) return page.mouse.click(...on);
      await fingers("touchStart", on);
      await fingers("touchEnd");
    } else if (isTouched) await on.tap();
    else await on.click();
  };
  return {
    fingers,
    press,
    async drag(from, to) {
      if (isTouched) return swipe(fingers, from, to);
      await page.mouse.move(...from);
      await page.mouse.down();
      for (const share of [0.3, 0.6, 0.9, 1]) {
        await page.mouse.move(from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]));
        await frame(page);
      }
      await page.mouse.up();
    },
    async menuAt(at) {
      const menu = page.getByRole("menu");
      if (isTouched) {
        await fingers("touchStart", at);
        await menu.waitFor();
        await fingers("touchEnd");
      } else await page.mouse.click(...at, { button: "right" });
      await menu.waitFor();
      return menu;
    },
    choose: (name) => press(page.getByRole("menuitem", { name }).or(page.getByRole("menuitemcheckbox", { name })).first()),
  };
}
