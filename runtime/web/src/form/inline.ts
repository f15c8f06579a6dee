// Whether what a field is to name may be made from within it: in a form, but not in a cell or a filter.
import { createContext } from 'react';

export const Inline = createContext(false);
