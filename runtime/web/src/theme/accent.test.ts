import { expect, test } from 'vitest';
import { contrast, mix, shadesOf } from './accent';

const accents = ['#3257d5', '#0b6777', '#b42318', '#000000', '#7a5600', '#5b3cb0', '#767676', '#1d6b2f'];

test('contrast is that of WCAG 2.2, and mixing goes from one colour to the other', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
});

test.each(accents)('all that %s leads to can be read, on light pages and on dark ones', (accent) => {
  const light = shadesOf(accent, false);
  expect(light.accent).toBe(accent);
  const dark = shadesOf(accent, true);
  for (const [text, ground] of [
    [light['on-accent'], light.accent],
    [light['accent-text'], light['accent-soft']],
    [light['accent-text'], '#ffffff'],
    [dark['on-accent'], dark.accent],
    [dark.accent, '#12151b'],
    [dark['accent-text'], dark['accent-soft']],
    [dark['accent-text'], '#222833'],
  ] as [string, string][]) {
    expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
});
