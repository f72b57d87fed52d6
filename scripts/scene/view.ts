/** Where the scene is seen from: a level camera above flat ground. Metres, and pixels of a picture of 640×480. */

export const WIDTH = 640;
export const HEIGHT = 480;
export const HORIZON = 200;
/** The camera's height above the ground, and its focal length in pixels. */
export const EYE = 4;
export const FOCAL = 520;

/** Distance of the ground seen at row `y`, below the horizon. */
export const distanceAt = (y: number): number => (EYE * FOCAL) / Math.max(y - HORIZON, 0.5);
/** Pixels to a metre at the distance of the ground seen at row `y`. */
export const pixelsPerMetre = (y: number): number => FOCAL / distanceAt(y);
/** How far right of the middle the ground at pixel (x, y) lies. */
export const acrossAt = (x: number, y: number): number => ((x - WIDTH / 2) * distanceAt(y)) / FOCAL;

/** The row where the lake meets the meadow. */
export const shore = (x: number): number => 262 + 9 * Math.sin(x / 83 + 0.6) + 4 * Math.sin(x / 31) + 2 * Math.sin(x / 9);
/** The row where the lake meets the far bank. */
export const FAR_SHORE = 213;
