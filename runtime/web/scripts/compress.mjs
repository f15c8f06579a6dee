// Writes a .br beside each built file that is worth it, and holds the budgets of size (brotli): what comes before
// anything is shown, what each page needs beyond that, and what comes apart.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = new URL('../built/app/', import.meta.url).pathname;
const graphFile = join(dist, 'graph.json');
const kb = 1024;
const budgets = { entry: 200 * kb, page: 100 * kb, part: 160 * kb };
const compressible = /\.(js|css|svg|webmanifest)$/;

const graph = JSON.parse(readFileSync(graphFile, 'utf8'));
rmSync(graphFile);

const sizes = new Map();
for (const name of readdirSync(dist, { recursive: true })) {
  if (!compressible.test(name)) continue;
  const plain = readFileSync(join(dist, name));
  const packed = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } });
  sizes.set(name, packed.length);
  if (packed.length < plain.length * 0.9) writeFileSync(join(dist, `${name}.br`), packed);
}

/** The files that a part of the app cannot do without. */
function filesOf(key, files = new Set()) {
  const { file, imports = [], css = [] } = graph[key];
  if (files.has(file)) return files;
  for (const one of [file, ...css]) files.add(one);
  for (const one of imports) filesOf(one, files);
  return files;
}
const sum = (files) => [...files].reduce((total, file) => total + (sizes.get(file) ?? 0), 0);
const write = (size) => `${(size / kb).toFixed(1)} KB`;

// What the page fetches before it shows anything: what index.html names.
const index = readFileSync(join(dist, 'index.html'), 'utf8');
const first = new Set([...sizes.keys()].filter((name) => index.includes(`/${name}"`)));
const others = Object.entries(graph)
  .filter(([, { isDynamicEntry }]) => isDynamicEntry)
  .map(([key]) => {
    const files = [...filesOf(key)].filter((file) => !first.has(file));
    return { name: key, isPage: /Page\.tsx$/.test(key), files: files.length, size: sum(files) };
  });
const largest = (isPage) =>
  others.filter((one) => one.isPage === isPage).reduce((most, one) => (one.size > most.size ? one : most));

const seen = [
  { name: 'entry', files: first.size, size: sum(first), most: budgets.entry },
  { ...largest(true), most: budgets.page },
  { ...largest(false), most: budgets.part },
];
for (const { name, files, size, most } of seen) {
  process.stdout.write(`${name}: ${write(size)} of ${write(most)} in ${files} files\n`);
}
if (seen.some(({ size, most }) => size > most)) {
  process.stderr.write('a budget is exceeded (brotli)\n');
  process.exitCode = 1;
}
