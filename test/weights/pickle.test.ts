import { describe, expect, it } from "vitest";
import { unpickle } from "../../src/weights/pickle";
import { Storage, TensorView } from "../../src/weights/pickle-values";
import { ascii, type Bytes, dictOf, little, message, op, pickle, tensor, tupleOf } from "./files";

const run = (bytes: Bytes) => unpickle(Uint8Array.from(bytes), 0, "a.pth").value;
const refusal = (bytes: Bytes) => message(() => run(bytes));

describe("unpickle", () => {
  it.each<[string, Bytes, unknown]>([
    ["none", op.none, null],
    ["true", [0x88], true],
    ["false", [0x89], false],
    ["a byte", [0x4b, 200], 200],
    ["two bytes", [0x4d, 1, 2], 513],
    ["a negative integer", op.int(-7), -7],
    ["a long", op.long(-3n, 5), -3],
    ["a long of no bytes", op.long(0n, 0), 0],
    ["a long past 2^53", op.long(2n ** 70n, 10), 2n ** 70n],
    ["a long of four length bytes", [0x8b, ...little(2, 4), 0xfe, 0xff], -2],
    ["a float", [0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5],
    ["text", op.text("π"), "π"],
    ["short text", [0x8c, 2, ...ascii("ab")], "ab"],
    ["long text", [0x8d, ...little(2, 8), ...ascii("ab")], "ab"],
    ["a string of Python 2", [0x55, 2, ...ascii("ab")], "ab"],
    ["a long string of Python 2", [0x54, ...little(2, 4), ...ascii("ab")], "ab"],
    ["an empty tuple", op.emptyTuple, []],
    ["a tuple of two", [...op.int(1), ...op.int(2), 0x86], [1, 2]],
    ["a tuple", tupleOf(op.int(1), tupleOf(), op.int(3)), [1, [], 3]],
    ["a list", [...op.list, ...op.int(1), ...op.append, ...op.mark, ...op.int(2), ...op.int(3), ...op.appends], [1, 2, 3]],
    ["a dictionary", dictOf(["a", op.int(1)]), new Map([["a", 1]])],
    ["one item", [...op.dict, ...op.int(1), ...op.int(2), ...ascii("s")], new Map([[1, 2]])],
    ["a value used twice", [...op.mark, ...op.int(5), ...op.put(9), ...op.get(9), ...op.tuple], [5, 5]],
    ["a memo by order", [...op.mark, ...op.int(5), 0x94, 0x68, 0, ...op.tuple], [5, 5]],
    ["a copy, and values dropped", [...op.mark, ...op.int(5), ...ascii("2"), ...op.int(6), ...ascii("0"), ...op.tuple], [5, 5]],
  ])("builds %s", (_, body, value) => {
    expect(run(pickle(body))).toEqual(value);
  });

  it("builds an OrderedDict of today and of Python 2, and drops its attributes", () => {
    const ordered = op.global("collections", "OrderedDict");
    const today = [...ordered, ...op.emptyTuple, ...op.reduce, ...op.mark, ...op.text("a"), ...op.int(1), ...op.setItems];
    expect(run(pickle(today, dictOf(["_metadata", op.none]), op.build))).toEqual(new Map([["a", 1]]));
    const items = [
      ...op.list,
      ...op.mark,
      ...tupleOf(op.text("a"), op.int(1)),
      ...tupleOf(op.text("b"), op.int(2)),
      ...op.appends,
    ];
    expect(run(pickle(ordered, tupleOf(items), op.reduce))).toEqual(
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    );
  });

  it("builds tensors, of either constructor and as parameters, on any device", () => {
    const view = new TensorView(new Storage("float16", "k", 6), 1, [2, 2], [2, 1]);
    const options = { offset: 1, strides: [2, 1], type: "HalfStorage" };
    const today = tensor("k", 6, [2, 2], options);
    expect(run(pickle(today))).toEqual(view);
    expect(run(pickle(tensor("k", 6, [2, 2], { ...options, module: "torch.cuda", rebuild: "_rebuild_tensor" })))).toEqual(view);
    const parameter = [...op.global("torch._utils", "_rebuild_parameter"), ...tupleOf(today, [0x88], op.none), ...op.reduce];
    expect(run(pickle(parameter))).toEqual(view);
  });

  it("says where the pickle ends and which storages it needs", () => {
    const body = pickle(tupleOf(tensor("a", 3, [3]), tensor("b", 2, [2]), tensor("a", 3, [1])));
    const { end, storages } = unpickle(Uint8Array.from([0, ...body, 1, 2, 3]), 1, "a.pth");
    expect(end).toBe(body.length + 1);
    expect([...storages.keys()]).toEqual(["a", "b"]);
  });

  it("keeps keys that mean something to objects harmless", () => {
    const value = run(pickle(dictOf(["__proto__", dictOf(["polluted", op.int(1)])], ["constructor", op.int(2)])));
    expect([...(value as Map<string, unknown>).keys()]).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ["os", "system"],
    ["posix", "system"],
    ["builtins", "eval"],
    ["__builtin__", "getattr"],
    ["subprocess", "Popen"],
    ["torch.storage", "_load_from_bytes"],
    ["torch.nn.modules.container", "Sequential"],
    ["torch", "constructor"],
    ["", "__proto__"],
    ["collections", "OrderedDict.fromkeys"],
  ])("refuses %s.%s by name, however it is named", async (module, name) => {
    const message = `"a.pth" calls ${module}.${name}; only tensors are read from a .pth file`;
    expect(await refusal(pickle(op.global(module, name), tupleOf(op.text("id")), op.reduce))).toContain(message);
    expect(await refusal([0x80, 4, 0x95, ...little(99, 8), ...op.text(module), ...op.text(name), 0x93])).toContain(message);
    expect(await refusal([...op.global(module, name), ...ascii("(S'id'\ntR.")])).toContain(message);
  });

  it("spells a hostile function's name harmlessly", async () => {
    const message = await refusal([...op.proto, ...op.text("a\n\u0007".repeat(99)), ...op.text("b"), 0x93]);
    expect(message).toContain("a\\n\\u0007a");
    expect(message.length).toBeLessThan(400);
  });

  it.each<[string, Bytes, string]>([
    ["no operand", op.append, "without its operand"],
    ["an operand below its mark", [...op.int(1), ...op.mark, ...op.build], "without its operand"],
    ["no mark", op.tuple, "without its mark"],
    ["a value never stored", op.get(7), "a reference to nothing"],
    ["items for no list", [...op.int(1), ...op.int(1), ...op.append], "what is no list"],
    ["entries for no dictionary", [...op.list, ...op.int(1), ...op.int(1), ...ascii("s")], "what is no dictionary"],
    ["half an entry", [...op.dict, ...op.mark, ...op.int(1), ...op.setItems], "what is no dictionary"],
    ["a list for a key", [...op.dict, ...op.list, ...op.int(1), ...ascii("s")], "neither text nor number"],
    ["attributes for no dictionary", [...op.int(1), ...op.dict, ...op.build], "what is no dictionary"],
    ["a call of a number", [...op.int(1), ...op.emptyTuple, ...op.reduce], "what is no function"],
    ["a call without arguments", [...op.global("collections", "OrderedDict"), ...op.int(1), ...op.reduce], "what is no function"],
    ["a call of a storage", [...op.global("torch", "FloatStorage"), ...op.emptyTuple, ...op.reduce], "a storage type"],
    [
      "a tensor of nothing",
      [...op.global("torch._utils", "_rebuild_tensor_v2"), ...op.emptyTuple, ...op.reduce],
      "a tensor without",
    ],
    [
      "a parameter of nothing",
      [...op.global("torch._utils", "_rebuild_parameter"), ...tupleOf(op.int(1)), ...op.reduce],
      "no tensor",
    ],
    ["a pickled module", [...tupleOf(op.text("module"), op.int(1), op.text("x"), op.text("y")), ...op.persistent], "no storage"],
    [
      "a storage of text",
      [...tupleOf(op.text("storage"), op.text("FloatStorage"), op.text("0"), op.none, op.int(1)), ...op.persistent],
      "no storage",
    ],
    ["a storage of -1 elements", tensor("k", -1, [1]), "no storage"],
    ["one storage of two sizes", tupleOf(tensor("k", 1, [1]), tensor("k", 2, [1])), "two descriptions of one storage"],
    ["one storage of two types", tupleOf(tensor("k", 1, [1]), tensor("k", 1, [1], { type: "LongStorage" })), "two descriptions"],
    ["a view past its storage", tensor("k", 4, [1], { part: tupleOf(op.text("v"), op.int(2), op.int(3)) }), "a view beyond"],
    ["a shape of 33 dimensions", tensor("k", 4, Array(33).fill(1), { strides: Array(33).fill(1) }), "a tensor without"],
    ["an integer of 17 bytes", op.long(1n, 17), "an integer of 17 bytes"],
    ["an integer of 4 GB", [0x8b, ...little(0xffffffff, 4)], "an integer of 4294967295 bytes"],
    ["text that is not UTF-8", [0x58, ...little(1, 4), 0xff], "not UTF-8"],
    ["a name without end", ascii(`c${"x".repeat(1000)}`), "a name without end"],
    ["a function that is a number", [...op.int(1), ...op.int(2), 0x93], "a function without a name"],
    ["protocol 6", [0x80, 6], "protocol past 5"],
    ["an instruction for objects", [...op.int(1), 0x81], "instruction 0x81"],
    ["an instruction for bytes", [0x42, ...little(0, 4)], "instruction 0x42"],
    ["an instruction there is not", [0xff], "instruction 0xff"],
  ])("refuses %s", async (_, body, message) => {
    expect(await refusal(pickle(body))).toContain(message);
  });

  it("refuses a pickle cut short at any byte, and sizes past its end", async () => {
    const whole = pickle(dictOf(["a", tensor("k", 4, [2, 2], { strides: [2, 1] })]));
    for (let length = 0; length < whole.length; length++) expect(await refusal(whole.slice(0, length))).toContain('"a.pth" is');
    expect(await refusal(pickle([0x58, ...little(0xffffffff, 4)]))).toContain("cut short");
    expect(await refusal(pickle([0x8d, ...little(2n ** 64n - 1n, 8)]))).toContain("cut short");
  });

  it("takes lists that contain themselves, and nesting of any depth", () => {
    const knot = run(pickle(op.list, op.put(0), op.get(0), op.append)) as unknown[];
    expect(knot[0]).toBe(knot);
    const deep = run(pickle(Array(100_000).fill(0x5d), Array(99_999).fill(0x61))) as unknown[];
    expect(deep).toHaveLength(1);
    const name = run(pickle(Array(100_000).fill(op.emptyTuple[0]), Array(99_999).fill(0x86)));
    expect(name).toHaveLength(2);
  });

  it("does not let a long list be copied time and again", async () => {
    const pairs = Array.from({ length: 2000 }, () => tupleOf(op.int(1), op.int(2))).flat();
    const call = [...op.global("collections", "OrderedDict"), ...op.put(1)];
    const list = [...op.list, ...op.mark, ...pairs, ...op.appends];
    const again = Array.from({ length: 2000 }, () => [0x68, 1, 0x68, 2, ...op.reduce]).flat();
    const body = [...call, ...op.mark, ...list, ...op.tuple, ...op.put(2), ...again];
    expect(await refusal(pickle(body))).toContain("more dictionary entries than the file has bytes");
  });

  it("does not grow with numbers a memo is asked to hold values at", () => {
    expect(run(pickle(op.int(1), op.put(0xffffffff), op.get(0xffffffff)))).toBe(1);
  });
});
