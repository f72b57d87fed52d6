import { expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { AppSession } from "../../../src/editor/app/session";
import { withValues } from "../../../src/graph/subgraphs";
import { graphOf } from "../../graph-builder";

const start = () =>
  new AppSession(
    graphOf([
      ["blend-models", { amount: 0.5 }],
      ["number", { value: 1 }],
    ]),
    definitions,
  );
const valuesOf = ({ graph }: AppSession) => graph.nodes.map(({ properties }) => properties!.amount ?? properties!.value);

it("What is set in an app is undone step by step; a slider that is dragged is one step", () => {
  const session = start();
  session.set(1, { amount: 0.6 }, 1000);
  session.set(1, { amount: 0.7 }, 1400);
  session.set(2, { value: 5 }, 1500);
  session.set(1, { amount: 0.8 }, 1600);
  session.set(1, { amount: 0.9 }, 9000);
  expect(valuesOf(session)).toEqual([0.9, 5]);
  const back = [0, 1, 2, 3].map(() => {
    session.undo();
    return valuesOf(session);
  });
  expect(back).toEqual([
    [0.8, 5],
    [0.7, 5],
    [0.7, 1],
    [0.5, 1],
  ]);
  expect([session.canUndo, session.canRedo]).toEqual([false, true]);
  session.undo();
  session.redo();
  expect(valuesOf(session)).toEqual([0.7, 1]);
});

it("What replaces the graph, as each stroke that is painted does, is a step of its own however soon it comes", () => {
  const session = start();
  for (const [i, amount] of [0.1, 0.2, 0.3].entries()) session.replace(withValues(session.graph, 1, { amount }), 1000 + i);
  session.undo();
  expect(valuesOf(session)).toEqual([0.2, 1]);
});

it("What is set after an undo ends redo, and is a step of its own", () => {
  const session = start();
  session.set(1, { amount: 0.6 }, 1000);
  session.undo();
  session.set(1, { amount: 0.1 }, 1100);
  expect([session.canRedo, session.canUndo]).toEqual([false, true]);
  session.undo();
  expect(valuesOf(session)).toEqual([0.5, 1]);
});

it("As many steps are kept as a person goes back", () => {
  const session = start();
  for (let i = 0; i < 300; i++) session.set(2, { value: i }, 10_000 * i);
  let count = 0;
  for (; session.canUndo; count++) session.undo();
  expect(count).toBeLessThan(120);
  expect(valuesOf(session)).toEqual([0.5, 300 - count - 1]);
});
