import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { ApiError, type Problem } from '../api';
import { Fault } from './Fault';

const problem = (status: number, more: Partial<Problem> = {}): Problem => ({
  title: '',
  status,
  detail: '',
  code: 'x',
  ...more,
});
const says = () => screen.getByRole('alert').textContent;

test('what was only to be read says nothing of what was typed, and what was to be saved says that it is safe', () => {
  const traced = problem(500, { instance: 'urn:tidewater:trace:t1' });
  const all: [ApiError, RegExp, RegExp][] = [
    [new ApiError(traced), /看不到.*编号 t1/, /没有保存任何内容.*编号 t1/],
    [new ApiError(problem(502, { code: 'http' })), /看不到.*HTTP 502/, /HTTP 502.*不确定是否已保存.*不会重复/],
    [new ApiError(problem(503), 7), /正忙或在维护，请在 7 秒/, /没有保存任何内容.*7 秒/],
    [new ApiError(problem(0)), /连不上.*看不到/, /连不上.*草稿/],
  ];
  for (const [error, read, saved] of all) {
    const { rerender, unmount } = render(<Fault error={error} />);
    expect(says()).toMatch(read);
    expect(says()).not.toMatch(/保存|填写/);
    rerender(<Fault error={error} saving />);
    expect(says()).toMatch(saved);
    unmount();
  }
});

test('what the server itself says is said, and it may be tried again', () => {
  const again = vi.fn();
  render(<Fault error={new ApiError(problem(403, { detail: '没有权限' }))} onRetry={again} />);
  expect(says()).toContain('没有权限');
  fireEvent.click(screen.getByRole('button', { name: '重试' }));
  expect(again).toHaveBeenCalledOnce();
});
