// The columns of a grid as TanStack Table knows them: it keeps widths, we draw.
import {
  type ColumnDef,
  columnResizingFeature,
  columnSizingFeature,
  rowSelectionFeature,
  tableFeatures,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { RecordView, Wire } from '../api';
import { registry } from '../form/fields/registry';
import type { FieldUI } from '../form/fields/ui';
import { type Field, type FieldDef, type Form, useLabel, useWorld, valuesOf } from '../meta';

export const features = tableFeatures({ columnSizingFeature, columnResizingFeature, rowSelectionFeature });

export interface Column {
  key: string;
  field: Field;
  def: FieldDef;
  ui: FieldUI;
  title: string;
}

const system: Record<string, (record: RecordView) => Wire> = {
  createdAt: (record) => record.createdAt,
  createdBy: (record) => record.createdBy,
  updatedAt: (record) => record.updatedAt,
  updatedBy: (record) => record.updatedBy,
  reclaimAt: (record) => record.pool?.reclaimAt,
};

export const valueIn = (record: RecordView, key: string): Wire => system[key]?.(record) ?? record.values[key];

export function useColumns(form: Form, fields: Field[]): Column[] {
  const { catalog } = useWorld();
  const label = useLabel();
  return useMemo(
    () =>
      fields.map((field) => {
        const def = valuesOf(catalog, form, field.definition);
        return { key: field.key, field, def, ui: registry[def['x-field']], title: label(field.definition['x-label']) };
      }),
    [catalog, form, fields, label],
  );
}

export function defsOf(columns: Column[]): ColumnDef<typeof features, RecordView>[] {
  return columns.map((column, index) => ({
    id: column.key,
    header: column.title,
    size: index === 0 ? Math.max(220, column.ui.width) : column.ui.width,
    minSize: 64,
    maxSize: 800,
  }));
}
