/**
 * A reader of the pickles that torch.save writes. A pickle is a program for a small stack machine; this machine knows the
 * instructions that build dictionaries, lists, tuples, numbers and strings, and what pickle-values.ts lets it name. Nothing is
 * ever called or imported. Instructions: Python's Lib/pickletools.py.
 *
 * The machine has no recursion, and each instruction takes its size from bytes that are really there, so that a hostile
 * file costs no more than a long one.
 */

import { PickleBytes } from "./pickle-bytes";
import { type Storage, TorchValues, type Value } from "./pickle-values";

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
  const input = new PickleBytes(bytes, start, name);
  const torch = new TorchValues(input);
  const memo = new Map<number, Value>();
  const stack: Value[] = [];
  const marks: number[] = [];

  const floor = () => marks.at(-1) ?? 0;
  const pop = (): Value => {
    if (stack.length <= floor()) throw input.malformed("an instruction without its operand");
    return stack.pop()!;
  };
  const top = (): Value => {
    if (stack.length <= floor()) throw input.malformed("an instruction without its operand");
    return stack.at(-1)!;
  };
  const popToMark = (): Value[] => {
    const mark = marks.pop();
    if (mark === undefined) throw input.malformed("an instruction without its mark");
    return stack.splice(mark);
  };
  const recall = (index: number): Value => {
    const value = memo.get(index);
    if (value === undefined) throw input.malformed("a reference to nothing");
    return value;
  };
  const tuple = (count: number): Value[] => {
    const items = Array.from({ length: count }, pop);
    return items.reverse();
  };

  for (;;) {
    const opcode = input.uint8();
    switch (opcode) {
      case 0x80: // PROTO
        if (input.uint8() > 5) throw input.malformed("a pickle protocol past 5");
        break;
      case 0x95: // FRAME
        input.take(8);
        break;
      case 0x2e: // STOP
        return { value: pop(), end: input.at, storages: torch.storages };
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
        stack.push(input.uint8());
        break;
      case 0x4d: // BININT2
        stack.push(input.uint16());
        break;
      case 0x4a: // BININT
        stack.push(input.int32());
        break;
      case 0x8a: // LONG1
        stack.push(input.integer(input.uint8()));
        break;
      case 0x8b: // LONG4
        stack.push(input.integer(input.uint32()));
        break;
      case 0x47: // BINFLOAT
        stack.push(input.float64());
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(input.text(input.uint8()));
        break;
      case 0x58: // BINUNICODE
        stack.push(input.text(input.uint32()));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(input.text(input.uint64()));
        break;
      case 0x55: // SHORT_BINSTRING
        stack.push(input.byteText(input.uint8()));
        break;
      case 0x54: // BINSTRING
        stack.push(input.byteText(input.uint32()));
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
          torch.append(top(), items);
        }
        break;
      case 0x65: // APPENDS
        {
          const items = popToMark();
          torch.append(top(), items);
        }
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x73: // SETITEM
        {
          const items = tuple(2);
          torch.set(top(), items);
        }
        break;
      case 0x75: // SETITEMS
        {
          const items = popToMark();
          torch.set(top(), items);
        }
        break;

      case 0x71: // BINPUT
        memo.set(input.uint8(), top());
        break;
      case 0x72: // LONG_BINPUT
        memo.set(input.uint32(), top());
        break;
      case 0x94: // MEMOIZE
        memo.set(memo.size, top());
        break;
      case 0x68: // BINGET
        stack.push(recall(input.uint8()));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(recall(input.uint32()));
        break;

      case 0x63: // GLOBAL
        stack.push(torch.named(input.line(), input.line()));
        break;
      case 0x93: // STACK_GLOBAL
        {
          const [module, member] = tuple(2);
          if (typeof module !== "string" || typeof member !== "string") throw input.malformed("a function without a name");
          stack.push(torch.named(module, member));
        }
        break;
      case 0x52: // REDUCE
        {
          const [callable, args] = tuple(2) as [Value, Value];
          stack.push(torch.call(callable, args));
        }
        break;
      case 0x62: // BUILD
        pop(); // attributes of a dictionary, such as a state_dict's version numbers
        if (!(top() instanceof Map)) throw input.malformed("attributes for what is no dictionary");
        break;
      case 0x51: // BINPERSID
        stack.push(torch.storage(pop()));
        break;

      default:
        throw new Error(
          `${input.file} has a pickle instruction 0x${opcode.toString(16).padStart(2, "0")} at byte ${input.at - 1} that torch.save does not use for tensors; save the network's state_dict() by itself`,
        );
    }
  }
}
