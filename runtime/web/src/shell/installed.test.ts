// What a phone needs to put the app among its own: pictures of the sizes that the manifest says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, name));

interface Icon {
  src: string;
  sizes: string;
  type: string;
  purpose?: string;
}
const { icons } = JSON.parse(read('public/manifest.webmanifest').toString()) as { icons: Icon[] };

/** A PNG says its width and height in the first of its chunks; the type of its colours tells whether it may be clear. */
function pngOf(name: string) {
  const data = read(`public${name}`);
  expect(data.subarray(1, 4).toString(), name).toBe('PNG');
  return { size: `${data.readUInt32BE(16)}x${data.readUInt32BE(20)}`, hasAlpha: data[25] === 6 };
}

test('each picture of the manifest is as large as it says', () => {
  for (const { src, sizes, type } of icons) {
    if (type === 'image/png') expect(pngOf(src).size, src).toBe(sizes);
    else expect(read(`public${src}`).toString(), src).toContain('<svg');
  }
});

test('there is one of 192 and one of 512 px, and one that may be cut to any shape', () => {
  const plain = icons.filter(({ purpose, type }) => !purpose && type === 'image/png').map(({ sizes }) => sizes);
  expect(plain).toEqual(['192x192', '512x512']);
  expect(icons.filter(({ purpose }) => purpose === 'maskable').map(({ sizes }) => sizes)).toEqual(['512x512']);
});

test('the page has a place for the name that other phones write below it', () => {
  expect(read('index.html').toString()).toContain('<meta name="apple-mobile-web-app-title" content="Tidewater" />');
});

test('the manifest is asked for in the name of whoever is signed in', () => {
  expect(read('index.html').toString()).toContain(
    '<link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials" />',
  );
});

test('what other phones put on their screens is named by the page, and has no clear corners', () => {
  const name = /rel="apple-touch-icon" href="([^"]+)"/.exec(read('index.html').toString())?.[1] ?? '';
  expect(pngOf(name)).toEqual({ size: '180x180', hasAlpha: false });
});
