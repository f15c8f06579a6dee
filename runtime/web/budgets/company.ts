// The company that budgets are measured in: the demo's, with as many customers as RECORDS says (100,000), and a form
// of 40 fields with rules over them.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api, demo } from '../journeys/api';
import { formOf, label, publish } from '../journeys/publish';
import { found, type Project, run } from '../journeys/server';

const records = Number(process.env.RECORDS ?? 100_000);

const tiers = ['A', 'B', 'C', 'D', 'E'];
const statuses = ['potential', 'contacted', 'negotiating', 'won'];

const columns = ['name', 'type', 'tier', 'status', 'phone', 'need', 'address'];
const customer = (n: number) => [
  `预算测试${n}号制造有限公司`,
  'prospect',
  tiers[n % tiers.length],
  statuses[n % statuses.length],
  `161${String(n).padStart(8, '0')}`,
  '希望解决库存账实不符的问题，重点关注批次追溯。',
  `工业大道${n % 997}号`,
];

/** Fills the company up by an import, which writes many records at once: a server that is asked takes many times longer. */
function fill(folder: string, held: number): void {
  if (held >= records) return;
  const file = join(folder, 'customers.csv');
  const rows = Array.from({ length: records - held }, (_, at) => customer(held + at).join(','));
  writeFileSync(file, `${[columns.join(','), ...rows].join('\n')}\n`);
  run(['import', '--store', folder, '--tenant', demo.tenant, '--form', 'customer', '--as', 'director', file]);
  rmSync(file);
}

export const wideKey = 'budgetForm';
/** The label of its first field, which others follow by rules. */
export const wideLabel = '测量1';

/** 40 fields: 24 texts, 8 amounts, 4 days, 3 choices, and a formula over the amounts. */
function wideForm() {
  const kinds: [string, number, object][] = [
    ['text', 24, { maxLength: 200 }],
    ['number', 8, { 'x-scale': 2 }],
    ['date', 4, {}],
    [
      'select',
      3,
      {
        'x-options': [
          { value: 'one', label: label('甲') },
          { value: 'two', label: label('乙') },
        ],
      },
    ],
  ];
  const fields = kinds.flatMap(([kind, count, more]) => Array.from({ length: count }, () => ({ kind, more })));
  const properties: Record<string, object> = Object.fromEntries(
    fields.map(({ kind, more }, n) => [
      `f${n + 1}`,
      { 'x-field': kind, 'x-label': label(`测量${n + 1}`), ...more, ...(n > 0 && n < 6 ? follows : {}) },
    ]),
  );
  const amounts = Array.from({ length: 8 }, (_, n) => `(f${25 + n} ?? 0)`).join(' + ');
  properties.sum = { 'x-field': 'formula', 'x-label': label('合计'), 'x-compute': amounts, 'x-scale': 2 };
  return formOf(wideKey, '测量', 'f1', properties);
}
const follows = { 'x-requiredIf': 'len(f1 ?? "") > 3' };

export default (project: Project) => {
  let held = 0;
  return found(
    project,
    async (address) => {
      await publish(address, wideForm());
      const api = await Api.as(address, 'director');
      const { count } = await api.call<{ count: { value: number } }>(
        'GET',
        '/forms/customer/records?limit=1&count=exact',
      );
      held = count.value;
    },
    (folder) => fill(folder, held),
  );
};
