/** Which servers a queue may lie on, and what is said of others. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedis } from "../../../scripts/redis.mjs";
import { UsageError } from "../../../src/headless/failure";
import { addressOf, openServer, Unreachable } from "../../../src/headless/queue/server";
import { refusal } from "../../message";

const NOTHING = "redis://127.0.0.1:1";

describe("addressOf", () => {
  it("reads an address, and shows it without its password", () => {
    expect(addressOf("redis://me:s%40crt@host:7000/2", {})).toEqual({
      shown: "redis://me@host:7000/2",
      options: { host: "host", port: 7000, username: "me", password: "s@crt", db: 2 },
    });
    expect(addressOf("rediss://host", {})).toEqual({
      shown: "rediss://host:6379",
      options: { host: "host", port: 6379, tls: {} },
    });
    expect(addressOf("redis://[::1]:7000", { SFTGAN_QUEUE_PASSWORD: "p" }).options).toEqual({
      host: "::1",
      port: 7000,
      password: "p",
    });
  });

  it.each(["", "host:6379", "http://host", "redis://", "redis://host/name", "redis://host/1?x=2", "localhost"])(
    'refuses "%s"',
    (text) => {
      expect(() => addressOf(text, {})).toThrow(`--queue is "${text}": it must be like redis://HOST:6379`);
    },
  );

  it.each([
    ["redis://me:secret@host/name", "redis://me:…@host/name"],
    ["redis://me:secret%@host", "redis://me:…@host"],
    ["redis://:secret#1@host", "redis://:…@host"],
    ["redis://:secret/1@host", "redis://:…@host"],
    ["redis://me:secret^1@host/name", "redis://me:…@host/name"],
    ["redis://me:secret@1@host/name", "redis://me:…@host/name"],
    ["redis://me@home:secret@host/name", "redis://me@home:…@host/name"],
    ["me:secret@host", "me:…@host"],
  ])("shows no password in a message, and says how its characters are written: %s", async (text, shown) => {
    expect(() => addressOf(text, {})).toThrow(UsageError);
    const message = await refusal(() => addressOf(text, {}));
    expect(message).toContain(`--queue is "${shown}": it must be like`);
    expect(message).toContain("; write special characters of the password as %XX, or give it as SFTGAN_QUEUE_PASSWORD");
  });
});

describe("openServer", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis("--requirepass", "right");
  });
  afterAll(() => redis.close());
  const open = (text: string) => openServer(addressOf(text, {}));
  const at = (password: string) => redis.url.replace("//", `//:${password}@`);

  it("takes one that is fit, and marks the format of its queue", async () => {
    const client = await open(at("right"));
    expect(await client.get("sftgan:format")).toBe("1");
    client.disconnect();
  });

  it("says what is wrong with another", async () => {
    await expect(open(NOTHING)).rejects.toThrow(Unreachable);
    await expect(open(NOTHING)).rejects.toThrow("the queue's server redis://127.0.0.1:1 is not there (ECONNREFUSED): start it");
    for (const url of [at("wrong"), redis.url])
      await expect(open(url)).rejects.toThrow("refuses the password: give it in --queue");
    await expect(open(`${at("right")}/99`)).rejects.toThrow("has no such database");
    const web = createServer((_, response) => response.end("<html>")).listen(0, "127.0.0.1");
    await new Promise((resolve) => web.on("listening", resolve));
    await expect(open(`redis://127.0.0.1:${(web.address() as AddressInfo).port}`)).rejects.toThrow(
      "is no Redis or Valkey server",
    );
    web.close();
  });

  it("refuses a queue of another format, and a server that throws keys away", async () => {
    const client = await open(at("right"));
    await client.set("sftgan:format", "2");
    await expect(open(at("right"))).rejects.toThrow(
      `the queue on ${redis.url} is of format 2, and this version of sftgan has format 1`,
    );
    await client.set("sftgan:format", "1");
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    await expect(open(at("right"))).rejects.toThrow("maxmemory-policy allkeys-lru), jobs among them: set it to noeviction");
    client.disconnect();
  });
});
