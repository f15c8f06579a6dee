// What the look of a page depends on: light or dark, how dense. Kept in the browser.
import type { ThemeConfig } from 'antd';
import theme from 'antd/es/theme';
import { useSyncExternalStore } from 'react';

export type Mode = 'light' | 'dark' | 'system';
export type Density = 'compact' | 'normal' | 'roomy';

export interface Look {
  mode: Mode;
  density: Density;
}

const remembered = 'tw.look';
const listeners = new Set<() => void>();

function read(): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(remembered) ?? '{}') as Partial<Look>;
    return { mode: kept.mode ?? 'system', density: kept.density ?? 'normal' };
  } catch {
    return { mode: 'system', density: 'normal' };
  }
}

const store = { look: read() };
const system = () => window.matchMedia?.('(prefers-color-scheme: dark)');

export function setLook(change: Partial<Look>): void {
  store.look = { ...store.look, ...change };
  localStorage.setItem(remembered, JSON.stringify(store.look));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const media = system();
  media?.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    media?.removeEventListener('change', listener);
  };
}

export const useLook = (): Look => useSyncExternalStore(subscribe, () => store.look);

export function useDark(): boolean {
  const { mode } = useLook();
  const wish = useSyncExternalStore(subscribe, () => system()?.matches ?? false);
  return mode === 'system' ? wish : mode === 'dark';
}

export const rowHeight: Record<Density, number> = { compact: 28, normal: 34, roomy: 44 };

/** antd's tokens for our look. Phones get taller controls and 16 px text, so that they do not zoom. */
export function antdTheme(dark: boolean, phone: boolean, accent = dark ? '#6d8bf0' : '#3257d5'): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: accent,
      colorLink: accent,
      colorError: dark ? '#f27a7a' : '#b42318',
      colorText: dark ? '#e4e7ec' : '#1b2027',
      colorTextSecondary: dark ? '#a3abb8' : '#59616e',
      colorTextTertiary: dark ? '#98a1af' : '#646c79',
      colorTextPlaceholder: dark ? '#98a1af' : '#6b7380',
      colorTextDisabled: dark ? '#98a1af' : '#6b7380',
      colorBorder: dark ? '#3a414d' : '#d5d8de',
      colorBgContainer: dark ? '#171b22' : '#ffffff',
      colorBgElevated: dark ? '#1d222b' : '#ffffff',
      borderRadius: 6,
      fontSize: phone ? 16 : 13,
      fontSizeSM: phone ? 14 : 12,
      controlHeight: phone ? 44 : 30,
      controlHeightSM: phone ? 44 : 24,
      // Whoever wants no motion gets none, not a very fast one.
      motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.15s',
      fontFamily: 'var(--font)',
      wireframe: false,
    },
    components: {
      Form: { itemMarginBottom: 0, verticalLabelPadding: 0 },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    },
  };
}
