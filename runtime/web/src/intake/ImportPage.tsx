// Bringing a table in: the file, what its columns mean, a rehearsal, the import, and its way back.
import { DownloadOutlined, InboxOutlined } from '@ant-design/icons';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { useSending } from '../act/useSending';
import {
  type FileLook,
  type ImportColumn,
  type ImportTable,
  importFile,
  type Job,
  lookAt,
  templateAddress,
  uploadFile,
} from '../api';
import { type Form, useForm, useLabel } from '../meta';
import { NotFound } from '../shell/NotFound';
import { Mapping } from './Mapping';
import { Outcome } from './Outcome';
import { gapsOf, guessesOf, requestOf, type Settings, settingsOf } from './plan';
import { Tables } from './Tables';
import '../views/views.css';
import './intake.css';
import { FaultNotice } from '../shell/FaultNotice';

const route = getRouteApi('/f/$form/import');

export function ImportPage() {
  const { form: key } = route.useParams();
  const form = useForm(key);
  return form && (form.rights.create || form.rights.update) ? <Import key={key} form={form} /> : <NotFound />;
}

const steps = ['file', 'columns', 'trial', 'done'] as const;

function Import({ form }: { form: Form }) {
  const { t } = useTranslation();
  const label = useLabel();
  const name = label(form.label);
  const [look, setLook] = useState<FileLook>();
  const [columns, setColumns] = useState<Record<string, ImportColumn>>({});
  const [tables, setTables] = useState<ImportTable[]>([]);
  const [seen, setSeen] = useState<Record<string, FileLook>>({});
  const [settings, setSettings] = useState<Settings>({
    mode: form.rights.create ? 'create' : 'update',
    key: '',
    clear: false,
    pool: '',
  });
  const [trial, setTrial] = useState<Job>();
  const [job, setJob] = useState<Job>();
  const step = job ? 3 : trial ? 2 : look ? 1 : 0;
  const refresh = useRefresh(form.key);

  useEffect(() => {
    document.title = t('import.title', { name });
  }, [t, name]);

  const { send, sending, fault } = useSending(async (dryRun: boolean, key: string) => {
    if (!look) return;
    const made = await importFile(form.key, requestOf(look, columns, tables, settings, dryRun), key);
    if (dryRun) setTrial(made);
    else setJob(made);
  });
  const gaps = look ? gapsOf(form, columns, tables, settings) : [];
  const isStuck = gaps[0] === 'key' || gaps[0] === 'table';

  function begin(sheet: FileLook) {
    setLook(sheet);
    setColumns(guessesOf(sheet));
    setTables(sheet.request.plan.tables ?? []);
    setSeen({});
  }

  return (
    <>
      <header className="head">
        <h1 className="clip">{t('import.title', { name })}</h1>
        <div className="end">
          <Link className="button" to="/f/$form" params={{ form: form.key }}>
            {t('import.leave')}
          </Link>
        </div>
      </header>
      <main className="scroll import-page">
        <ol className="steps" aria-label={t('import.steps')}>
          {steps.map((one, index) => (
            <li key={one} className={index < step ? 'past' : ''} aria-current={index === step ? 'step' : undefined}>
              <span className="num" aria-hidden="true">
                {index + 1}
              </span>
              {t(`importStep.${one}`)}
            </li>
          ))}
        </ol>
        <FaultNotice>{fault}</FaultNotice>
        {step === 0 && (
          <Upload
            form={form}
            onLook={(first) => {
              begin(first);
              setSettings(settingsOf(form, first));
            }}
          />
        )}
        {step === 1 && look && (
          <>
            <Mapping
              form={form}
              look={look}
              columns={columns}
              tables={tables}
              onColumns={setColumns}
              settings={settings}
              onSettings={setSettings}
              onLook={begin}
            />
            <Tables
              key={look.sheet}
              form={form}
              look={look}
              seen={seen}
              onSeen={(other) => setSeen((now) => ({ ...now, [other.sheet ?? '']: other }))}
              tables={tables}
              onTables={setTables}
              settings={settings}
            />
            <footer className="import-foot">
              {gaps.length > 0 && (
                <span className="fault" role="status">
                  {isStuck
                    ? t(gaps[0] === 'key' ? 'import.noKey' : 'import.tableGap')
                    : t('import.missing', {
                        fields: gaps
                          .map((key) => label(form.fields.find((field) => field.key === key)?.definition['x-label']))
                          .join('、'),
                      })}
                </span>
              )}
              <button type="button" className="button" onClick={() => setLook(undefined)}>
                {t('import.otherFile')}
              </button>
              <button
                type="button"
                className="button primary"
                disabled={sending || !Object.keys(columns).length || isStuck}
                onClick={() => send(true)}
              >
                {sending ? t('act.doing') : t('import.try')}
              </button>
            </footer>
          </>
        )}
        {step === 2 && trial && (
          <Outcome form={form} job={trial} trial key={trial.id}>
            {(worth) => (
              <footer className="import-foot">
                <button type="button" className="button" onClick={() => setTrial(undefined)}>
                  {t('import.back')}
                </button>
                <button
                  type="button"
                  className="button primary"
                  disabled={!worth || sending}
                  onClick={() => send(false)}
                >
                  {sending ? t('act.doing') : t('import.run')}
                </button>
              </footer>
            )}
          </Outcome>
        )}
        {step === 3 && job && <Outcome form={form} job={job} key={job.id} onEnded={refresh} />}
      </main>
    </>
  );
}

function Upload({ form, onLook }: { form: Form; onLook: (look: FileLook) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const { send, sending, fault } = useSending(async (file: File) => {
    const sent = await uploadFile(file);
    onLook(await lookAt(form.key, sent.id));
  });
  const take = (files: FileList | null) => files?.[0] && void send(files[0]);
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }
  return (
    <>
      <FaultNotice>{fault}</FaultNotice>
      <button
        type="button"
        className={over ? 'drop over' : 'drop'}
        disabled={sending}
        aria-busy={sending}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <InboxOutlined aria-hidden="true" />
        <strong>{sending ? t('file.sending') : t('import.choose')}</strong>
        <span className="quiet">{t('import.chooseText')}</span>
      </button>
      {form.rights.create && (
        <p className="template">
          <a className="button" href={templateAddress(form.key)} download>
            <DownloadOutlined aria-hidden="true" /> {t('import.template')}
          </a>
          <span className="quiet">{t('import.templateText')}</span>
        </p>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.xlsx,.txt"
        aria-label={t('import.choose')}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = '';
        }}
      />
    </>
  );
}
