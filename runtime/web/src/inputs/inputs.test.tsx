import { act, render, screen } from '@testing-library/react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';
import { untilLoaded } from './untilLoaded';

afterEach(() => {
  vi.useRealTimers();
});

test('where an input will be there is a place for it, and then the input', async () => {
  vi.resetModules();
  const { Switch } = await import('./index');
  expect(renderToStaticMarkup(<Switch aria-label="on" />)).toContain('skeleton');
  const { container } = await act(async () => render(<Switch aria-label="on" />));
  expect(screen.getByRole('switch', { name: 'on' })).toBeTruthy();
  expect(container.querySelector('.skeleton')).toBeNull();
});

test('what could not be loaded is asked for again after a while, and at once where the network comes back', async () => {
  vi.useFakeTimers();
  const load = vi.fn<() => Promise<string>>().mockRejectedValue(new Error('no network'));
  const loaded = untilLoaded(load);
  await vi.advanceTimersByTimeAsync(2_999);
  expect(load).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(load).toHaveBeenCalledTimes(2);
  load.mockResolvedValue('here');
  window.dispatchEvent(new Event('online'));
  await expect(loaded).resolves.toBe('here');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(load).toHaveBeenCalledTimes(3);
});
