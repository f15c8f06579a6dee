// Where one can go from the palette: what the menu has, and what it has no room for.
import {
  BarChartOutlined,
  ClockCircleOutlined,
  CommentOutlined,
  HomeOutlined,
  InboxOutlined,
  SlidersOutlined,
  StarOutlined,
} from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, useWorld } from '../meta';
import { useMaintained } from '../upkeep/useMaintained';
import { FormIcon } from './icons';

export interface Destination {
  key: string;
  icon: ReactNode;
  text: string;
  note?: string;
  run: () => unknown;
}

export function usePlaces(): Destination[] {
  const { t } = useTranslation();
  const { catalog, me } = useWorld();
  const label = useLabel();
  const navigate = useNavigate();
  const { data: maintained } = useMaintained();
  return useMemo(() => {
    const readable = catalog.forms.filter((form) => form.rights.read);
    return [
      { key: 'home', icon: <HomeOutlined />, text: t('shell.home'), run: () => navigate({ to: '/' }) },
      ...readable.map((form) => ({
        key: `go:${form.key}`,
        icon: <FormIcon form={form} />,
        text: label(form.label),
        run: () => navigate({ to: '/f/$form', params: { form: form.key } }),
      })),
      ...readable
        .filter((form) => form.pools?.length)
        .map((form) => ({
          key: `pool:${form.key}`,
          icon: <InboxOutlined />,
          text: `${label(form.label)} · ${t('shell.pool')}`,
          run: () => navigate({ to: '/f/$form/pool', params: { form: form.key } }),
        })),
      ...catalog.dashboards
        .filter(({ key }) => key !== catalog.home)
        .map(({ key, label: name }) => ({
          key: `dashboard:${key}`,
          icon: <BarChartOutlined />,
          text: label(name),
          run: () => navigate({ to: '/d/$key', params: { key } }),
        })),
      { key: 'jobs', icon: <ClockCircleOutlined />, text: t('jobs.title'), run: () => navigate({ to: '/jobs' }) },
      ...(me.viewing
        ? []
        : [
            {
              key: 'followed',
              icon: <StarOutlined />,
              text: t('followed.title'),
              run: () => navigate({ to: '/followed' }),
            },
            {
              key: 'mentions',
              icon: <CommentOutlined />,
              text: t('mentions.title'),
              run: () => navigate({ to: '/mentions' }),
            },
          ]),
      ...(maintained?.documents ?? []).map(({ kind, key, label: name }) => ({
        key: `values:${kind}:${key}`,
        icon: <SlidersOutlined />,
        text: label(name as Parameters<typeof label>[0]),
        note: t('values.title'),
        run: () => navigate({ to: '/values/$kind/$key', params: { kind, key } }),
      })),
    ];
  }, [catalog, me, label, maintained, navigate, t]);
}
