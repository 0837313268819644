/**
 * Every place of a source where one small thing can be made wrong: a condition turned round, a clause left out, a boundary moved,
 * a sum made a difference, a statement taken away, an answer emptied, a constant changed. Types and imports are left alone.
 */
import { parseAst } from 'vitest/node';

export type MutationKind = 'condition' | 'clause' | 'comparison' | 'arithmetic' | 'statement' | 'return' | 'constant';

/** One change: the characters from `start` to `end` become `text`. */
export type Mutation = {
  readonly kind: MutationKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** From 1. */
  readonly line: number;
};

type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const asNode = (value: unknown): Node | null => (isNode(value) ? value : null);

/** What each operator becomes: the boundary moved, and the other way round. */
const comparisons: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>'],
  '<=': ['<', '>'],
  '>': ['>=', '<'],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
};
const arithmetic: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '+=': '-=',
  '-=': '+=',
  '*=': '/=',
  '/=': '*=',
  '++': '--',
  '--': '++',
};
const methods: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  some: 'every',
  every: 'some',
};

type Found = Omit<Mutation, 'line'>;

/** All mutations of a TypeScript source, in the order of its text. */
export function listMutations(source: string): Mutation[] {
  const found: Found[] = [];
  walk(parseAst(source, { lang: 'ts' }) as unknown as Node, null, (node, parent) => {
    found.push(...mutationsOf(node, parent, source));
  });
  const lineStarts = [...source.matchAll(/\n/g)].map((match) => match.index);
  return found
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map((mutation) => ({ ...mutation, line: lineStarts.filter((at) => at < mutation.start).length + 1 }));
}

export const mutate = (source: string, { start, end, text }: Mutation): string =>
  source.slice(0, start) + text + source.slice(end);

/** Types are erased before a test runs, and of an import or a key there is nothing to get wrong that would load. */
function walk(node: Node, parent: Node | null, visit: (node: Node, parent: Node | null) => void): void {
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration' || isNode(node.source)) return;
  const isCast = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'].includes(node.type);
  if (node.type.startsWith('TS') && !isCast) return;
  visit(node, parent);
  for (const [name, value] of Object.entries(node)) {
    if (isCast && name !== 'expression') continue;
    if (name === 'key' && node.computed !== true) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, node, visit);
  }
}

function mutationsOf(node: Node, parent: Node | null, source: string): Found[] {
  const textOf = (part: Node) => source.slice(part.start, part.end);
  const become = (kind: MutationKind, text: string, part: Node = node): Found[] => [
    { kind, start: part.start, end: part.end, text },
  ];
  const left = asNode(node.left);
  const right = asNode(node.right);
  switch (node.type) {
    case 'IfStatement':
      return [...negated(node, textOf), ...(node.alternate === null ? become('statement', ';') : [])];
    case 'ConditionalExpression':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return negated(node, textOf);
    case 'UnaryExpression': {
      const argument = asNode(node.argument);
      if (argument === null) return [];
      if (node.operator === '!' && parent?.test !== node) return become('condition', textOf(argument));
      return node.operator === '-' ? become('arithmetic', `(${textOf(argument)})`) : [];
    }
    case 'LogicalExpression':
      if (node.operator === '??' || !left || !right) return [];
      return [...become('clause', `(${textOf(left)})`), ...become('clause', `(${textOf(right)})`)];
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return left && right ? otherOperators(node, left, right, source) : [];
    case 'UpdateExpression': {
      const argument = asNode(node.argument);
      const other = arithmetic[String(node.operator)];
      if (!argument || !other) return [];
      return become('arithmetic', node.prefix === true ? other + textOf(argument) : textOf(argument) + other);
    }
    case 'ExpressionStatement':
    case 'ThrowStatement':
    case 'ContinueStatement':
    case 'BreakStatement':
      return isWholeGuard(node, parent) ? [] : become('statement', ';');
    case 'ReturnStatement':
      return isEmptyable(node.argument) ? become('return', 'return undefined;') : [];
    case 'ArrowFunctionExpression': {
      const body = asNode(node.body);
      if (body === null || body.type === 'BlockStatement' || !isEmptyable(body)) return [];
      return become('return', 'undefined', body);
    }
    case 'Literal':
      // How wide a column of a spreadsheet is drawn is wrong at no value.
      return isWidth(parent) ? [] : otherConstants(node, become);
    case 'CallExpression': {
      const callee = asNode(node.callee);
      const property = asNode(callee?.property);
      const name = property === null ? '' : textOf(property);
      // `min` and `max` of a schema are no arithmetic.
      const isOfNumbers = callee !== null && textOf(callee).startsWith('Math.');
      const other = isOfNumbers || name === 'some' || name === 'every' ? methods[name] : undefined;
      return property && other ? become('arithmetic', other, property) : [];
    }
    default:
      return [];
  }
}

function negated(node: Node, textOf: (part: Node) => string): Found[] {
  const test = asNode(node.test);
  return test === null ? [] : [{ kind: 'condition', start: test.start, end: test.end, text: `!(${textOf(test)})` }];
}

function otherOperators(node: Node, left: Node, right: Node, source: string): Found[] {
  const operator = String(node.operator);
  const isText = [left, right].some(
    (side) => side.type === 'TemplateLiteral' || (side.type === 'Literal' && typeof side.value === 'string'),
  );
  const others = comparisons[operator] ?? (arithmetic[operator] && !isText ? [arithmetic[operator]] : []);
  // Between the two sides stand only blanks, brackets and the operator.
  const at = source.indexOf(operator, left.end);
  return others.map((text) => ({
    kind: comparisons[operator] ? 'comparison' : 'arithmetic',
    start: at,
    end: at + operator.length,
    text,
  }));
}

/** The only statement of an `if` without else: taking it away is taking the `if` away, which is a mutation already. */
function isWholeGuard(node: Node, parent: Node | null): boolean {
  return parent?.type === 'IfStatement' && parent.alternate === null && parent.consequent === node;
}

const isWidth = (parent: Node | null) => parent?.type === 'Property' && asNode(parent.key)?.name === 'width';

/** A literal is changed as a constant; null and nothing differ in no place that the types let through. */
function isEmptyable(value: unknown): boolean {
  const node = asNode(value);
  if (node === null || node.type === 'Literal') return false;
  return !(node.type === 'Identifier' && node.name === 'undefined');
}

function otherConstants(node: Node, become: (kind: MutationKind, text: string) => Found[]): Found[] {
  if (typeof node.value === 'boolean') return become('constant', String(!node.value));
  if (typeof node.bigint === 'string') return become('constant', `${BigInt(node.bigint) + 1n}n`);
  return typeof node.value === 'number' ? become('constant', String(node.value + 1)) : [];
}
