// Prints the closing line that the continuous integration reads, and every skipped test by name: nothing is skipped in silence.

export default class ClosingLine {
  onTestResult(_test, result) {
    for (const { status, fullName } of result.testResults)
      if (status === 'pending' || status === 'todo') process.stderr.write(`SKIPPED  ${fullName}\n`);
  }

  onRunComplete(_contexts, results) {
    const suites = results.numRuntimeErrorTestSuites;
    const failed = results.numFailedTests + suites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
