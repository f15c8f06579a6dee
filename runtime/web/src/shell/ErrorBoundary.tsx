// What is shown when a page breaks: what is safe and what to do, and no inside.
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface State {
  broken: boolean;
}

export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { broken: false };

  static getDerivedStateFromError(): State {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

export function Broken() {
  const { t } = useTranslation();
  return (
    <main className="empty" role="alert">
      <h1>{t('broken.title')}</h1>
      <p>{t('broken.text')}</p>
      <button type="button" className="plain on" onClick={() => window.location.reload()}>
        {t('broken.reload')}
      </button>
    </main>
  );
}
