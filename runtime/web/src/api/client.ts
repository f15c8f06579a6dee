// The one place that calls fetch. It knows headers, problem documents and the end of a session.
import { ApiError, type Problem, unheard, unspoken } from './problem';

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

type Listener = () => void;
const ended = new Set<Listener>();

/** onSessionEnd is called when the server no longer knows who asks. It returns how to stop listening. */
export function onSessionEnd(listener: Listener): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

let language = 'zh-CN';

/** speak sets the language that the server's messages come in. */
export function speak(locale: string): void {
  language = locale;
}

export async function call<T>(path: string, asked: Call = {}): Promise<T> {
  return bodyOf<T>(await ask(path, asked));
}

/** Also tells the state that the answer shows, to be sent back as If-Match. */
export async function callTagged<T>(path: string, asked: Call = {}): Promise<{ body: T; tag: string }> {
  const answer = await ask(path, asked);
  return { body: await bodyOf<T>(answer), tag: answer.headers.get('ETag') ?? '' };
}

const bodyOf = async <T>(answer: Response) => (answer.status === 204 ? undefined : await answer.json()) as T;

/** How long a gateway gets to find its server again, ms. */
const pause = 1000;

/** What has a key is asked for once more where a gateway answers in the server's place: the key tells whether it was done. */
async function ask(path: string, asked: Call): Promise<Response> {
  try {
    return await askOnce(path, asked);
  } catch (error) {
    const hasKey = asked.headers && 'Idempotency-Key' in asked.headers;
    if (!hasKey || !(error instanceof ApiError) || error.offline || !error.unsure) throw error;
    await new Promise((resolve) => setTimeout(resolve, pause));
    return askOnce(path, asked);
  }
}

async function askOnce(path: string, { method = 'GET', body, query, headers, signal }: Call): Promise<Response> {
  const answer = await send(address(path, query), {
    method,
    signal,
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json',
      'Accept-Language': language,
      ...(method === 'GET' ? {} : { 'X-Tidewater': 'web' }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    throw await problemOf(answer, path);
  }
  return answer;
}

function address(path: string, query: Call['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '' && value !== false) {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(unheard);
  }
}

async function problemOf(answer: Response, path: string): Promise<ApiError> {
  const isProblem = answer.headers.get('Content-Type')?.includes('json');
  const sent = isProblem ? ((await answer.json().catch(() => null)) as Problem | null) : null;
  if (answer.status === 401 && !path.startsWith('/auth/')) {
    for (const listener of ended) listener();
  }
  const problem = sent ?? { title: '', status: answer.status, detail: '', code: unspoken };
  return new ApiError(problem, Number(answer.headers.get('Retry-After') ?? 0));
}
