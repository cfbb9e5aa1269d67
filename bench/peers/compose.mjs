// Composes the supergraphs, which are committed: `npm --prefix bench run compose`. The addresses in them are placeholders;
// the gateways put those of the run in their place.
import { writeFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import { REMOTE_SUBGRAPHS } from './remote-schemas.mjs';
import { SUBGRAPHS } from './subgraph-schemas.mjs';

await runCompose('supergraph.graphql', SUBGRAPHS);
await runCompose('remote-supergraph.graphql', REMOTE_SUBGRAPHS);

async function runCompose(file, subgraphs) {
  const { errors, supergraphSdl } = composeServices(
    subgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}.invalid/graphql` })),
  );
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  await writeFile(new URL(file, import.meta.url), supergraphSdl);
}
