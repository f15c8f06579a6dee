export { type Column, useColumns, valueIn } from './columns';
export { Grid, type GridProps } from './Grid';
export { useGridLayout } from './layout';
