/** The operands of a pickle's instructions. Each takes its size from bytes that are really there. */
import { quoted } from "../quoted";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder("utf-8", { ignoreBOM: true });

/** More bytes than any number in a checkpoint has; the stream's magic number has ten. */
const LONGEST_INTEGER = 16;
/** More characters than any function that a pickle may name has. */
const LONGEST_NAME = 256;

export class PickleBytes {
  /** The file's name as it is said. */
  readonly file: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  /** From byte `start` on. `name`: the file's. */
  constructor(bytes: Uint8Array, start: number, name: string) {
    this.file = quoted(name);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }

  /** The offset of the next byte. */
  get at(): number {
    return this.#at;
  }
  /** Of the whole file, in bytes. */
  get length(): number {
    return this.#bytes.length;
  }

  malformed(what: string): Error {
    return new Error(`${this.file} is damaged: ${what} at byte ${this.#at} of its pickle; fetch it again`);
  }

  /** Moves past `count` bytes and returns where they start. */
  take(count: number): number {
    if (!(count <= this.length - this.#at)) throw new Error(`${this.file} is cut short within its pickle; fetch it again`);
    this.#at += count;
    return this.#at - count;
  }

  uint8(): number {
    return this.#view.getUint8(this.take(1));
  }
  uint16(): number {
    return this.#view.getUint16(this.take(2), true);
  }
  uint32(): number {
    return this.#view.getUint32(this.take(4), true);
  }
  int32(): number {
    return this.#view.getInt32(this.take(4), true);
  }
  uint64(): number {
    return Number(this.#view.getBigUint64(this.take(8), true));
  }
  /** With its first byte first, unlike all others. */
  float64(): number {
    return this.#view.getFloat64(this.take(8));
  }

  text(length: number): string {
    const part = this.#part(length);
    try {
      return UTF8.decode(part);
    } catch {
      throw this.malformed("text that is not UTF-8");
    }
  }

  /** A string of Python 2, which says nothing of its encoding. */
  byteText(length: number): string {
    return LENIENT.decode(this.#part(length));
  }

  line(): string {
    const length = this.#bytes.subarray(this.#at, this.#at + LONGEST_NAME).indexOf(10);
    if (length < 0) throw this.malformed("a name without end");
    const result = this.byteText(length);
    this.take(1);
    return result;
  }

  /** A BigInt where no number is exact. */
  integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) throw this.malformed(`an integer of ${length} bytes, more than ${LONGEST_INTEGER},`);
    const value = BigInt.asIntN(
      8 * length,
      this.#part(length).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
    );
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #part(length: number): Uint8Array {
    const from = this.take(length);
    return this.#bytes.subarray(from, from + length);
  }
}
