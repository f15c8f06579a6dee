// Choosing from a list of choices as people do: it opens, and one of its entries is taken.
import { fireEvent, waitFor } from '@testing-library/react';

const open = () => [...document.querySelectorAll('.ant-select-dropdown:not(.ant-select-dropdown-hidden)')].at(-1);
const entries = () => [...(open()?.querySelectorAll('.ant-select-item-option') ?? [])];

/** What the input offers, once something is offered. */
export async function offered(input: HTMLElement): Promise<(string | null)[]> {
  if (input.getAttribute('aria-expanded') !== 'true') fireEvent.mouseDown(input);
  await waitFor(() => {
    if (!entries().length) throw new Error('nothing is offered');
  });
  return entries().map((one) => one.textContent);
}

export async function choose(input: HTMLElement, text: string): Promise<void> {
  const all = await offered(input);
  const found = entries()[all.indexOf(text)];
  if (!found) throw new Error(`"${text}" is not among ${all.join(', ')}`);
  fireEvent.click(found);
}
