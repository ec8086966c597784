import { expect, test } from 'vitest';
import { brokenImports, checkImports } from '../../../electron/setup/imports.ts';
import { ROOT } from '../../../electron/setup/paths.ts';

test.each([
  ['shared/ops/op.ts', `import { readFile } from 'node:fs';`],
  ['shared/ops/op.ts', `import fs from 'fs';`],
  ['shared/ops/op.ts', `import type { Engine } from '../../electron/engine/engine.ts';`],
  ['shared/ops/op.ts', `import 'react';`],
  ['renderer/app/main.tsx', `import { app } from 'electron';`],
  ['renderer/app/main.tsx', `const x = await import('../../electron/engine/engine.ts');`],
  ['renderer/app/main.tsx', `export * from 'node:path';`],
  ['electron/main/index.ts', `import { openEngine } from '../engine/engine.ts';`],
  ['electron/main/index.ts', `import Database from 'better-sqlite3';`],
  ['electron/preload/index.ts', `import { z } from 'zod';`],
  ['electron/engine/engine.ts', `import { app } from 'electron';`],
  ['electron/engine/engine.ts', `import {\n  log,\n} from '../main/log.ts';`],
])('%s may not say %s', (file, source) => {
  expect(brokenImports(file, source)).toHaveLength(1);
});

test.each([
  ['shared/ops/op.ts', `import { z } from 'zod';\nimport { hlc } from './hlc.ts';`],
  [
    'renderer/app/main.tsx',
    `import { useState } from 'react';\nimport '../styles/tokens.css';\nimport type { X } from '../../shared/contract/spec.ts';`,
  ],
  ['electron/main/index.ts', `import { app } from 'electron';\nimport { join } from 'node:path';`],
  [
    'electron/engine/engine.ts',
    `import Database from 'better-sqlite3';\nimport type { MessageEvent } from 'electron';`,
  ],
])('%s may say %s', (file, source) => {
  expect(brokenImports(file, source)).toEqual([]);
});

test('nothing in the project breaks a rule', async () => {
  expect(await checkImports(ROOT)).toEqual([]);
});
