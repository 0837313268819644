/** `npm run docs`: writes the generated pages and names those that changed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { stdout } from 'node:process';
import { generatedPages } from './generated-pages.ts';

for (const [file, render] of Object.entries(generatedPages)) {
  const text = await render();
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  writeFileSync(file, text);
  stdout.write(`${file}\n`);
}
