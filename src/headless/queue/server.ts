/** The server that a queue lies on: Redis or Valkey, found out about before anything is asked of it. */
import { Redis, type RedisOptions } from "ioredis";
import { EngineError, UsageError } from "../failure";
import { FORMAT } from "./job";

/** Of BullMQ's queue, and of what is kept beside it. */
export const QUEUE = "sftgan";
const FORMAT_KEY = "sftgan:format";
/** The oldest server that has the commands: Valkey begins at 7.2. */
const OLDEST = [6, 2] as const;
/** Milliseconds for a server to answer. */
const PATIENCE = 5000;

export interface Address {
  /** Without its password, for messages. */
  readonly shown: string;
  readonly options: RedisOptions;
}

const FORM = "it must be like redis://HOST:6379, redis://USER:PASSWORD@HOST:6379/0, or rediss:// for TLS";
const PASSWORD = "; write special characters of the password as %XX, or give it as SFTGAN_QUEUE_PASSWORD";

/** An address without its password, also where it is none and nobody knows where the password ends. */
const hiding = (text: string) => text.replace(/^((?:\w+:\/\/)?[^:]*:)(?!\/\/).*@/s, "$1…@");

/** "redis://user:password@host:port/database", or rediss:// for TLS. Throws UsageError for anything else. */
export function addressOf(text: string, environment: NodeJS.ProcessEnv = process.env): Address {
  const hidden = hiding(text);
  const wrong = () => new UsageError(`--queue is "${hidden}": ${FORM}${hidden === text ? "" : PASSWORD}`);
  const read = readUrl(text);
  if (!read) throw wrong();
  const { url, username } = read;
  const database = /^\/?(\d{0,4})$/.exec(url.pathname)?.[1];
  if (!["redis:", "rediss:"].includes(url.protocol) || url.hostname === "" || database === undefined || url.search || url.hash)
    throw wrong();
  const port = url.port === "" ? 6379 : Number(url.port);
  const password = read.password || environment.SFTGAN_QUEUE_PASSWORD;
  return {
    shown: `${url.protocol}//${url.username && `${url.username}@`}${url.hostname}:${port}${database ? `/${database}` : ""}`,
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port,
      ...(username && { username }),
      ...(password && { password }),
      ...(database && { db: Number(database) }),
      ...(url.protocol === "rediss:" && { tls: {} }),
    },
  };
}

/** What an address holds, decoded; undefined where it is none. */
function readUrl(text: string): { readonly url: URL; readonly username: string; readonly password: string } | undefined {
  try {
    const url = new URL(text);
    return { url, username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    return undefined;
  }
}

/** The server cannot be reached now, and may be later. */
export class Unreachable extends EngineError {}

const UNREACHABLE =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|LOADING|Connection is closed/;

export const isUnreachable = (error: unknown): boolean =>
  error instanceof Unreachable || UNREACHABLE.test(`${(error as NodeJS.ErrnoException).code ?? ""} ${(error as Error).message}`);

/** What went wrong with a server, in one message. */
export function serverError(error: unknown, { shown }: Address): EngineError {
  if (error instanceof EngineError) return error;
  const { message } = error as Error;
  if (/WRONGPASS|NOAUTH|invalid password|without any password|invalid username/i.test(message))
    return new EngineError(`the queue's server ${shown} refuses the password: give it in --queue, or as SFTGAN_QUEUE_PASSWORD`);
  if (/NOPERM/.test(message))
    return new EngineError(`the user may not do what is needed on ${shown} (${message}): give another user in --queue`);
  if (/DB index/.test(message))
    return new EngineError(`${shown} has no such database (${message}): give a lower number in --queue`);
  if (/OOM command/.test(message))
    return new EngineError(
      `the queue's server ${shown} has no memory left: raise its maxmemory, or cancel batches that are done`,
    );
  if (/Protocol error|reply type/.test(message)) return wrongServer(shown);
  if (isUnreachable(error)) {
    const code = (error as NodeJS.ErrnoException).code ?? message;
    return new Unreachable(`the queue's server ${shown} is not there (${code}): start it, or give another address in --queue`);
  }
  return new EngineError(`the queue's server ${shown} says "${message}": see that it is a Redis or Valkey server of its own`);
}

const wrongServer = (shown: string) => new EngineError(`${shown} is no Redis or Valkey server: give another address in --queue`);

/**
 * Connects to a server that has been found fit: reachable, of an age, with a queue of our format. Throws EngineError with one
 * message where it is not; `Unreachable` where it may be later.
 */
export async function openServer(address: Address): Promise<Redis> {
  await probe(address);
  const client = new Redis({ ...address.options, ...STEADY });
  client.on("error", () => {}); // whoever waits for it says so
  return client;
}

/** How connections that are kept come back by themselves. */
export const STEADY = {
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(2000, 100 * times),
} as const satisfies RedisOptions;

async function probe(address: Address): Promise<void> {
  const client = new Redis({ ...address.options, lazyConnect: true, connectTimeout: PATIENCE, retryStrategy: () => null });
  let first: unknown;
  client.on("error", (error) => {
    first ??= error;
  });
  const late = setTimeout(() => {
    first ??= wrongServer(address.shown); // it takes connections and says nothing
    client.disconnect();
  }, 2 * PATIENCE);
  try {
    await client.connect();
    await look(client, address);
  } catch (error) {
    throw serverError(first ?? error, address);
  } finally {
    clearTimeout(late);
    client.disconnect();
  }
}

async function look(client: Redis, { shown, options }: Address): Promise<void> {
  await client.select(options.db ?? 0); // which a connection tries by itself, and goes on with database 0 where there is none
  const info = await client.info();
  const version = /^redis_version:(\d+)\.(\d+)/m.exec(info);
  if (!version) throw wrongServer(shown);
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new EngineError(`${shown} is Redis ${major}.${minor}, and ${OLDEST.join(".")} is the oldest that will do: update it`);
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "noeviction";
  if (policy !== "noeviction")
    throw new EngineError(
      `${shown} throws keys away where memory is short (maxmemory-policy ${policy}), jobs among them: set it to noeviction`,
    );
  await client.setnx(FORMAT_KEY, FORMAT);
  const format = await client.get(FORMAT_KEY);
  if (format !== FORMAT)
    throw new EngineError(
      `the queue on ${shown} is of format ${format?.slice(0, 20)}, and this version of sftgan has format ${FORMAT}: use one version on all machines, or another database, such as ${shown.replace(/\/\d+$/, "")}/1`,
    );
}
