// What went wrong, in words, where it happened; read out at once.
import type { ReactNode } from 'react';

export function FaultNotice({ children }: { children: ReactNode }) {
  if (!children) return null;
  return (
    <p className="notice bad" role="alert">
      {children}
    </p>
  );
}
