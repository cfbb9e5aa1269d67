// The codec `xml`: one document as a tree of texts that the manifest's paths can reach. Document types are refused, so
// there are no entities to expand and nothing outside to be fetched.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { HubError } from '../../../schema/errors.ts';
import type { DocumentCodec } from '../../kit/codec.ts';
import { toFormatFault, toLimitFault } from '../format-fault.ts';
import { findMarkupFault, MOST_NESTED } from './markup.ts';
import { findBareReference } from './references.ts';
import { type Node, toTree } from './tree.ts';

const NAME = 'xml';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  cdataPropName: '#cdata',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // The text was bounded before; the parser counts the document as a level too.
  maxNestedTags: MOST_NESTED + 1,
  // Names are kept as they are; tree.ts makes no object that a name could spoil.
  onDangerousProperty: (name) => name,
});

/**
 * The root's name is the first step of every path. Prefixes of namespaces are dropped. An element is its text; with
 * attributes or children it is an object: `$name` an attribute, `$` its own text, repeated children a list.
 */
export const xmlCodec: DocumentCodec = {
  name: NAME,
  decode(text) {
    const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
    const fault = findFault(plain);
    if (fault !== null) throw fault;
    return { value: toTree(parseNodes(plain)), repaired: [] };
  },
};

function findFault(text: string): HubError | null {
  const markup = findMarkupFault(text);
  if (markup?.isLimit) return toLimitFault(NAME, text, markup.offset, markup.what);
  if (markup !== null) return toFormatFault(NAME, text, markup.offset, markup.what);
  const found = validate(text);
  if (found !== null) return found;
  const reference = findBareReference(text);
  return reference === null
    ? null
    : toFormatFault(NAME, text, reference, 'a reference that XML does not know by itself is refused');
}

// The validator's words quote names and characters of the text; its place and kind are enough.
function validate(text: string): HubError | null {
  const verdict = XMLValidator.validate(text);
  if (verdict === true) return null;
  const { line, col = 1 } = verdict.err;
  const start = text.split('\n', line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return toFormatFault(NAME, text, Math.min(text.length, start + col - 1), 'is not well-formed XML here');
}

function parseNodes(text: string): readonly Node[] {
  let nodes: readonly Node[];
  try {
    nodes = parser.parse(text) as readonly Node[];
  } catch {
    throw toFormatFault(NAME, text, 0, 'has a name that is refused');
  }
  const roots = nodes.filter((node) => !('#text' in node));
  if (roots.length === 1) return roots;
  throw toFormatFault(NAME, text, text.length, 'has more than one root element');
}
