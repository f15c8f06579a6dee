// A new record.
import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Values } from '../api';
import { FormBody } from '../form/FormBody';
import { useRecordForm } from '../form/useRecordForm';
import { type Form, fieldOf, stageOf, useForm, useLabel } from '../meta';
import { NotFound } from '../shell/NotFound';
import { say } from '../shell/toast';
import { FormNotices } from './FormNotices';
import { StageBar } from './StageBar';
import './views.css';
import './record.css';

const route = getRouteApi('/f/$form/new');

/** Values from the address: only of fields that there are. */
function beginning(form: Form, text: string | undefined): Values {
  try {
    const given = JSON.parse(text ?? '{}') as Values;
    return Object.fromEntries(Object.entries(given).filter(([key]) => fieldOf(form, key)));
  } catch {
    return {};
  }
}

export function NewPage() {
  const { form: key } = route.useParams();
  const form = useForm(key);
  return form?.rights.create ? <NewRecord key={key} form={form} /> : <NotFound />;
}

function NewRecord({ form }: { form: Form }) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const router = useRouter();
  const search = route.useSearch();
  const begin = useMemo(() => beginning(form, search.with), [form, search.with]);
  const state = useRecordForm({
    form,
    begin,
    active: true,
    onSaved: (record) => {
      say({ text: t('record.created') });
      void navigate({ to: '/f/$form/$id', params: { form: form.key, id: record.id }, replace: true });
    },
  });
  const stage = stageOf(form);
  const title = t('list.newOne', { name: label(form.label) });
  useEffect(() => {
    document.title = title;
  }, [title]);
  const leave = () => {
    state.drop();
    if (router.history.canGoBack()) router.history.back();
    else void navigate({ to: '/f/$form', params: { form: form.key } });
  };
  return (
    <main className="record-page">
      <header className="head">
        <h1 className="clip">{title}</h1>
        <div className="end">
          <button type="button" className="button" onClick={leave}>
            {t('action.cancel')}
          </button>
          <button type="submit" form="new-record" className="button primary" disabled={state.saving}>
            {state.saving ? t('record.saving') : t('action.save')}
          </button>
        </div>
      </header>
      <div className="scroll">
        <form
          id="new-record"
          className="form-page"
          onSubmit={(event) => {
            event.preventDefault();
            void state.save();
          }}
        >
          {stage && (
            <StageBar
              field={stage}
              value={state.values[stage.key]}
              disabled={false}
              onChange={(value) => state.set(stage.key, value)}
            />
          )}
          <FormNotices state={state} editing onDrop={state.drop} />
          <FormBody form={form} state={state} />
        </form>
      </div>
    </main>
  );
}
