// What jsdom lacks of a browser, and texts for every test.
import { cleanup, configure } from '@testing-library/react';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import en from '../i18n/en.json';
import zh from '../i18n/zh-CN.json';
import { fetchInputs } from '../inputs';
import { keepTime } from '../meta';
import { hush } from '../shell/toast';

// How long a test waits for what must come: many times what it takes, for other work may have the machine. ms.
configure({ asyncUtilTimeout: 10_000 });

HTMLDialogElement.prototype.showModal = function open() {
  this.open = true;
};

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

vi.stubGlobal('ResizeObserver', NoObserver);
vi.stubGlobal('IntersectionObserver', NoObserver);
vi.stubGlobal('scrollTo', () => undefined);
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
}));

// What a part asks for is there: waiting for it has a test of its own.
beforeAll(fetchInputs);

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    keySeparator: false,
    nsSeparator: false,
    resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
});

afterEach(() => {
  cleanup();
  hush();
  localStorage.clear();
});

// Files of tests share a worker, and the hours of the tenant are one for all of it.
afterAll(() => keepTime('UTC'));
