// What the log is asked for together: all of it for no kind.

/** opsOf are the kinds of entries that an address asks for; undefined for everything. */
export const opsOf = (kind = 'taken') => (kind in kinds ? kinds[kind] : kinds.taken)?.join(',');

export const kinds: Record<string, string[] | undefined> = {
  taken: ['lookup.found', 'records.exported', 'records.printed'],
  revealed: ['lookup.found', 'lookup.missed', 'lookup.refused'],
  exported: ['records.exported'],
  printed: ['records.printed'],
  viewing: ['viewing.began', 'viewing.ended'],
  people: ['user.changed', 'unit.changed', 'zone.changed', 'user.handedOver', 'password.reset', 'token.revoked'],
  all: undefined,
};
