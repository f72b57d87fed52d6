/** Options that the commands of the queue share. */
import { UsageError } from "../failure";
import type { Options } from "../usage";

export const QUEUE_OPTION = {
  queue: {
    value: "URL",
    help: "the queue's server, Redis or Valkey: redis://USER:PASSWORD@HOST:6379/0, or rediss:// for TLS; a password may be in SFTGAN_QUEUE_PASSWORD instead",
  },
} as const satisfies Options;

export function queueOf(queue: string | undefined, command: string): string {
  if (queue !== undefined) return queue;
  throw new UsageError(`--queue URL is needed: see "sftgan ${command} --help"`);
}
