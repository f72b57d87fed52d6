/** What `sftgan upscale` finds at OUT: its own result, which is skipped or made anew, or somebody else's file, which stays. */
import { recipeHashIn } from "./own";
import type { Guard } from "./replace";

/**
 * Whether the result is there: made by this recipe, whatever the dates of the files. False where nothing is there, an empty
 * file, or a result made otherwise. Throws an error where what is there must stay.
 */
export async function isDone(path: string, recipe: string, guard: Guard): Promise<boolean> {
  let made: string | undefined;
  const there = await guard.check(path, async (bytes) => {
    made = await recipeHashIn(bytes);
    return made !== undefined;
  });
  return there && made === recipe;
}
