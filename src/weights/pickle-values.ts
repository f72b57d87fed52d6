/**
 * What the pickles of torch.save may hold: plain data, and tensors as views of storages. Of the functions that a pickle may name
 * those that make tensors are known (the list is `ALLOWED`); every other is refused by name before anything is built from it.
 */
import { quoted } from "../quoted";
import type { ElementType } from "./host-tensor";
import type { PickleBytes } from "./pickle-bytes";

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

export class TorchValues {
  /** Those referred to, whole, by key. */
  readonly storages = new Map<string, Storage>();
  #copied = 0;

  /** `bytes`: the pickle that asks for them, which says where it is damaged. */
  constructor(private readonly bytes: PickleBytes) {}

  /** Throws an error for a function that is not on the list. */
  named(module: string, member: string): Callable {
    const callable = ALLOWED.get(`${module}.${member}`);
    if (callable) return callable;
    throw new Error(
      `${this.bytes.file} calls ${quoted(`${module}.${member}`).slice(1, -1)}; only tensors are read from a .pth file and nothing in it is run, so save the network's state_dict() by itself`,
    );
  }

  /** The list's functions, on arguments of any kind. */
  call(callable: Value, args: Value): Value {
    if (!(callable instanceof Callable) || !Array.isArray(args)) throw this.bytes.malformed("a call of what is no function");
    switch (callable.name) {
      case "collections.OrderedDict": {
        const dictionary: Dictionary = new Map();
        const [pairs = []] = args; // Python 2 passes the items
        if (!Array.isArray(pairs)) throw this.bytes.malformed("an OrderedDict of no items");
        this.#copied += pairs.length; // the one place where few bytes could ask for much: a list recalled time and again
        if (this.#copied > this.bytes.length) throw this.bytes.malformed("more dictionary entries than the file has bytes");
        for (const pair of pairs) {
          if (!Array.isArray(pair) || pair.length !== 2) throw this.bytes.malformed("an OrderedDict of no items");
          this.set(dictionary, pair);
        }
        return dictionary;
      }
      case "torch._utils._rebuild_tensor":
      case "torch._utils._rebuild_tensor_v2": {
        const [storage, offset, shape, strides] = args;
        if (!(storage instanceof Storage) || typeof offset !== "number" || !areNumbers(shape) || !areNumbers(strides)) {
          throw this.bytes.malformed("a tensor without storage, offset, shape and strides");
        }
        return new TensorView(storage, offset, shape, strides);
      }
      case "torch._utils._rebuild_parameter":
        if (!(args[0] instanceof TensorView)) throw this.bytes.malformed("a parameter that is no tensor");
        return args[0];
      default:
        throw this.bytes.malformed("a call of a storage type");
    }
  }

  /** `("storage", type, key, location, count)`; the stream of 2018 adds None or `(view key, offset, count)`. */
  storage(id: Value): Storage {
    const [kind, type, key, , count, part] = Array.isArray(id) ? id : [];
    if (kind !== "storage" || !(type instanceof Callable) || !type.storageType || typeof key !== "string" || !isCount(count)) {
      throw this.bytes.malformed("a reference to what is no storage");
    }
    const whole = new Storage(type.storageType, key, count);
    const known = this.storages.get(key) ?? whole;
    if (known.type !== whole.type || known.count !== count) throw this.bytes.malformed("two descriptions of one storage");
    this.storages.set(key, known);
    if (part === undefined || part === null) return known;
    const [, offset, partCount] = Array.isArray(part) ? part : [];
    if (!isCount(offset) || !isCount(partCount) || offset + partCount > count) {
      throw this.bytes.malformed("a view beyond its storage");
    }
    return new Storage(type.storageType, key, count, { offset, count: partCount });
  }

  set(target: Value, items: readonly Value[]): void {
    if (!(target instanceof Map) || items.length % 2 !== 0) throw this.bytes.malformed("entries for what is no dictionary");
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!;
      if (typeof key === "object" && key !== null) throw this.bytes.malformed("a dictionary key that is neither text nor number");
      target.set(key, items[i + 1]!);
    }
  }

  append(target: Value, items: readonly Value[]): void {
    if (!Array.isArray(target)) throw this.bytes.malformed("items for what is no list");
    for (const item of items) target.push(item);
  }
}

const isCount = (value: Value | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const areNumbers = (value: Value | undefined): value is number[] =>
  Array.isArray(value) && value.length <= 32 && value.every((n) => typeof n === "number");
