// Two people at once: what one does shows with the other, without a reload, and is told at the bell.
import { expect } from 'vitest';
import { journey, unique } from './walk';

journey('what a manager gives shows in the open list and at the bell', async (walker) => {
  const { page, phone } = walker;
  const manager = await walker.enter('manager');
  const [east] = await manager.list('customer', { view: 'ownerless', limit: '1' });
  const sales = await walker.enter('sales');
  const me = await sales.me();
  await walker.open('/f/customer?view=all');
  await walker.settled();

  const name = `移交${unique()}`;
  const made = await manager.create('customer', { name, zone: east?.values.zone, owner: me });
  // The list is open all the while: it asks anew by itself.
  await page
    .getByRole(phone ? 'listitem' : 'row')
    .filter({ hasText: name })
    .first()
    .waitFor();
  const bell = page.getByRole('button', { name: /^通知，\d+ 条未读$/ });
  await bell.click();
  const inbox = page.getByRole('dialog', { name: /^通知/ });
  const told = inbox.getByRole('listitem').filter({ hasText: '把' }).first();
  await told.waitFor();
  await walker.accessible('the inbox');
  await walker.fits('the inbox');
  await inbox
    .getByRole('link', { name: new RegExp(name) })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  expect(page.url()).toContain(made.id);

  // What is read stays read, also when one comes again.
  await page.reload();
  await page.getByRole('button', { name: /^通知/ }).click();
  const all = inbox.getByRole('button', { name: '全部标为已读' });
  if (await all.isVisible()) await all.click();
  await page.getByRole('button', { name: '通知', exact: true }).waitFor();

  // What they want to hear of stays chosen.
  await walker.open('/notifications');
  const given = page.getByRole('checkbox', { name: '分配给我的记录：站内' });
  await given.click();
  await expect.poll(() => given.isChecked()).toBe(false);
  await walker.accessible('the choices of notifications');
  await walker.fits('the choices of notifications');
  await page.reload();
  await expect.poll(() => given.isChecked()).toBe(false);
  await given.click();
  await expect.poll(() => given.isChecked()).toBe(true);
});

journey('who is mentioned in a comment finds it among all that mentions them, and comes to it', async (walker) => {
  const { page, phone } = walker;
  const manager = await walker.enter('manager');
  const sales = await walker.enter('sales');
  const me = await sales.me();
  const name = `提及${unique()}`;
  const made = await sales.create('customer', { name });
  const comments = `/forms/customer/records/${made.id}/comments`;
  await manager.call('POST', comments, { text: `先看这条 ${name}`, mentions: [me] });
  // More than a page of comments is said behind it.
  for (let n = 0; n < 32; n++) await manager.call('POST', comments, { text: `之后说的 ${n}`, mentions: [] });
  await walker.open('/');
  await page.getByRole('button', { name: phone ? '更多' : /的设置$/ }).click();
  await page.getByRole('link', { name: '提到我的' }).click();
  const line = page.getByRole('listitem').filter({ hasText: `先看这条 ${name}` });
  await line.getByText('未读').waitFor();
  await walker.accessible('what mentions me');
  await walker.fits('what mentions me');
  await line.getByRole('link').click();
  const comment = page.locator('.comment.sought');
  await comment.getByText(`先看这条 ${name}`).waitFor();
  await expect.poll(() => comment.evaluate((one) => document.activeElement === one)).toBe(true);
  await expect
    .poll(() =>
      comment.evaluate((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      }),
    )
    .toBe(true);
  await walker.accessible('a comment that one has come for');
  await page.goBack();
  await line.waitFor();
  await expect.poll(() => line.getByText('未读').count()).toBe(0);
});
