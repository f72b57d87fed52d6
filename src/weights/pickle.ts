/**
 * A reader of the pickles that torch.save writes. A pickle is a program for a small stack machine; this machine knows the
 * instructions that build dictionaries, lists, tuples, numbers and strings, and of the functions a pickle may name it
 * knows the few that make tensors (the list is `ALLOWED`). Every other function is refused by name before anything is
 * built from it, and nothing is ever called or imported. Instructions: Python's Lib/pickletools.py.
 *
 * The machine has no recursion, and each instruction takes its size from bytes that are really there, so that a hostile
 * file costs no more than a long one.
 */

import { quoted } from "../quoted";
import type { ElementType } from "./host-tensor";

/** A stretch of elements the tensors look into. Its bytes lie elsewhere in the file, under `key`. */
export class Storage {
  constructor(
    readonly type: ElementType,
    readonly key: string,
    /** Elements in the storage `key`. */
    readonly count: number,
    /** The part of it this storage is; absent: all. */
    readonly part?: { readonly offset: number; readonly count: number },
  ) {}
}

/** A tensor as pickled: a view of a storage, not yet checked against it. Offset and strides count elements. */
export class TensorView {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** One of `ALLOWED`, as a value. */
class Callable {
  constructor(
    readonly name: string,
    readonly storageType?: ElementType,
  ) {}
}

/** What a pickle may be: dictionaries become Maps, lists and tuples become arrays. */
export type Value = null | boolean | number | bigint | string | Value[] | Dictionary | Storage | TensorView | Callable;
export type Dictionary = Map<Value, Value>;

const STORAGES: Readonly<Record<string, ElementType>> = {
  BoolStorage: "bool",
  ByteStorage: "uint8",
  CharStorage: "int8",
  ShortStorage: "int16",
  IntStorage: "int32",
  LongStorage: "int64",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  FloatStorage: "float32",
  DoubleStorage: "float64",
};

const ALLOWED: ReadonlyMap<string, Callable> = new Map(
  [
    ...["collections.OrderedDict", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2"].map((n) => new Callable(n)),
    new Callable("torch._utils._rebuild_parameter"),
    ...["torch", "torch.cuda"].flatMap((module) =>
      Object.entries(STORAGES).map(([name, type]) => new Callable(`${module}.${name}`, type)),
    ),
  ].map((callable) => [callable.name, callable]),
);

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder("utf-8", { ignoreBOM: true });

/** More bytes than any number in a checkpoint has; the stream's magic number has ten. */
const LONGEST_INTEGER = 16;
/** More characters than any function on the list has. */
const LONGEST_NAME = 256;

export interface Unpickled {
  /** Lists and dictionaries in it may contain themselves. */
  readonly value: Value;
  /** Offset of the byte after the pickle. */
  readonly end: number;
  /** The storages it refers to, whole, by key. */
  readonly storages: ReadonlyMap<string, Storage>;
}

/**
 * Runs the pickle that starts at byte `start`. Throws an error that names the file `name` where the pickle is cut short,
 * malformed, or asks for more than tensors and plain data.
 */
export function unpickle(bytes: Uint8Array, start: number, name: string): Unpickled {
  const file = quoted(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const memo = new Map<number, Value>();
  const storages = new Map<string, Storage>();
  const stack: Value[] = [];
  const marks: number[] = [];
  let at = start;
  let copied = 0;

  const malformed = (what: string) => new Error(`${file} is damaged: ${what} at byte ${at} of its pickle; fetch it again`);
  /** Moves past `count` bytes and returns where they start. */
  const take = (count: number): number => {
    if (!(count <= bytes.length - at)) throw new Error(`${file} is cut short within its pickle; fetch it again`);
    at += count;
    return at - count;
  };
  const uint8 = () => view.getUint8(take(1));
  const uint32 = () => view.getUint32(take(4), true);
  const uint64 = () => Number(view.getBigUint64(take(8), true));
  const text = (length: number): string => {
    const from = take(length);
    try {
      return UTF8.decode(bytes.subarray(from, from + length));
    } catch {
      throw malformed("text that is not UTF-8");
    }
  };
  /** A string of Python 2, which says nothing of its encoding. */
  const byteText = (length: number): string => {
    const from = take(length);
    return LENIENT.decode(bytes.subarray(from, from + length));
  };
  const line = (): string => {
    const length = bytes.subarray(at, at + LONGEST_NAME).indexOf(10);
    if (length < 0) throw malformed("a name without end");
    const result = byteText(length);
    take(1);
    return result;
  };
  const integer = (length: number): number | bigint => {
    if (length > LONGEST_INTEGER) throw malformed(`an integer of ${length} bytes, more than ${LONGEST_INTEGER},`);
    const from = take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[from + i]!);
    value = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  };

  const floor = () => marks.at(-1) ?? 0;
  const pop = (): Value => {
    if (stack.length <= floor()) throw malformed("an instruction without its operand");
    return stack.pop()!;
  };
  const top = (): Value => {
    if (stack.length <= floor()) throw malformed("an instruction without its operand");
    return stack.at(-1)!;
  };
  const popToMark = (): Value[] => {
    const mark = marks.pop();
    if (mark === undefined) throw malformed("an instruction without its mark");
    return stack.splice(mark);
  };
  const recall = (index: number): Value => {
    const value = memo.get(index);
    if (value === undefined) throw malformed("a reference to nothing");
    return value;
  };
  const tuple = (count: number): Value[] => {
    const items = Array.from({ length: count }, pop);
    return items.reverse();
  };
  const set = (target: Value, items: readonly Value[]) => {
    if (!(target instanceof Map) || items.length % 2 !== 0) throw malformed("entries for what is no dictionary");
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!;
      if (typeof key === "object" && key !== null) throw malformed("a dictionary key that is neither text nor number");
      target.set(key, items[i + 1]!);
    }
  };
  const append = (target: Value, items: readonly Value[]) => {
    if (!Array.isArray(target)) throw malformed("items for what is no list");
    for (const item of items) target.push(item);
  };
  const global = (module: string, member: string): Callable => {
    const callable = ALLOWED.get(`${module}.${member}`);
    if (callable) return callable;
    throw new Error(
      `${file} calls ${quoted(`${module}.${member}`).slice(1, -1)}; only tensors are read from a .pth file and nothing in it is run, so save the network's state_dict() by itself`,
    );
  };

  /** The list's functions, on arguments of any kind. */
  const call = (callable: Value, args: Value): Value => {
    if (!(callable instanceof Callable) || !Array.isArray(args)) throw malformed("a call of what is no function");
    switch (callable.name) {
      case "collections.OrderedDict": {
        const dictionary: Dictionary = new Map();
        const [pairs = []] = args; // Python 2 passes the items
        if (!Array.isArray(pairs)) throw malformed("an OrderedDict of no items");
        copied += pairs.length; // the one place where few bytes could ask for much: a list recalled time and again
        if (copied > bytes.length) throw malformed("more dictionary entries than the file has bytes");
        for (const pair of pairs) {
          if (!Array.isArray(pair) || pair.length !== 2) throw malformed("an OrderedDict of no items");
          set(dictionary, pair);
        }
        return dictionary;
      }
      case "torch._utils._rebuild_tensor":
      case "torch._utils._rebuild_tensor_v2": {
        const [storage, offset, shape, strides] = args;
        if (!(storage instanceof Storage) || typeof offset !== "number" || !areNumbers(shape) || !areNumbers(strides)) {
          throw malformed("a tensor without storage, offset, shape and strides");
        }
        return new TensorView(storage, offset, shape, strides);
      }
      case "torch._utils._rebuild_parameter":
        if (!(args[0] instanceof TensorView)) throw malformed("a parameter that is no tensor");
        return args[0];
      default:
        throw malformed("a call of a storage type");
    }
  };

  /** `("storage", type, key, location, count)`; the stream of 2018 adds None or `(view key, offset, count)`. */
  const persistent = (id: Value): Storage => {
    const [kind, type, key, , count, part] = Array.isArray(id) ? id : [];
    if (kind !== "storage" || !(type instanceof Callable) || !type.storageType || typeof key !== "string" || !isCount(count)) {
      throw malformed("a reference to what is no storage");
    }
    const whole = new Storage(type.storageType, key, count);
    const known = storages.get(key) ?? whole;
    if (known.type !== whole.type || known.count !== count) throw malformed("two descriptions of one storage");
    storages.set(key, known);
    if (part === undefined || part === null) return known;
    const [, offset, partCount] = Array.isArray(part) ? part : [];
    if (!isCount(offset) || !isCount(partCount) || offset + partCount > count) {
      throw malformed("a view beyond its storage");
    }
    return new Storage(type.storageType, key, count, { offset, count: partCount });
  };

  for (;;) {
    const opcode = uint8();
    switch (opcode) {
      case 0x80: // PROTO
        if (uint8() > 5) throw malformed("a pickle protocol past 5");
        break;
      case 0x95: // FRAME
        take(8);
        break;
      case 0x2e: // STOP
        return { value: pop(), end: at, storages };
      case 0x28: // MARK
        marks.push(stack.length);
        break;
      case 0x30: // POP
        if (stack.length === floor() && marks.length > 0) marks.pop();
        else pop();
        break;
      case 0x31: // POP_MARK
        popToMark();
        break;
      case 0x32: // DUP
        stack.push(top());
        break;

      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
        stack.push(true);
        break;
      case 0x89: // NEWFALSE
        stack.push(false);
        break;
      case 0x4b: // BININT1
        stack.push(uint8());
        break;
      case 0x4d: // BININT2
        stack.push(view.getUint16(take(2), true));
        break;
      case 0x4a: // BININT
        stack.push(view.getInt32(take(4), true));
        break;
      case 0x8a: // LONG1
        stack.push(integer(uint8()));
        break;
      case 0x8b: // LONG4
        stack.push(integer(uint32()));
        break;
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(take(8)));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(text(uint8()));
        break;
      case 0x58: // BINUNICODE
        stack.push(text(uint32()));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(text(uint64()));
        break;
      case 0x55: // SHORT_BINSTRING
        stack.push(byteText(uint8()));
        break;
      case 0x54: // BINSTRING
        stack.push(byteText(uint32()));
        break;

      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        break;
      case 0x74: // TUPLE
      case 0x6c: // LIST
        stack.push(popToMark());
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(tuple(opcode - 0x84));
        break;
      case 0x61: // APPEND
        {
          const items = tuple(1);
          append(top(), items);
        }
        break;
      case 0x65: // APPENDS
        {
          const items = popToMark();
          append(top(), items);
        }
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x73: // SETITEM
        {
          const items = tuple(2);
          set(top(), items);
        }
        break;
      case 0x75: // SETITEMS
        {
          const items = popToMark();
          set(top(), items);
        }
        break;

      case 0x71: // BINPUT
        memo.set(uint8(), top());
        break;
      case 0x72: // LONG_BINPUT
        memo.set(uint32(), top());
        break;
      case 0x94: // MEMOIZE
        memo.set(memo.size, top());
        break;
      case 0x68: // BINGET
        stack.push(recall(uint8()));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(recall(uint32()));
        break;

      case 0x63: // GLOBAL
        stack.push(global(line(), line()));
        break;
      case 0x93: // STACK_GLOBAL
        {
          const [module, member] = tuple(2);
          if (typeof module !== "string" || typeof member !== "string") throw malformed("a function without a name");
          stack.push(global(module, member));
        }
        break;
      case 0x52: // REDUCE
        {
          const [callable, args] = tuple(2) as [Value, Value];
          stack.push(call(callable, args));
        }
        break;
      case 0x62: // BUILD
        pop(); // attributes of a dictionary, such as a state_dict's version numbers
        if (!(top() instanceof Map)) throw malformed("attributes for what is no dictionary");
        break;
      case 0x51: // BINPERSID
        stack.push(persistent(pop()));
        break;

      default:
        throw new Error(
          `${file} has a pickle instruction 0x${opcode.toString(16).padStart(2, "0")} at byte ${at - 1} that torch.save does not use for tensors; save the network's state_dict() by itself`,
        );
    }
  }
}

const isCount = (value: Value | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const areNumbers = (value: Value | undefined): value is number[] =>
  Array.isArray(value) && value.length <= 32 && value.every((n) => typeof n === "number");
