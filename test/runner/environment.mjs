// The world of one test file: jest's own for Node, but its globals are an ordinary global object. Jest's hands each look-up of
// `Math`, `Map` or `Symbol` through a proxy, which took a third of the whole run's time.
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

export default class PlainEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // The constructor above asks for nothing else that a context could be made of.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }

  /** Until when what runs now has time; test/support/eventually.ts gives up before, and says what it waited for. */
  handleTestEvent({ name, test, hook }, { testTimeout }) {
    if (name !== 'test_fn_start' && name !== 'hook_start') return;
    this.global.testDeadline = performance.now() + ((hook ?? test)?.timeout ?? testTimeout);
  }
}
