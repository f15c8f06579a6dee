// Draws the app's icons, public/icon-*.png, from public/icon.svg: phones want pixels. Run it when the mark changes:
// CHROMIUM=$(scripts/chromium.sh) node scripts/icons.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const folder = new URL('../public/', import.meta.url);
const mark = readFileSync(new URL('icon.svg', folder), 'utf8');
// Whoever cuts the icon to a shape of their own wants colour up to its edge, and the mark well within.
const whole = mark.replace(' rx="8"', '');
const inset = whole.replace(/<path /, '<path transform="translate(3.2 3.2) scale(0.8)" ');

const icons = [
  { name: 'icon-192.png', size: 192, svg: mark },
  { name: 'icon-512.png', size: 512, svg: mark },
  { name: 'icon-maskable-512.png', size: 512, svg: inset },
  { name: 'apple-touch-icon.png', size: 180, svg: whole },
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
for (const { name, size, svg } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  writeFileSync(new URL(name, folder), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
