/** What every message for people is: one message on one line, short enough to stand on a node. */
import { expect } from "vitest";

export const MOST_CHARACTERS = 400;

export function expectMessage(message: string): void {
  expect(message.length, message).toBeLessThan(MOST_CHARACTERS);
  expect(message.length).toBeGreaterThan(10);
  expect(message).not.toMatch(/[\n\r]/);
  expect(message, "an error of JavaScript's own").not.toMatch(/is not a function|Cannot read|\[object |undefined \(/);
}

/** The message that `run` is refused with. Fails where it succeeds, or says something else than a message. */
export async function refusal(run: () => unknown): Promise<string> {
  let message: string | undefined;
  try {
    await run();
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message, "it was not refused").toBeDefined();
  expectMessage(message!);
  return message!;
}
