// node run.mjs [--test-reporter=…]: one browser for all files; servers they start themselves.

import { runFolder } from '../run-folder.mjs';
import { serveBrowser, whatIsMissing } from './browser.mjs';

const browser = whatIsMissing() ? undefined : await serveBrowser();
await runFolder(new URL('.', import.meta.url), browser && { PAGE_BROWSER: browser.wsEndpoint() });
await browser?.close();
