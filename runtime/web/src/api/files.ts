// Files go up as they are and come back by their id.
import { ApiError, type Problem, unheard } from './problem';
import type { Ref } from './types';

export async function uploadFile(file: File): Promise<Ref> {
  const body = new FormData();
  body.set('file', file);
  const answer = await fetch('/api/v1/files', {
    method: 'POST',
    body,
    credentials: 'same-origin',
    headers: { 'X-Tidewater': 'web' },
  }).catch(() => {
    throw new ApiError(unheard);
  });
  if (!answer.ok) {
    throw new ApiError((await answer.json().catch(() => unheard)) as Problem);
  }
  const made = (await answer.json()) as { id: string; name?: string };
  return { id: made.id, title: made.name ?? file.name };
}

export const fileAt = (id: string) => `/api/v1/files/${encodeURIComponent(id)}`;
/** A PDF for the browser's own viewer. */
export const paperAt = (id: string) => `${fileAt(id)}/paper`;
/** A picture's small copy; px is its longer side, 16 to 512. */
export const thumbnailAt = (id: string, px: number) => `${fileAt(id)}/thumbnail?size=${px}`;

/** How much of a text is read, bytes. */
const readable = 64 << 10;

/** The beginning of a text file, and whether that is all of it. */
export async function textOf(id: string, signal?: AbortSignal): Promise<{ text: string; whole: boolean }> {
  const answer = await fetch(fileAt(id), {
    signal,
    credentials: 'same-origin',
    headers: { Range: `bytes=0-${readable - 1}` },
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(unheard);
  });
  if (answer.status === 416) return { text: '', whole: true };
  if (!answer.ok) throw new ApiError((await answer.json().catch(() => unheard)) as Problem);
  const bytes = await answer.arrayBuffer();
  const size = Number(/\/(\d+)$/.exec(answer.headers.get('Content-Range') ?? '')?.[1] ?? bytes.byteLength);
  return { text: decoded(bytes), whole: size <= bytes.byteLength };
}

/** Tables that come out of Chinese offices are as often in GB 18030 as in UTF-8. */
function decoded(bytes: ArrayBuffer): string {
  try {
    // The last character may be cut.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
