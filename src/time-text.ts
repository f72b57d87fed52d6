/** Times for people, all from milliseconds: how long something took, how long it may still take. */

const MINUTE = 60_000;

/** Rounded to what is of interest: "40 s", "12 min", "3 h 5 min", "2 d 4 h". */
export function roughTime(ms: number): string {
  if (ms < 59_500) return `${Math.ceil(ms / 1000)} s`;
  const minutes = Math.round(ms / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) return `${minutes} min`;
  return hours < 48 ? twoParts(hours, "h", minutes % 60, "min") : twoParts(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** To come, roughly: "a second", "about 25 s", "about 4 min", "about 1 h 20 min", "about 2 d 4 h". */
export function aboutText(ms: number): string {
  if (ms < 1500) return "a second";
  const step = ms < 10_000 ? 1000 : ms < 55_000 ? 5000 : ms < 59.5 * MINUTE ? MINUTE : 10 * MINUTE;
  return `about ${roughTime(step * Math.round(ms / step))}`;
}

/** What something took: "0.8 ms", "240 ms", "3.2 s", "2 min 5 s", "3 h 5 min". */
export function timeText(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 59.99 * MINUTE) return roughTime(ms);
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const twoParts = (large: number, unit: string, small: number, smaller: string): string =>
  `${large} ${unit}${small ? ` ${small} ${smaller}` : ""}`;
