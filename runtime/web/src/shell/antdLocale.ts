import type { Locale } from 'antd/es/locale';

/** antd's own words in a language, fetched when they are wanted. */
export async function antdLocale(language: string): Promise<Locale> {
  const words = language === 'en' ? await import('antd/es/locale/en_US') : await import('antd/es/locale/zh_CN');
  return words.default;
}
