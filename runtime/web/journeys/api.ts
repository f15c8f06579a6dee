// The server as a program sees it: for preparing what a walk needs and for comparing what it left.
import { setTimeout as pause } from 'node:timers/promises';

export const tenant = 'demo';
export const password = 'demo';

/** A company that somebody may be of, and what everybody there signs in with. */
export interface Company {
  tenant: string;
  password: string;
}
export const demo: Company = { tenant, password };
/** One whose forms have a field of every kind, and whose people are keeper and viewer. */
export const kinds: Company = { tenant: 'kinds', password: 'a field of every kind' };

export interface Stored {
  id: string;
  version: number;
  values: Record<string, unknown>;
}

/** Work in the background. */
interface Work {
  state: string;
  result?: string;
}

const tokens = new Map<string, string>();

export class Api {
  private constructor(
    private readonly address: string,
    private readonly token: string | undefined,
  ) {}

  /** Somebody who has come in here before is known by what they got then: a password costs a server time on purpose. */
  static async as(address: string, username: string, of: Company = demo): Promise<Api> {
    const who = JSON.stringify([address, username, of]);
    const token = tokens.get(who) ?? (await tokenOf(address, username, of));
    if (token) tokens.set(who, token);
    return new Api(address, token);
  }

  /** The id of whoever asks. */
  async me(): Promise<string> {
    return (await this.call<{ user: { id: string } }>('GET', '/me')).user.id;
  }

  async create(form: string, values: Record<string, unknown>): Promise<Stored> {
    return this.call<Stored>('POST', `/forms/${form}/records`, { values });
  }

  async get(form: string, id: string): Promise<Stored> {
    return this.call<Stored>('GET', `/forms/${form}/records/${id}`);
  }

  async update(form: string, { id, version }: Stored, values: Record<string, unknown>): Promise<Stored> {
    return this.call<Stored>('PATCH', `/forms/${form}/records/${id}`, { values }, { 'If-Match': String(version) });
  }

  async act(form: string, id: string, action: string, args: Record<string, unknown>): Promise<Stored> {
    return this.call<Stored>('POST', `/forms/${form}/records/${id}/actions/${action}`, { args });
  }

  async list(form: string, query: Record<string, string>): Promise<Stored[]> {
    const page = await this.call<{ records: Stored[] }>('GET', `/forms/${form}/records?${new URLSearchParams(query)}`);
    return page.records;
  }

  /** Waits until work has ended well. */
  async ended(id: string): Promise<Work> {
    // Also where no test runs yet, while a company is made: without the test runner's own ways of waiting.
    for (let left = 1_200; left > 0; left--) {
      const work = await this.call<Work>('GET', `/jobs/${id}`);
      if (['failed', 'cancelled'].includes(work.state)) throw new Error(JSON.stringify(work));
      if (work.state === 'done') return work;
      await pause(50);
    }
    throw new Error(`${id} does not end`);
  }

  /** Any other call; what is not ok is an error with what the server said. */
  async call<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
}

async function tokenOf(address: string, username: string, of: Company): Promise<string | undefined> {
  const answer = await fetch(`${address}/api/v1/auth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...of, username }),
  });
  return ((await answer.json()) as { token?: string }).token;
}
