// Writes the TypeScript types of the web apps:
//   src/meta/metadata.gen.ts from schemas/*.schema.json
//   src/api/api.gen.ts       from the description of the API's routes, runtime/http/wire/api.json
// With --check it writes nothing and fails where a file is not what it would write.
import { readdir, readFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const schemas = resolve(root, 'schemas');
const description = resolve(root, 'runtime/http/wire/api.json');
const source = resolve(root, 'runtime/web/src');

const banner = (from) => `// Generated from ${from} by \`make gen\`. Do not edit.\n`;

// A schema's types: itself, and its $defs by their titles. The same definition may stand in several schemas.
async function readSchemas() {
  const names = new Map(); // "urn:tidewater:schema:form#/$defs/field" → Field
  const types = new Map(); // Field → schema
  for (const file of (await readdir(schemas)).filter((f) => f.endsWith('.schema.json')).sort()) {
    const { $schema, $id, $defs = {}, ...top } = JSON.parse(await readFile(resolve(schemas, file), 'utf8'));
    for (const [key, one] of [['', top], ...Object.entries($defs)]) {
      if (!one.title) throw new Error(`${file}: $defs/${key} has no title to be named by`);
      const text = JSON.stringify({ ...one, base: JSON.stringify(one).includes('"#/') ? $id : '' });
      const seen = types.get(one.title);
      if (seen && seen.text !== text) throw new Error(`${file}: ${one.title} is something else in ${seen.file}`);
      names.set($id + (key ? `#/$defs/${key}` : '#'), one.title);
      types.set(one.title, { file, text, $id, schema: one });
    }
  }
  return { names, types };
}

// named puts the type's name where a schema refers to it: one type stays one type, however often it is used.
function named(node, $id, names) {
  if (Array.isArray(node)) return node.map((one) => named(one, $id, names));
  if (node === null || typeof node !== 'object') return node;
  const { $ref, ...rest } = node;
  const out = Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, named(one, $id, names)]));
  delete out.propertyNames;
  if (!$ref) return out;
  const name = names.get($ref.startsWith('#') ? $id + $ref : $ref);
  if (!name) throw new Error(`${$id}: ${$ref} leads nowhere`);
  return { ...out, tsType: name };
}

async function metadata() {
  const { names, types } = await readSchemas();
  const definitions = Object.fromEntries(
    [...types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, one]) => [title, named(one.schema, one.$id, names)]),
  );
  const all = { title: 'Metadata', type: 'object', additionalProperties: false, properties: {}, definitions };
  const text = await compile(all, 'Metadata', {
    bannerComment: '',
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 120 },
  });
  const parts = text.replace(/export interface Metadata \{\}\n/, '').replaceAll(/ \* This interface was referenced by [^\n]*\n \* via the `definition`[^\n]*\n/g, '').replaceAll(/\n \*\n \*\//g, '\n */').replaceAll(/\/\*\*\n \*\/\n/g, '');
  return banner('schemas/') + '\n' + parts.trimStart();
}

// What the API hands out of metadata has its types in metadata.gen.ts: x-type says which.
async function api() {
  const imported = new Set();
  const ast = await openapiTS(pathToFileURL(description), {
    alphabetize: true,
    transform(schema) {
      if (!schema['x-type']) return undefined;
      imported.add(schema['x-type']);
      return ts.factory.createTypeReferenceNode(schema['x-type']);
    },
  });
  const text = astToString(ast);
  const imports = `import type { ${[...imported].sort().join(', ')} } from '../meta/metadata.gen';\n\n`;
  return `${banner('runtime/http/wire/api.json')}\n${imports}${text}`;
}

const files = { 'meta/metadata.gen.ts': await metadata(), 'api/api.gen.ts': await api() };
const check = process.argv.includes('--check');
let stale = false;
for (const [name, text] of Object.entries(files)) {
  const path = resolve(source, name);
  if (!check) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    console.error(`${relative(root, path)} is not what the sources say: run make gen`);
    stale = true;
  }
}
process.exitCode = stale ? 1 : 0;
