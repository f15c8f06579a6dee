export * from './look';
export * from './palette';
export { phoneQuery, usePhone, useTouch } from './phone';
