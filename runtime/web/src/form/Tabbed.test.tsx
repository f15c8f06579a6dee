import { fireEvent, render, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Form } from '../meta';
import { book, label, World } from '../test/world';
import { FormBody } from './FormBody';
import { useRecordForm } from './useRecordForm';

const tabbed: Form = {
  ...book,
  tabs: [
    { key: 'one', label: label('明细') },
    { key: 'two', label: label('合同') },
    { key: 'three', label: label('无人可见') },
  ],
  sections: [
    { key: 'main', label: label('基本'), fields: ['name'] },
    { key: 'lines', label: label('明细'), fields: ['lines', 'total'], tab: 'one' },
    { key: 'deal', label: label('金额'), fields: ['price'], tab: 'two' },
  ],
};

/** What the rules say of the draft. */
let said: object;

beforeEach(() => {
  localStorage.clear();
  said = { values: {}, fields: {}, issues: [] };
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (at, init) => {
    const url = String(at);
    if (url.includes('/evaluate')) return Response.json(said);
    if (url.includes('/duplicates')) return Response.json({ duplicates: [] });
    if (init?.method === 'POST') {
      const errors = [{ path: '/values/price', code: 'value.required', message: '请填写单价' }];
      return Response.json({ type: 'invalid', title: '有误', status: 422, errors }, { status: 422 });
    }
    return Response.json({ records: [] });
  });
});

function Page() {
  const state = useRecordForm({ form: tabbed, active: true, onSaved: () => undefined });
  const tab = useState<string>();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void state.save();
      }}
    >
      <FormBody form={tabbed} state={state} tab={tab} />
      <button type="submit">保存</button>
    </form>
  );
}

const shown = () => screen.getAllByRole('tabpanel').map((panel) => panel.querySelector('h2')?.textContent);

test('the sections of one tab are in view, those of none above, what is in no section below', () => {
  render(<Page />, { wrapper: World });
  expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual(['明细', '合同']);
  expect(shown()).toEqual(['明细']);
  const parts = [...document.querySelectorAll('.form-part')].map((part) => part.getAttribute('aria-label'));
  expect(parts).toEqual(['基本', '明细', '金额', '其他']);
  fireEvent.click(screen.getByRole('tab', { name: '合同' }));
  expect(shown()).toEqual(['金额']);
});

test('the keys go round the tabs, and only the open one is in the order of tabbing', () => {
  render(<Page />, { wrapper: World });
  const press = (key: string) => fireEvent.keyDown(document.activeElement as Element, { key });
  screen.getByRole('tab', { name: '明细' }).focus();
  press('ArrowLeft');
  expect(document.activeElement?.textContent).toBe('合同');
  expect(shown()).toEqual(['金额']);
  press('ArrowRight');
  expect(document.activeElement?.textContent).toBe('明细');
  press('End');
  expect(document.activeElement?.textContent).toBe('合同');
  press('Home');
  expect(screen.getAllByRole('tab').map((tab) => tab.tabIndex)).toEqual([0, -1]);
});

test('what is wrong on another tab is counted there, and a refused save opens it', async () => {
  said = { values: {}, fields: {}, issues: [{ path: '/values/price', code: 'value.required', message: '请填写单价' }] };
  render(<Page />, { wrapper: World });
  expect(shown()).toEqual(['明细']);
  fireEvent.click(screen.getByRole('button', { name: '保存' }));
  const tab = await screen.findByRole('tab', { name: /合同.*1 项需要修改/, selected: true });
  expect(within(tab).getByText('1')).toBeTruthy();
  expect(shown()).toEqual(['金额']);
  // Whoever goes elsewhere then is not thrown back by it.
  fireEvent.click(screen.getByRole('tab', { name: '明细' }));
  expect(shown()).toEqual(['明细']);
});
