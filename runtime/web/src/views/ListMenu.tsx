// What goes in and out of a whole list: import, export.
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionMenu } from '../act/ActionMenu';
import { MenuPop } from '../act/MenuPop';
import type { Field, Form } from '../meta';
import type { ListQuestion } from './useRecords';

const ExportDialog = lazy(() => import('../intake/ExportDialog').then((all) => ({ default: all.ExportDialog })));

interface Props {
  form: Form;
  fields: Field[];
  question: ListQuestion;
}

export function ListMenu({ form, fields, question }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [exporting, setExporting] = useState(false);
  const goIn = () => void navigate({ to: '/f/$form/import', params: { form: form.key } });
  const all = [
    ...(form.rights.create || form.rights.update ? [{ text: t('list.import'), act: goIn }] : []),
    ...(form.rights.export && !question.with ? [{ text: t('list.export'), act: () => setExporting(true) }] : []),
  ];
  if (!all.length) return null;
  return (
    <>
      <MenuPop label={t('list.more')}>
        {(shut) => (
          <ActionMenu
            actions={[]}
            onAct={() => undefined}
            more={all.map(({ text, act }) => ({
              text,
              act: () => {
                shut();
                act();
              },
            }))}
          />
        )}
      </MenuPop>
      {exporting && (
        <Suspense>
          <ExportDialog form={form} fields={fields} question={question} onClose={() => setExporting(false)} />
        </Suspense>
      )}
    </>
  );
}
