/** Which of many things fit what is typed, and how well. No DOM. */

const fold = (text: string): string => text.normalize("NFKD").toLowerCase().replaceAll("×", "x");

export interface Findable {
  readonly title: string;
  /** Other words that it is found by. */
  readonly words?: string;
  /** Sentences about it. */
  readonly help?: string;
}

/** Above all that the words of a query can sum up to. */
const WHOLE = 1000;

/** What matches every typed word, the best first: exact titles, then titles by where the word is in them, other words, help. */
export function ranked<T>(things: readonly T[], query: string, describe: (thing: T) => Findable): T[] {
  const typed = fold(query).trim();
  const words = typed.split(/\s+/).filter(Boolean);
  if (!words.length) return [...things];
  const score = (thing: T): number => {
    const { title, words: others = "", help = "" } = describe(thing);
    const [name, rest, more] = [title, others, help].map(fold) as [string, string, string];
    let sum = name === typed ? WHOLE : 0;
    for (const word of words) {
      const at = name.indexOf(word);
      if (at >= 0) {
        const starts = at === 0 || /[^\p{L}\p{N}]/u.test(name[at - 1]!);
        const ends = at + word.length === name.length || /[^\p{L}\p{N}]/u.test(name[at + word.length]!);
        sum += (at === 0 ? 10 : starts ? 7 : 4) + (starts && ends ? 2 : 0);
      } else if (rest.includes(word)) sum += 2;
      else if (more.includes(word)) sum += 1;
      else return 0;
    }
    return sum;
  };
  return things
    .map((thing, index) => ({ thing, index, score: score(thing) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((entry) => entry.thing);
}
