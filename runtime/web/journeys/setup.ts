// Around each file of walks; whoever looks with a browser has this among their setup files.
import { afterAll, beforeAll } from 'vitest';
import { beginFile, endFile } from './walk';

beforeAll(beginFile);
afterAll(endFile);
