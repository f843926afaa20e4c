// node run.mjs [--test-reporter=…]: the tests start what they need themselves.

import { runFolder } from '../run-folder.mjs';

await runFolder(new URL('.', import.meta.url));
