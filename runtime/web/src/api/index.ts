export * from './actions';
export { call, onSessionEnd, speak } from './client';
export * from './directory';
export * from './files';
export * from './pools';
export { ApiError, type Problem, type ProblemAt } from './problem';
export * from './records';
export * from './session';
export * from './types';
