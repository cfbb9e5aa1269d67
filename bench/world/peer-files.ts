// Where the peers' own files lie: they are not compiled, so that bench/package.json alone decides what they import.

/** As it runs for the record: compiled to dist/bench, as production is. */
export const isCompiled = import.meta.url.endsWith('.js');

/** A file of bench/peers, from the sources as from dist/bench. */
export function toPeerFile(name: string): URL {
  return new URL(`${isCompiled ? '../../../' : '../../'}bench/peers/${name}`, import.meta.url);
}
