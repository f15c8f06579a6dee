// Two records that are the same become one, and two again.
import { expect } from 'vitest';
import type { Api } from './api';
import { journey, unique, type Walker } from './walk';

/** Two companies of one name, the second with somebody who works there. */
async function twins(api: Api, word: string) {
  const [pooled] = await api.list('customer', { view: 'ownerless', limit: '1' });
  const at = { zone: pooled?.values.zone, owner: await api.me() };
  const keep = await api.create('customer', { name: `晨光${word}有限公司`, ...at });
  const drop = await api.create('customer', { name: `晨光${word}公司`, ...at, address: '人民路 1 号' });
  const person = await api.create('contact', { name: `张${word}`, customer: drop.id, owner: at.owner });
  return { keep, drop, person };
}

async function choose(walker: Walker, word: string, keep: string) {
  const { page } = walker;
  if (walker.phone) {
    await walker.open(`/f/customer/${keep}`);
    await page.getByRole('button', { name: '更多操作' }).click();
    await page.getByRole('button', { name: '与其他记录合并…' }).click();
    const dialog = page.getByRole('dialog', { name: '合并两条记录' });
    await dialog.getByRole('combobox').click();
    await dialog.getByRole('combobox').fill(`晨光${word}公司`);
    await walker.option(`晨光${word}公司`).click();
    return;
  }
  await walker.open(`/f/customer?q=${word}`);
  // One after the other, as people do it: the second must not take the first one's place.
  await page.getByRole('checkbox', { name: '选择第 1 行' }).check();
  await page.getByRole('checkbox', { name: '选择第 2 行' }).check();
  await walker.reads('已选 2 条');
  await walker.button('合并').click();
}

journey('two records become one, with what points to them, and two again', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('manager');
  const word = unique();
  const { keep, drop, person } = await twins(api, word);
  await choose(walker, word, keep.id);
  const dialog = page.getByRole('dialog', { name: '合并两条记录' });
  await dialog.getByText('以下数据将归到保留的记录：').waitFor();
  await walker.accessible('what a merge would do');
  await walker.fits('what a merge would do');
  await dialog.getByRole('button', { name: '合并', exact: true }).dblclick();
  await dialog.getByText('已完成').waitFor();
  expect((await api.get('customer', keep.id)).values).toMatchObject({
    name: `晨光${word}有限公司`,
    address: '人民路 1 号',
  });
  expect((await api.get('contact', person.id)).values.customer).toMatchObject({ id: keep.id });

  await dialog.getByRole('button', { name: '撤销' }).click();
  await dialog.getByText('已完成').nth(1).waitFor();
  expect((await api.get('customer', keep.id)).values.address).toBeUndefined();
  expect((await api.get('contact', person.id)).values.customer).toMatchObject({ id: drop.id });
});
