// What can be done to the record in view, be it on its page or beside a list.
import { useQueryClient } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { ActionDialog } from '../act/ActionDialog';
import { offered } from '../act/asking';
import { useAct } from '../act/useAct';
import type { RecordView } from '../api';
import { type ActionView, type Form, formOf, useWorld } from '../meta';

export interface InView {
  form: Form;
  record: RecordView;
  action: ActionView;
}

export function useActsInView(): InView[] {
  const client = useQueryClient();
  const { catalog } = useWorld();
  const { form: key, id: own } = useParams({ strict: false });
  const { record: beside } = useSearch({ strict: false });
  const id = own ?? beside;
  return useMemo(() => {
    const form = key === undefined ? undefined : formOf(catalog, key);
    const record = form && id ? client.getQueryData<RecordView>(['record', form.key, id]) : undefined;
    return form && record ? offered(form, [record]).map((action) => ({ form, record, action })) : [];
  }, [catalog, client, key, id]);
}

/** Does it at once, or asks what it needs. */
export function Acting({ form, record, action, onClose }: InView & { onClose: () => void }) {
  const { begin, asked } = useAct(form);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void begin(action, [record]).then((came) => came !== 'asked' && onClose());
  }, [begin, action, record, onClose]);
  return asked ? <ActionDialog {...asked} form={form} onClose={onClose} /> : null;
}
