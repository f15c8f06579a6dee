// The tables and pools of which the reader may change values, without a publication.
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '../meta';
import { Fault } from '../views/Fault';
import { useMaintained } from './useMaintained';
import { ValuesDocument } from './ValuesDocument';
import '../views/views.css';
import './upkeep.css';

const route = getRouteApi('/values/$kind/$key');

export function ValuesPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const query = useMaintained();
  const documents = query.data?.documents ?? [];
  useEffect(() => {
    document.title = t('values.title');
  }, [t]);
  return (
    <>
      <header className="head">
        <h1>{t('values.title')}</h1>
      </header>
      <main className="scroll values-page">
        <p className="quiet">{t('values.text')}</p>
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {query.data && !documents.length && (
          <div className="empty">
            <h2>{t('values.none')}</h2>
            <p>{t('values.noneText')}</p>
          </div>
        )}
        <ul className="values-list" aria-busy={query.isPending}>
          {documents.map(({ kind, key, label: name, description }) => (
            <li key={`${kind} ${key}`}>
              <Link to="/values/$kind/$key" params={{ kind, key }}>
                <strong>{label(name as Parameters<typeof label>[0])}</strong>
                <span className="quiet">
                  {label(description as Parameters<typeof label>[0]) || t(`valuesKind.${kind}`)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}

export function ValuesDocumentPage() {
  const { kind, key } = route.useParams();
  return <ValuesDocument key={`${kind} ${key}`} kind={kind} name={key} />;
}
