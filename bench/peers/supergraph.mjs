// The composed supergraph with the addresses of this run. Both federation gateways take it as text.
import { readFile } from 'node:fs/promises';

/** `urls`: by the subgraph's name. */
export async function readSupergraph(file, urls) {
  const text = await readFile(new URL(file, import.meta.url), 'utf8');
  return Object.entries(urls).reduce(
    (sdl, [name, url]) => sdl.replaceAll(`http://${name}.invalid/graphql`, url),
    text,
  );
}
