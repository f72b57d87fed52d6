/** PNG's five row filters, both ways (W3C PNG, third edition, section 9). A row is bytes; `stride` is the bytes of a pixel. */

const paeth = (a: number, b: number, c: number) => {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - c - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

/** Undoes filter 0 to 4 on `row` in place, given the row above it, unfiltered. False where there is no such filter. */
export function unfilter(filter: number, row: Uint8Array, above: Uint8Array, stride: number): boolean {
  const n = row.length;
  switch (filter) {
    case 0:
      return true;
    case 1:
      for (let i = stride; i < n; i++) row[i]! += row[i - stride]!;
      return true;
    case 2:
      for (let i = 0; i < n; i++) row[i]! += above[i]!;
      return true;
    case 3:
      for (let i = 0; i < stride && i < n; i++) row[i]! += above[i]! >> 1;
      for (let i = stride; i < n; i++) row[i]! += (row[i - stride]! + above[i]!) >> 1;
      return true;
    case 4:
      for (let i = 0; i < stride && i < n; i++) row[i]! += above[i]!;
      for (let i = stride; i < n; i++) row[i]! += paeth(row[i - stride]!, above[i]!, above[i - stride]!);
      return true;
    default:
      return false;
  }
}

/**
 * Writes the filter's number and the filtered row to `out` at `at`. The filter is the one whose results, taken as signed
 * bytes, have the least sum of magnitudes: the heuristic that PNG's authors recommend (section 12.7).
 */
export function filterRow(row: Uint8Array, above: Uint8Array, stride: number, out: Uint8Array, at: number): void {
  const n = row.length;
  let none = 0;
  let sub = 0;
  let up = 0;
  let average = 0;
  let predicted = 0;
  const size = (v: number) => Math.abs((v << 24) >> 24);
  for (let i = 0; i < n; i++) {
    const x = row[i]!;
    const a = i < stride ? 0 : row[i - stride]!;
    const b = above[i]!;
    const c = i < stride ? 0 : above[i - stride]!;
    none += size(x);
    sub += size(x - a);
    up += size(x - b);
    average += size(x - ((a + b) >> 1));
    predicted += size(x - paeth(a, b, c));
  }
  const least = Math.min(none, sub, up, average, predicted);
  const filter = [none, sub, up, average, predicted].indexOf(least);
  out[at] = filter;
  const to = at + 1;
  if (filter === 0) out.set(row, to);
  else if (filter === 1) for (let i = 0; i < n; i++) out[to + i] = row[i]! - (i < stride ? 0 : row[i - stride]!);
  else if (filter === 2) for (let i = 0; i < n; i++) out[to + i] = row[i]! - above[i]!;
  else if (filter === 3)
    for (let i = 0; i < n; i++) out[to + i] = row[i]! - (((i < stride ? 0 : row[i - stride]!) + above[i]!) >> 1);
  else
    for (let i = 0; i < n; i++)
      out[to + i] = row[i]! - paeth(i < stride ? 0 : row[i - stride]!, above[i]!, i < stride ? 0 : above[i - stride]!);
}
