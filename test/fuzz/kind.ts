/**
 * A fuzzer: how inputs of one kind are made, and what must hold for each. The same list of them runs in `npm test`, a few
 * hundred inputs each, and in `npm run fuzz`, any number, each bounded in time and memory.
 */
import type fc from "fast-check";
import { PartialPictureError } from "../../src/codec/header";
import { GraphError } from "../../src/graph/clean";

export interface Kind<Input = unknown> {
  readonly name: string;
  /** Valid files changed a little, and files made from scratch. Every input can be cloned from one process to another. */
  readonly inputs: fc.Arbitrary<Input>;
  /**
   * Reads the input and throws `Broken` where the value is not valid. A refusal, which is one message for people, may be
   * thrown; any other error is a fault.
   */
  check(input: Input): unknown;
  /** What every refusal names, such as the file. */
  readonly named?: string;
  /** How many run in `npm test`; 300 where it does not say. */
  readonly runs?: number;
  /** How an input is saved. */
  readonly ending: string;
}

/** The name that fuzzed files have. */
export const NAME = "fuzzed.file";

/** What was read is not what it must be. */
export class Broken extends Error {
  override readonly name = "Broken";
}

export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}

/** Fails unless both are the same as JSON. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [now, then] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (now === then) return;
  let at = 0;
  while (now?.[at] === then?.[at]) at++;
  const around = (text: string | undefined) => text?.slice(Math.max(0, at - 60), at + 60);
  throw new Broken(`${what}: …${around(now)}… instead of …${around(then)}…`);
}

const MOST_CHARACTERS = 400;

/** The classes of the project's own errors. */
const OWN: readonly unknown[] = [Error, GraphError, PartialPictureError];

/** Throws `Broken` unless the error is a refusal: the project's own, one line, not too long, about the file. */
export function checkRefusal(error: unknown, named: string | undefined): void {
  if (error instanceof Broken) throw error;
  const { message, constructor: type } = error as Error;
  if (!OWN.includes(type) || "code" in (error as Error))
    // libraries and Node put codes on theirs
    throw new Broken(`it ended in an error of another's: ${(error as Error)?.stack ?? error}`, { cause: error });
  const wrong =
    message.length <= 10 || message.length > MOST_CHARACTERS
      ? `is ${message.length} characters long`
      : /[\p{Cc}\u2028\u2029]/u.test(message)
        ? "has control characters"
        : /is not a function|Cannot read|\[object |\bundefined\b/.test(message)
          ? "is JavaScript's own"
          : named !== undefined && !message.includes(named)
            ? `does not name ${named}`
            : undefined;
  if (wrong) throw new Broken(`the message ${wrong}: ${JSON.stringify(message)} ${(error as Error).stack}`, { cause: error });
}

const GUARDED = [Object, Array, Function, String, Number, Boolean, Promise, Map, Set, Error, Uint8Array, DataView].flatMap(
  (type) => [type, type.prototype as object],
);
const prints = () => GUARDED.map((target) => Reflect.ownKeys(target).length);
const PRISTINE = prints();

/** Runs the check of one input. True: a value was read; false: it was refused. Throws `Broken` for anything else. */
export async function holdsFor<Input>(kind: Kind<Input>, input: Input): Promise<boolean> {
  let read = true;
  try {
    await kind.check(input);
  } catch (error) {
    checkRefusal(error, kind.named);
    read = false;
  }
  holds(String(prints()) === String(PRISTINE), "a prototype was changed");
  const plain: Record<string, unknown> = {};
  for (const key in plain) throw new Broken(`every object has the key ${key}`);
  return read;
}
