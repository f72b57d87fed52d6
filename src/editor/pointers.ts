/**
 * Mouse, pen and fingers on whatever can be moved and zoomed (the graph, the large view, cells of a contact sheet): one finger or
 * the mouse pans, two fingers or the wheel zoom, what is pressed and not moved is a tap, and a finger that rests asks for the
 * menu. Whoever listens may take the first pointer for a drag of its own.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PointerTarget {
  pan(dx: number, dy: number): void;
  /** Enlarges by a factor; what is at `about` stays there. */
  zoom(factor: number, about: Point): void;
  /** Presses that are none of its business. Default: buttons beyond the middle one. */
  ignores?(event: PointerEvent): boolean;
  /** Whether a press is to be a drag of the target's own, asked at the press where `eager`, else once it has moved. */
  take?(press: PointerEvent): boolean;
  readonly eager?: boolean;
  /** With every move, and what the pointer does: it is over the target, moves it, or is taken. undefined: it has left. */
  move?(event: PointerEvent | undefined, doing: Doing): void;
  drop?(event: PointerEvent): void;
  /** What was taken is given up, for a second finger or as the browser asks; absent: a second finger changes nothing. */
  giveUp?(): void;
  tap?(event: PointerEvent): void;
  /** A finger has rested here. */
  hold?(press: PointerEvent): void;
  /** A press that is not taken has begun, or all are over. */
  busy?(on: boolean): void;
}

export type Doing = "over" | "moving" | "taken";

export interface Pointers {
  /** Gives up what the target has taken. */
  release(): void;
}

const WHEEL = 0.0015;
/** Pinching on a touchpad comes as a wheel with Ctrl, in smaller steps. */
const PINCH = 0.01;
/** Pixels for a line of the wheel. */
const LINE = 20;
const MOST_AT_ONCE = 200;
/** Moved by less, in CSS pixels, a press is a tap. */
const SLACK = { mouse: 4, pen: 6, touch: 9 } as const;
const HOLD_MS = 500;

/** The factor that a turn of the wheel zooms by. */
export function wheelFactor({ deltaY, deltaMode, ctrlKey }: WheelEvent): number {
  const delta = deltaY * (deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
  return Math.exp(-Math.max(-MOST_AT_ONCE, Math.min(MOST_AT_ONCE, delta)) * (ctrlKey ? PINCH : WHEEL));
}

/** One of two fingers has moved: the middle between them moves half as far, and what is under it stays there. */
export function pinch(target: Pick<PointerTarget, "pan" | "zoom">, was: Point, now: Point, other: Point): void {
  const distance = (finger: Point): number => Math.hypot(finger.x - other.x, finger.y - other.y);
  target.pan((now.x - was.x) / 2, (now.y - was.y) / 2);
  target.zoom(distance(now) / Math.max(1, distance(was)), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
}

interface Press {
  readonly event: PointerEvent;
  at: Point;
  travelled: boolean;
}

/** `ratio`: units of the points for each CSS pixel. The wheel is left to the caller where `wheel` is false. */
export function listenToPointers(
  element: HTMLElement,
  target: PointerTarget,
  { ratio = () => 1, wheel = true }: { readonly ratio?: () => number; readonly wheel?: boolean } = {},
): Pointers {
  const down = new Map<number, Press>();
  /** The pointer that the target has taken. */
  let taken: PointerEvent | undefined;
  /** More than one finger has been down, or a menu was asked for: no release is a tap. */
  let spent = false;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const point = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    const scale = ratio();
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  };
  const giveUp = (): void => {
    if (!taken) return;
    taken = undefined;
    target.giveUp?.();
  };
  const take = (press: PointerEvent): boolean => {
    if (!target.take?.(press)) return false;
    taken = press;
    return true;
  };

  element.addEventListener("pointerdown", (event) => {
    if (target.ignores ? target.ignores(event) : event.button > 1) return;
    if (taken?.pointerType === "pen" && event.pointerType === "touch") return; // the palm of the hand that draws
    if (taken && !target.giveUp) return;
    element.setPointerCapture(event.pointerId);
    clearTimeout(resting);
    const isFirst = down.size === 0;
    down.set(event.pointerId, { event, at: point(event), travelled: false });
    if (!isFirst) {
      spent = true;
      giveUp();
    } else {
      spent = false;
      if (target.eager && take(event)) return;
      if (target.hold && event.pointerType === "touch")
        resting = setTimeout(() => {
          spent = true;
          target.hold?.(event);
        }, HOLD_MS);
    }
    target.busy?.(true);
  });

  element.addEventListener("pointermove", (event) => {
    const press = down.get(event.pointerId);
    if (press) follow(press, event);
    target.move?.(event, !press ? "over" : taken?.pointerId === event.pointerId ? "taken" : "moving");
  });

  function follow(press: Press, event: PointerEvent): void {
    const now = point(event);
    const was = press.at;
    if (taken) {
      press.at = now;
      return;
    }
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (!press.travelled) {
      const slack = other ? 0 : (SLACK[event.pointerType as keyof typeof SLACK] ?? SLACK.mouse);
      if (Math.hypot(event.clientX - press.event.clientX, event.clientY - press.event.clientY) < slack) return;
      press.travelled = true;
      clearTimeout(resting);
      if (spent && !other) return;
      if (!other && !target.eager && take(press.event)) return;
    }
    press.at = now;
    if (other) pinch(target, was, now, other.at);
    else target.pan(now.x - was.x, now.y - was.y);
  }

  const up = (event: PointerEvent): void => {
    const press = down.get(event.pointerId);
    if (!press) return;
    clearTimeout(resting);
    down.delete(event.pointerId);
    const isCancelled = event.type === "pointercancel";
    if (taken?.pointerId === event.pointerId) {
      if (isCancelled && target.giveUp) giveUp();
      else {
        taken = undefined;
        target.drop?.(event);
      }
    } else if (!isCancelled && !spent && !press.travelled) target.tap?.(event);
    if (!down.size) target.busy?.(false);
  };
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", () => target.move?.(undefined, "over"));
  if (wheel)
    element.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        target.zoom(wheelFactor(event), point(event));
      },
      { passive: false },
    );

  return { release: giveUp };
}
