/** Draws the icons of the installed page into public/ (`node scripts/icons.mjs`). */
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const folder = fileURLToPath(new URL("../public/", import.meta.url));

/** The page's icon on a 16 × 16 grid: an image's node that feeds a result. A mask may cut what lies outside the middle. */
const drawing = (/** @type {boolean} */ maskable) => `
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
  <rect width="16" height="16" rx="${maskable ? 0 : 4}" fill="#1e222a"/>
  <g transform="${maskable ? "translate(2.4 2.4) scale(0.7)" : ""}">
    <rect x="3" y="3" width="4" height="4" rx="1" fill="#5b9dff"/>
    <path d="M7 5h2a2 2 0 0 1 2 2v2" stroke="#5b9dff" fill="none"/>
    <rect x="7" y="7" width="7" height="7" rx="1.5" fill="#3ed6b5"/>
  </g>
</svg>`;

for (const [name, size, maskable] of /** @type {const} */ ([
  ["icon-192.png", 192, false],
  ["icon-512.png", 512, false],
  ["icon-maskable-512.png", 512, true],
]))
  await sharp(Buffer.from(drawing(maskable)), { density: (72 * size) / 16 })
    .resize(size, size)
    .png({ palette: true })
    .toFile(folder + name);
