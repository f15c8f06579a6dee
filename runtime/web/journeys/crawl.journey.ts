// Everything that can be pressed does something, or says why not. Here once for what is alike on all pages; for every
// form, role and record kind apart in make soak.
import { expect, test } from 'vitest';
import { Crawler } from './crawl/crawler';
import { round } from './crawl/pages';
import { visit } from './walk';

const made = `<h1>made up</h1>
  <button onclick="this.nextSibling.textContent = 'did'">changes</button><output></output>
  <button>dead</button>
  <button onclick="menu.hidden = false">opens</button>
  <div id="menu" hidden><button onclick="menu.hidden = true">shuts</button><button>dead entry</button></div>
  <button onclick="mark.textContent += '.'; console.error('bitten')">complains</button>
  <button onclick="mark.textContent += '.'; fetch('/api/v1/nothing').then((one) => one.text())">fails in silence</button>
  <button onclick="fetch('/api/v1/nothing').then((one) => one.text()).then(() => { told.textContent = 'there is none' })">says why</button>
  <p role="alert" id="told"></p><p id="mark"></p>
  <button disabled>never</button><button disabled title="because">never, and says why</button>
  <div style="position: relative"><button>covered</button><p style="position: absolute; inset: 0; margin: 0">over it</p></div>
  <table><tr><td><button onclick="told.textContent = 'one'">A</button></td></tr>
  <tr><td><button onclick="told.textContent = 'two'">B</button></td></tr></table>`;

test('the crawler finds what is dead, covered, silent or faulty on a page made up of such, and nothing else', async () => {
  await visit('desk', {}, async (walker) => {
    const { page } = walker;
    await page.route('**/made/up', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<body>${made}</body>` }),
    );
    const crawler = await Crawler.of(walker, { enter: async () => undefined, patience: 3_000 });
    await crawler.crawl('/made/up');
    const wrong = [...crawler.pressed, ...crawler.unexplained()].filter((one) => one.wrong);
    expect(wrong.map(({ name }) => name).sort()).toEqual(
      ['complains', 'covered', 'dead', 'dead entry', 'fails in silence', 'never'].map((one) => `button ${one}`),
    );
    const right = crawler.pressed.filter((one) => !one.wrong).map(({ name }) => name);
    expect(right).toEqual(['changes', 'opens', 'shuts', 'says why', 'A'].map((one) => `button ${one}`));
  });
});

/** What stands around every page, and files; all the rest is in make soak. */
const some = new Set(['/f/customer/import', '/no/such/place']);

test('what can be pressed does something', async () => {
  expect(await round({ user: 'manager', size: 'desk', only: ({ address }) => some.has(address) })).toEqual([]);
});
