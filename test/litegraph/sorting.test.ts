import { expect, it, vi } from "vitest";
import { sortedOnce } from "../../src/litegraph/sorting";
import { graphOf } from "./fake";

it("Of many changes at once a graph's order is found once, at their end, where one of them throws too", () => {
  const { graph, nodes } = graphOf("test/everything", "test/sink", "test/sink");
  const [first, second, third] = nodes;
  const sort = vi.spyOn(Object.getPrototypeOf(graph), "updateExecutionOrder");
  sortedOnce(graph, () => {
    first!.connect(0, third!, 0);
    graph.remove(second!);
    expect(sort).not.toHaveBeenCalled();
  });
  expect(sort).toHaveBeenCalledTimes(1);
  expect([first, third].map((node) => (node as unknown as { order: number }).order)).toEqual([0, 1]);
  const fail = () => {
    graph.remove(third!);
    throw new Error("no");
  };
  expect(() => sortedOnce(graph, fail)).toThrow("no");
  expect(sort).toHaveBeenCalledTimes(2);
  sortedOnce(graph, () => {});
  expect(sort).toHaveBeenCalledTimes(2);
  graph.updateExecutionOrder();
  expect(sort).toHaveBeenCalledTimes(3);
  sort.mockRestore();
});
