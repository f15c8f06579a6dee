import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Form } from '../meta';
import { World } from '../test/world';
import Tour from './Tour';
import { isToured } from './toured';

const rights = { read: true, create: false, update: false, delete: false };
const form = (key: string, more: Partial<Form> = {}) =>
  ({ key, label: { 'zh-CN': key, en: key }, fields: [], views: [], rights, ...more }) as unknown as Form;

beforeEach(() => localStorage.clear());

const told = () => screen.getByRole('dialog').querySelector('p')?.textContent;
const next = () => fireEvent.click(screen.getByRole('button', { name: '下一步' }));

test('it speaks of what this person has and of nothing else, and does not come twice', () => {
  const onClose = vi.fn();
  const menu = [form('书'), form('人', { pools: [{}] as Form['pools'] })];
  render(<Tour menu={menu} onClose={onClose} />, { wrapper: World });
  expect(told()).toContain('「书」和「人」');
  next();
  expect(told()).toContain('「人」');
  expect(told()).not.toContain('「书」');
  next();
  expect(told()).toContain('搜索');
  next();
  expect(screen.queryByRole('button', { name: '下一步' })).toBeNull();
  expect(isToured('u1')).toBe(false);
  fireEvent.click(screen.getByRole('button', { name: '开始使用' }));
  expect(onClose).toHaveBeenCalledOnce();
  expect(isToured('u1')).toBe(true);
  expect(isToured('u2')).toBe(false);
});

test('Escape ends it', () => {
  const onClose = vi.fn();
  render(<Tour menu={[form('书', { rights: { ...rights, create: true } as Form['rights'] })]} onClose={onClose} />, {
    wrapper: World,
  });
  fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' });
  expect(onClose).toHaveBeenCalledOnce();
});
