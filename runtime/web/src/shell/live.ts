// Hears from the server what has changed, and lets the pages that show it ask anew.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { eventsAddress, type Heard, type HeardJob } from '../api';
import { useWorld } from '../meta';

/**
 * Changes come in crowds: for so long they are gathered before anybody asks, ms. Longer than a double click, whose
 * second half must find what the first has found; and with the asking within a second.
 */
const gather = 600;
/** For so long is gathered which work has come on, ms: somebody may be waiting for it. */
const gatherJobs = 120;
/** How long to wait before trying again where the server refuses, ms. */
const again = 30_000;

/** Gathers what has changed, and then asks for all of it once. */
export class Gathered {
  private forms = new Map<string, Map<string, number>>();
  private jobs = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private working: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {}

  add({ form, id, version, kind }: Heard) {
    if (kind === 'talked') {
      void this.client.invalidateQueries({ queryKey: ['comments', form, id] });
      return;
    }
    const ids = this.forms.get(form) ?? new Map();
    this.forms.set(form, ids.set(id, version));
    this.timer ??= setTimeout(() => this.ask(), gather);
  }

  /** Work has come on. */
  moved(id: string) {
    this.jobs.add(id);
    this.working ??= setTimeout(() => this.askJobs(), gatherJobs);
  }

  stop() {
    clearTimeout(this.timer);
    clearTimeout(this.working);
  }

  private askJobs() {
    this.working = undefined;
    // Only work that is looked at is asked for; its rows stay as they are.
    for (const id of this.jobs) void this.client.invalidateQueries({ queryKey: ['job', id], exact: true });
    void this.client.invalidateQueries({ queryKey: ['jobs'] });
    this.jobs.clear();
  }

  private ask() {
    this.timer = undefined;
    let any = false;
    for (const [form, all] of this.forms) {
      // What this window has done itself it knows already, and has asked anew for what follows from it.
      const ids = [...all].filter(([id, version]) => !this.knows(form, id, version)).map(([id]) => id);
      if (!ids.length) continue;
      any = true;
      void this.client.invalidateQueries({ queryKey: ['records', form] });
      void this.client.invalidateQueries({ queryKey: ['pools', form] });
      for (const id of ids) {
        void this.client.invalidateQueries({ queryKey: ['record', form, id] });
        void this.client.invalidateQueries({ queryKey: ['history', form, id] });
      }
    }
    if (any) void this.client.invalidateQueries({ queryKey: ['aggregate'] });
    this.forms.clear();
  }

  private knows(form: string, id: string, version: number): boolean {
    const known = this.client.getQueryData<{ version: number }>(['record', form, id]);
    return known !== undefined && known.version >= version;
  }
}

/**
 * Listens for as long as the page is there, from the place where it began to ask: what happens until the stream is open
 * is heard as well. The browser itself comes again where a stream ends, and says where it was.
 */
export function listen(client: QueryClient, began: string): () => void {
  if (typeof EventSource === 'undefined') return () => undefined;
  const changed = new Gathered(client);
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let place = began;

  function open() {
    clearTimeout(timer);
    source = new EventSource(`${eventsAddress}?after=${place}`);
    const on = (name: string, hear: (data: string) => void) =>
      source?.addEventListener(name, (event) => {
        place = event.lastEventId || place;
        hear(event.data);
      });
    on('record', (data) => changed.add(JSON.parse(data) as Heard));
    on('job', (data) => changed.moved((JSON.parse(data) as HeardJob).id));
    on('inbox', () => {
      void client.invalidateQueries({ queryKey: ['notifications'] });
      void client.invalidateQueries({ queryKey: ['mentions'] });
    });
    on('reset', () => void client.invalidateQueries());
    on('replaced', close);
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, again);
    };
  }
  function close() {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  }
  // Of many windows of one person the ones looked at last are served: one that was replaced comes back when it is.
  function seen() {
    if (document.visibilityState !== 'visible' || source) return;
    open();
  }
  open();
  document.addEventListener('visibilitychange', seen);
  return () => {
    document.removeEventListener('visibilitychange', seen);
    changed.stop();
    close();
  };
}

export function useLive() {
  const client = useQueryClient();
  const { me } = useWorld();
  // Where it began, for good: whatever is asked again later, the stream knows itself how far it has heard.
  const [began] = useState(me.place);
  useEffect(() => listen(client, began), [client, began]);
}
