// Where a command's answer goes: standard output, line by line.
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
