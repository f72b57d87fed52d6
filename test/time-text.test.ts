import { expect, it } from "vitest";
import { aboutText, roughTime, timeText } from "../src/time-text";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

it("A time left is rounded to what is of interest, up to days", () => {
  const times = [200, 59 * SECOND, MINUTE, 3599 * SECOND, 11_100 * SECOND, 190_000 * SECOND];
  expect(times.map(roughTime)).toEqual(["1 s", "59 s", "1 min", "1 h", "3 h 5 min", "2 d 4 h"]);
});

it("A time to come is said the more roughly the longer it is", () => {
  const times = [
    900,
    4200,
    23 * SECOND,
    54.9 * SECOND,
    58 * SECOND,
    4.2 * MINUTE,
    59.8 * MINUTE,
    83 * MINUTE,
    2 * HOUR,
    52 * HOUR,
  ];
  const said = ["a second", "4 s", "25 s", "55 s", "1 min", "4 min", "1 h", "1 h 20 min", "2 h", "2 d 4 h"];
  expect(times.map(aboutText)).toEqual(said.map((text, i) => (i === 0 ? text : `about ${text}`)));
});

it("What something took is said to the second, or to the minute past an hour, and no minute has sixty seconds", () => {
  const times = [0.84, 240, 3210, 59_970, 125 * SECOND, 119.7 * SECOND, 59.995 * MINUTE, 11_100 * SECOND];
  expect(times.map(timeText)).toEqual(["0.8 ms", "240 ms", "3.2 s", "1 min 0 s", "2 min 5 s", "2 min 0 s", "1 h", "3 h 5 min"]);
});
