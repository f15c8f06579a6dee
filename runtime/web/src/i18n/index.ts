// The texts of the pages. Labels of forms and fields come from the catalog, messages of faults from the server.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { speak } from '../api/client';
import zh from './zh-CN.json';

export const locales = ['zh-CN', 'en'] as const;
export type Locale = (typeof locales)[number];

const remembered = 'tw.locale';

export function preferredLocale(): Locale {
  const wish = localStorage.getItem(remembered) ?? navigator.language;
  return wish.startsWith('zh') ? 'zh-CN' : 'en';
}

/** Loads a language and speaks it from here on. English is fetched when it is wanted. */
export async function setLocale(locale: Locale): Promise<void> {
  if (locale === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const texts = await import('./en.json');
    i18next.addResourceBundle('en', 'translation', texts.default);
  }
  localStorage.setItem(remembered, locale);
  document.documentElement.lang = locale;
  speak(locale);
  await i18next.changeLanguage(locale);
}

export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    keySeparator: false,
    nsSeparator: false,
    resources: { 'zh-CN': { translation: zh } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await setLocale(preferredLocale());
}
