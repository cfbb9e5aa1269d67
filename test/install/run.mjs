// `node test/install/run.mjs [scenario …]`: runs the scenarios one after the other and prints a line each.
import { SCENARIOS } from './scenarios.mjs';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SCENARIOS));
if (unknown.length > 0) {
  console.error(`no such scenario: ${unknown.join(', ')}; there are ${Object.keys(SCENARIOS).join(', ')}`);
  process.exit(2);
}
let failed = 0;
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`.padStart(8);
  try {
    const note = await scenario();
    console.log(`ok   ${seconds()}  ${name}  ${note}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${seconds()}  ${name}\n${error.stack}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
