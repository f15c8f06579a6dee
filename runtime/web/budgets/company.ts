// The company that budgets are measured in: the demo's, with as many customers as RECORDS says (100,000), and a form
// of 40 fields with rules over them.
import { Api } from '../journeys/api';
import { formOf, label, publish } from '../journeys/publish';
import { found, type Project } from '../journeys/server';

const records = Number(process.env.RECORDS ?? 100_000);
const batch = 500;

const tiers = ['A', 'B', 'C', 'D', 'E'];
const statuses = ['potential', 'contacted', 'negotiating', 'won'];

function customer(n: number): Record<string, unknown> {
  return {
    name: `预算测试${n}号制造有限公司`,
    type: 'prospect',
    tier: tiers[n % tiers.length],
    status: statuses[n % statuses.length],
    phone: `161${String(n).padStart(8, '0')}`,
    need: '希望解决库存账实不符的问题，重点关注批次追溯。',
    address: `工业大道${n % 997}号`,
  };
}

async function fill(address: string): Promise<void> {
  const api = await Api.as(address, 'director');
  const held = await api.call<{ count: { value: number } }>('GET', '/forms/customer/records?limit=1&count=exact');
  for (let from = held.count.value; from < records; from += batch) {
    const operations = Array.from({ length: Math.min(batch, records - from) }, (_, at) => ({
      op: 'create',
      values: customer(from + at),
    }));
    const { results } = await api.call<{ results: { status: number; error?: unknown }[] }>(
      'POST',
      '/forms/customer/batch',
      { operations },
    );
    const refused = results.find((one) => one.status >= 400);
    if (refused) throw new Error(`a customer was refused: ${JSON.stringify(refused)}`);
  }
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

export default (project: Project) =>
  found(project, async (address) => {
    await publish(address, wideForm());
    await fill(address);
  });
