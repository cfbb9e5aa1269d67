// How a measured process tells its parent where it listens, and ends with it.

/** What the parent gave: one JSON argument. */
export function readOrder() {
  return JSON.parse(process.argv[2] ?? '{}');
}

/** Listens on a free port of the loopback address and answers the port. `server`: of node:http. */
export function runListen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

/** `told`: at least `url`. */
export function tellParent(told) {
  process.on('disconnect', () => process.exit(0));
  process.send?.(told);
}
