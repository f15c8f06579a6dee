// The pool of a form: what lies in it, what comes back to it, how it is handed out.
import { expect } from 'vitest';
import { journey, unique, type Walker } from './walk';

/** A record that lies in the pool of the east. */
async function waiting(walker: Walker, name: string) {
  const api = await walker.enter('manager');
  const [east] = await api.list('customer', { view: 'ownerless', limit: '1' });
  const made = await api.create('customer', { name, zone: east?.values.zone, owner: null });
  return made;
}

journey('from home to the pool, a claim is spent and the record is mine', async (walker) => {
  const { page, phone } = walker;
  const name = `公海${unique()}`;
  const made = await waiting(walker, name);
  const api = await walker.enter('sales');
  await walker.open('/');
  await page
    .getByRole('navigation', { name: '公海入口' })
    .getByRole('link', { name: /^客户公海/ })
    .click();
  await page.getByRole('heading', { level: 1, name: '客户公海' }).waitFor();
  await walker.accessible('what lies in a pool');
  await walker.fits('what lies in a pool');
  const left = page.locator('.gauge').filter({ hasText: '今日还可领取' }).locator('strong');
  const before = Number(await left.textContent());
  await page.getByRole('searchbox').fill(name);
  const line = page.getByRole(phone ? 'listitem' : 'row').filter({ hasText: name });
  await line.getByRole('button', { name: '领取' }).dblclick();
  await walker.reads('「领取」已完成');
  await line.waitFor({ state: 'hidden' });
  await left.filter({ hasText: String(before - 1) }).waitFor();
  expect((await api.get('customer', made.id)).values.owner).toMatchObject({ title: '李晓雯' });
});

journey('what goes back soon tells why, and a follow-up is at hand', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('sales');
  await walker.open('/f/customer/pool?tab=leaving');
  await page.getByRole('button', { name: '30 天内' }).click();
  const why = page.getByRole('button', { name: '为什么' }).first();
  await why.waitFor();
  await walker.accessible('what goes back soon');
  await walker.fits('what goes back soon');
  await why.click();
  const panel = page.getByRole('dialog', { name: /^为什么/ });
  await panel.getByText('预计收回时间').waitFor();
  await walker.accessible('why it goes back');
  await walker.fits('why it goes back');
  await panel.getByRole('button', { name: '关闭' }).click();
  await page.getByRole('button', { name: '跟进记录' }).first().click();
  const quick = page.getByRole('dialog', { name: '新建跟进记录' });
  const said = `电话里谈了一下${unique()}`;
  await quick.locator('[data-field="content"] textarea').fill(said);
  await walker.accessible('a quick follow-up');
  await quick.getByRole('button', { name: '保存' }).click();
  await quick.waitFor({ state: 'hidden' });
  expect(await api.list('followUp', { q: said })).toHaveLength(1);
});

journey('a manager hands out evenly among whom they choose, and the draw is verified', async (walker) => {
  const { page, phone } = walker;
  await waiting(walker, `分配${unique()}`);
  await walker.open('/f/customer/pool?tab=dealt');
  await page.getByRole('button', { name: '批量分配' }).click();
  const dialog = page.getByRole('dialog', { name: /^分配 / });
  await dialog.getByText('手工选择人员').click();
  await dialog.getByRole('combobox', { name: '分给哪些人' }).click();
  for (const name of ['李晓雯', '王明']) {
    await page.keyboard.type(name);
    await walker.option(name).first().click();
  }
  await page.keyboard.press('Escape');
  await dialog.getByPlaceholder('不填则全部分出').fill('2');
  await dialog.getByText(/将分出 2 条/).waitFor();
  await walker.accessible('handing out');
  await walker.fits('handing out');
  await dialog.getByRole('button', { name: '分配 2 条' }).dblclick();
  await dialog.getByText('已完成').waitFor();
  await walker.accessible('what was handed out');
  await dialog.getByRole('button', { name: '核验' }).click();
  const draw = page.getByRole('dialog', { name: '核验这次分配' });
  await draw.getByText(/与记录历史一致（已核对 2 条）/).waitFor();
  await walker.accessible('a draw that is verified');
  await walker.fits('a draw that is verified');
  await draw.getByRole('button', { name: '关闭' }).click();
  const ledger = page.getByRole('region', { name: '公平台账' });
  await ledger.getByText('李晓雯').waitFor();
  if (!phone) await page.getByRole('region', { name: '分配记录' }).getByText('手工选择人员').first().waitFor();
});
