import { useTranslation } from 'react-i18next';
import { locales, setLocale } from '../i18n';

/** The languages to choose from where nobody is signed in yet. */
export function Languages() {
  const { t, i18n } = useTranslation();
  return locales.map((locale) => (
    <button
      key={locale}
      type="button"
      className="plain"
      lang={locale}
      aria-pressed={i18n.language === locale}
      onClick={() => setLocale(locale)}
    >
      {t(`language.${locale}`)}
    </button>
  ));
}
