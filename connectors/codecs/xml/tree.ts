// From the parser's ordered nodes to the tree that a manifest reads. Last step of xml-codec.ts; pure.
import type { RawValue } from '../../kit/contract.ts';
import { toResolved } from './references.ts';

/** One element (`{ name: children, ':@': attributes }`), text (`#text`) or CDATA (`#cdata`), as fast-xml-parser orders them. */
export type Node = {
  readonly [name: string]: readonly Node[] | string | { readonly [name: string]: string };
};

type Tree = { readonly [name: string]: RawValue };

/** The children of one element by name, in order of first appearance; a repeated name holds a list. */
export function toTree(nodes: readonly Node[]): Tree {
  const children = new Map<string, RawValue[]>();
  for (const node of nodes) {
    const name = toName(node);
    if (name === null) continue;
    const key = toLocal(name);
    const values = children.get(key) ?? [];
    values.push(toValue(node, name));
    children.set(key, values);
  }
  // fromEntries defines plain properties: no name can reach a prototype.
  return Object.fromEntries(
    [...children].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]),
  );
}

function toValue(node: Node, name: string): RawValue {
  const inner = node[name];
  const nodes: readonly Node[] = Array.isArray(inner) ? inner : [];
  const attributes = toAttributes(node);
  const children = toTree(nodes);
  const text = nodes.map(toText).join('');
  const hasChildren = Object.keys(children).length > 0;
  if (!hasChildren && isNil(node) && text.trim() === '') return null;
  if (!hasChildren && Object.keys(attributes).length === 0) return text;
  // Blank text between children is the sender's indentation.
  const own = hasChildren && text.trim() === '' ? {} : { $: text };
  return { ...attributes, ...own, ...children };
}

function toName(node: Node): string | null {
  const name = Object.keys(node).find((key) => key !== ':@');
  return name === undefined || name.startsWith('#') ? null : name;
}

function toText(node: Node): string {
  const { '#text': text, '#cdata': cdata } = node;
  if (typeof text === 'string') return toResolved(text);
  if (!Array.isArray(cdata)) return '';
  return (cdata as readonly Node[]).map((each) => String(each['#text'] ?? '')).join('');
}

/** What says something of the data: no declarations of namespaces, nothing of XML Schema's own (`xsi:`). */
function toAttributes(node: Node): Tree {
  return Object.fromEntries(
    Object.entries(node[':@'] ?? {})
      .filter(([name]) => !/^(xmlns(:|$)|xsi:)/.test(name))
      .map(([name, value]) => [`$${toLocal(name)}`, toResolved(String(value))]),
  );
}

function isNil(node: Node): boolean {
  const nil = Object.entries(node[':@'] ?? {}).find(([name]) => name === 'xsi:nil')?.[1];
  return nil === 'true' || nil === '1';
}

function toLocal(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
