import { useQuery } from '@tanstack/react-query';
import { listMaintained } from '../api';
import { type Label, useLabel } from '../meta';

/** The documents of which the reader may change values. */
export function useMaintained() {
  return useQuery({ queryKey: ['maintained'], queryFn: listMaintained, staleTime: 300_000 });
}

/** What a document is called; its key, where the reader keeps none of its values. */
export function useDocumentName() {
  const label = useLabel();
  const { data } = useMaintained();
  return (kind: string, key: string) =>
    label(data?.documents.find((one) => one.kind === kind && one.key === key)?.label as Label | undefined) || key;
}
