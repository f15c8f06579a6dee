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
