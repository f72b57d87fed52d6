import { expect, it } from "vitest";
import type { SampleRequest } from "../../../src/browser/protocol";
import { Sampler } from "../../../src/editor/viewer/sampler";
import type { Sample } from "../../../src/types";

it("the pixel under the pointer is asked for one at a time, the last one last, and none once the pointer has left", async () => {
  const asked: number[] = [];
  const answers: ((sample: Sample | undefined) => void)[] = [];
  const told: (number | undefined)[] = [];
  const sampler = new Sampler(
    ({ x }: SampleRequest) => {
      asked.push(x);
      return new Promise((resolve) => answers.push(resolve));
    },
    (sample) => told.push(sample?.values[0]),
  );
  const answer = async (value: number): Promise<void> => {
    answers.shift()!({ type: "image", values: [value] });
    await new Promise((resolve) => setTimeout(resolve));
  };
  for (const x of [1, 2, 3]) sampler.want({ node: "1", x, y: 0 });
  expect(asked).toEqual([1]);
  await answer(10);
  expect(asked).toEqual([1, 3]);
  await answer(30);
  expect(told).toEqual([10, 30]);
  sampler.want({ node: "1", x: 4, y: 0 });
  sampler.want(undefined);
  await answer(40);
  expect([told, asked]).toEqual([
    [10, 30, undefined],
    [1, 3, 4],
  ]);
});
