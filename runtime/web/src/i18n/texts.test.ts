import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import en from './en.json';
import zh from './zh-CN.json';

const root = join(import.meta.dirname, '..');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.(test|gen)\.|^test\//.test(name))
  .map((name) => [name, readFileSync(join(root, name), 'utf8')] as const);

const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

test('both languages have the same texts, with the same holes', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
    expect(zh[key].trim(), key).not.toBe('');
    expect(en[key].trim(), key).not.toBe('');
    expect(holes(en[key]), key).toEqual(holes(zh[key]));
  }
});

test('each text that the pages ask for is there, and each that is there is asked for', () => {
  const asked = new Set<string>();
  const families: string[] = [];
  for (const [, text] of sources) {
    for (const [, key] of text.matchAll(/['"]([a-z]\w*\.[\w-]+)['"]/gi)) if (key) asked.add(key);
    for (const [, family] of text.matchAll(/\bt\(\s*`(\w+\.)\$\{/g)) if (family) families.push(family);
    for (const [, key] of text.matchAll(/\bt\(\s*'([^']+)'/g)) expect(zh, key).toHaveProperty([key as string]);
  }
  const unused = Object.keys(zh).filter((key) => !asked.has(key) && !families.some((family) => key.startsWith(family)));
  expect(unused).toEqual([]);
});

test('no page has text of its own', () => {
  for (const [name, text] of sources) {
    const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/\/[^/\n]*[一-鿿][^/\n]*\/[a-z]*/g, '');
    const chinese = [...bare.matchAll(/[一-鿿]+/g)]
      .map(([word]) => word)
      .filter((word) => !['万', '亿'].includes(word));
    expect(chinese, name).toEqual([]);
  }
});

test('nothing here knows the word of any app', () => {
  for (const [name, text] of sources) {
    expect(text.toLowerCase(), name).not.toMatch(/customer|opportunit|salesorder|followup/);
  }
});
