// Writes a .br beside each built file that is worth it, and holds the budgets (brotli): the entry at most 200 KB,
// any other chunk at most 160.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = new URL('../built/app/', import.meta.url).pathname;
const kb = 1024;
const budgets = { entry: 200 * kb, chunk: 160 * kb };
const compressible = /\.(js|css|svg|webmanifest)$/;

const sizes = new Map();
for (const name of readdirSync(dist, { recursive: true })) {
  if (!compressible.test(name)) continue;
  const plain = readFileSync(join(dist, name));
  const packed = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } });
  sizes.set(name, packed.length);
  if (packed.length < plain.length * 0.9) writeFileSync(join(dist, `${name}.br`), packed);
}

// What the page fetches before it shows anything: what index.html names.
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const first = [...sizes].filter(([name]) => page.includes(`/${name}"`));
const entry = first.reduce((sum, [, size]) => sum + size, 0);
const largest = [...sizes].filter(([name]) => !page.includes(name)).sort((a, b) => b[1] - a[1])[0];
const write = (size) => `${(size / kb).toFixed(1)} KB`;
process.stdout.write(
  `entry ${write(entry)} of ${write(budgets.entry)}; largest other ${largest?.[0]} ${write(largest?.[1] ?? 0)}\n`,
);
if (entry > budgets.entry || (largest?.[1] ?? 0) > budgets.chunk) {
  process.stderr.write('a budget is exceeded (brotli)\n');
  process.exitCode = 1;
}
