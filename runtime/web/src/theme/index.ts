export * from './look';
export * from './palette';
export { phoneQuery, usePhone } from './phone';
