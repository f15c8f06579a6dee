// People and departments from one workbook: what each row would do, what is wrong with it, and then it is done.
import { type ChangeEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { bringStaff, type Staff, staffTemplate, uploadFile } from '../api';
import { useWorld } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { FirstPasswords } from './FirstPasswords';
import '../views/views.css';
import './people.css';

export function StaffPage() {
  const { t } = useTranslation();
  const { me } = useWorld();
  const [file, setFile] = useState<{ id: string; title?: string }>();
  const [found, setFound] = useState<Staff>();
  const look = useSending(async (chosen: File) => {
    setFound(undefined);
    const uploaded = await uploadFile(chosen);
    setFile(uploaded);
    setFound(await bringStaff(uploaded.id, true));
  });
  const bring = useSending(async () => {
    if (file) setFound(await bringStaff(file.id, false));
  });
  useEffect(() => {
    document.title = t('staff.title');
  }, [t]);

  function choose(event: ChangeEvent<HTMLInputElement>) {
    const chosen = event.target.files?.[0];
    event.target.value = ''; // the same file, mended, is chosen anew
    if (chosen) void look.send(chosen);
  }

  const doing = found?.rows.filter((row) => row.does !== 'same') ?? [];
  return (
    <>
      <header className="head">
        <h1>{t('staff.title')}</h1>
      </header>
      <main className="scroll people-page" aria-busy={look.sending || bring.sending}>
        {!me.user.admin && <p className="notice bad">{t('staff.notYours')}</p>}
        <p className="quiet">{t('staff.text')}</p>
        <div className="staff-tools">
          <a className="button" href={staffTemplate} download>
            {t('staff.template')}
          </a>
          <label className="button upload">
            {t('staff.choose')}
            <input type="file" className="sr" accept=".xlsx" onChange={choose} disabled={look.sending} />
          </label>
          {file && found && <span className="quiet">{file.title}</span>}
        </div>
        <FaultNotice>{look.fault || bring.fault}</FaultNotice>
        {found && found.issues.length > 0 && <Issues found={found} />}
        {found && !found.issues.length && (
          <>
            <Counts found={found} />
            {found.stopped && <p className="notice bad">{found.stopped}</p>}
            {!found.done && !found.stopped && (
              <button
                type="button"
                className="button primary"
                disabled={bring.sending || !doing.length}
                onClick={() => void bring.send(undefined)}
              >
                {t(doing.length ? 'staff.do' : 'staff.nothing', { count: doing.length })}
              </button>
            )}
            {found.done && <p role="status">{t('staff.done')}</p>}
            <FirstPasswords rows={found.rows} />
            <Lines found={found} />
          </>
        )}
      </main>
    </>
  );
}

/** How many lines are shown of what a workbook does. */
const shown = 200;

function Lines({ found }: { found: Staff }) {
  const { t } = useTranslation();
  if (found.done) return null;
  return (
    <ul className="staff-lines">
      {found.rows.slice(0, shown).map((row) => (
        <li key={`${row.sheet} ${row.row}`}>
          <span className="quiet num">{t('staff.row', { sheet: t(`staffSheet.${row.sheet}`), row: row.row })}</span>
          <span>{row.name}</span>
          <span className={row.does === 'same' ? 'quiet' : ''}>{t(`staffDoes.${row.does}`)}</span>
        </li>
      ))}
      {found.rows.length > shown && <li className="quiet">{t('staff.more', { count: found.rows.length - shown })}</li>}
    </ul>
  );
}

function Counts({ found }: { found: Staff }) {
  const { t } = useTranslation();
  const sheets = ['people', 'units'] as const;
  const does = ['new', 'changed', 'same'] as const;
  return (
    <dl className="staff-counts">
      {sheets.flatMap((sheet) =>
        does.map((one) => {
          const count = found.rows.filter((row) => row.sheet === sheet && row.does === one).length;
          return (
            <div key={`${sheet} ${one}`}>
              <dt>{t('staff.count', { sheet: t(`staffSheet.${sheet}`), does: t(`staffDoes.${one}`) })}</dt>
              <dd className="num">{count}</dd>
            </div>
          );
        }),
      )}
    </dl>
  );
}

function Issues({ found }: { found: Staff }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('staff.issues', { count: found.issues.length })}>
      <div role="alert">
        <h2>{t('staff.issues', { count: found.issues.length })}</h2>
        <ul className="staff-lines">
          {found.issues.map((one) => (
            <li key={`${one.sheet} ${one.row} ${one.column} ${one.code} ${one.text}`}>
              <span className="quiet num">
                {one.sheet ? t('staff.row', { sheet: t(`staffSheet.${one.sheet}`), row: one.row ?? 1 }) : ''}
              </span>
              <span>
                {one.column} {one.text && <span className="quiet">{one.text}</span>}
              </span>
              <span className="fault">{one.message}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
