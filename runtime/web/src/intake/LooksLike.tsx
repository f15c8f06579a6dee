// What a row of a file looks like: records that are there, and rows before it.
import { CopyOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { ImportedRows } from '../api';
import { Alike, ruleName } from '../form/Duplicates';
import { type Form, useLabel } from '../meta';

type Row = ImportedRows['rows'][number];

export function LooksLike({ form, row }: { form: Form; row: Pick<Row, 'alike' | 'twins'> }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { alike = [], twins = [] } = row;
  return (
    <>
      {alike.map((one) => (
        <span key={`${one.rule} ${one.form} ${one.id ?? one.owner?.id}`} className="line looks-like">
          <CopyOutlined aria-hidden="true" />
          <span>
            <Alike form={form} one={one} />
          </span>
        </span>
      ))}
      {twins.map((twin) => (
        <span key={`${twin.rule} ${twin.row}`} className="line looks-like">
          <CopyOutlined aria-hidden="true" />
          <span>{t('import.twin', { rule: ruleName(form, twin.rule, label), number: twin.row })}</span>
        </span>
      ))}
    </>
  );
}
