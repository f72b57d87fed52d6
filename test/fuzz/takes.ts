/** Takes kept in a graph: recipes that go round in circles, name what is not there, or are shared by many. */
import fc from "fast-check";
import { cleanGraph } from "../../src/graph/clean";
import { filesIn, graphOf, withoutData } from "../../src/graph/recipe";
import {
  addTake,
  LONGEST_NAME,
  MOST_TAKES,
  NO_TAKES,
  readTakes,
  recipeOf,
  removeTake,
  renameTake,
  withTakes,
} from "../../src/graph/takes";
import { checkMessages, graphs, look } from "./graph";
import { type Json, json, jsonLike, text } from "./json";
import { checkRefusal, holds, type Kind, same } from "./kind";

const index = fc.oneof(fc.nat(8), fc.integer());
const origin = fc.oneof(
  { arbitrary: fc.tuple(index, fc.constantFrom("image", "prior")), weight: 6 },
  { arbitrary: json, weight: 1 },
);
const node = fc.record(
  {
    id: fc.oneof(fc.nat(9), json),
    type: fc.oneof(fc.constantFrom("sftgan/load-lr", "sftgan/constant-prior", "sftgan/preview"), text),
    title: text,
    properties: fc.oneof(
      fc.constant({}),
      fc.constant({ file: { name: "a", data: "AAAA" } }),
      fc.dictionary(text, json, { maxKeys: 3 }),
    ),
    inputs: fc.oneof(
      { arbitrary: fc.dictionary(fc.constantFrom("picture", "prior", "a"), origin, { maxKeys: 3 }), weight: 6 },
      { arbitrary: json, weight: 1 },
    ),
  },
  { requiredKeys: ["id", "type"] },
);
const made = fc.record({
  nodes: fc.array(fc.oneof({ arbitrary: node, weight: 9 }, { arbitrary: json, weight: 1 }), { maxLength: 9 }),
  list: fc.array(fc.record({ name: text, result: origin }), { maxLength: 60 }),
});
const stored = (takes: unknown) => ({ nodes: [], links: [], extra: { sftgan: { version: 1, takes } } }) as unknown as Json;

const kept = graphs.filter((graph) => JSON.stringify(graph).includes('"takes"'));

export const takes: Kind<Json> = {
  name: "takes",
  ending: "json",
  inputs: fc.oneof(jsonLike(kept), made.map(stored), made.map(stored), json.map(stored)),
  async check(input) {
    const graph = cleanGraph(input);
    const { takes, problems } = readTakes(graph);
    checkMessages(problems);
    holds(takes.list.length <= MOST_TAKES, `there are ${takes.list.length} takes`);
    for (const { name } of takes.list) holds(name !== "" && [...name].length <= LONGEST_NAME, `a take is called ${name}`);
    const again = readTakes(cleanGraph(JSON.parse(JSON.stringify({ ...graph, extra: { sftgan: withTakes({}, takes) } }))));
    same(again.takes, takes, "takes written and read again differ");
    holds(again.problems.length === 0, `takes that were read are refused: ${again.problems}`);
    await filesIn(graph);
    let copies = NO_TAKES;
    for (const take of takes.list) {
      const recipe = recipeOf(takes, take);
      look(graphOf(recipe.nodes, (entry) => entry + 1));
      try {
        await withoutData(recipe);
      } catch (error) {
        checkRefusal(error, undefined);
      }
      copies = addTake(copies, take.name, recipe);
    }
    same(
      copies.list.map(({ name }) => name),
      takes.list.map(({ name }) => name),
      "takes kept one by one differ",
    );
    if (takes.list.length > 0) {
      same(removeTake(takes, 0).list.length, takes.list.length - 1, "takes after one was deleted");
      same(renameTake(takes, 0, "other").list.slice(1), takes.list.slice(1), "the other takes after one was renamed");
    }
  },
};
