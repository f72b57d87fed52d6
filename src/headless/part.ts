/**
 * `--part 3/8`: one batch over several machines without a server, such as the tasks of an array job. Every task plans the whole
 * batch and does what falls to its part.
 */
import { createHash } from "node:crypto";
import { UsageError } from "./failure";

export interface Part {
  /** Counted from 1. */
  readonly number: number;
  readonly of: number;
}

const MOST = 1_000_000;

/** "3/8", or "auto". Throws UsageError for anything else, and where "auto" finds no array job. */
export function partOf(text: string, environment: NodeJS.ProcessEnv = process.env): Part {
  if (text === "auto") return arrayPart(environment);
  const [, number, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (number !== undefined && of !== undefined) {
    const part = { number: Number(number), of: Number(of) };
    if (part.of <= MOST && part.number >= 1 && part.number <= part.of) return part;
  }
  throw new UsageError(
    `--part is "${text}": it must be like 3/8, the number of the part from 1 and how many there are, at most ${MOST}; or auto`,
  );
}

/** Where array jobs say which task this is, and of how many. */
const ENGINES = [
  {
    engine: "Kubernetes",
    index: "JOB_COMPLETION_INDEX",
    count: "JOB_COMPLETIONS",
    hint: ", which the manifest must set",
  },
  { engine: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", count: "AWS_BATCH_JOB_ARRAY_SIZE", hint: "" },
  { engine: "Slurm", index: "SLURM_ARRAY_TASK_ID", count: "SLURM_ARRAY_TASK_COUNT", hint: "" },
] as const;

function arrayPart(environment: NodeJS.ProcessEnv): Part {
  const found = ENGINES.filter(({ index }) => environment[index]);
  const [engine, other] = found;
  if (!engine)
    throw new UsageError(
      `--part auto reads ${ENGINES.map(({ index }) => index).join(", ")}, and none is set: start it as an array job, or give a part such as 3/8`,
    );
  if (other)
    throw new UsageError(`--part auto finds both ${engine.index} and ${other.index} set: give a part such as 3/8, or unset one`);
  const read = (name: string, hint = ""): number => {
    const text = environment[name];
    if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
    const is = text === undefined ? "is not set" : `is "${text}"`;
    throw new UsageError(
      `--part auto: ${name} ${is}, and ${engine.engine} has a whole number there${hint}: set it, or give a part such as 3/8`,
    );
  };
  const index = read(engine.index);
  const of = read(engine.count, engine.hint);
  const number = engine.engine === "Slurm" ? slurmNumber(index, of, environment) : index + 1;
  if (of >= 1 && of <= MOST && number >= 1 && number <= of) return { number, of };
  throw new UsageError(
    `--part auto: ${engine.index} is ${index} and ${engine.count} is ${of}, which is no part of a whole: give a part such as 3/8`,
  );
}

/** Slurm numbers its tasks as --array says: from any number, in steps. A list with gaps says nothing of the parts that are missing. */
function slurmNumber(index: number, of: number, environment: NodeJS.ProcessEnv): number {
  const number = (name: string, otherwise: number) => {
    const text = environment[name] ?? "";
    return /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
  };
  const min = number("SLURM_ARRAY_TASK_MIN", 0);
  const step = Math.max(1, number("SLURM_ARRAY_TASK_STEP", 1));
  const max = number("SLURM_ARRAY_TASK_MAX", min + (of - 1) * step);
  const place = (index - min) / step;
  if (Number.isInteger(place) && Math.floor((max - min) / step) + 1 === of) return place + 1;
  throw new UsageError(
    `--part auto: this Slurm array has ${of} tasks from ${min} to ${max}, with gaps, so which part task ${index} is cannot be told: give --part NUMBER/COUNT`,
  );
}

/**
 * What falls to a part, in the order it has. By the hash of each picture's place, not by its number in the list: so that each
 * falls to one part and one only, even where tasks that start hours apart find other pictures beside it.
 */
export function inPart<J extends { readonly place: string }>(jobs: readonly J[], { number, of }: Part): J[] {
  return jobs.filter(
    ({ place }) => createHash("sha256").update(place.normalize("NFC")).digest().readUIntBE(0, 6) % of === number - 1,
  );
}
