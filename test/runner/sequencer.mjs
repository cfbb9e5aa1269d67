// The order of a run: whole worlds first (test/spine), then as jest itself has it. Without the times of a run before, jest goes by
// the size of the files, and a small file that takes a minute would begin last, with nothing left to run beside it.
import Sequencer from '@jest/test-sequencer';

const isWorld = ({ path }) => path.includes('/test/spine/');

export default class WorldsFirst extends Sequencer {
  sort(tests) {
    const usual = super.sort(tests);
    return [...usual.filter(isWorld), ...usual.filter((test) => !isWorld(test))];
  }
}
