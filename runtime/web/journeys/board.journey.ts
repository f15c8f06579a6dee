// A board: cards go from lane to lane by their menu, by the keyboard and by dragging.
import { expect } from 'vitest';
import type { Api } from './api';
import { journey, unique, type Walker } from './walk';

/** An opportunity of the salesperson's own, worth enough to stand first in its lane. */
async function fresh(api: Api) {
  const [buyer] = await api.list('customer', { limit: '1' });
  return api.create('opportunity', {
    name: `看板${unique()}`,
    customer: buyer?.id,
    amount: '99999999.00',
    stage: 'contact',
  });
}

const cardOf = ({ page }: Walker, id: string) => page.locator(`[data-record="${id}"]`);

journey(
  'a card moves by its menu and by keys alone, and what its stage asks for is asked on the way',
  async (walker) => {
    const { page, watch } = walker;
    const api = await walker.enter('sales');
    const made = await fresh(api);
    await walker.open('/f/opportunity?view=funnel');
    const card = cardOf(walker, made.id);
    await card.waitFor();
    await walker.holds('a board');
    await walker.accessible('a board');
    await card.getByRole('button', { name: '移动卡片' }).click();
    await walker.accessible('a board with a menu');
    await walker.button('移到「需求确认」').click();
    await page.getByText('已移动').first().waitFor();
    expect((await api.get('opportunity', made.id)).values.stage).toBe('need');

    await page.getByRole('region', { name: '需求确认' }).locator(`[data-record="${made.id}"]`).waitFor();
    await walker.settled();
    await card.getByRole('button', { name: '移动卡片' }).focus();
    await page.keyboard.press('Enter');
    await walker.button('移到「初步接触」').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: '初步接触' }).locator(`[data-record="${made.id}"]`).waitFor();

    watch.expect(/^422 PATCH \/api\/v1\/forms\/opportunity\/records\//);
    await card.getByRole('button', { name: '移动卡片' }).click();
    await walker.button('移到「输单」').click();
    await page.getByText('还需要补充内容才能移动').first().waitFor();
    const drawer = page.getByRole('complementary', { name: '记录详情' });
    await drawer.getByRole('combobox', { name: '输单原因' }).click();
    await walker.option(/\S/).first().click();
    await walker.save();
    await drawer.getByRole('button', { name: '编辑' }).waitFor();
    expect((await api.get('opportunity', made.id)).values).toMatchObject({ stage: 'lost' });
  },
);

journey(
  'a card moves by dragging',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const made = await fresh(api);
    await walker.open('/f/opportunity?view=funnel');
    const card = cardOf(walker, made.id);
    await card.dragTo(page.getByRole('region', { name: '需求确认' }).getByRole('list'));
    await page.getByText('已移动').first().waitFor();
    expect((await api.get('opportunity', made.id)).values.stage).toBe('need');
  },
  { at: ['desk'] },
);
