export * from './catalog';
export * from './context';
export * from './filter';
export * from './format';
export * from './types';
export { instantOf, keepTime, nowThere, wallOf, wallTime } from './zone';
