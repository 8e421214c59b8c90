import {
  allowedGlobal,
  callGlobal,
  describeValue,
  PickleDict,
  PickleList,
  PickleTuple,
  type PickleValue,
  persistentStorage,
} from './constructors.ts';
import { PickleError, PickleReader } from './pickle-reader.ts';

/** Marks where the items of a collection begin on the stack. */
const mark = Symbol('mark');
type Slot = PickleValue | typeof mark;

/** The stack and memo of the pickle machine. */
class Machine {
  readonly reader: PickleReader;
  readonly #stack: Slot[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: Uint8Array) {
    this.reader = new PickleReader(bytes);
  }

  push(value: Slot): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw new PickleError('an operation lacks its operand');
    return value;
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark) throw new PickleError('an operation lacks its operand');
    return value;
  }

  /** The values down to the last mark, which goes too. */
  popToMark(): PickleValue[] {
    const place = this.#stack.lastIndexOf(mark);
    if (place < 0) throw new PickleError('a collection without a beginning');
    return this.#stack.splice(place).slice(1) as PickleValue[];
  }

  popTuple(length: number): void {
    const items = Array.from({ length }, () => this.pop()).reverse();
    this.push(new PickleTuple(items));
  }

  remember(key: number = this.#memo.size): void {
    this.#memo.set(key, this.top());
  }

  recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw new PickleError(`memo ${key} is empty`);
    this.push(value);
  }

  setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PickleDict) || items.length % 2 !== 0) throw new PickleError('items for what is no dict');
    for (let index = 0; index < items.length; index += 2) {
      const [key, value] = [items[index]!, items[index + 1]!];
      // Python would keep the last one.
      if (dict.entries.has(key)) throw new PickleError(`a dict has ${describeValue(key)} twice`);
      dict.entries.set(key, value);
    }
  }

  appendItems(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!(list instanceof PickleList)) throw new PickleError('items for what is no list');
    for (const item of items) list.items.push(item);
  }
}

type Operation = (machine: Machine) => void;

/**
 * The operations that plain weights need, by their code (Python's `pickletools` lists them all). `_metadata` is set on
 * a state dict by BUILD; it says nothing about values, so the attributes of an object are dropped.
 */
const operations: Readonly<Record<number, Operation>> = {
  128: ({ reader }) => reader.skip(1), // PROTO
  149: ({ reader }) => reader.skip(8), // FRAME
  40: (machine) => machine.push(mark), // MARK
  48: (machine) => void machine.pop(), // POP
  78: (machine) => machine.push(null), // NONE
  136: (machine) => machine.push(true), // NEWTRUE
  137: (machine) => machine.push(false), // NEWFALSE
  74: (machine) => machine.push(machine.reader.int32()), // BININT
  75: (machine) => machine.push(machine.reader.uint8()), // BININT1
  77: (machine) => machine.push(machine.reader.uint16()), // BININT2
  138: (machine) => machine.push(machine.reader.long(machine.reader.uint8())), // LONG1
  71: (machine) => machine.push(machine.reader.float64()), // BINFLOAT
  88: (machine) => machine.push(machine.reader.text(machine.reader.uint32())), // BINUNICODE
  140: (machine) => machine.push(machine.reader.text(machine.reader.uint8())), // SHORT_BINUNICODE
  141: (machine) => machine.push(machine.reader.text(machine.reader.uint64())), // BINUNICODE8
  85: (machine) => machine.push(machine.reader.text(machine.reader.uint8())), // SHORT_BINSTRING
  41: (machine) => machine.push(new PickleTuple([])), // EMPTY_TUPLE
  133: (machine) => machine.popTuple(1), // TUPLE1
  134: (machine) => machine.popTuple(2), // TUPLE2
  135: (machine) => machine.popTuple(3), // TUPLE3
  116: (machine) => machine.push(new PickleTuple(machine.popToMark())), // TUPLE
  93: (machine) => machine.push(new PickleList()), // EMPTY_LIST
  97: (machine) => appendOne(machine), // APPEND
  101: (machine) => machine.appendItems(machine.popToMark()), // APPENDS
  125: (machine) => machine.push(new PickleDict()), // EMPTY_DICT
  115: (machine) => setOne(machine), // SETITEM
  117: (machine) => machine.setItems(machine.popToMark()), // SETITEMS
  113: (machine) => machine.remember(machine.reader.uint8()), // BINPUT
  114: (machine) => machine.remember(machine.reader.uint32()), // LONG_BINPUT
  148: (machine) => machine.remember(), // MEMOIZE
  104: (machine) => machine.recall(machine.reader.uint8()), // BINGET
  106: (machine) => machine.recall(machine.reader.uint32()), // LONG_BINGET
  99: (machine) => machine.push(allowedGlobal(machine.reader.line(), machine.reader.line())), // GLOBAL
  147: (machine) => stackGlobal(machine), // STACK_GLOBAL
  81: (machine) => machine.push(persistentStorage(machine.pop())), // BINPERSID
  82: (machine) => reduce(machine), // REDUCE
  98: (machine) => void machine.pop(), // BUILD
};

const stop = 0x2e;

/**
 * The value of a pickle, which is read as data: no operation runs anything, and names outside the whitelist of
 * `constructors.ts` are refused.
 *
 * @throws PickleError
 */
export function unpickle(bytes: Uint8Array): PickleValue {
  const machine = new Machine(bytes);
  for (;;) {
    const { position } = machine.reader;
    const code = machine.reader.uint8();
    if (code === stop) return machine.pop();
    const operation = operations[code];
    if (operation === undefined) {
      throw new PickleError(
        `operation 0x${code.toString(16).padStart(2, '0')} at byte ${position}, which weights do not need`,
      );
    }
    operation(machine);
  }
}

function appendOne(machine: Machine): void {
  const item = machine.pop();
  machine.appendItems([item]);
}

function setOne(machine: Machine): void {
  const value = machine.pop();
  const key = machine.pop();
  machine.setItems([key, value]);
}

function stackGlobal(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string') throw new PickleError('a name that is no text');
  machine.push(allowedGlobal(module, name));
}

function reduce(machine: Machine): void {
  const args = machine.pop();
  machine.push(callGlobal(machine.pop(), args));
}
