// The frame of everything: look, language, session, pages.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import ConfigProvider from 'antd/es/config-provider';
import type { Locale } from 'antd/es/locale';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api';
import { antdTheme, useDark, useLook } from '../theme/look';
import { usePhone } from '../theme/phone';
import { antdLocale } from './antdLocale';
import { guardDoubleClicks } from './doubleClick';
import { ErrorBoundary } from './ErrorBoundary';
import { router } from './router';
import { Session } from './Session';
import { Toasts } from './Toasts';
import { useBranded } from './useBranded';

/** Asking again helps where nothing was heard or the server was busy, and nowhere else. */
const worthRetrying = (count: number, error: unknown) =>
  count < 2 && error instanceof ApiError && (error.offline || error.status === 503);

const newClient = () =>
  new QueryClient({
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 10_000, refetchOnWindowFocus: true } },
  });

const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;

export function App() {
  const [client] = useState(newClient);
  const { i18n } = useTranslation();
  const dark = useDark();
  const { density } = useLook();
  const phone = usePhone();
  const [locale, setLocale] = useState<Locale>();
  const accent = useBranded(dark)?.accent;
  const theme = useMemo(() => antdTheme(dark, phone, accent), [dark, phone, accent]);

  useEffect(() => guardDoubleClicks(), []);

  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    document.documentElement.dataset.density = density;
  }, [dark, density]);

  useEffect(() => {
    antdLocale(i18n.language).then(setLocale);
  }, [i18n.language]);

  return (
    <ConfigProvider
      theme={theme}
      csp={nonce ? { nonce } : undefined}
      button={{ autoInsertSpace: false }}
      locale={locale}
      virtual
    >
      <QueryClientProvider client={client}>
        <ErrorBoundary>
          <Session>
            <RouterProvider router={router} />
          </Session>
          <Toasts />
        </ErrorBoundary>
      </QueryClientProvider>
    </ConfigProvider>
  );
}
