// Keys that work wherever one is. Each has a modifier: a letter alone would be heard by whoever speaks to the machine
// (WCAG 2.1.4).
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { formOf, useWorld } from '../meta';

export function useShortcuts(onSearch: () => void, onExplain: () => void): void {
  const navigate = useNavigate();
  const { catalog } = useWorld();
  const { form: key } = useParams({ strict: false });

  useEffect(() => {
    const form = key === undefined ? undefined : formOf(catalog, key);
    /** By the key's place: with Alt some keyboards write another letter. */
    function actOf(event: KeyboardEvent): (() => void) | undefined {
      const isCommand = event.metaKey || event.ctrlKey;
      if (isCommand && event.key.toLowerCase() === 'k') return onSearch;
      // What is open over the page is not left by a key that means the page.
      if (document.querySelector('dialog[open]')) return undefined;
      if (isCommand && event.key === '/') return onExplain;
      if (!event.altKey || isCommand) return undefined;
      if (event.code === 'KeyN' && form?.rights.create) {
        return () => void navigate({ to: '/f/$form/new', params: { form: form.key } });
      }
      const search = document.querySelector<HTMLInputElement>('input[type="search"].quick');
      return event.code === 'Slash' && search ? () => search.focus() : undefined;
    }
    function onKey(event: KeyboardEvent) {
      const act = actOf(event);
      if (!act) return;
      event.preventDefault();
      act();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [catalog, key, navigate, onSearch, onExplain]);
}
