// What the log is asked for together: all of it for no kind.

export const kinds: Record<string, string[] | undefined> = {
  taken: ['lookup.found', 'records.exported', 'records.printed'],
  revealed: ['lookup.found', 'lookup.missed', 'lookup.refused'],
  exported: ['records.exported'],
  printed: ['records.printed'],
  viewing: ['viewing.began', 'viewing.ended'],
  people: ['user.changed', 'unit.changed', 'zone.changed', 'user.handedOver', 'password.reset', 'token.revoked'],
  all: undefined,
};
