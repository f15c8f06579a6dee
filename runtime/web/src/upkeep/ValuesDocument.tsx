// One table or pool whose values its keeper changes: what they are, what others would come to, from when they count,
// and what was changed before.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { changeValues, checkValues, getMaintained, type Maintained, type ValuesCheck, type ValuesOrder } from '../api';
import { isTooLong, Length } from '../form/Length';
import { type Label, nowThere, useLabel } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { say } from '../shell/toast';
import { Fault } from '../views/Fault';
import { Changes } from './Changes';
import { Impact } from './Impact';
import { ValuesTable } from './ValuesTable';

/** Characters of a note: they fit what the server takes in any script. */
const maxNote = 500;

export function ValuesDocument({ kind, name }: { kind: string; name: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const query = useQuery({ queryKey: ['maintained', kind, name], queryFn: () => getMaintained(kind, name) });
  const found = query.data?.body;
  const title = label(found?.label as Label | undefined);
  useEffect(() => {
    document.title = title || t('values.title');
  }, [t, title]);
  return (
    <>
      <header className="head">
        <h1 className="clip">{title}</h1>
        <div className="end">
          <Link className="button" to="/values">
            {t('values.all')}
          </Link>
        </div>
      </header>
      <main className="scroll values-page" aria-busy={query.isPending}>
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {query.data && found && (
          <>
            <p className="quiet">{label(found.description as Label | undefined)}</p>
            <Editor key={query.data.tag} kind={kind} name={name} found={found} tag={query.data.tag} />
            <Changes kind={kind} name={name} found={found} />
          </>
        )}
      </main>
    </>
  );
}

interface EditorProps {
  kind: string;
  name: string;
  found: Maintained;
  tag: string;
}

function Editor({ kind, name, found, tag }: EditorProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [changed, setChanged] = useState<Record<string, unknown>>({});
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const [day, setDay] = useState<string>();
  const noteId = useId();
  const [note, setNote] = useState('');
  const [checked, setChecked] = useState<{ of: string; check: ValuesCheck }>();
  const values = Object.entries(changed).map(([path, value]) => ({ path, value }));
  const order: ValuesOrder = {
    values,
    ...(day ? { effectiveFrom: day } : {}),
    ...(note.trim() ? { note: note.trim() } : {}),
  };
  const asked = JSON.stringify([values, day]);
  const check = checked?.of === asked ? checked.check : undefined;
  const trying = useSending(async () => {
    setChecked({ of: asked, check: await checkValues(kind, name, tag, order) });
  });
  const keeping = useSending(async (_: undefined, once: string) => {
    await changeValues(kind, name, tag, order, once);
    say({ text: day ? t('values.planned', { day }) : t('values.kept') });
    setChanged({});
    setChecked(undefined);
    await client.invalidateQueries({ queryKey: ['maintained', kind, name] });
    // Pools, rules and what they decide may be others now.
    if (!day) await client.invalidateQueries({ queryKey: ['catalog'] });
  });
  const canTry = values.length > 0 && wrong.size === 0 && day !== '' && !isTooLong(note, maxNote);
  const tomorrow = nowThere().add(1, 'day').format('YYYY-MM-DD');

  return (
    <section aria-label={t('values.values')}>
      <ValuesTable
        found={found}
        changed={changed}
        onChange={(path, value, isWrong) => {
          setWrong((now) => {
            const next = new Set(now);
            if (isWrong) next.add(path);
            else next.delete(path);
            return next;
          });
          if (isWrong) return;
          const was = found.values?.find((one) => one.path === path)?.value;
          setChanged(({ [path]: _, ...rest }) =>
            JSON.stringify(value) === JSON.stringify(was) ? rest : { ...rest, [path]: value },
          );
        }}
      />
      <fieldset className="values-when">
        <legend className="name">{t('values.from')}</legend>
        <label className="choice-line">
          <input type="radio" name="from" checked={day === undefined} onChange={() => setDay(undefined)} />
          {t('values.atOnce')}
        </label>
        <label className="choice-line">
          <input type="radio" name="from" checked={day !== undefined} onChange={() => setDay(tomorrow)} />
          {t('values.later')}
        </label>
        {day !== undefined && (
          <input
            type="date"
            className="text-input small"
            aria-label={t('values.day')}
            min={tomorrow}
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
        )}
      </fieldset>
      <label className="field wide">
        <span className="name">{t('values.note')}</span>
        <input
          className="text-input"
          value={note}
          aria-describedby={`${noteId}-length`}
          placeholder={t('values.noteHint')}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      <Length id={`${noteId}-length`} text={note} max={maxNote} />
      <FaultNotice>{trying.fault || keeping.fault}</FaultNotice>
      {check && <Impact check={check} />}
      <div className="values-foot">
        <button
          type="button"
          className={check?.ok ? 'button' : 'button primary'}
          disabled={!canTry || trying.sending}
          onClick={() => trying.send(undefined)}
        >
          {trying.sending ? t('act.doing') : t('values.try')}
        </button>
        {check?.ok && (
          <button
            type="button"
            className="button primary"
            disabled={!canTry || keeping.sending}
            onClick={() => keeping.send(undefined)}
          >
            {keeping.sending ? t('act.doing') : day ? t('values.plan', { day }) : t('values.keep')}
          </button>
        )}
        <span className="quiet" role="status">
          {wrong.size > 0 ? t('values.wrong') : values.length ? t('values.changed', { count: values.length }) : ''}
        </span>
      </div>
    </section>
  );
}
